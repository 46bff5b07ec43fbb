import LayerKit

/// Compares the parameters that a schema lists with those that `infer` asks for in the examples.
///
/// One that `infer` forgets is not there when forward runs, which then reads what is not there.
struct ParameterList {
  let log: CheckLog
  let schema: Schema

  /// Reports what the schema does not list, and what it lists and no example asks for: an attribute may well
  /// take a parameter away, as that of a bias does.
  func check(_ cases: [(example: Int, layerCase: LayerCase)]) {
    let listed = schema.parameters.map(Self.name)
    for (example, layerCase) in cases {
      log.example = example
      let asked = layerCase.inference.parameters.map(\.name)
      let unlisted = asked.filter { !listed.contains($0) }
      if let first = unlisted.first {
        let more = unlisted.count == 1 ? "" : " and \(unlisted.count - 1) more"
        log.found(
          .examples, layerCase.component, key: "unlisted",
          "infer asks for parameter \"\(first)\"\(more), which the schema does not list under `parameters` "
            + "(\(layerCase.place))")
      }
      for (name, text) in zip(listed, schema.parameters) where !asked.contains(name) {
        if cases.contains(where: { $0.layerCase.inference.parameters.contains { $0.name == name } }) {
          continue
        }
        log.found(
          .examples, layerCase.component, key: "forgotten \(name)",
          "the schema lists parameter \"\(text)\", and infer asks for \(Self.count(asked)) "
            + "(\(layerCase.place))"
        )
      }
    }
  }

  /// `no parameter`, or `the parameters "weight" and "bias" alone`.
  private static func count(_ asked: [String]) -> String {
    let names = asked.map { "\"\($0)\"" }.joined(separator: ", ")
    switch asked.count {
    case 0: return "no parameter"
    case 1: return "parameter \(names) alone"
    default: return "the parameters \(names) alone"
    }
  }

  /// `weight` of `weight [units, in]`.
  private static func name(_ text: String) -> String { String(text.prefix { !" :[(".contains($0) }) }
}
