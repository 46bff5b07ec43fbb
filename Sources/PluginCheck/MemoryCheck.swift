import LayerKit
import Tensors
import Verification

/// Calls a layer between guards: nothing is written outside or where it may only be read, everything that
/// must be written is, and nothing depends on what stood in memory before.
struct MemoryCheck {
  let log: CheckLog
  // Two bytes that no result is made of: four or eight of the first are no number, of the second a huge one.
  private static let prefills: (UInt8, UInt8) = (0xFF, 0x7B)

  /// Checks one case in one setting.
  ///
  /// `isHostile`: the case was not asked for by the plugin's author; that it is refused when it runs is no
  /// finding.
  func run(_ layerCase: LayerCase, _ setting: CallSetting, isHostile: Bool = false) {
    do {
      log.begins("workspace and prepare of \(layerCase.place) [\(setting)]")
      let guarded = try GuardedCall(layerCase, setting)
      try run(guarded, isHostile: isHostile)
      log.counted(.memory)
    } catch {
      if !isHostile || error.isMisuse {
        log.found(
          .memory, layerCase.component, sentence: error.words,
          "\(layerCase.place) [\(setting)]: \(error.words)")
      }
    }
  }

  private func run(_ guarded: GuardedCall, isHostile: Bool) throws {
    let asked = Set(guarded.gradients)
    let (one, other) = Self.prefills
    let call = try guarded.makeCall(asking: asked)
    let first = try guarded.run(call, prefill: one, asking: asked, log)
    let second = try guarded.run(call, prefill: other, asking: asked, log)
    let again = try guarded.run(call, prefill: one, asking: asked, log)
    let pairs = zip(first.values, second.values)
    // What is computed from unwritten memory depends on it, which says nothing new.
    if pairs.filter({ reportUnwritten($0, $1, guarded) }).isEmpty {
      for ((a, b), c) in zip(pairs, again.values) { compare(a, b, c, guarded) }
    }
    guard guarded.setting.isDifferentiated else { return }
    let hidden = try guarded.run(call, prefill: one, asking: asked, hidesUnread: true, log)
    for (a, b) in zip(first.values, hidden.values) where a.function == "backward" && a.bytes != b.bytes {
      let reads = "backward reads an input or output that `backward_reads` does not name"
      report(guarded, a, "hidden", "\(reads): \(a.label) changes with them")
    }
    if !isHostile, guarded.setting.inDouble { try askOneByOne(guarded, first) }
  }

  /// Every gradient alone must be what it is together with the others.
  private func askOneByOne(_ guarded: GuardedCall, _ all: CallResult) throws {
    guard guarded.gradients.count > 1 else { return }
    for place in guarded.gradients {
      let call = try guarded.makeCall(asking: [place])
      let alone = try guarded.run(call, prefill: Self.prefills.0, asking: [place], log)
      guard let a = alone.values.first(where: { $0.place == place }),
        let b = all.values.first(where: { $0.place == place })
      else { continue }
      let differing = (0..<a.type.count).first { index in
        let (x, y) = (a.number(index), b.number(index))
        return !((x - y).magnitude <= 1e-9 * (1 + y.magnitude)) && !(x.isNaN && y.isNaN)
      }
      if let index = differing {
        report(
          guarded, a, "alone",
          "\(a.label)\(coordinates(of: index, in: a.type.shape)) is \(a.number(index)) where it alone "
            + "is asked for, and \(b.number(index)) with the others")
      }
    }
  }

  /// Reports the elements that hold the prefills of two runs after them; returns whether there are any.
  private func reportUnwritten(_ a: CallResult.Value, _ b: CallResult.Value, _ guarded: GuardedCall) -> Bool {
    let unwritten = (0..<a.type.count).filter { index in
      a.element(index).allSatisfy { $0 == Self.prefills.0 }
        && b.element(index).allSatisfy { $0 == Self.prefills.1 }
    }
    guard let index = unwritten.first else { return false }
    let more = unwritten.count > 1 ? " and \(unwritten.count - 1) more elements of it" : ""
    let added = a.function == "backward" ? " (or adds to what stands there)" : ""
    let place = "\(a.label)\(coordinates(of: index, in: a.type.shape))"
    report(guarded, a, "unwritten", "\(a.function) does not write \(place)\(more)\(added)")
    return true
  }

  /// Compares a value of two runs with different prefills, and of a third like the first.
  private func compare(
    _ a: CallResult.Value, _ b: CallResult.Value, _ again: CallResult.Value, _ guarded: GuardedCall
  ) {
    let elements = 0..<a.type.count
    func place(_ index: Int) -> String { "\(a.label)\(coordinates(of: index, in: a.type.shape))" }
    if let index = elements.first(where: { a.element($0) != again.element($0) }) {
      let message = "\(place(index)) is \(a.number(index)) in one run and \(again.number(index)) in the next"
      log.found(
        .determinism, guarded.layerCase.component, key: a.label,
        "\(message) (\(guarded.layerCase.place) [\(guarded.setting)])")
      return
    }
    if let index = elements.first(where: { a.element($0) != b.element($0) }) {
      report(
        guarded, a, "depends",
        "\(place(index)) depends on what stood in outputs, gradients, saved or scratch memory before: it is "
          + "\(a.number(index)) and \(b.number(index))")
      return
    }
    if a.type.element == .bool, let index = elements.first(where: { a.bytes[$0] > 1 }) {
      report(guarded, a, "bool", "\(place(index)) is \(a.bytes[index]); a bool is 0 or 1")
    }
  }

  private func report(_ guarded: GuardedCall, _ value: CallResult.Value, _ key: String, _ message: String) {
    log.found(
      .memory, guarded.layerCase.component, key: "\(key) \(value.label)",
      "\(message) (\(guarded.layerCase.place) [\(guarded.setting)])")
  }
}
