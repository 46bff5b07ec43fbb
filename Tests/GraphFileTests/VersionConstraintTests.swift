import GraphFile
import Testing

@Suite struct VersionConstraintTests {
  @Test(arguments: [
    (">=1.2", ["1.2.0", "1.2", "1.10", "2"], ["1.1.9", "0.9", "1"]),
    (">1.2", ["1.2.1", "2.0.0"], ["1.2.0", "1.1"]),
    ("<2", ["1.99.99", "0"], ["2.0.0", "2.0.1"]),
    ("<= 2.1", ["2.1.0", "2.0.9"], ["2.1.1", "3"]),
    ("=1.2.3", ["1.2.3"], ["1.2.4", "1.2"]),
    ("1.2", ["1.2.0", "1.2"], ["1.2.1"]),
  ])
  func satisfied(_ text: String, by accepted: [String], not refused: [String]) throws {
    let constraint = try #require(VersionConstraint(text))
    #expect(constraint.description == text)
    for version in accepted { #expect(constraint.isSatisfied(by: version), "\(version)") }
    for version in refused { #expect(!constraint.isSatisfied(by: version), "\(version)") }
  }

  @Test(arguments: [
    "", ">=", "~1.2", "^1", "==1", "1.2.3.4", "1..2", "1.x", "v1", "=-1", ">=1.2, <2", "99999999999999999999",
  ])
  func noConstraint(_ text: String) { #expect(VersionConstraint(text) == nil) }

  @Test func whatIsNoVersionSatisfiesNothing() {
    #expect(VersionConstraint("<2")?.isSatisfied(by: "one") == false)
  }
}

@Suite struct ReferenceTests {
  @Test func references() {
    #expect(ValueReference("a") == ValueReference(name: "a"))
    #expect(ValueReference("_a1.state") == ValueReference(name: "_a1", port: "state"))
    #expect(ValueReference("split.10")?.description == "split.10")
    for text in ["", ".", "a.", ".a", "1a", "a.b.c", "a b", "a/b", "ä", "$a"] {
      #expect(ValueReference(text) == nil, "\(text)")
    }
  }

  @Test func operators() {
    #expect(OperatorReference("dense")?.version == 1)
    #expect(OperatorReference("dense@12")?.version == 12)
    #expect(OperatorReference("dense@12")?.name == "dense")
    for text in [
      "", "@1", "dense@", "dense@0", "dense@01", "dense@-1", "dense@1@2", "dense@99999999999999999999",
    ] {
      #expect(OperatorReference(text) == nil, "\(text)")
    }
  }
}
