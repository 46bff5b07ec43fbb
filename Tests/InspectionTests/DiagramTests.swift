import Inspection
import Testing

@Suite struct DiagramTests {
  private static let text = Fixture.blocks.replacing("\"repeat\": 3", with: "\"repeat\": 1")

  @Test func dot() throws {
    #expect(
      Diagram(try Fixture.network(Self.text)).dot == """
        digraph "blocks" {
          node [shape=box, fontname="Helvetica", fontsize=11];
          edge [fontname="Helvetica", fontsize=9];
          i0 [label="x\\nfloat32 [batch, 4]", shape=ellipse];
          i1 [label="target\\nfloat32 [batch, 4]", shape=ellipse];
          n0 [label="stem\\ndense"];
          n3 [label="again\\ndense"];
          n4 [label="loss\\nloss"];
          o0 [label="again", shape=ellipse];
          subgraph cluster_1 {
            label="body_0";
            n1 [label="first\\ndense"];
            n2 [label="sum\\nadd"];
          }
          i0 -> n0 [label="[batch, 4]"];
          n0 -> n1 [label="[batch, 4]"];
          n0 -> n2 [label="[batch, 4]"];
          n1 -> n2 [label="[batch, 4]"];
          n2 -> n3 [label="[batch, 4]"];
          n0 -> n3 [style=dashed, constraint=false, label="parameters"];
          n3 -> n4 [label="[batch, 4]"];
          i1 -> n4 [label="[batch, 4]"];
          n3 -> o0 [label="[batch, 4]"];
        }

        """)
  }

  @Test func mermaid() throws {
    #expect(
      Diagram(try Fixture.network(Self.text)).mermaid == """
        ---
        title: "blocks"
        ---
        flowchart TD
          i0(["x<br/>float32 [batch, 4]"])
          i1(["target<br/>float32 [batch, 4]"])
          n0["stem<br/>dense"]
          n3["again<br/>dense"]
          n4["loss<br/>loss"]
          o0(["again"])
          subgraph c1 ["body_0"]
            n1["first<br/>dense"]
            n2["sum<br/>add"]
          end
          i0 -- "[batch, 4]" --> n0
          n0 -- "[batch, 4]" --> n1
          n0 -- "[batch, 4]" --> n2
          n1 -- "[batch, 4]" --> n2
          n2 -- "[batch, 4]" --> n3
          n0 -. "parameters" .-> n3
          n3 -- "[batch, 4]" --> n4
          i1 -- "[batch, 4]" --> n4
          n3 -- "[batch, 4]" --> o0

        """)
  }

  @Test func publicNamesAreEscaped() throws {
    let text = Fixture.values.replacing("\"outputs\": [\"y\"]", with: #""outputs": { "a \"b\" <c>\n": "y" }"#)
    let diagram = Diagram(try Fixture.network(text))
    #expect(diagram.dot.contains(#"o0 [label="a \"b\" <c>\\u{a}", shape=ellipse];"#))
    #expect(diagram.mermaid.contains(#"o0(["a #quot;b#quot; #lt;c#gt;\u{a}"])"#))
  }
}
