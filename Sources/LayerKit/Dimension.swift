/// A size of a tensor's axis: a number, a symbol, or an expression of symbols in normal form.
///
/// The normal form is a sum of products of symbols and of rounded quotients, with integer factors, so equal
/// expressions are equal values: `time + 2`, `batch*time`, `ceil(width/2)`. Arithmetic saturates at
/// `Int.max`, and so does an expression that grows too long; a saturated size is over every limit and is refused
/// when the graph is checked.
public struct Dimension: Hashable, Sendable {
  /// How many factors an expression may hold, those inside of it counted.
  private static let mostFactors = 256

  /// A factor that is not a number.
  indirect enum Atom: Hashable, Sendable {
    case symbol(String)
    case floor(Dimension, Int)
    case ceil(Dimension, Int)
    case minimum(Dimension, Int)
    case maximum(Dimension, Int)
  }

  /// A product of atoms in the order of their texts, with a factor that is not zero.
  struct Term: Hashable, Sendable {
    var factor: Int
    var atoms: [Atom]
  }

  var terms: [Term]

  /// A size that is known.
  public init(_ number: Int) {
    terms = number == 0 ? [] : [Term(factor: number, atoms: [])]
  }

  /// A size that is bound when the graph runs.
  public init(symbol: String) {
    terms = [Term(factor: 1, atoms: [.symbol(symbol)])]
  }

  private init(_ atom: Atom) {
    self.init(bounding: [Term(factor: 1, atoms: [atom])])
  }

  /// The sum of terms that are in normal form, or the largest number where it is too long.
  private init(bounding terms: [Term]) {
    let factors = terms.reduce(0) { $0 + $1.factorCount }
    self.terms = factors <= Self.mostFactors ? terms : [Term(factor: .max, atoms: [])]
  }

  private init(normalizing terms: [Term]) {
    var sums: [[Atom]: Int] = [:]
    for term in terms { sums[term.atoms] = saturatingSum(sums[term.atoms] ?? 0, term.factor) }
    self.init(
      bounding: sums.filter { $0.value != 0 }
        .map { Term(factor: $0.value, atoms: $0.key) }
        .sorted { $0.sortKey < $1.sortKey })
  }

  /// The number, where the size is one.
  public var number: Int? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 && terms[0].atoms.isEmpty ? terms[0].factor : nil
  }

  /// The symbols in the expression.
  public var symbols: Set<String> {
    if number != nil { return [] }
    var found = Set<String>()
    for term in terms { for atom in term.atoms { found.formUnion(atom.symbols) } }
    return found
  }

  /// The size with `sizes` in place of the symbols; nil where one of them has no size.
  public func evaluate(_ sizes: (String) -> Int?) -> Int? {
    var sum = 0
    for term in terms {
      var product = term.factor
      for atom in term.atoms {
        guard let value = atom.evaluate(sizes) else { return nil }
        product = saturatingProduct(product, value)
      }
      sum = saturatingSum(sum, product)
    }
    return sum
  }

  public static func + (a: Dimension, b: Dimension) -> Dimension {
    if let x = a.number, let y = b.number { return Dimension(saturatingSum(x, y)) }
    return Dimension(normalizing: a.terms + b.terms)
  }

  public static func - (a: Dimension, b: Dimension) -> Dimension { a + b * Dimension(-1) }

  public static func * (a: Dimension, b: Dimension) -> Dimension {
    if let x = a.number, let y = b.number { return Dimension(saturatingProduct(x, y)) }
    if a.number == 1 { return b }
    if b.number == 1 { return a }
    if saturatingProduct(a.terms.count, b.terms.count) > mostFactors { return Dimension(.max) }
    var products: [Term] = []
    for x in a.terms {
      for y in b.terms {
        let atoms = (x.atoms + y.atoms).sorted { $0.text < $1.text }
        products.append(Term(factor: saturatingProduct(x.factor, y.factor), atoms: atoms))
      }
    }
    return Dimension(normalizing: products)
  }

  /// The quotient rounded down; `divisor` is positive.
  public func dividedDown(by divisor: Int) -> Dimension { divided(by: divisor, Atom.floor, remainder: 0) }

  /// The quotient rounded up; `divisor` is positive.
  public func dividedUp(by divisor: Int) -> Dimension { divided(by: divisor, Atom.ceil, remainder: 1) }

  /// The smaller of the size and a number.
  public func atMost(_ bound: Int) -> Dimension {
    number.map { Dimension(min($0, bound)) } ?? Dimension(Atom.minimum(self, bound))
  }

  /// The larger of the size and a number.
  public func atLeast(_ bound: Int) -> Dimension {
    number.map { Dimension(max($0, bound)) } ?? Dimension(Atom.maximum(self, bound))
  }

  /// The quotient where `divisor`, a single product, divides every term; nil where it does not.
  public func dividedExactly(by divisor: Dimension) -> Dimension? {
    guard divisor.terms.count == 1 else { return self == divisor ? Dimension(1) : nil }
    let below = divisor.terms[0]
    var quotient: [Term] = []
    for term in terms {
      guard term.factor % below.factor == 0 else { return nil }
      var atoms = term.atoms
      for atom in below.atoms {
        guard let place = atoms.firstIndex(of: atom) else { return nil }
        atoms.remove(at: place)
      }
      quotient.append(Term(factor: term.factor / below.factor, atoms: atoms))
    }
    return Dimension(normalizing: quotient)
  }

  /// `remainder` is the quotient of a number between 0 and the divisor.
  private func divided(
    by divisor: Int, _ atom: (Dimension, Int) -> Atom, remainder rounded: Int
  ) -> Dimension {
    precondition(divisor > 0, "a size is divided by a positive number, not by \(divisor)")
    if divisor == 1 { return self }
    // What is divisible leaves the quotient, so that ceil((2w + 1)/2) and w + ceil(1/2) are one size.
    var whole: [Term] = []
    var rest: [Term] = []
    for term in terms {
      let quotient = floorQuotient(term.factor, divisor)
      let remainder = term.factor % divisor < 0 ? term.factor % divisor + divisor : term.factor % divisor
      if quotient != 0 { whole.append(Term(factor: quotient, atoms: term.atoms)) }
      if remainder != 0 { rest.append(Term(factor: remainder, atoms: term.atoms)) }
    }
    let remainder = Dimension(normalizing: rest)
    let outer = Dimension(normalizing: whole)
    if let number = remainder.number { return outer + Dimension(number == 0 ? 0 : rounded) }
    return outer + Dimension(atom(remainder, divisor))
  }
}

extension Dimension: ExpressibleByIntegerLiteral, CustomStringConvertible {
  public init(integerLiteral value: Int) { self.init(value) }

  public var description: String {
    guard !terms.isEmpty else { return "0" }
    var text = ""
    // Numbers stand last, as people write them: `time + 2`.
    let ordered = terms.filter { !$0.atoms.isEmpty } + terms.filter(\.atoms.isEmpty)
    for (index, term) in ordered.enumerated() {
      let sign = term.factor < 0 ? "-" : "+"
      if index > 0 { text += " \(sign) " } else if term.factor < 0 { text += "-" }
      let atoms = term.atoms.map(\.text).joined(separator: "*")
      let size = term.factor.magnitude
      text += atoms.isEmpty ? "\(size)" : size == 1 ? atoms : "\(size)*\(atoms)"
    }
    return text
  }
}

extension Dimension.Term {
  var sortKey: String { atoms.map(\.text).joined(separator: "*") }

  fileprivate var factorCount: Int { atoms.reduce(1) { $0 + $1.factorCount } }
}

extension Dimension.Atom {
  var text: String {
    switch self {
    case .symbol(let name): name
    case .floor(let of, let by): "floor(\(of.operand)/\(by))"
    case .ceil(let of, let by): "ceil(\(of.operand)/\(by))"
    case .minimum(let of, let bound): "min(\(of), \(bound))"
    case .maximum(let of, let bound): "max(\(of), \(bound))"
    }
  }

  fileprivate var factorCount: Int {
    switch self {
    case .symbol: 1
    case .floor(let of, _), .ceil(let of, _), .minimum(let of, _), .maximum(let of, _):
      of.terms.reduce(1) { $0 + $1.factorCount }
    }
  }

  var symbols: Set<String> {
    switch self {
    case .symbol(let name): [name]
    case .floor(let of, _), .ceil(let of, _), .minimum(let of, _), .maximum(let of, _): of.symbols
    }
  }

  func evaluate(_ sizes: (String) -> Int?) -> Int? {
    switch self {
    case .symbol(let name): sizes(name)
    case .floor(let of, let by): of.evaluate(sizes).map { floorQuotient($0, by) }
    case .ceil(let of, let by): of.evaluate(sizes).map { -floorQuotient(-$0, by) }
    case .minimum(let of, let bound): of.evaluate(sizes).map { min($0, bound) }
    case .maximum(let of, let bound): of.evaluate(sizes).map { max($0, bound) }
    }
  }
}

extension Dimension {
  fileprivate var operand: String { terms.count > 1 ? "(\(self))" : "\(self)" }
}

/// `a + b`, at most `Int.max` in magnitude.
public func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? (a < 0 ? -Int.max : Int.max) : max(sum, -Int.max)
}

/// `a * b`, at most `Int.max` in magnitude.
public func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? ((a < 0) == (b < 0) ? Int.max : -Int.max) : max(product, -Int.max)
}

/// The quotient rounded down; `b` is positive.
private func floorQuotient(_ a: Int, _ b: Int) -> Int {
  a % b < 0 ? a / b - 1 : a / b
}
