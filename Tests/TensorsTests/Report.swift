import Diagnostics
import Foundation
import Testing

@testable import Tensors

/// What `body` throws as the user reads it, or "no fault".
func report(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch {
    return "\(error)"
  }
}

/// The kind of the single fault that `body` throws, or nil.
func faultKind(_ body: () throws -> Void) -> Fault.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? Fault)?.kind ?? (error as? Faults)?.all.first?.kind
  }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "tensors-" + UUID().uuidString
  try FileAccess.createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Calls `read` with every beginning of `bytes` and with bytes flipped at random: it may throw a fault, but
/// nothing else, and must not trap.
func damage(_ bytes: [UInt8], rounds: Int = 500, _ read: ([UInt8]) throws -> Void) {
  func attempt(_ damaged: [UInt8]) {
    do {
      try read(damaged)
    } catch {
      #expect(error is Fault || error is Faults, "\(error)")
    }
  }
  for length in 0..<bytes.count { attempt(Array(bytes[..<length])) }
  // A plain linear congruential generator: the same damage in every run.
  var state: UInt64 = 1
  func random(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  for _ in 0..<rounds {
    var damaged = bytes
    for _ in 0...random(4) { damaged[random(damaged.count)] = UInt8(random(256)) }
    attempt(damaged)
  }
}

@Suite struct ReportTests {
  @Test func aFaultIsReportedAndItsAbsenceToo() {
    #expect(report {} == "no fault")
    #expect(report { throw Fault(.limit, file: "a", "is long") } == "a: error: is long")
    #expect(faultKind { throw Fault(.limit, "is long") } == .limit)
    #expect(faultKind { throw Faults(Fault(.io, "is long")) } == .io)
    #expect(faultKind {} == nil)
  }

  @Test func damageFindsWhatIsNoFault() {
    struct Other: Error {}
    withKnownIssue { damage([1], rounds: 1) { _ in throw Other() } }
  }

  @Test func theFolderIsRemoved() throws {
    let folder = try withFolder { $0 }
    #expect(!FileAccess.fileExists(folder))
  }
}
