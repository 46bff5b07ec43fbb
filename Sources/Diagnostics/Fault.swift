/// A line and a column of a text, both counted from 1; columns count Unicode scalars.
public struct TextPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public var description: String { "\(line):\(column)" }

  public static func < (a: TextPlace, b: TextPlace) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// One thing that is wrong: what, where, and the nearest thing that would be right.
public struct Fault: Error, Hashable, Sendable {
  /// What sort of thing is wrong; the command line derives its exit code from it.
  public enum Kind: String, Hashable, Sendable {
    /// The input cannot be used: text, graph, parameters or data.
    case input
    /// A plugin is missing or refused.
    case plugin
    /// A limit would be exceeded.
    case limit
    /// Training produced a number that is not finite.
    case diverged
    /// A file could not be opened, read or written.
    case io
    /// The caller asked for something that does not exist.
    case usage
    /// A fault of the program's own.
    case program
  }

  public var kind: Kind
  /// The file, as the user named it.
  public var file: String?
  /// Line and column of the offending value in `file`.
  public var text: TextPlace?
  /// Where in the graph: `nodes[0] "hidden", units`.
  public var place: String
  /// What was found and what is accepted.
  public var message: String
  /// The accepted word that is nearest to the offending one.
  public var nearest: String?

  public init(
    _ kind: Kind = .input, file: String? = nil, text: TextPlace? = nil, place: String = "",
    _ message: String, nearest: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.text = text
    self.place = place
    self.message = message
    self.nearest = nearest
  }
}

/// Everything that is wrong with one input, reported at once.
public struct Faults: Error, Sendable {
  public var all: [Fault]

  public init(_ all: [Fault]) { self.all = all }
  public init(_ one: Fault) { all = [one] }

  /// Throws itself unless it is empty.
  public func check() throws {
    if !all.isEmpty { throw self }
  }

  /// The faults in the order of their places, each named once, with the file's name where it was missing.
  public func inOrder(file: String? = nil) -> Faults {
    var seen = Set<Fault>()
    var kept: [Fault] = []
    for var fault in all {
      if fault.file == nil { fault.file = file }
      if seen.insert(fault).inserted { kept.append(fault) }
    }
    let order = kept.enumerated().sorted { a, b in
      let left = a.element.text ?? TextPlace(line: .max, column: 0)
      let right = b.element.text ?? TextPlace(line: .max, column: 0)
      return left == right ? a.offset < b.offset : left < right
    }
    return Faults(order.map(\.element))
  }
}
