import LayerKit
import Testing

@testable import PluginCheck

@Suite struct GuardTests {
  @Test func guardsSeeWhatIsWrittenOutside() throws {
    let block = try #require(GuardedBlock(byteCount: 12))
    block.fill(0)
    #expect(block.damage() == nil)
    block.base.storeBytes(of: 7, toByteOffset: 12, as: UInt8.self)
    #expect(block.damage() == "right behind the end")
    #expect(block.damage() == nil, "the guards are whole again")
    block.base.storeBytes(of: 7, toByteOffset: -20, as: UInt8.self)
    #expect(block.damage() == "20 bytes before the beginning")
    (block.base + 12).withMemoryRebound(to: UInt8.self, capacity: 8) { $0[7] = 0 }
    #expect(block.damage() == "right behind the end")
  }

  @Test func addingToAGuardChangesIt() throws {
    let block = try #require(GuardedBlock(byteCount: 16))
    for offset in stride(from: 16, to: 1000, by: 8) {
      let number = block.base.load(fromByteOffset: offset, as: Double.self)
      block.base.storeBytes(of: number + 1e-6, toByteOffset: offset, as: Double.self)
      #expect(block.damage() != nil, "\(number)")
      let float = block.base.load(fromByteOffset: offset + 4, as: Float.self)
      block.base.storeBytes(of: float + 1e-5, toByteOffset: offset + 4, as: Float.self)
      #expect(block.damage() != nil, "\(float)")
    }
  }

  @Test func memoryInUseIsReadFromTheLastSums() {
    let text = """
      <malloc version="1">
      <heap nr="0">
      <total type="rest" count="5" size="100"/>
      <system type="current" size="900"/>
      </heap>
      <total type="fast" count="1" size="32"/>
      <total type="rest" count="2" size="1000"/>
      <total type="mmap" count="1" size="4096"/>
      <system type="current" size="5000"/>
      </malloc>
      """
    #expect(Array(text.utf8).withUnsafeBytes { Holdings.inUse($0) } == 5000 + 4096 - 32 - 1000)
    #expect(Holdings.now.bytes > 0 && Holdings.now.descriptors > 2 && Holdings.now.threads > 0)
  }

  @Test func cornersLieWithinTheRange() {
    let schema = Schema(
      "a", "A.",
      attributes: [
        Attribute("units", .integer(1...8), default: .integer(2), "U."),
        Attribute("rate", .number(.fraction), "R."),
        Attribute("mode", .word(["x", "y"]), optional: true, "M."),
      ])
    let texts = AttributeCorners.variations("\"units\": 3, \"rate\": 0.5", schema).map(\.what)
    #expect(texts.contains("without \"units\"") && !texts.contains("without \"rate\""))
    #expect(
      texts.contains("\"units\": 8") && !texts.contains("\"units\": 0") && !texts.contains("\"units\": 17"))
    #expect(texts.contains("\"rate\": 0") && !texts.contains("\"rate\": 1"))
    #expect(texts.contains("\"mode\": \"y\""))
    #expect(AttributeCorners.attributes(schema).first?.attributes.number("rate") == 0.5)
  }
}
