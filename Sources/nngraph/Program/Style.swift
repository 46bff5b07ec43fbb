import Glibc

/// Colours for a terminal, or none.
struct Style {
  /// Whether texts are coloured.
  var isOn: Bool

  /// When texts are coloured.
  enum Choice: String, CaseIterable {
    case auto
    case always
    case never
  }

  /// Colours by choice; `auto` colours a terminal that can, unless `NO_COLOR` is set.
  init(_ choice: Choice, isTerminal: Bool) {
    switch choice {
    case .always: isOn = true
    case .never: isOn = false
    case .auto:
      let forbids = environment("NO_COLOR").map { !$0.isEmpty } ?? false
      isOn = isTerminal && !forbids && environment("TERM") != "dumb"
    }
  }

  /// What is wrong.
  func red(_ text: String) -> String { wrapped(text, "31") }
  /// What to look at first.
  func bold(_ text: String) -> String { wrapped(text, "1") }

  private func wrapped(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
