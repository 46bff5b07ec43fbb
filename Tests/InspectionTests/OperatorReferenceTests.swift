import Diagnostics
import Inspection
import JSONText
import LayerKit
import Testing

@Suite struct OperatorReferenceTests {
  private let reference = OperatorReference(Fixture.registry)

  @Test func aPageHoldsWhatTheSchemaSays() throws {
    let pages = try reference.pages(named: "clip")
    #expect(
      pages.map { $0.text() } == [
        """
        clip: operator of module core, with a gradient
        Holds every element within bounds; at a bound the gradient is 0.

          y = min(max(x, minimum), maximum)

        inputs   x
        outputs  y

        attribute  default   accepts
        minimum    optional  number   The lower bound; without it there is none.
        maximum    optional  number   The upper bound; without it there is none.

        examples
          { "name": "y", "op": "clip", "inputs": ["x"], "minimum": -0.5, "maximum": 0.75 }   with x [3, 4]
          { "name": "y", "op": "clip", "inputs": ["x"], "minimum": 0 }   with x [3, 4]
          { "name": "y", "op": "clip", "inputs": ["x"], "maximum": 1 }   with x [3, 4]

        """
      ])
  }

  @Test func aNameMayBelongToSeveralFamilies() throws {
    #expect(try reference.pages(named: "constant").map(\.family).contains(.initializer))
    #expect(try reference.pages(named: "dense@1").map(\.title) == ["dense"])
  }

  @Test func anUnknownNameGetsTheNearest() {
    #expect(throws: Fault.self) { try reference.pages(named: "dens") }
    do throws(Fault) {
      _ = try reference.pages(named: "dens")
    } catch {
      #expect(error.kind == .usage)
      #expect(error.nearest == "dense")
    }
  }

  @Test func everyComponentStandsInTheListsAndOnThePage() {
    let (listing, markdown) = (reference.listing(), reference.markdown)
    for family in Family.allCases {
      for name in Fixture.registry.names(family) {
        #expect(listing.contains("  \(name)"))
        #expect(markdown.contains("### `\(name)`\n"))
      }
    }
    for rewrite in Fixture.registry.rewrites { #expect(markdown.contains("| `\(rewrite.item.name)` |")) }
  }

  @Test func theSchemaDescribesAnOperator() throws {
    let schema = GraphSchema(Fixture.registry).json
    let dropout = try #require(schema["$defs"]?["operator.dropout@1"])
    #expect(
      JSONWriter.compactText(try #require(dropout["properties"]?["rate"])) == """
        {"description":"\(try #require(dropout["properties"]?["rate"]?["description"]?.string))",\
        "anyOf":[{"type":"number","minimum":0,"exclusiveMaximum":1},{"$ref":"#/$defs/argument"}]}
        """)
    #expect(dropout["required"]?.elements?.compactMap(\.string) == ["name", "op", "rate"])
    let names = schema["$defs"]?["node"]?["properties"]?["op"]?["anyOf"]?.elements?.first?["enum"]
    #expect(names?.elements?.contains { $0.string == "dropout" } == true)
  }

  @Test func everyReferenceOfTheSchemaLeadsSomewhere() {
    let schema = GraphSchema(Fixture.registry).json
    let known = Set((schema["$defs"]?.members ?? []).map { "#/$defs/\($0.key)" })
    var used: Set<String> = []
    func collect(_ json: JSONValue) {
      if let reference = json["$ref"]?.string { used.insert(reference) }
      for member in json.members ?? [] { collect(member.value) }
      for element in json.elements ?? [] { collect(element) }
    }
    collect(schema)
    #expect(used.subtracting(known) == [])
    #expect(used.count > 60)
  }
}
