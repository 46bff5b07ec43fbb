import Diagnostics
import GraphFile
import JSONText
import LayerKit

// What a use of a block says, held against the block.
extension BlockExpansion {
  /// The keys that a use may have besides those of every node and the block's arguments.
  private static let useKeys = ["repeat", "recompute"]

  /// Checks the version and the arguments of a use.
  mutating func checkUse(
    _ use: NodeDeclaration, _ block: BlockDeclaration, _ attributes: [JSONMember], _ place: String
  ) {
    let blockName = block.name.value.excerpt()
    if let op = use.op, op.value.version != 1 {
      faults.append(
        at: op.place, "\(place), op",
        "block \"\(blockName)\" has version 1 alone, found \"\(op.value.description.excerpt())\"")
    }
    let names = block.arguments.map(\.name.value)
    var misspelt: Set<String> = []
    let given = Set(attributes.map(\.key))
    let accepted = names + Self.useKeys.filter { !names.contains($0) }
    let absent = accepted.filter { !given.contains($0) }
    let known = Set(accepted)
    for member in attributes where !known.contains(member.key) && !faults.isFull {
      let near = nearest(to: member.key, among: absent)
      if let near { misspelt.insert(near) }
      faults.append(
        at: member.keyTextPlace, "\(place), \(member.key.excerpt())",
        "block \"\(blockName)\" has no argument \"\(member.key.excerpt())\"; accepted: "
          + accepted.joined(separator: ", "),
        nearest: near ?? nearest(to: member.key, among: accepted + Schema.nodeKeys))
    }
    for argument in block.arguments where argument.standard == nil && !misspelt.contains(argument.name.value)
    {
      let name = argument.name.value
      if given.contains(name) { continue }
      faults.append(
        at: use.place, "\(place), \(name)", "missing; block \"\(blockName)\" needs its argument \"\(name)\"")
    }
  }

  /// How many copies a use makes; nil, with a fault, where `repeat` is wrong.
  mutating func repeats(_ attributes: [JSONMember], _ place: String) -> Int? {
    guard let value = attributes.first(where: { $0.key == "repeat" })?.value, !value.isUnknown else {
      return 1
    }
    if let copies = value.integer, copies >= 1 { return copies }
    faults.append(
      at: value.textPlace, "\(place), repeat", "expected an integer of at least 1, found \(value.excerpt)")
    return nil
  }

  /// Whether the inner values of each copy are computed again for backward; false, with a fault, where
  /// `recompute` is wrong.
  ///
  /// A block that has an argument of this name keeps it: the key is that argument's then.
  mutating func isRecomputed(
    _ block: BlockDeclaration, _ attributes: [JSONMember], _ place: String
  ) -> Bool {
    guard !block.arguments.contains(where: { $0.name.value == "recompute" }),
      let value = attributes.first(where: { $0.key == "recompute" })?.value, !value.isUnknown
    else { return false }
    if let truth = value.boolean { return truth }
    faults.append(
      at: value.textPlace, "\(place), recompute", "expected true or false, found \(value.excerpt)")
    return false
  }

  /// What stands at each input of the block, in its order; nil, with a fault, where one is missing or not
  /// known.
  mutating func orderedInputs(
    _ use: NodeDeclaration, _ block: BlockDeclaration, _ place: String
  ) -> [Located<InputReference>]? {
    let names = block.inputs.map(\.value)
    switch use.inputs {
    case .unreadable: return names.map { _ in Located(.unreadable, at: nil) }
    case .absent, .list:
      var list: [Located<InputReference>] = []
      if case .list(let found) = use.inputs { list = found }
      guard list.count == names.count else {
        if use.hasMisspeltInputs(besides: block.arguments.map(\.name.value)) { return nil }
        faults.append(
          at: use.inputsPlace ?? use.place, "\(place), inputs",
          "block \"\(block.name.value.excerpt())\" takes \(names.count) input\(names.count == 1 ? "" : "s") "
            + "(\(names.joined(separator: ", "))), found \(list.count)")
        return nil
      }
      return list
    case .named(let pairs):
      return NamedInputs(
        pairs, ports: names, required: names, "block \"\(block.name.value.excerpt())\"",
        at: use.inputsPlace ?? use.place, place
      ).ordered(&faults)
    }
  }

  /// The full name of the use whose parameters a use takes, up to the inner names.
  mutating func owner(
    of use: NodeDeclaration, _ siblings: [String: NodeDeclaration], prefix: String, shared: String?,
    _ attributes: [JSONMember], _ place: String
  ) -> String? {
    if let shared { return shared + (use.share ?? use.name).value }
    guard let share = use.share else { return nil }
    let (own, wanted, sharePlace) = (use.name.value, share.value, "\(place), share")
    guard let other = siblings[wanted], wanted != own, other.op?.value.name == use.op?.value.name else {
      let blockName = use.op?.value.name ?? ""
      let found =
        siblings[wanted].flatMap(\.op).map { wanted == own ? "itself" : "a node of \"\($0.value)\"" }
        ?? "no node"
      let likely = siblings.values.filter { $0.op?.value.name == blockName }.map(\.name.value)
      faults.append(
        at: share.place, sharePlace,
        "\"\(own)\" is a use of block \"\(blockName)\" and can share with another one; "
          + "\"\(wanted.excerpt())\" is \(found)",
        nearest: faults.nearest(to: wanted, among: likely.filter { $0 != own }))
      return nil
    }
    if let next = other.share {
      faults.append(
        at: share.place, sharePlace,
        "\"\(own)\" shares with \"\(wanted)\", which shares in turn with \"\(next.value)\"; name the owner")
    }
    if let trainable = use.trainable {
      faults.append(
        at: trainable.place, "\(place), trainable",
        "\"\(own)\" shares with \"\(wanted)\" and has no parameters of its own")
    }
    let mine = attributes.first { $0.key == "repeat" }?.value
    let theirs = other["repeat"]
    if mine?.excerpt != theirs?.excerpt, mine?.integer == nil || mine?.integer != theirs?.integer {
      faults.append(
        at: share.place, sharePlace,
        "\"\(own)\" has repeat \(mine?.excerpt ?? "none"), but \"\(wanted)\" has repeat "
          + (theirs?.excerpt ?? "none"))
    }
    return prefix + wanted
  }
}

extension NodeDeclaration {
  /// Whether a key that is none of the `known` ones was probably meant for `inputs`, which is not there.
  func hasMisspeltInputs(besides known: [String]) -> Bool {
    guard case .absent = inputs else { return false }
    return attributes.contains { member in
      !known.contains(member.key) && nearest(to: member.key, among: Schema.nodeKeys) == "inputs"
    }
  }
}

/// The inputs of a node or use that gives them by name.
struct NamedInputs {
  typealias Pair = (port: Located<String>, reference: Located<InputReference>)

  let pairs: [Pair]
  let ports: [String]
  let required: [String]
  /// What takes them, in the words of a message.
  let owner: String
  let text: TextPlace?
  let place: String

  init(
    _ pairs: [Pair], ports: [String], required: [String], _ owner: String, at text: TextPlace?,
    _ place: String
  ) {
    self.pairs = pairs
    self.ports = ports
    self.required = required
    self.owner = owner
    self.text = text
    self.place = place
  }

  /// The references in the order of the ports, a port that is not given as absent; nil, with faults, where a
  /// port is unknown or missing.
  func ordered(_ faults: inout FaultList) -> [Located<InputReference>]? {
    let before = faults.reported
    var ordered = [Located<InputReference>?](repeating: nil, count: ports.count)
    var misspelt: Set<String> = []
    let given = Set(pairs.map(\.port.value))
    let absent = ports.filter { !given.contains($0) }
    for (port, reference) in pairs where !faults.isFull {
      if let index = ports.firstIndex(of: port.value) {
        ordered[index] = reference
        continue
      }
      let near = nearest(to: port.value, among: absent) ?? (absent.count == 1 ? absent.first : nil)
      if let near { misspelt.insert(near) }
      faults.append(
        at: port.place, "\(place), inputs",
        "\(owner) has no input \"\(port.value.excerpt())\"; accepted: "
          + (ports.isEmpty ? "none" : ports.joined(separator: ", ")),
        nearest: near ?? nearest(to: port.value, among: ports))
    }
    for name in required where !given.contains(name) && !misspelt.contains(name) {
      faults.append(at: text, "\(place), inputs", "\(owner) is missing its input \"\(name)\"")
    }
    guard faults.reported == before else { return nil }
    return ordered.map { $0 ?? Located(.absent, at: nil) }
  }
}
