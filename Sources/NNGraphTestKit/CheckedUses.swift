import Diagnostics
import LayerKit
import Tensors

/// Which components of a registry are checked.
public struct CheckSelection: Sendable {
  var includes: @Sendable (_ family: Family, _ name: String, _ module: String) -> Bool
  /// The names that must be in the registry, with what they are.
  var wanted: [(kind: String, names: [String], known: @Sendable (Registry) -> [String])] = []

  /// Every operator, activation and loss.
  public static let everything = CheckSelection { _, _, _ in true }

  /// What one module registers.
  public static func module(_ name: String) -> CheckSelection {
    var selection = CheckSelection { $2 == name }
    selection.wanted = [("module", [name], { $0.modules.keys.sorted() })]
    return selection
  }

  /// The operators, activations and losses of the names given.
  public static func named(
    operators: [String] = [], activations: [String] = [], losses: [String] = []
  ) -> CheckSelection {
    let chosen: [Family: [String]] = [.layer: operators, .activation: activations, .loss: losses]
    var selection = CheckSelection { family, name, _ in chosen[family]?.contains(name) ?? false }
    selection.wanted = [Family.layer, .activation, .loss].map { family in
      (family.rawValue, chosen[family] ?? [], { $0.names(family) })
    }
    return selection
  }
}

extension Registry {
  /// What would go unchecked: names that nobody registered, and components without an example.
  func gaps(_ selection: CheckSelection) -> [CheckFailure] {
    var gaps: [CheckFailure] = []
    for (kind, names, known) in selection.wanted {
      let registered = known(self)
      for name in names where !registered.contains(name) {
        let near = nearest(to: name, among: registered).map { "; did you mean \"\($0)\"?" } ?? ""
        gaps.append(CheckFailure("\(kind) \"\(name)\"", "is not registered\(near)"))
      }
    }
    for family in [Family.layer, .loss] {
      for entry in entries(family)
      where entry.module != CheckModule.name && selection.includes(family, entry.schema.name, entry.module) {
        if entry.item.examples.isEmpty {
          gaps.append(
            CheckFailure(
              "\(family.rawValue) \"\(entry.schema.name)\"", "has no examples, so nothing is checked"))
        }
      }
    }
    return gaps
  }

  /// The uses of all selected components, in the order of their names.
  package func uses(_ selection: CheckSelection) -> [CheckedUse] {
    func chosen(_ family: Family) -> [Entry] {
      entries(family).filter { selection.includes(family, $0.schema.name, $0.module) }
    }
    return chosen(.layer).flatMap(operatorUses) + chosen(.activation).flatMap(activationUses)
      + chosen(.loss).flatMap(lossUses)
  }

  private func operatorUses(_ entry: Entry) -> [CheckedUse] {
    let version = entry.schema.version > 1 ? "@\(entry.schema.version)" : ""
    let name = entry.schema.name + version
    return entry.item.examples.enumerated().map {
      CheckedUse(component: "operator \"\(name)\"", op: name, number: $0, example: $1)
    }
  }

  /// The function with its defaults, and with another number in place of each.
  private func activationUses(_ entry: Entry) -> [CheckedUse] {
    var texts = ["\"function\": \"\(entry.schema.name)\""]
    for attribute in entry.schema.attributes {
      guard case .number(let range) = attribute.kind,
        let other = [0.3, 1.7, 2.5].first(where: range.contains)
      else { continue }
      texts.append("\(texts[0]), \"\(attribute.name)\": \(other)")
    }
    return texts.enumerated().map { number, text in
      CheckedUse(
        component: "activation \"\(entry.schema.name)\"", op: "activation", number: number,
        example: Example(text, .floats([4, 5], in: -7...7, kinks: kinks(entry))))
    }
  }

  /// The kinks of a function with its defaults; other numbers move none of them, so far as they are numbers.
  private func kinks(_ entry: Entry) -> [Double] {
    ((try? entry.item.component(entry.schema.defaults)) as? any Activation)?.kinks ?? []
  }

  /// Every example with the mean and with the sum, without weights and with one for each sample.
  private func lossUses(_ entry: Entry) -> [CheckedUse] {
    var uses: [CheckedUse] = []
    for example in entry.item.examples {
      for reduction in ["mean", "sum"] {
        let own = example.attributes.isEmpty ? "" : ", \(example.attributes)"
        var weighted = Example("\"kind\": \"\(entry.schema.name)\", \"reduction\": \"\(reduction)\"\(own)")
        weighted.inputs = example.inputs
        let samples = example.inputs.first.flatMap { $0?.shape.first }
        let weights = [nil, samples.map { ExampleInput.floats([$0], in: 0.5...2) }]
        for weight in samples == nil ? [nil] : weights {
          var one = weighted
          one.inputs += weight.map { [$0] } ?? []
          uses.append(
            CheckedUse(
              component: "loss \"\(entry.schema.name)\"", op: "loss", number: uses.count, example: one))
        }
      }
    }
    return uses
  }
}
