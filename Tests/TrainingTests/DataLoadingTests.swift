import Compiler
import Diagnostics
import Foundation
import Tensors
import Testing

@testable import Training

private let flowerInputs = """
  {"sizes": {"shape": ["batch", 4]}, "species": {"shape": ["batch"], "type": "int32"}}
  """
private let flowers = """
  sepal_length,sepal_width,petal_length,petal_width,species
  5.1,3.5,1.4,0.2,setosa
  7.0,3.2,4.7,1.4,versicolor
  6.3,3.3,6.0,2.5,virginica
  4.9,3.0,1.4,0.2,setosa
  6.4,3.2,4.5,1.5,versicolor
  5.8,2.7,5.1,1.9,virginica

  """

@Suite struct DataLoadingTests {
  @Test func aTableFillsTheInputsThatItsColumnsAreNamedFor() throws {
    try DataFixture.with(flowerInputs, files: ["flowers.csv": flowers]) { fixture in
      let data = try fixture.load(
        "flowers.csv", [fill("sizes", "petal_*", "sepal_*"), fill("species", "species")])
      #expect(data.rowCount == 6)
      #expect(data.columns.map(\.input.name) == ["sizes", "species"])
      let sizes = try #require(data.column(named: "sizes")).rows
      #expect(sizes.shape == [6, 4])
      #expect(sizes.elementType == .float32)
      #expect(Array(sizes.doubles.prefix(4)) == [1.4, 0.2, 5.1, 3.5].map { Double(Float($0)) })
      #expect(data.column(named: "species")?.rows == Tensor(shape: [6], [0, 1, 2, 0, 1, 2] as [Int32]))
      #expect(data.settings.inputs[1].classes == ["setosa", "versicolor", "virginica"])
      #expect(data.training == Array(0..<6))
    }
  }

  @Test func wordsAreClassesInTheOrderOfTheirBytes() throws {
    let text = "w\nb\nB\né\na\nb\n"
    try DataFixture.with(#"{"w": {"shape": ["batch", 1]}}"#, files: ["w.csv": text]) { fixture in
      let data = try fixture.load("w.csv", [fill("w", "w")])
      #expect(data.settings.inputs[0].classes == ["B", "a", "b", "é"])
      #expect(data.columns[0].rows == Tensor(shape: [5, 1], [2, 0, 3, 1, 2] as [Float]))
    }
  }

  @Test func wordsGivenBeforehandMapAnotherTable() throws {
    let files = ["a.csv": "w\nsetosa\nvirginica\n", "bad.csv": "w\nsetosa\nvirginca\n\n"]
    try DataFixture.with(#"{"w": {"shape": ["batch"], "type": "int32"}}"#, files: files) { fixture in
      let input = fill("w", "w", classes: ["setosa", "versicolor", "virginica"])
      let data = try fixture.load("a.csv", [input])
      #expect(data.columns[0].rows == Tensor(shape: [2], [0, 2] as [Int32]))
      #expect(
        fixture.report("bad.csv", [input])
          == """
          bad.csv:3:1: error: row 2, column "w": "virginca" is none of the 3 classes; did you mean \
          "virginica"?
          bad.csv:4:1: error: row 3, column "w": is empty; every row needs a value
          """)
    }
  }

  @Test func numbersAreMappedColumnByColumn() throws {
    let files = ["n.csv": "a,b,k\n1,10,1\n2,20,3\n"]
    let inputs =
      #"{"x": {"shape": ["batch", 2], "type": "float64"}, "k": {"shape": ["batch"], "type": "int32"}}"#
    try DataFixture.with(inputs, files: files) { fixture in
      let data = try fixture.load(
        "n.csv", [fill("x", "a", "b", scale: [2, 0.5], offset: [1]), fill("k", "k", offset: [-1])])
      #expect(data.column(named: "x")?.rows == Tensor(shape: [2, 2], [3, 6, 5, 11] as [Double]))
      #expect(data.column(named: "k")?.rows == Tensor(shape: [2], [0, 2] as [Int32]))
      let report = fixture.report(
        "n.csv", [fill("x", "a", "b", scale: [1, 2, 3]), fill("k", "k", scale: [0.5])])
      #expect(
        report == """
          n.csv:2:6: error: row 1, column "k": 1, mapped to 0.5, is not a whole number of int32 \
          (-2147483648 to 2147483647)
          n.csv:3:6: error: row 2, column "k": 3, mapped to 1.5, is not a whole number of int32 \
          (-2147483648 to 2147483647)
          n.csv: error: input "x", scale: 3 numbers for 2 columns; one is accepted, or one a column
          """)
    }
  }

  @Test func standardizeTakesMeanAndDeviationOfTheTrainingRowsAlone() throws {
    let files = ["s.csv": "a,b\n1,0.1\n3,0.1\n5,0.1\n100,7\n"]
    try DataFixture.with(#"{"x": {"shape": ["n", 2], "type": "float64"}}"#, files: files) { fixture in
      let data = try fixture.load("s.csv", [fill("x", "*", standardize: true)], test: 0.25, split: .tail)
      let setting = data.settings.inputs[0]
      let deviation = (8.0 / 3).squareRoot()
      #expect(!setting.standardize)
      #expect(setting.scale == [1 / deviation, 1])
      #expect(setting.offset == [-3 / deviation, -0.1])
      #expect(abs(data.columns[0].rows.doubles[2]) < 1e-15)
      #expect(data.columns[0].rows.doubles[1] == 0)
      // The same table through the numbers that were written down gives the same bits.
      let again = try Dataset.read(fixture.network, data.settings, inputs: ["x"])
      #expect(again.columns[0].rows == data.columns[0].rows)
      #expect(again.training.isEmpty && again.rows(.all) == [0, 1, 2, 3])
    }
  }

  @Test func boolsAreZeroAndOne() throws {
    try DataFixture.with(#"{"m": {"shape": ["batch"], "type": "bool"}}"#, files: ["m.csv": "m,n\n0,1\n1,2\n"])
    {
      let data = try $0.load("m.csv", [fill("m", "m")])
      #expect(data.columns[0].rows == Tensor(shape: [2], [false, true]))
      #expect(
        $0.report("m.csv", [fill("m", "n")])
          == "m.csv:3:3: error: row 2, column \"n\": 2 is not a bool, 0 or 1")
    }
  }

  @Test func faultsOfColumnsAndValuesComeTogether() throws {
    let files = ["t.csv": "a,b,c,name\n1,2,,x\n4,five,6,7\n"]
    let inputs = """
      {"x": {"shape": ["batch", 3]}, "y": {"shape": ["batch"]}, "z": {"shape": ["batch", 2, 2]},
       "w": {"shape": ["batch"]}, "scalar": {"shape": []}}
      """
    try DataFixture.with(inputs, files: files) { fixture in
      let report = fixture.report(
        "t.csv",
        [
          fill("x", "a", "b", "c"), fill("y", "nmae"), fill("z", "a"), fill("w", "name"), fill("scalar", "a"),
        ])
      #expect(
        report == """
          t.csv:2:5: error: row 1, column "c": is empty; every row needs a value
          t.csv:2:6: error: row 1, column "name": "x" is no number; numbers are written as in JSON \
          (12, -0.5, 1e-3); the column holds numbers as well, so it is read as words only \
          where "classes" lists them
          t.csv:3:3: error: row 2, column "b": "five" is no number; numbers are written as in JSON \
          (12, -0.5, 1e-3); words fill an input of one column alone
          t.csv: error: input "y": no column "nmae"; the file has 4 columns; did you mean "name"?
          graph.json: error: training, data, inputs, scalar: the shape [] has no batch axis, so rows \
          cannot fill it
          t.csv: error: input "z": 1 column cannot fill [batch, 2, 2], which takes 4 a row
          """)
      #expect(
        fixture.report("t.csv", [fill("x", "a", "q*", "a")]) == """
          t.csv: error: input "x": no column fits the pattern "q*"; the file has 4 columns
          t.csv: error: input "x": the column "a" is named twice, by "a" and by "a"
          """)
    }
  }

  @Test func aFileIsLookedForBelowTheGraphAloneUnlessTheCallerGivesIt() throws {
    let inputs = #"{"x": {"shape": ["batch"]}}"#
    try DataFixture.with(inputs, files: ["x.csv": "x\n1\n"]) { fixture in
      #expect(fixture.report("../x.csv", [fill("x", "x")]).contains("\"..\""))
      #expect(fixture.report(nil, [fill("x", "x")]).contains("no file of data"))
      #expect(fixture.report("y.csv", [fill("x", "x")]).contains("did you mean \"x.csv\""))
      let given = fixture.folder + "/x.csv"
      for file in ["missing.csv", nil] {
        let data = try fixture.load(file, [fill("x", "x")], given: given)
        #expect(data.rowCount == 1)
      }
      #expect(fixture.report("x.csv", [fill("x", "x")], limit: 3).contains("limit"))
    }
  }

  @Test func readingLeavesOutWhatIsNotRequired() throws {
    let files = [
      "full.csv": flowers, "new.csv": "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n",
    ]
    try DataFixture.with(flowerInputs, files: files) { fixture in
      let settings = try fixture.load(
        "full.csv", [fill("sizes", "*l_*"), fill("species", "species")]
      ).settings
      let given = fixture.folder + "/new.csv"
      let data = try Dataset.read(fixture.network, settings, file: given, inputs: ["sizes"])
      #expect(data.columns.map(\.input.name) == ["sizes"])
      #expect(data.columns[0].rows == Tensor(shape: [1, 4], [1, 2, 3, 4] as [Float]))
      #expect(throws: Faults.self) {
        try Dataset.read(fixture.network, settings, file: given, inputs: ["sizes", "species"])
      }
      var silent = settings
      silent.inputs = []
      #expect(throws: Faults.self) {
        try Dataset.read(fixture.network, silent, file: given, inputs: ["sizes"])
      }
    }
  }
}
