import Testing

@testable import Tensors

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("*.weight", "block/dense.weight", true), ("*.weight", "dense.bias", false),
    ("embed*", "embed", true), ("embed*", "Embed", false), ("*", "", true), ("", "", true), ("", "a", false),
    ("?", "é", true), ("?", "e\u{301}", false), ("??", "e\u{301}", true), ("?", "", false),
    ("a?c", "abc", true), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("**", "x", true),
    ("pixel_*", "pixel_0_1", true), ("*a", "aab", false), ("a.c", "abc", false), ("[ab]", "a", false),
  ])
  func matchesWholeNames(pattern: String, text: String, expected: Bool) {
    #expect(matches(pattern: pattern, text: text) == expected)
  }

  @Test func manyStarsAreNoBurden() {
    let pattern = String(repeating: "*a", count: 500) + "*b"
    #expect(!matches(pattern: pattern, text: String(repeating: "a", count: 5000)))
  }
}
