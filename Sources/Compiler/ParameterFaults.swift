import Diagnostics
import LayerKit
import Tensors

extension Network {
  /// What is wrong with a file of parameters and states: each one that is missing, too much, of another shape
  /// or type, or not finite.
  public func faults(in tensors: TensorFile, file: String) -> [Fault] {
    var faults: [Fault] = []
    for parameter in parameters {
      guard let entry = tensors.entry(named: parameter.name) else {
        faults.append(
          Fault(
            file: file, place: "parameter \"\(parameter.name)\"", "missing; the graph needs \(parameter.shape)"))
        continue
      }
      if let message = parameter.mismatch(entry) {
        faults.append(Fault(file: file, place: "parameter \"\(parameter.name)\"", message))
      }
    }
    let known = Set(parameters.map(\.name))
    let missing = parameters.map(\.name).filter { tensors.entry(named: $0) == nil }
    for name in tensors.names where !known.contains(name) {
      faults.append(
        Fault(
          file: file, place: "parameter \"\(name.excerpt())\"", "extra; the graph has no such parameter",
          nearest: nearest(to: name, among: missing.isEmpty ? Array(known) : missing)))
    }
    return faults
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
    guard let index = entry.tensor.firstNotFinite else { return nil }
    return "element \(index) is not finite"
  }
}
