import Compiler
import Diagnostics
import Tensors

extension CSVTable {
  /// The columns that names and patterns stand for: in the order of the list, those of one pattern in the
  /// file's order.
  ///
  /// A name that a column has is that column, also where it reads as a pattern. Throws for each that no
  /// column fits, and for a column that two of them name.
  func columns(_ wanted: [String], place: String) throws -> [Int] {
    var faults: [Fault] = []
    var found: [Int] = []
    var owners: [Int: String] = [:]
    for name in wanted where faults.count < Self.faultLimit {
      let fitting = column(named: name).map { [$0] } ?? columns(matching: name)
      if fitting.isEmpty { faults.append(missing(name, place: place)) }
      for column in fitting {
        if let owner = owners.updateValue(name, forKey: column) {
          faults.append(
            Fault(
              file: file, place: place,
              "the column \"\(columns[column].excerpt())\" is named twice, by \"\(owner.excerpt())\" and by "
                + "\"\(name.excerpt())\""))
          break
        }
        found.append(column)
      }
    }
    try Faults(faults).check()
    return found
  }

  private func missing(_ name: String, place: String) -> Fault {
    let isPattern = name.contains { $0 == "*" || $0 == "?" }
    let what = isPattern ? "no column fits the pattern" : "no column"
    let count = "\(columns.count) column\(columns.count == 1 ? "" : "s")"
    return Fault(
      file: file, place: place, "\(what) \"\(name.excerpt())\"; the file has \(count)",
      nearest: isPattern ? nil : nearest(to: name, among: columns))
  }
}

extension DataFile {
  /// What an input takes from the file; `name` is the file as messages name it.
  ///
  /// Throws where the settings ask for what this kind of file does not have.
  func rows(for input: DataInput, name: String) throws -> RawRows {
    let place = "input \"\(input.name)\""
    func refuse(_ message: String, nearest: String? = nil) -> Fault {
      Fault(file: name, place: place, message, nearest: nearest)
    }
    switch self {
    case .table(let table):
      if input.tensor != nil {
        throw refuse("\"tensor\" names a tensor of a safetensors file, but this is CSV")
      }
      guard !input.columns.isEmpty else {
        throw refuse("is CSV, of which \"column\" or \"columns\" must name what fills the input")
      }
      let columns = try table.columns(input.columns, place: place)
      if let classes = input.classes, columns.count != 1 {
        throw refuse(
          "\"classes\" are the \(classes.count) words of a single column, found \(columns.count) columns")
      }
      return try RawRows(table, columns: columns, file: name, classes: input.classes)
    case .tensor(let tensor):
      if let tensor = input.tensor {
        throw refuse("the tensor \"\(tensor.excerpt())\" needs a safetensors file, but this is NPY or IDX")
      }
      if !input.columns.isEmpty { throw refuse("has no columns: it is NPY or IDX, not CSV") }
      return try RawRows(tensor, file: name, place: place)
    case .tensors(let file):
      if !input.columns.isEmpty { throw refuse("has no columns: it is safetensors, not CSV") }
      let wanted = input.tensor ?? input.name
      guard let tensor = file[wanted] else {
        throw refuse(
          "no tensor \"\(wanted.excerpt())\"; the file has \(file.names.count)",
          nearest: nearest(to: wanted, among: file.names))
      }
      return try RawRows(tensor, file: name, place: "\(place), tensor \"\(wanted.excerpt())\"")
    }
  }
}
