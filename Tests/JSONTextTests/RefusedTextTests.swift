import Diagnostics
import Testing

@testable import JSONText

/// A text that is no JSON, the place of its first wrong byte, and the whole message.
struct Refused: Sendable, CustomStringConvertible {
  let bytes: [UInt8]
  let place: String
  let message: String
  let nearest: String?

  init(_ text: String, _ place: String, _ message: String, nearest: String? = nil) {
    self.init(bytes: Array(text.utf8), place, message, nearest: nearest)
  }

  init(bytes: [UInt8], _ place: String, _ message: String, nearest: String? = nil) {
    self.bytes = bytes
    self.place = place
    self.message = message
    self.nearest = nearest
  }

  var description: String { String(decoding: bytes, as: UTF8.self) }
}

private let whiteSpace = "only space, tab, line feed and carriage return may stand between values"
private let openArray = "the array that begins at 1:1 is not closed"
private let closingQuote = "expected the closing quote of the string that begins at "
private let escape = #"expected " \ / b f n r t or u after the backslash of an escape, found "#
private let needsLow = #": it must be followed by one of \uDC00 to \uDFFF"#

private let refused: [Refused] = [
  Refused("", "1:1", "expected a value, found the end of the text"),
  Refused(" ", "1:2", "expected a value, found the end of the text"),
  Refused("[1,]", "1:4", #"expected a value, found "]": a trailing comma is not JSON"#),
  Refused(
    #"{"a":1,}"#, "1:8",
    #"expected a key in double quotes, found "}": a trailing comma is not JSON"#),
  Refused("[1,,2]", "1:4", #"expected a value, found ",""#),
  Refused("[,1]", "1:2", #"expected a value or "]", found ",""#),
  Refused("[1 2]", "1:4", #"expected "," or "]", found "2""#),
  Refused("[1", "1:3", #"expected "," or "]", found the end of the text: \#(openArray)"#),
  Refused(
    #"{"a":1"#, "1:7",
    #"expected "," or "}", found the end of the text: the object that begins at 1:1 is not closed"#),
  Refused("[[1]", "1:5", #"expected "," or "]", found the end of the text: \#(openArray)"#),
  Refused("]", "1:1", #"expected a value, found "]""#),
  Refused("[1]]", "1:4", #"expected the end of the text, found "]""#),
  Refused("[1}", "1:3", #"expected "," or "]", found "}""#),
  Refused(#"{"a":1]"#, "1:7", #"expected "," or "}", found "]""#),
  Refused("1 2", "1:3", #"expected the end of the text, found "2""#),
  Refused("{} {}", "1:4", #"expected the end of the text, found "{""#),
  Refused("{a:1}", "1:2", #"expected a key in double quotes or "}", found "a""#),
  Refused(
    "{'a':1}", "1:2",
    #"expected a key in double quotes or "}", found "'": single quotes are not JSON"#),
  Refused("['a']", "1:2", #"expected a value or "]", found "'": single quotes are not JSON"#),
  Refused("{1:2}", "1:2", #"expected a key in double quotes or "}", found "1""#),
  Refused(#"{"a" 1}"#, "1:6", #"expected ":" after the key, found "1""#),
  Refused(#"{"a":}"#, "1:6", #"expected a value, found "}""#),
  Refused(#"{"a"}"#, "1:5", #"expected ":" after the key, found "}""#),
  Refused(#"{"a":1 "b":2}"#, "1:8", #"expected "," or "}", found a double quote"#),
  Refused(#"{"a":1,,"b":2}"#, "1:8", #"expected a key in double quotes, found ",""#),
  Refused("{,}", "1:2", #"expected a key in double quotes or "}", found ",""#),
  Refused("// hello\n1", "1:1", #"expected a value, found "//": comments are not JSON"#),
  Refused("[1, /* two */ 2]", "1:5", #"expected a value, found "/*": comments are not JSON"#),
  Refused("[1] # end", "1:5", ##"expected the end of the text, found "#": comments are not JSON"##),
  Refused("NaN", "1:1", #"expected a value, found "NaN": NaN is not a JSON number"#),
  Refused("[nan]", "1:3", #"expected a value or "]", found "nan": NaN is not a JSON number"#),
  Refused("-NaN", "1:2", #"expected a value, found "-NaN": NaN is not a JSON number"#),
  Refused("Infinity", "1:1", #"expected a value, found "Infinity": Infinity is not a JSON number"#),
  Refused(
    "[-Infinity]", "1:3",
    #"expected a value or "]", found "-Infinity": Infinity is not a JSON number"#),
  Refused("True", "1:1", #"expected a value, found "True""#, nearest: "true"),
  Refused("[tru]", "1:5", #"expected a value or "]", found "tru""#, nearest: "true"),
  Refused("nul", "1:4", #"expected a value, found "nul""#, nearest: "null"),
  Refused("None", "1:1", #"expected a value, found "None""#, nearest: "null"),
  Refused("[yes]", "1:2", #"expected a value or "]", found "yes""#),
  Refused("truex", "1:5", #"expected the end of the text, found "x""#),
  Refused("01", "1:2", #"found "01": a number has no leading zero in JSON"#),
  Refused("-01", "1:3", #"found "-01": a number has no leading zero in JSON"#),
  Refused("[00]", "1:3", #"found "00": a number has no leading zero in JSON"#),
  Refused("+1", "1:1", #"expected a value, found "+1": a number has no plus sign in JSON"#),
  Refused(".5", "1:1", #"expected a value, found ".5": a number begins with a digit in JSON"#),
  Refused("-.5", "1:2", #"expected a digit after a minus sign of a number, found ".5""#),
  Refused("1.", "1:3", "expected a digit after the point of a number, found the end of the text"),
  Refused("[1.e3]", "1:4", #"expected a digit after the point of a number, found "e3""#),
  Refused("1e", "1:3", "expected a digit after the exponent's e of a number, found the end of the text"),
  Refused("1e+", "1:4", "expected a digit after the exponent's e of a number, found the end of the text"),
  Refused("[1E-]", "1:5", #"expected a digit after the exponent's e of a number, found "]""#),
  Refused("-", "1:2", "expected a digit after a minus sign of a number, found the end of the text"),
  Refused("- 1", "1:2", "expected a digit after a minus sign of a number, found U+0020"),
  Refused("0x1F", "1:2", #"found "0x1F": hexadecimal numbers are not JSON"#),
  Refused("1_000", "1:2", #"expected the end of the text, found "_000""#),
  Refused("1.2.3", "1:4", #"expected the end of the text, found ".3""#),
  Refused(#""abc"#, "1:5", "\(closingQuote)1:1, found the end of the text"),
  Refused(#"["a\"]"#, "1:7", "\(closingQuote)1:2, found the end of the text"),
  Refused(#""\x41""#, "1:3", #"\#(escape)"x41""#),
  Refused(#""\U0041""#, "1:3", #"\#(escape)"U0041""#),
  Refused(#""\u12G4""#, "1:6", #"expected four hexadecimal digits after \u, found "G4""#),
  Refused(#""\u12"#, "1:6", #"expected four hexadecimal digits after \u, found the end of the text"#),
  Refused(#""\ud800""#, "1:2", #"found the lone surrogate \uD800\#(needsLow)"#),
  Refused(#""\ud800x""#, "1:2", #"found the lone surrogate \uD800\#(needsLow)"#),
  Refused(#""\ud800\u0041""#, "1:2", #"found the lone surrogate \uD800\#(needsLow)"#),
  Refused(#""\udc00""#, "1:2", #"found the lone surrogate \uDC00: it must follow one of \uD800 to \uDBFF"#),
  Refused(#"{"\ud800":1}"#, "1:3", #"found the lone surrogate \uD800\#(needsLow)"#),
  Refused("\"a\nb\"", "1:3", #"found the control character U+000A inside a string: JSON writes it \n"#),
  Refused("\"a\tb\"", "1:3", #"found the control character U+0009 inside a string: JSON writes it \t"#),
  Refused(
    "\"\u{0}\"", "1:2",
    #"found the control character U+0000 inside a string: JSON writes it \u0000"#),
  Refused(
    "[\"\u{1f}\"]", "1:3",
    #"found the control character U+001F inside a string: JSON writes it \u001F"#),
  Refused("\u{feff}1", "1:1", "found a byte order mark: JSON text begins without one"),
  Refused("[1]\u{0}", "1:4", "expected the end of the text, found U+0000: \(whiteSpace)"),
  Refused("[\u{a0}1]", "1:2", #"expected a value or "]", found U+00A0: \#(whiteSpace)"#),
  Refused("[\u{c}1]", "1:2", #"expected a value or "]", found U+000C: \#(whiteSpace)"#),
  Refused(
    "[“a”]", "1:2",
    #"expected a value or "]", found "“": strings stand in plain double quotes in JSON"#),
  Refused(#"["é", "日本", x]"#, "1:13", #"expected a value, found "x""#),
  Refused("{\"é😀\": 1,\n \"ü\": nul}", "2:10", #"expected a value, found "nul""#, nearest: "null"),
  Refused(
    "{\r\n  \"a\": [1,\r\n    2,\r\n  ]\r\n}", "4:3",
    #"expected a value, found "]": a trailing comma is not JSON"#),
  Refused("[1;2]", "1:3", #"expected "," or "]", found ";""#),
  Refused(#"{"a"=1}"#, "1:5", #"expected ":" after the key, found "=""#),
  Refused(bytes: [0xFF], "1:1", "expected a value, found byte 0xFF, which is not UTF-8"),
  Refused(
    bytes: [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D], "1:3",
    "found byte 0xC0, which begins no scalar of UTF-8"),
  Refused(
    bytes: [0x5B, 0x22, 0x61, 0xE2, 0x82, 0x22, 0x5D], "1:4",
    "found byte 0xE2, which begins no scalar of UTF-8"),
  Refused(
    bytes: [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D], "1:3",
    "found byte 0xED, which begins no scalar of UTF-8"),
  Refused(
    bytes: [0x5B, 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22, 0x5D], "1:3",
    "found byte 0xF4, which begins no scalar of UTF-8"),
  Refused(bytes: [0x22, 0x80, 0x22], "1:2", "found byte 0x80, which begins no scalar of UTF-8"),
  Refused(
    bytes: [0x5B, 0x22, 0xE0, 0x80, 0x80, 0x22, 0x5D], "1:3",
    "found byte 0xE0, which begins no scalar of UTF-8"),
  Refused(bytes: [0xFE, 0xFF, 0x0, 0x5B], "1:1", "expected a value, found byte 0xFE, which is not UTF-8"),
]

@Suite struct RefusedTextTests {
  @Test(arguments: refused) func textIsRefusedAtItsFirstWrongByte(_ text: Refused) {
    do {
      _ = try JSONText.parse(text.bytes)
      Issue.record("accepted")
    } catch {
      #expect(error.all.count == 1)
      let fault = error.all[0]
      #expect(fault.kind == .input)
      #expect(fault.text?.description == text.place)
      #expect(fault.message == text.message)
      #expect(fault.nearest == text.nearest)
    }
  }

  /// Every beginning of a text is refused, and never read beyond its end.
  @Test func everyBeginningOfATextIsRefused() throws {
    let text = Array(#"{"a\u00e9": [1.5e-3, true, "\ud83d\ude00é"], "b": {"c": null}}"#.utf8)
    _ = try JSONText.parse(text)
    for length in 0..<text.count {
      #expect(throws: Faults.self) { try JSONText.parse(Array(text[..<length])) }
    }
  }

  /// Damage of one byte is either refused with one fault or read; it never stops the program.
  @Test func damagedBytesNeverTrap() throws {
    let text = Array(#"{"a\u00e9": [1.5e-3, true, "\ud83d\ude00é"], "b": {"c": null, "a": -0}}"#.utf8)
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = text
        damaged[index] = byte
        do {
          let document = try JSONText.parse(damaged)
          let canonical = JSONWriter.canonical(document.root)
          #expect(try JSONWriter.canonical(JSONText.parse(canonical).root) == canonical)
        } catch {
          #expect(error.all.count == 1 && error.all[0].kind == .input)
        }
      }
    }
  }
}
