import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Tensors

extension Network {
  /// What is wrong with a file of parameters and states: each one that is missing, too much, of another shape
  /// or type, or not finite. `file` is the graph's own where the values stand in it.
  public func faults(in tensors: TensorFile, file: String) -> [Fault] {
    var faults: [Fault] = []
    for parameter in parameters {
      guard let entry = tensors.entry(named: parameter.name) else {
        faults.append(fault(file, nil, parameter.name, "missing; the graph needs \(parameter.shape)"))
        continue
      }
      if let message = parameter.mismatch(entry) {
        faults.append(fault(file, parameter.name, parameter.name, message))
      }
    }
    let known = Set(parameters.map(\.name))
    let missing = parameters.map(\.name).filter { tensors.entry(named: $0) == nil }
    for name in tensors.names where !known.contains(name) {
      var fault = fault(file, name, name.excerpt(), "extra; the graph has no such parameter")
      fault.nearest = nearest(to: name, among: missing.isEmpty ? Array(known) : missing)
      faults.append(fault)
    }
    return faults
  }

  /// A fault of a parameter, with its place in the graph where the values stand there.
  private func fault(_ file: String, _ written: String?, _ name: String, _ message: String) -> Fault {
    let place = "parameter \"\(name)\""
    guard let source = document.parameters, case .values(let members) = source.value, file == document.file
    else {
      return Fault(file: file, place: place, message)
    }
    let value = written.flatMap { written in members.first { $0.key == written }?.value }
    return Fault(
      file: file, text: value?.textPlace ?? source.place, place: "parameters, values, \(place)", message)
  }
}

extension NetworkParameter {
  /// How a stored tensor differs from this parameter; nil where it can be loaded.
  func mismatch(_ entry: TensorFile.Entry) -> String? {
    guard ["F32", "F64"].contains(entry.fileType) else {
      return "has the type \(entry.fileType); accepted: F32, F64"
    }
    guard entry.tensor.shape == shape else {
      return "has the shape \(entry.tensor.shape), but the graph needs \(shape)"
    }
    if let index = entry.tensor.firstNotFinite { return "element \(index) is not finite" }
    guard declaration.element == .float32, case .float64(let values) = entry.tensor.elements else {
      return nil
    }
    let index = values.firstIndex { !Float($0).isFinite }
    return index.map { "element \($0) is \(values[$0]), beyond every float32" }
  }
}
