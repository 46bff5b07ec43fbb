import LayerKit

/// Checks that the factors of a schedule are finite numbers that depend on their arguments alone.
struct ScheduleCheck {
  let log: CheckLog
  let component: String

  func run(_ schedule: any Schedule, _ what: String, isDefault: Bool) {
    let place = "\(component) with \(what)"
    log.begins("factor of \(place)")
    if schedule.warmup < 0 {
      log.found(.rules, component, key: "warmup", "has a warm-up of \(schedule.warmup) steps (\(place))")
    }
    for (steps, perEpoch) in [(1, 1), (10, 3), (1000, 100), (1 << 40, 1 << 20)] {
      let places = Set([0, 1, 2, perEpoch, steps / 2, steps - 1].filter { $0 < steps }).sorted()
      let ask = { (step: Int, rate: Double) in
        schedule.factor(step: step, steps: steps, stepsPerEpoch: perEpoch, rate: rate)
      }
      for rate in [1e-8, 0.1, 1] {
        let upwards = places.map { ask($0, rate) }
        let downwards = places.reversed().map { ask($0, rate) }
        log.counted(.rules, places.count)
        for (index, factor) in upwards.enumerated() {
          let at = "step \(places[index]) of \(steps) with a rate of \(rate)"
          // At its corners an attribute may well lead beyond what a number can hold.
          if !factor.isFinite && isDefault || factor < 0 {
            log.found(
              .rules, component, key: "factor",
              "factor is \(factor) at \(at); a finite number from 0 is accepted (\(place))")
          }
          let again = downwards[downwards.count - 1 - index]
          if again.bitPattern != factor.bitPattern {
            log.found(
              .determinism, component, key: "factor",
              "factor is \(factor) at \(at), and \(again) when asked again (\(place))")
          }
        }
      }
    }
  }
}
