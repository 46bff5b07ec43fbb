import Compiler
import Diagnostics
import JSONText
import LayerKit
import Runtime
import Tensors

/// Reads a file that holds the tensor of one input; which of the formats it is, its first bytes say.
public enum InputFile {
  /// The tensor in the input's own type.
  ///
  /// NPY and IDX hold their shape; JSON is a number or nested arrays of numbers, for a bool input also of
  /// `true` and `false`; the columns of a CSV file with a header fill a row. Throws `Faults` for what is none of these, and for a number that the input's
  /// type cannot hold.
  public static func read(_ path: String, for input: NetworkInput, limit: Int) throws -> Tensor {
    let bytes = try unpacked(FileAccess.readFile(path, limit: limit), limit: limit, file: path)
    let tensor: Tensor
    if NPY.recognizes(bytes) || IDX.recognizes(bytes) {
      tensor = try readTensor(bytes, limit: limit, file: path)
    } else if isJSON(bytes, path) {
      tensor = try readJSON(bytes, for: input, file: path)
    } else {
      tensor = try readTable(bytes, for: input, file: path)
    }
    return try converted(tensor, to: input, file: path)
  }

  /// A table begins with the name of a column, nested arrays with a bracket; a lone number needs the ending.
  private static func isJSON(_ bytes: [UInt8], _ path: String) -> Bool {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "[") || path.hasSuffix(".json")
  }

  private static func readJSON(_ bytes: [UInt8], for input: NetworkInput, file: String) throws -> Tensor {
    do {
      return try NestedValues.tensor(
        JSONText.parse(bytes).root, acceptsTruth: input.type.element == .bool)
    } catch let faults as Faults {
      throw faults.inOrder(file: file)
    } catch var fault as Fault {
      fault.file = file
      throw fault
    }
  }

  private static func readTable(_ bytes: [UInt8], for input: NetworkInput, file: String) throws -> Tensor {
    let table = try CSVTable.read(bytes, file: file)
    if table.columns.allSatisfy({ Double($0) != nil }) {
      throw Fault(
        file: file, text: TextPlace(line: 1, column: 1),
        "the first line holds numbers alone; a header with the names of the columns is expected there")
    }
    let columns = table.columns.count
    var sizes: [Int]?
    let tail = input.type.shape.dropFirst()
    let known = tail.compactMap(\.number).reduce(1, saturatingProduct)
    let open = tail.count - tail.compactMap(\.number).count
    if open == 0 {
      sizes = known == columns ? tail.compactMap(\.number) : nil
    } else if open == 1, known > 0, columns % known == 0 {
      sizes = tail.map { $0.number ?? columns / known }
    }
    guard input.type.rank > 0, let sizes else {
      throw Fault(
        file: file, place: "input \"\(input.name)\"",
        "\(columns) column\(columns == 1 ? "" : "s") cannot fill the rows of \(input.type.shapeText)")
    }
    var values: [Double] = []
    values.reserveCapacity(saturatingProduct(table.rowCount, columns))
    var faults: [Fault] = []
    for row in 0..<table.rowCount {
      for column in 0..<columns {
        do {
          values.append(try table.number(row: row, column: column))
        } catch let fault as Fault {
          faults.append(fault)
          if faults.count == 10 { throw Faults(faults) }
        }
      }
    }
    try Faults(faults).check()
    return Tensor(shape: [table.rowCount] + sizes, values)
  }

  private static func converted(_ tensor: Tensor, to input: NetworkInput, file: String) throws -> Tensor {
    let type = input.type.element
    if let same = tensor.converted(to: type) {
      guard let index = same.firstNotFinite, tensor.firstNotFinite != index else { return same }
      throw misfit(tensor.doubles[index], at: index, tensor, input, file)
    }
    let numbers = tensor.doubles
    func mapped<Number>(_ convert: (Double) -> Number?) throws -> [Number] {
      var result: [Number] = []
      result.reserveCapacity(numbers.count)
      for (index, number) in numbers.enumerated() {
        guard let value = convert(number) else { throw misfit(number, at: index, tensor, input, file) }
        result.append(value)
      }
      return result
    }
    switch type {
    case .float32: return Tensor(shape: tensor.shape, try mapped { Float($0) })
    case .float64: return Tensor(shape: tensor.shape, numbers)
    case .int32: return Tensor(shape: tensor.shape, try mapped { Int32(exactly: $0) })
    case .bool: return Tensor(shape: tensor.shape, try mapped { $0 == 0 ? false : $0 == 1 ? true : nil })
    }
  }

  private static func misfit(
    _ number: Double, at index: Int, _ tensor: Tensor, _ input: NetworkInput, _ file: String
  ) -> Fault {
    Fault(
      file: file, place: "input \"\(input.name)\", element \(index) of \(tensor.shapeText)",
      "\(number.short) does not fit the input's type, \(input.type.element.rawValue)")
  }
}
