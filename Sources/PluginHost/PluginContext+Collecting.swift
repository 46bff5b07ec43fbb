import CPluginABI
import Diagnostics
import LayerKit
import Tensors

/// What a plugin gives in `infer` and `workspace`, checked as it comes.
extension PluginContext {
  private static let highestRank = 64

  /// `host->output`.
  func addOutput(_ element: Int32, _ rank: Int32, _ sizes: UnsafePointer<UnsafePointer<CChar>?>?) {
    guard allows("output", in: .infer) else { return }
    let what = "output \(collected.outputs.count)"
    guard let element = ElementType(code: element) else {
      return misuse("gives \(what) the element type \(element); accepted are \(ElementType.codeText)")
    }
    guard let rank = checkedRank(rank, of: what) else { return }
    var shape: [Dimension] = []
    for axis in 0..<rank {
      guard let text = sizes?[axis] else { return misuse("gives \(what) no size for axis \(axis)") }
      guard let size = copiedText(text, limit: 1 << 16), let dimension = Dimension(size) else {
        return misuse(
          "gives \(what) for axis \(axis) the size \"\(spokenText(text).excerpt())\", which is none; "
            + "accepted are expressions such as 16, batch, time + 2, ceil(width/2)")
      }
      shape.append(dimension)
    }
    collect("outputs") {
      $0.outputs.append(ValueType(element, shape))
      return $0.outputs.count
    }
  }

  /// `host->parameter`.
  func addParameter(_ pointer: UnsafePointer<nngraph_parameter>?) {
    guard allows("parameter", in: .infer) else { return }
    let number = collected.parameters.count
    guard let pointer else { return misuse("gives a null pointer as parameter \(number)") }
    let given: nngraph_parameter
    do {
      given = try readStruct(
        from: pointer, as: nngraph_parameter.self, minimum: MemoryLayout<UInt>.size,
        what: "parameter \(number)")
    } catch {
      return misuse("asks for a parameter whose struct is faulty: \(error.message)")
    }
    guard let name = given.name.flatMap({ copiedText($0) }), Schema.isName(name) else {
      let found = given.name.map { "\"\(spokenText($0).excerpt())\"" } ?? "null"
      return misuse("names parameter \(number) \(found), which is not [a-z][a-z0-9_]*")
    }
    guard let shape = shape(of: given, name) else { return }
    for (what, fan) in [("fan_in", given.fan_in), ("fan_out", given.fan_out)] where fan < 0 {
      return misuse("gives parameter \"\(name)\" a `\(what)` of \(fan); accepted are 0, for 1, and above")
    }
    let flags = Int(given.flags)
    var asked = AskedParameter(
      name: name, shape: shape, initializer: nil, value: given.value, fanIn: max(1, Int(given.fan_in)),
      fanOut: max(1, Int(given.fan_out)), isState: flags & NNGRAPH_STATE != 0,
      hasOwnValues: flags & NNGRAPH_OWN_VALUES != 0)
    if let text = given.initializer {
      let name = copiedText(text) ?? spokenText(text)
      guard schema.attributes.contains(where: { $0.name == name && $0.kind.isInitializer }) else {
        return misuse(
          "asks for parameter \"\(asked.name)\" with initializer \"\(name.excerpt())\", which is no "
            + "attribute of that kind in its schema")
      }
      asked.initializer = name
    }
    collect("parameters") {
      $0.parameters.append(asked)
      $0.parameterNames.insert(asked.name)
      return $0.parameters.count
    }
  }

  private func shape(of given: nngraph_parameter, _ name: String) -> [Int]? {
    guard !collected.parameterNames.contains(name) else {
      misuse("asks for parameter \"\(name)\" twice")
      return nil
    }
    guard let rank = checkedRank(given.rank, of: "parameter \"\(name)\"") else { return nil }
    guard rank == 0 || given.shape != nil else {
      misuse("gives parameter \"\(name)\" no shape")
      return nil
    }
    let shape = (0..<rank).map { Int(given.shape[$0]) }
    // How much memory that is, the limits of the graph's reader decide.
    guard shape.allSatisfy({ $0 >= 1 }) else {
      misuse("gives parameter \"\(name)\" the shape \(shape); sizes are positive")
      return nil
    }
    return shape
  }

  private func checkedRank(_ rank: Int32, of what: String) -> Int? {
    if (0...Self.highestRank).contains(Int(rank)) { return Int(rank) }
    misuse("gives \(what) the rank \(rank); accepted are 0 to \(Self.highestRank)")
    return nil
  }

  /// `host->buffer`.
  func addBuffer(_ purpose: Int32, _ element: Int32, _ count: Int64) {
    guard allows("buffer", in: .workspace) else { return }
    guard count >= 0 else { return misuse("asks for a buffer of \(count) elements") }
    let buffer: Workspace.Buffer
    switch (element, ElementType(code: element)) {
    case (0, _): buffer = .scalars(Int(count))
    case (_, .int32?): buffer = .integers(Int(count))
    case (_, let type?): buffer = .bytes(saturatingProduct(Int(count), type.byteCount))
    case (_, nil):
      return misuse(
        "asks for a buffer of element type \(element); accepted are 0 (the call's own) and "
          + ElementType.codeText)
    }
    let place: WritableKeyPath<Workspace, [Workspace.Buffer]>
    switch Int(purpose) {
    case NNGRAPH_SAVED: place = \.saved
    case NNGRAPH_FORWARD_SCRATCH: place = \.forwardScratch
    case NNGRAPH_BACKWARD_SCRATCH: place = \.backwardScratch
    default:
      return misuse("asks for a buffer for purpose \(purpose); accepted are 1 to 3")
    }
    collect("buffers") {
      $0.workspace[keyPath: place].append(buffer)
      $0.buffers += 1
      return $0.buffers
    }
  }
}

extension Attribute.Kind {
  /// Whether the attribute names an initializer.
  var isInitializer: Bool {
    if case .component(.initializer, _, _) = self { return true }
    return false
  }
}
