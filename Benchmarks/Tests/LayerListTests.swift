import Diagnostics
import JSONText
import Testing

@testable import benchmarks

/// Networks that are written as the sizes of their layers.
@Suite struct LayerListTests {
  @Test(arguments: [
    ("2-8-2", [2, 8, 2]), ("64x3", [64, 64, 64, 64]), ("10-64x2-5", [10, 64, 64, 5]), ("7-1", [7, 1]),
  ])
  func sizesAreRead(_ text: String, _ sizes: [Int]) throws {
    #expect(try LayerList(text)?.sizes == sizes)
  }

  @Test(arguments: ["convnet", "", "resnet20", "2_8"]) func aNameIsNoList(_ text: String) throws {
    #expect(try LayerList(text) == nil)
  }

  @Test(arguments: [
    "5", "0-1", "3--4", "3-x4", "3x", "70000-2", "3-4x99999", "3x2x2", "99999999999999999999-2",
  ])
  func sizesOutOfRangeAreFaults(_ text: String) {
    #expect(throws: Fault.self) { try LayerList(text) }
  }

  @Test func aWideOutputIsHitByNumbers() throws {
    let classes = try #require(try LayerList("4-1000")).graph
    #expect(classes["inputs"]?["target"]?["type"]?.string == "int32")
    let numbers = try #require(try LayerList("4-1001")).graph
    #expect(numbers["nodes"]?.elements?.last?["kind"]?.string == "mean_squared_error")
  }
}
