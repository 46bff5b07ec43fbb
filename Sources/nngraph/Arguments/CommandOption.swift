import JSONText

/// An option: what is typed, and what it means.
struct CommandOption: Sendable {
  /// The name without its dashes.
  var name: String
  /// A single letter that stands for it.
  var letter: Character?
  /// What its value is called in the help; nil for an option without a value.
  var value: String?
  /// Whether it may be given more than once.
  var isRepeatable: Bool
  /// Whether the help leaves it out: it is for the program itself.
  var isHidden: Bool
  /// What it does, in a few words.
  var summary: String

  init(
    _ name: String, letter: Character? = nil, value: String? = nil, repeatable: Bool = false,
    hidden: Bool = false, _ summary: String
  ) {
    self.name = name
    self.letter = letter
    self.value = value
    isRepeatable = repeatable
    isHidden = hidden
    self.summary = summary
  }

  /// `-o, --output FILE`.
  var usage: String {
    (letter.map { "-\($0), " } ?? "") + "--\(name)" + (value.map { " \($0)" } ?? "")
  }

  /// The option as JSON.
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("letter", letter.map { .string(String($0)) } ?? .null),
      ("value", value.map(JSONValue.string) ?? .null), ("repeatable", .boolean(isRepeatable)),
      ("summary", .string(summary)),
    ])
  }
}
