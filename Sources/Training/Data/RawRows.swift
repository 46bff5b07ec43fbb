import Compiler
import Diagnostics
import Tensors

/// The numbers that fill one input as they stand in a file, before they are mapped.
struct RawRows {
  /// Row after row, `width` numbers each; float64 from a table, int32 for classes, else the file's own
  /// type.
  let elements: Tensor.Elements
  let rowCount: Int
  /// The sizes of one row: one axis for the columns of a table, the tensor's own axes otherwise.
  let rowShape: [Int]
  /// The file as messages name it.
  let file: String
  /// The table and its columns, where the numbers come from one.
  var table: (table: CSVTable, columns: [Int])?
  /// The words that stand for the classes 0, 1, ...
  var classes: [String]?

  /// How many numbers a row has.
  var width: Int { rowShape.reduce(1, *) }

  /// What the numbers of a row are called in messages: `4 columns`.
  var widthText: String {
    let noun = table == nil ? "number" : "column"
    return "\(width) \(noun)\(width == 1 ? "" : "s")"
  }

  /// A fault of one number, at its row and column, both counted from 1.
  func fault(at index: Int, _ message: String) -> Fault {
    let row = index / width
    let element = index % width
    guard let (table, columns) = table else {
      let place = width == 1 ? "row \(row + 1)" : "row \(row + 1), element \(element + 1)"
      return Fault(file: file, place: place, message)
    }
    return table.fault(row: row, column: columns[element], message)
  }
}

extension CSVTable {
  /// A fault of one field.
  func fault(row: Int, column: Int, _ message: String, nearest: String? = nil) -> Fault {
    Fault(
      file: file, text: place(row: row, column: column),
      place: "row \(row + 1), column \"\(columns[column].excerpt())\"", message, nearest: nearest)
  }
}

extension RawRows {
  /// The rows of a tensor: its first axis counts them.
  ///
  /// Throws where it has no axis, no row, or no number in a row.
  init(_ tensor: Tensor, file: String, place: String) throws {
    guard let rows = tensor.shape.first, tensor.count > 0 else {
      throw Fault(
        file: file, place: place,
        "the shape \(tensor.shapeText) has no rows; the first axis of data counts its rows")
    }
    elements = tensor.elements
    rowCount = rows
    rowShape = Array(tensor.shape.dropFirst())
    self.file = file
  }

  /// The rows of some columns of a table, as numbers or, where a single column holds words, as classes.
  ///
  /// Throws for every field, up to ten, that is empty or neither.
  init(_ table: CSVTable, columns: [Int], file: String, classes: [String]?) throws {
    self.file = file
    self.table = (table, columns)
    rowCount = table.rowCount
    rowShape = [columns.count]
    guard table.rowCount > 0 else { throw Fault(file: file, "holds a header and no rows") }
    if let classes {
      self.classes = classes
    } else if columns.count == 1, table.isOfWords(columns[0]) {
      self.classes = table.words(columns[0])
    }
    if let words = self.classes {
      elements = .int32(try table.classNumbers(columns[0], words))
    } else {
      elements = .float64(try table.numbers(columns))
    }
  }
}

extension CSVTable {
  /// The most faults of values that one report lists for an input.
  static var faultLimit: Int { 10 }

  /// Whether a column has words and not a single number; empty fields count as neither.
  fileprivate func isOfWords(_ column: Int) -> Bool {
    var found = false
    for row in 0..<rowCount {
      guard let first = text(row: row, column: column).utf8.first else { continue }
      let mayBeNumber = first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
      if mayBeNumber, (try? number(row: row, column: column)) != nil { return false }
      found = true
    }
    return found
  }

  /// The different words of a column in the order of their bytes; empty fields are left out.
  fileprivate func words(_ column: Int) -> [String] {
    var found: Set<String> = []
    for row in 0..<rowCount { found.insert(text(row: row, column: column)) }
    found.remove("")
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The place of each row's word among `words`.
  fileprivate func classNumbers(_ column: Int, _ words: [String]) throws -> [Int32] {
    let numbers = Dictionary(
      zip(words, (0 as Int32)...), uniquingKeysWith: { first, _ in first })
    var faults: [Fault] = []
    var result: [Int32] = []
    result.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      let word = text(row: row, column: column)
      if let number = numbers[word] {
        result.append(number)
        continue
      }
      faults.append(
        word.isEmpty
          ? emptyFault(row: row, column: column)
          : fault(
            row: row, column: column,
            "\"\(word.excerpt())\" is none of the \(words.count) class\(words.count == 1 ? "" : "es")",
            nearest: nearest(to: word, among: words)))
      if faults.count == Self.faultLimit { break }
    }
    try Faults(faults).check()
    return result
  }

  /// The numbers of some columns, row after row.
  fileprivate func numbers(_ columns: [Int]) throws -> [Double] {
    var faults: [Fault] = []
    var result: [Double] = []
    result.reserveCapacity(rowCount * columns.count)
    reading: for row in 0..<rowCount {
      for column in columns {
        do {
          result.append(try number(row: row, column: column))
        } catch let found as Fault {
          faults.append(explained(found, row: row, column: column, isSingle: columns.count == 1))
          if faults.count == Self.faultLimit { break reading }
        }
      }
    }
    try Faults(faults).check()
    return result
  }

  private func explained(_ found: Fault, row: Int, column: Int, isSingle: Bool) -> Fault {
    if text(row: row, column: column).isEmpty { return emptyFault(row: row, column: column) }
    var fault = found
    fault.message +=
      isSingle
      ? "; the column holds numbers as well, so it is read as words only where \"classes\" lists them"
      : "; words fill an input of one column alone"
    return fault
  }

  private func emptyFault(row: Int, column: Int) -> Fault {
    fault(row: row, column: column, "is empty; every row needs a value")
  }
}
