import Diagnostics

/// The words of a command line, told apart: options with their values, and operands.
struct Arguments {
  /// What is no option, in order.
  private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// Tells words apart: `--name value`, `--name=value`, `-o value`; what follows `--` are operands.
  ///
  /// Throws usage faults, all at once, with the nearest option where one is unknown.
  init(_ words: [String], options: [CommandOption]) throws {
    var faults: [Fault] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        operands += words[index...]
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let (option, attached) = Self.split(word, options)
      guard let option else {
        let typed = String(word.prefix { $0 != "=" })
        let known = options.filter { !$0.isHidden }.map { "--\($0.name)" }
        faults.append(
          Fault(.usage, "unknown option \"\(typed.excerpt())\"", nearest: nearest(to: typed, among: known)))
        continue
      }
      var value = attached
      if option.value != nil, value == nil, index < words.count {
        value = words[index]
        index += 1
      }
      if let fault = take(option, value: value) { faults.append(fault) }
    }
    try Faults(faults).check()
  }

  private mutating func take(_ option: CommandOption, value: String?) -> Fault? {
    let name = "--\(option.name)"
    if option.value == nil, value != nil { return Fault(.usage, "\(name) takes no value") }
    if let wanted = option.value, value == nil { return Fault(.usage, "\(name) needs a value: \(wanted)") }
    if let wanted = option.value, ["FILE", "FOLDER"].contains(wanted), value?.isEmpty ?? false {
      return Fault(.usage, "\(name): expected the path of a \(wanted.lowercased()), found an empty path")
    }
    if values[option.name] != nil, option.value != nil, !option.isRepeatable {
      return Fault(.usage, "\(name) is given more than once")
    }
    values[option.name, default: []].append(value ?? "")
    return nil
  }

  private static func split(_ word: String, _ options: [CommandOption]) -> (CommandOption?, String?) {
    guard word.hasPrefix("--") else {
      let letter = word.dropFirst()
      return (options.first { $0.letter.map { String($0) == letter } ?? false }, nil)
    }
    let body = word.dropFirst(2)
    let name = body.prefix { $0 != "=" }
    let value = name.endIndex == body.endIndex ? nil : String(body[body.index(after: name.endIndex)...])
    return (options.first { $0.name == name }, value)
  }

  /// Whether the option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The value of an option that may be given once.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option, in order.
  func values(_ name: String) -> [String] { values[name] ?? [] }

  /// An integer in a range; nil where the option was not given.
  func integer(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
    guard let text = value(name) else { return nil }
    return try Self.integer(text, range, of: "--\(name)")
  }

  /// A finite number; nil where the option was not given.
  func number(_ name: String) throws -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw Fault(.usage, "--\(name): expected a number, found \"\(text.excerpt())\"")
    }
    return number
  }

  /// A number of bytes, also with a unit (`512K`, `2G`); nil where the option was not given.
  func bytes(_ name: String) throws -> Int? {
    guard let text = value(name) else { return nil }
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = text.last.flatMap { units[Character($0.uppercased())] }
    let digits = shift == nil ? text : String(text.dropLast())
    guard let number = Int(digits), number >= 1 else {
      throw Fault(
        .usage,
        "--\(name): expected a number of bytes such as 1000000, 512K, 64M or 2G, found "
          + "\"\(text.excerpt())\"")
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    return overflow ? Int.max : bytes
  }

  /// One of the words of an enumeration; nil where the option was not given.
  func word<Choice: RawRepresentable & CaseIterable>(_ name: String, _: Choice.Type) throws -> Choice?
  where Choice.RawValue == String {
    guard let text = value(name) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    throw Fault(
      .usage, "--\(name): expected \(known.joined(separator: ", ")), found \"\(text.excerpt())\"",
      nearest: nearest(to: text, among: known))
  }

  /// The integer that a text spells.
  static func integer(_ text: String, _ range: ClosedRange<Int>, of what: String) throws -> Int {
    if let number = Int(text), range.contains(number) { return number }
    let accepted =
      range.upperBound == Int.max
      ? "an integer of at least \(range.lowerBound)"
      : "an integer from \(range.lowerBound) to \(range.upperBound)"
    throw Fault(.usage, "\(what): expected \(accepted), found \"\(text.excerpt())\"")
  }
}
