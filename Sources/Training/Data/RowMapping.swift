import Compiler
import Diagnostics
import LayerKit
import Tensors

/// `x * scale + offset`, each one number for all columns or one a column.
struct RowMapping {
  let scale: [Double]
  let offset: [Double]

  private init(scale: [Double], offset: [Double]) {
    self.scale = scale
    self.offset = offset
  }

  /// The numbers of the settings; throws where their count is neither 1 nor that of the columns.
  init(_ input: DataInput, _ raw: RawRows) throws {
    scale = input.scale
    offset = input.offset
    var faults: [Fault] = []
    for (key, numbers) in [("scale", scale), ("offset", offset)]
    where numbers.count != 1 && numbers.count != raw.width {
      faults.append(
        Fault(
          file: raw.file, place: "input \"\(input.name)\", \(key)",
          "\(numbers.count) numbers for \(raw.widthText); one is accepted, or one a column"))
    }
    try Faults(faults).check()
  }

  /// The mapping to mean 0 and deviation 1 over some of the rows.
  init(standardizing raw: RawRows, rows: [Int], input: String) throws {
    let moments =
      switch raw.elements {
      case .float32(let values): Moments(values, width: raw.width, rows: rows)
      case .float64(let values): Moments(values, width: raw.width, rows: rows)
      case .int32(let values): Moments(values, width: raw.width, rows: rows)
      case .bool(let values): Moments(values, width: raw.width, rows: rows)
      }
    scale = moments.deviation.map { 1 / $0 }
    offset = zip(moments.mean, moments.deviation).map { -$0 / $1 }
    if let column = (0..<raw.width).first(where: { !scale[$0].isFinite || !offset[$0].isFinite }) {
      // Where a number of the file is not finite itself, that is the fault to name.
      _ = try RowMapping(scale: [1], offset: [0]).apply(to: raw, type: .float64, classes: nil)
      let which = raw.table.map { ", column \"\($0.table.columns[$0.columns[column]].excerpt())\"" }
      throw Fault(
        file: raw.file, place: "input \"\(input)\"" + (which ?? ", element \(column + 1)"),
        "mean \(moments.mean[column].short) and deviation \(moments.deviation[column].short) of the training "
          + "rows are beyond what \"standardize\" can compute with")
    }
  }

  /// The mapped numbers in the type of an input.
  ///
  /// Throws for every number, up to ten, that the type cannot hold; `classes` is how many classes a whole
  /// number must stay below.
  func apply(to raw: RawRows, type: ElementType, classes: Int?) throws -> Tensor.Elements {
    switch raw.elements {
    case .float32(let values): try stored(values, raw, type, classes)
    case .float64(let values): try stored(values, raw, type, classes)
    case .int32(let values): try stored(values, raw, type, classes)
    case .bool(let values): try stored(values, raw, type, classes)
    }
  }

  private func stored<Source: RowNumber>(
    _ values: [Source], _ raw: RawRows, _ type: ElementType, _ classes: Int?
  ) throws -> Tensor.Elements {
    switch type {
    case .float32: .float32(try mapped(values, raw, classes))
    case .float64: .float64(try mapped(values, raw, classes))
    case .int32: .int32(try mapped(values, raw, classes))
    case .bool: .bool(try mapped(values, raw, classes))
    }
  }

  private func mapped<Source: RowNumber, Target: RowNumber>(
    _ values: [Source], _ raw: RawRows, _ classes: Int?
  ) throws -> [Target] {
    let (scaleStep, offsetStep) = (scale.count > 1 ? 1 : 0, offset.count > 1 ? 1 : 0)
    let top = classes.map(Double.init)
    var faults: [Fault] = []
    var result: [Target] = []
    result.reserveCapacity(values.count)
    var column = 0
    for (index, value) in values.enumerated() {
      let number = value.number * scale[column * scaleStep] + offset[column * offsetStep]
      column = column + 1 == raw.width ? 0 : column + 1
      if let target = Target(number: number), top.map({ number >= 0 && number < $0 }) ?? true {
        result.append(target)
        continue
      }
      faults.append(fault(raw, index, from: value.number, to: number, Target.accepted, classes))
      if faults.count == CSVTable.faultLimit { break }
    }
    try Faults(faults).check()
    return result
  }

  private func fault(
    _ raw: RawRows, _ index: Int, from value: Double, to number: Double, _ accepted: String, _ classes: Int?
  ) -> Fault {
    let found = value == number || value.isNaN ? value.short : "\(value.short), mapped to \(number.short),"
    let expected = classes.map { "a class from 0 to \($0 - 1)" } ?? accepted
    return raw.fault(at: index, "\(found) is not \(expected)")
  }
}

/// The mean and the population deviation of each column over some rows; a deviation of 0 counts as 1.
private struct Moments {
  var mean: [Double]
  var deviation: [Double]

  init<Source: RowNumber>(_ values: [Source], width: Int, rows: [Int]) {
    let count = Double(max(rows.count, 1))
    let first = rows.first.map { $0 * width } ?? 0
    var isConstant = [Bool](repeating: true, count: width)
    mean = [Double](repeating: 0, count: width)
    for row in rows {
      for column in 0..<width {
        let value = values[row * width + column].number
        mean[column] += value
        if value != values[first + column].number { isConstant[column] = false }
      }
    }
    for column in 0..<width { mean[column] /= count }
    deviation = [Double](repeating: 0, count: width)
    for row in rows {
      for column in 0..<width {
        let distance = values[row * width + column].number - mean[column]
        deviation[column] += distance * distance
      }
    }
    for column in 0..<width {
      deviation[column] = (deviation[column] / count).squareRoot()
      // The rounded mean of equal numbers may miss them by a bit, and a deviation made of that is no
      // deviation.
      if isConstant[column] { mean[column] = values[first + column].number }
      if isConstant[column] || deviation[column] == 0 { deviation[column] = 1 }
    }
  }
}

/// A number that a file or an input holds.
private protocol RowNumber {
  /// What it is, exactly.
  var number: Double { get }
  /// The number in this type, rounded where the type holds fractions; nil where it cannot hold it.
  init?(number: Double)
  /// What the type accepts, for messages.
  static var accepted: String { get }
}

extension Float: RowNumber {
  var number: Double { Double(self) }
  init?(number: Double) {
    self = Float(number)
    if !isFinite { return nil }
  }
  static var accepted: String { "a finite number of float32" }
}

extension Double: RowNumber {
  var number: Double { self }
  init?(number: Double) {
    self = number
    if !isFinite { return nil }
  }
  static var accepted: String { "a finite number of float64" }
}

extension Int32: RowNumber {
  var number: Double { Double(self) }
  init?(number: Double) {
    guard let exact = Int32(exactly: number) else { return nil }
    self = exact
  }
  static var accepted: String { "a whole number of int32 (\(Int32.min) to \(Int32.max))" }
}

extension Bool: RowNumber {
  var number: Double { self ? 1 : 0 }
  init?(number: Double) {
    guard number == 0 || number == 1 else { return nil }
    self = number == 1
  }
  static var accepted: String { "a bool, 0 or 1" }
}
