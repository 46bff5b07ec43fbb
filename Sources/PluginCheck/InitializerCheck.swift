import LayerKit
import Tensors

/// Checks that an initializer writes every value, a finite one, and the same one for the same key.
struct InitializerCheck {
  let log: CheckLog
  let component: String

  func run(_ initializer: any Initializer, _ what: String, isDefault: Bool) {
    for shape in [[], [1], [7], [4, 5], [64, 32], [3, 2, 5, 5], [2, 1, 2, 1, 2, 1, 2, 1]] {
      let type = ConcreteType(.float64, shape)
      let place = "\(component) with \(what), a parameter of \(shapeText(shape))"
      guard let values = GuardedNumbers<Double>(count: type.count) else { return }
      log.begins("fill of \(place)")
      log.counted(.memory)
      log.writesWhole(values, "the values", by: "fill", component, place) {
        initializer.fill(
          UnsafeMutableBufferPointer(start: values.pointer, count: values.count), shape: shape,
          fanIn: shape.last ?? 1, fanOut: shape.first ?? 1, key: 12345)
      }
      log.inspect([("the values", values)], after: "fill", component, place)
      // At its corners an attribute may well lead beyond what a number can hold.
      if let index = values.values.firstIndex(where: { !$0.isFinite }), isDefault {
        log.found(
          .rules, component, key: "finite",
          "fill gives \(values.values[index]) as element \(index); values are finite (\(place))")
      }
    }
  }
}
