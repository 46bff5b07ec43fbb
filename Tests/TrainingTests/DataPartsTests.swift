import Compiler
import Diagnostics
import Foundation
import LayerKit
import Tensors
import Testing

@testable import Training

private func table(_ rows: Int) -> String { "x\n" + (0..<rows).map { "\($0)\n" }.joined() }
private let input = #"{"x": {"shape": ["batch"]}}"#

@Suite struct DataPartsTests {
  @Test func partsHaveTheirRoundedSharesAndMeetNowhere() throws {
    try DataFixture.with(input, files: ["x.csv": table(178)]) { fixture in
      let data = try fixture.load("x.csv", [fill("x", "x")], validation: 0.2, test: 0.25)
      #expect(data.validation.count == 36)
      #expect(data.test.count == 45)
      #expect(data.training.count == 97)
      #expect((data.training + data.validation + data.test).sorted() == Array(0..<178))
      #expect(data.rows(.test) == data.test && data.test == data.test.sorted())
      #expect(data.test != Array(133..<178))
      let same = try fixture.load("x.csv", [fill("x", "x")], validation: 0.2, test: 0.25)
      let other = try fixture.load("x.csv", [fill("x", "x")], validation: 0.2, test: 0.25, seed: 1)
      #expect(same.test == data.test && same.validation == data.validation)
      #expect(other.test != data.test)
    }
  }

  @Test func theTailIsTakenInOrder() throws {
    try DataFixture.with(input, files: ["x.csv": table(10)]) { fixture in
      let data = try fixture.load("x.csv", [fill("x", "x")], validation: 0.25, test: 0.2, split: .tail)
      #expect(data.training == [0, 1, 2, 3, 4])
      #expect(data.validation == [5, 6, 7])
      #expect(data.test == [8, 9])
    }
  }

  @Test func trainingNeedsARow() throws {
    try DataFixture.with(input, files: ["x.csv": table(3), "none.csv": "x\n"]) { fixture in
      #expect(
        fixture.report("x.csv", [fill("x", "x")], validation: 0.5, test: 0.49) == """
          graph.json: error: training, data: no training rows are left: of 3 rows, test 0.49 takes 1 and \
          validation 0.5 takes 2
          """)
      #expect(fixture.report("none.csv", [fill("x", "x")]) == "none.csv: error: holds a header and no rows")
    }
  }

  @Test func anEpochsOrderDependsOnSeedAndEpochAlone() throws {
    try DataFixture.with(input, files: ["x.csv": table(50)]) { fixture in
      let data = try fixture.load("x.csv", [fill("x", "x")], test: 0.2)
      let order = data.order(epoch: 3, seed: 7, shuffle: true)
      #expect(order != data.training && order.sorted() == data.training)
      #expect(data.order(epoch: 3, seed: 7, shuffle: true) == order)
      #expect(data.order(epoch: 4, seed: 7, shuffle: true) != order)
      #expect(data.order(epoch: 3, seed: 8, shuffle: true) != order)
      #expect(data.order(epoch: 3, seed: 7, shuffle: false) == data.training)
    }
  }

  @Test func everyOrderIsEquallyLikely() {
    var counts: [[Int]: Int] = [:]
    for key in 0..<UInt64(24_000) { counts[permutation(of: [0, 1, 2, 3], key: key), default: 0] += 1 }
    #expect(counts.count == 24)
    // Twenty-three degrees of freedom: a fair draw exceeds 60 once in thirty thousand.
    let surprise = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(surprise < 60)
  }

  @Test func rowsAreGatheredIntoAnInput() throws {
    try DataFixture.with(input, files: ["x.csv": table(6)]) { fixture in
      let column = try fixture.load("x.csv", [fill("x", "x")]).columns[0]
      let wanted = [5, 1, 2, 3, 0]
      var floats = [Float](repeating: -1, count: 6)
      floats.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        column.gather(rows: wanted, into: TensorView(base, ConcreteType(.float32, [6])))
      }
      #expect(floats == [5, 1, 2, 3, 0, -1])
      var doubles = [Double](repeating: -1, count: 3)
      doubles.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        column.gather(rows: wanted[1..<4], into: TensorView(base, ConcreteType(.float64, [3])))
      }
      #expect(doubles == [1, 2, 3])
    }
  }
}
