import Kernels
import LayerKit
import Testing

@testable import StateSpace

/// `selective_scan` against the recurrence, written state by state, and its gradients against differences.
@Suite struct SelectiveScanTests {
  @Test func registersItsOperator() throws {
    var registry = Registry()
    try registry.register(StateSpaceModule())
    #expect(registry.names(.layer) == ["selective_scan"])
    #expect(registry.entry(.layer, "selective_scan")?.module == "state_space")
  }

  @Test func firstParametersGiveRatesFromOneOn() {
    var values = [Double](repeating: 0, count: 6)
    values.withUnsafeMutableBufferPointer {
      LogarithmOfState().fill($0, shape: [2, 3], fanIn: 1, fanOut: 1, key: 0)
    }
    for (value, rate) in zip(values, [1.0, 2, 3, 1, 2, 3]) {
      #expect(abs(value.exponential - rate) < 1e-12)
    }
  }

  @Test(arguments: [false, true]) func forwardIsTheRecurrence(isDifferentiated: Bool) throws {
    var scan = Scan(batch: 3, time: 5, channels: 4, states: 2)
    let outputs = try scan.forward(isDifferentiated: isDifferentiated)
    for (found, wanted) in zip(outputs, scan.recurrence()) { #expect(abs(found - wanted) < 1e-12) }
  }

  @Test func gradientsAreTheDifferences() throws {
    var scan = Scan(batch: 2, time: 4, channels: 3, states: 2)
    let found = try scan.gradients()
    for array in scan.arrays.indices {
      for index in scan.arrays[array].indices {
        let value = scan.arrays[array][index]
        scan.arrays[array][index] = value + 1e-5
        let above = scan.loss()
        scan.arrays[array][index] = value - 1e-5
        let below = scan.loss()
        scan.arrays[array][index] = value
        #expect(
          abs(found[array][index] - (above - below) / 2e-5) < 1e-8, "array \(array), \(index)")
      }
    }
  }

  @Test func conflictingShapesArePrinted() throws {
    let layer = SelectiveScan(Attributes(["states": .integer(2)]))
    let wide = ValueType(.float32, [Dimension(symbol: "batch"), 5, 4])
    let narrow = ValueType(.float32, [Dimension(symbol: "batch"), 5, 3])
    var inference = Inference(inputs: [wide, wide, narrow, narrow])
    let fault = #expect(throws: LayerFault.self) { try layer.infer(&inference) }
    #expect(fault?.input == 2)
    #expect(fault?.message == "needs [batch, 5, 2] beside x [batch, 5, 4], found [batch, 5, 3]")
  }
}
