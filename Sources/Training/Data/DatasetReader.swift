import Compiler
import Diagnostics
import LayerKit
import Tensors

/// Reads the rows of all inputs, and collects everything that is wrong with them.
struct DatasetReader {
  private let network: Network
  private let settings: DataSettings
  /// The inputs that must be filled; what is wrong with another leaves that one out. Nil: all that the
  /// settings name.
  private let required: Set<String>?
  private let file: String?
  private let limit: Int
  private var files: DataFiles
  private var faults: [Fault] = []

  init(_ network: Network, _ settings: DataSettings, file: String?, required: Set<String>?, limit: Int) {
    self.network = network
    self.settings = settings
    self.required = required
    self.limit = limit
    // A folder holds the files that the graph names; a file takes their place.
    let isFolder = file.map(FileAccess.isFolder) ?? false
    self.file = isFolder ? nil : file
    files = DataFiles(
      folder: isFolder ? file ?? "" : network.document.folder, common: settings.file,
      replacement: self.file, limit: limit)
  }

  /// The data set; `parts` divides the rows, whose number it is given, or is nil where no row is for
  /// training.
  mutating func read(parts: ((Int) throws -> RowParts)?) throws -> Dataset {
    let fillings = checked(readAll())
    guard
      let rowCount = fillings.first(where: { isRequired($0.input.name) })?.raw.rowCount
        ?? fillings.first?.raw.rowCount
    else {
      if faults.isEmpty { faults.append(Fault(place: "training, data, inputs", "the data fills no input")) }
      throw Faults(faults).inOrder()
    }
    var divided: RowParts?
    do { divided = try parts?(rowCount) } catch { note(error) }
    var resolved = settings
    var columns: [Dataset.Column] = []
    for filling in fillings {
      do {
        let (column, mapped) = try fill(filling, training: divided?.training)
        columns.append(column)
        if let index = resolved.inputs.firstIndex(where: { $0.name == mapped.name }) {
          resolved.inputs[index] = mapped
        }
      } catch {
        note(error, input: filling.input.name)
      }
    }
    if !faults.isEmpty { throw Faults(faults).inOrder() }
    return Dataset(columns: columns, rowCount: rowCount, parts: divided, settings: resolved)
  }

  private typealias Filling = (input: NetworkInput, setting: DataInput, raw: RawRows, shape: [Int])

  private func isRequired(_ name: String) -> Bool { required?.contains(name) ?? true }

  private mutating func note(_ error: any Error, input: String? = nil) {
    if let input, !isRequired(input) { return }
    switch error {
    case let found as Faults: faults += found.all
    case let found as Fault: faults.append(found)
    default: faults.append(Fault(.program, place: input ?? "", "\(error)"))
    }
  }

  /// What the files hold for each input, in the order of the network's inputs.
  private mutating func readAll() -> [(input: NetworkInput, setting: DataInput, raw: RawRows)] {
    let known = Set(network.inputs.map(\.name))
    for setting in settings.inputs where !known.contains(setting.name) {
      faults.append(
        Fault(
          file: network.document.file, place: "training, data, inputs",
          "no input \"\(setting.name.excerpt())\" in this graph",
          nearest: nearest(to: setting.name, among: known)))
    }
    // A file given in place of the graph's replaces the common one; where every input has its own, all of
    // them.
    let replacesAll = file != nil && settings.inputs.allSatisfy { $0.file != nil }
    var found: [(input: NetworkInput, setting: DataInput, raw: RawRows)] = []
    for input in network.inputs {
      guard let setting = settings.inputs.first(where: { $0.name == input.name }) else {
        if required?.contains(input.name) ?? false {
          faults.append(
            Fault(
              file: network.document.file, place: "training, data, inputs",
              "nothing says what fills the input \"\(input.name)\""))
        }
        continue
      }
      do {
        try check(setting, input)
        let own = replacesAll ? nil : setting.file
        // An input's own file belongs to the graph's rows, not to those of another table.
        if own != nil, file != nil, !isRequired(input.name) { continue }
        let (name, content) = try files.file(own: own)
        found.append((input, setting, try content.rows(for: setting, name: name)))
      } catch {
        note(error, input: input.name)
      }
    }
    return found
  }

  /// Throws for what is wrong with an input before its file is looked at.
  private func check(_ setting: DataInput, _ input: NetworkInput) throws {
    func refuse(_ key: String, _ message: String) -> Fault {
      let place = "training, data, inputs, \(input.name)" + (key.isEmpty ? "" : ", \(key)")
      return Fault(file: network.document.file, place: place, message)
    }
    if input.type.rank == 0 { throw refuse("", "the shape [] has no batch axis, so rows cannot fill it") }
    if setting.standardize, !input.type.element.isFloat {
      throw refuse(
        "standardize",
        "gives fractions, but the input is \(input.type.element.rawValue); float types are accepted")
    }
    if let classes = setting.classes, Set(classes).count != classes.count {
      let twice = Dictionary(grouping: classes) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
      throw refuse("classes", "the word \"\(twice[0].excerpt())\" stands there twice")
    }
  }

  /// The fillings whose shapes and numbers of rows fit, with the sizes of their rows.
  private mutating func checked(
    _ found: [(input: NetworkInput, setting: DataInput, raw: RawRows)]
  ) -> [Filling] {
    let (shapes, shapeFaults) = RowShapes.find(found.map { ($0.input, $0.raw) })
    for (input, fault) in shapeFaults { note(fault, input: input) }
    let leader = found.first { isRequired($0.input.name) } ?? found.first
    var fillings: [Filling] = []
    for (filling, shape) in zip(found, shapes) {
      if let leader, leader.raw.rowCount != filling.raw.rowCount {
        note(
          Fault(
            file: filling.raw.file, place: "input \"\(filling.input.name)\"",
            "has \(filling.raw.rowCount) rows, but input \"\(leader.input.name)\" has \(leader.raw.rowCount) "
              + "(\(leader.raw.file.quotedForTerminal))"),
          input: filling.input.name)
      } else if let shape {
        fillings.append((filling.input, filling.setting, filling.raw, shape))
      }
    }
    checkMemory(fillings)
    return fillings
  }

  /// A column may serve many inputs, so the limit of a file does not bound what is made of it.
  private mutating func checkMemory(_ fillings: [Filling]) {
    let bytes = fillings.reduce(0) { sum, filling in
      let count = saturatingProduct(filling.raw.rowCount, filling.raw.width)
      return saturatingSum(sum, saturatingProduct(count, filling.input.type.element.byteCount))
    }
    let (twice, overflow) = limit.multipliedReportingOverflow(by: 2)
    if bytes > (overflow ? Int.max : twice) {
      faults.append(
        Fault(
          .limit, place: "training, data",
          "the rows of all inputs take \(bytes) bytes, more than twice the limit of \(limit) for a file"))
    }
  }

  /// The column of one input, and its settings with what was computed.
  private func fill(_ filling: Filling, training: [Int]?) throws -> (Dataset.Column, DataInput) {
    var setting = filling.setting
    let raw = filling.raw
    if setting.standardize {
      guard let training else {
        throw Fault(
          file: network.document.file, place: "training, data, inputs, \(setting.name), standardize",
          "has no training rows to compute with; a trained file carries the numbers, \"scale\" and \"offset\""
        )
      }
      let mapping = try RowMapping(standardizing: raw, rows: training, input: setting.name)
      (setting.scale, setting.offset, setting.standardize) = (mapping.scale, mapping.offset, false)
    }
    let mapping = try RowMapping(setting, raw)
    setting.classes = raw.classes ?? setting.classes
    // Words were looked up; class numbers that a tensor holds must be some of those that have a word.
    let classes = raw.classes == nil ? setting.classes?.count : nil
    let elements = try mapping.apply(to: raw, type: filling.input.type.element, classes: classes)
    let rows = Tensor(shape: [raw.rowCount] + filling.shape, elements: elements)
    return (Dataset.Column(input: filling.input, rows: rows), setting)
  }
}
