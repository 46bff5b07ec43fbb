import Compiler
import Diagnostics
import Foundation
import Tensors
import Testing

@testable import Training

private let imageInputs = """
  {"pixels": {"shape": ["batch", 1, 2, 3]}, "label": {"shape": ["batch"], "type": "int32"}}
  """
/// Two images of 2 by 3 bytes, as the MNIST files hold them.
private let images: [UInt8] = [
  0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255,
]

@Suite struct DataTensorTests {
  @Test func filesOfTensorsFillInputsRowMajor() throws {
    try DataFixture.with(imageInputs) { fixture in
      try fixture.write("images.idx", images)
      try fixture.write("labels.npy", NPY.bytes(of: Tensor(shape: [2], [7, 3] as [Int32])))
      let inputs = [fill("pixels", file: "images.idx", scale: [0.5]), fill("label", file: "labels.npy")]
      let data = try fixture.load(nil, inputs)
      #expect(
        data.column(named: "pixels")?.rows
          == Tensor(shape: [2, 1, 2, 3], [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 127.5] as [Float]))
      #expect(data.column(named: "label")?.rows == Tensor(shape: [2], [7, 3] as [Int32]))
    }
  }

  @Test func gzipIsUnpackedWhateverItHolds() throws {
    let text = Array("x\n1\n2\n".utf8)
    try DataFixture.with(#"{"x": {"shape": ["batch"]}}"#) { fixture in
      try fixture.write("x.csv.gz", gzipStored(text))
      let table = try fixture.load("x.csv.gz", [fill("x", "x")])
      #expect(table.columns[0].rows == Tensor(shape: [2], [1, 2] as [Float]))
      let tensor = Tensor(shape: [3, 1], [4, 5, 6] as [Double])
      try fixture.write("x.npy.gz", gzipStored(NPY.bytes(of: tensor)))
      let numbers = try fixture.load("x.npy.gz", [fill("x")])
      #expect(numbers.columns[0].rows == Tensor(shape: [3], [4, 5, 6] as [Float]))
    }
  }

  @Test func aSafetensorsFileFillsByTheNamesOfItsTensors() throws {
    try DataFixture.with(imageInputs) { fixture in
      let pixels = Tensor(shape: [2, 6], (0..<12).map(Float.init))
      let label = Tensor(shape: [2, 1], [1, 0] as [Int32])
      try fixture.write("d.safetensors", Safetensors.bytes(of: [("p", pixels), ("label", label)]))
      let data = try fixture.load("d.safetensors", [fill("pixels", tensor: "p"), fill("label")])
      #expect(data.column(named: "pixels")?.rows.doubles == pixels.doubles)
      #expect(data.column(named: "label")?.rows == Tensor(shape: [2], [1, 0] as [Int32]))
      #expect(
        fixture.report("d.safetensors", [fill("label", tensor: "lable")])
          == "d.safetensors: error: input \"label\": no tensor \"lable\"; the file has 2; "
          + "did you mean \"label\"?"
      )
    }
  }

  @Test func numbersOfRowsMustAgree() throws {
    try DataFixture.with(imageInputs, files: ["l.csv": "k\n1\n2\n3\n"]) { fixture in
      try fixture.write("images.idx", images)
      #expect(
        fixture.report("l.csv", [fill("pixels", file: "images.idx"), fill("label", "k")])
          == "l.csv: error: input \"label\": has 3 rows, but input \"pixels\" has 2 (images.idx)")
    }
  }

  @Test func whatATypeCannotHoldIsNamed() throws {
    let inputs = #"{"x": {"shape": ["batch", 2]}, "k": {"shape": ["batch"], "type": "int32"}}"#
    try DataFixture.with(inputs) { fixture in
      try fixture.write("x.npy", NPY.bytes(of: Tensor(shape: [2, 2], [0, .nan, 1e39, 3] as [Double])))
      try fixture.write("k.npy", NPY.bytes(of: Tensor(shape: [2], [1, 2.5] as [Float])))
      try fixture.write("one.npy", NPY.bytes(of: Tensor(shape: [], [1] as [Float])))
      #expect(
        fixture.report(nil, [fill("x", file: "x.npy"), fill("k", file: "k.npy")]) == """
          x.npy: error: row 1, element 2: nan is not a finite number of float32
          x.npy: error: row 2, element 1: 1e+39 is not a finite number of float32
          k.npy: error: row 2: 2.5 is not a whole number of int32 (-2147483648 to 2147483647)
          """)
      #expect(
        fixture.report(nil, [fill("x", file: "x.npy", standardize: true)])
          == "x.npy: error: row 1, element 2: nan is not a finite number of float64")
      #expect(fixture.report(nil, [fill("k", file: "one.npy")]).contains("the shape [] has no rows"))
      #expect(fixture.report("k.npy", [fill("k", "label")]).contains("has no columns: it is NPY or IDX"))
      #expect(
        fixture.report(nil, [fill("k", file: "k.npy", classes: ["a", "b"])]).contains(
          "row 2: 2.5 is not a class from 0 to 1"))
    }
  }

  @Test func aSymbolTakesItsSizeFromTheData() throws {
    let inputs = """
      {"x": {"shape": ["batch", "time", 2]}, "y": {"shape": ["batch", "time"]},
       "z": {"shape": ["batch", "a", "b"]}}
      """
    try DataFixture.with(inputs, files: ["t.csv": "a,b,c,d,e,f\n1,2,3,4,5,6\n"]) { fixture in
      let data = try fixture.load("t.csv", [fill("x", "*"), fill("y", "a", "b", "c")])
      #expect(data.column(named: "x")?.rows.shape == [1, 3, 2])
      #expect(data.column(named: "y")?.rows.shape == [1, 3])
      #expect(
        fixture.report("t.csv", [fill("x", "*"), fill("y", "a", "b")])
          == "t.csv: error: input \"y\": 2 columns cannot fill [batch, time], which takes 3 a row "
          + "(time is 3 by input \"x\")")
      #expect(fixture.report("t.csv", [fill("z", "*")]).contains("do not say the size of a, b"))
      try fixture.write("z.npy", NPY.bytes(of: .zeros(shape: [1, 4, 5])))
      let both = try fixture.load(nil, [fill("z", file: "z.npy")])
      #expect(both.columns[0].rows.shape == [1, 4, 5])
    }
  }
}

/// A gzip file of one stored block.
private func gzipStored(_ bytes: [UInt8]) -> [UInt8] {
  var table = [UInt32](repeating: 0, count: 256)
  for index in 0..<256 {
    table[index] = (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }
  let sum = ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
  let length = UInt32(bytes.count)
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(length, 2) + little(~length, 2) + bytes
    + little(sum, 4) + little(length, 4)
}
