import Diagnostics
import Foundation
import Tensors
import Testing

@testable import PluginHost

/// Files that the system's loader would stumble over are refused before it sees them.
@Suite struct LibraryFormTests {
  /// What loading a changed copy of a sound library says; nil where it is loaded.
  private func refusal(_ change: (inout [UInt8]) -> Void) throws -> String? {
    let plugin = try CompiledPlugin.make(source: "table.c", defines: ["LETTER='f'"], registers: [])
    var bytes = try FileAccess.readFile(plugin.library, limit: 1 << 24)
    change(&bytes)
    let path = NSTemporaryDirectory() + "libform-\(UUID().uuidString).so"
    defer { unlink(path) }
    try FileAccess.writeFile(path, bytes)
    chmod(path, 0o755)
    let sealed = try SealedLibrary(path)
    do {
      _ = try sealed.load()
      return nil
    } catch {
      return error.text
    }
  }

  @Test func aWholeLibraryIsLoaded() throws { #expect(try refusal { _ in } == nil) }

  @Test(arguments: [0, 1, 63, 64, 100, 500, 1000, 2000, 4000, 4096, 8000])
  func aCutLibraryIsRefused(_ length: Int) throws {
    let text = try #require(try refusal { $0 = Array($0.prefix(length)) })
    #expect(
      text.hasPrefix("it is not whole: its segments reach beyond its end at \(length) bytes")
        || length < 64 && text.hasPrefix("it is no shared library"), "\(text)")
  }

  @Test func oneForAnotherMachineIsRefused() throws {
    let text = try #require(try refusal { $0.replaceSubrange(18...19, with: [0xF3, 0]) })
    #expect(text.hasPrefix("it was compiled for another processor (ELF machine 243, here "))
    #expect(try refusal { $0[4] = 1 } == "it is no shared library of 64 bits, little end first")
    #expect(try refusal { $0[16] = 2 } == "it is no shared library of 64 bits, little end first")
    #expect(try refusal { $0.replaceSubrange(56...57, with: [0, 0]) } == "it has no table of segments")
  }

  @Test func segmentsOfAbsurdSizesAreRefused() throws {
    for offset in [32, 64 + 32, 64 + 8] {
      let text = try #require(
        try refusal { $0.replaceSubrange(offset..<offset + 8, with: [UInt8](repeating: 0xFF, count: 8)) })
      #expect(text.hasPrefix("it is not whole"), "\(text)")
    }
  }
}
