import Diagnostics
import JSONText
import LayerKit

// The keys of `training` that watch it: metrics, and when to stop.
extension TrainingReader {
  mutating func earlyStopping(_ json: JSONValue, _ metrics: JSONValue?) -> EarlyStopping? {
    let place = "training, early_stopping"
    var monitors = ["loss", "validation_loss"]
    let all = metrics?.elements ?? []
    let kinds = all.compactMap { $0["kind"]?.string }.filter { registry(has: $0) }
    monitors += Self.metricNames(kinds).map { "validation_\($0)" }
    if kinds.count < all.count {
      // The monitor may be the metric whose own name is at fault.
      monitors += reader.names(.metric).map { "validation_\($0)" }
    }
    let schema = Schema(
      "early_stopping", "When to stop before the last epoch.",
      attributes: [
        .word("monitor", monitors, default: "validation_loss", "What is watched."),
        .integer("patience", atLeast: 1, default: 5, "Epochs without a gain before it stops."),
        .number("minimum_delta", .notNegative, default: 0, "What counts as a gain."),
        .boolean("restore_best", default: true, "Whether the best parameters are kept."),
      ], inputs: [])
    guard let members = object(json, place),
      let attributes = reader.read(members, schema, place: place, at: json.textPlace)
    else { return nil }
    return EarlyStopping(
      monitor: attributes.word("monitor"), patience: attributes.integer("patience"),
      minimumDelta: attributes.number("minimum_delta"), restoreBest: attributes.boolean("restore_best"))
  }

  /// What metrics of these kinds are called: the second one of a kind `kind_2`, the third one `kind_3`.
  static func metricNames(_ kinds: [String]) -> [String] {
    var taken = Set(kinds)
    var last: [String: Int] = [:]
    return kinds.map { kind in
      guard var number = last[kind] else {
        last[kind] = 1
        return kind
      }
      repeat { number += 1 } while taken.contains("\(kind)_\(number)")
      last[kind] = number
      taken.insert("\(kind)_\(number)")
      return "\(kind)_\(number)"
    }
  }

  private func registry(has metric: String) -> Bool { reader.registry.entry(.metric, metric) != nil }

  mutating func metric(_ json: JSONValue, _ place: String) -> MetricSetting? {
    guard let members = object(json, place) else { return nil }
    let kind = member("kind", of: json, place, "it names a metric", isRead: false)
    let made = kind.flatMap { kind in
      reader.component(
        .metric, kind, members, reserved: ["kind", "prediction", "target"], place: "\(place), kind",
        outer: place,
        at: json.textPlace)
    }
    var values: [ValueID] = []
    for key in ["prediction", "target"] {
      guard let name = member(key, of: json, place, "it names a value of the graph") else { continue }
      if let found = value(name, "\(place), \(key)") { values.append(found) }
    }
    guard let metric = made as? any Metric, values.count == 2 else { return nil }
    do {
      try metric.check(prediction: types(values[0]), target: types(values[1]))
    } catch let fault as LayerFault {
      refuse(json, place, fault.message)
      return nil
    } catch {
      refuse(json, place, "\(error)")
      return nil
    }
    return MetricSetting(
      kind: kind?.string ?? "", metric: metric, prediction: values[0], target: values[1])
  }
}
