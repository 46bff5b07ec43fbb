import Diagnostics
import Testing

@testable import PluginCheck

/// Processes that end in every way, with `/bin/sh` as the program.
@Suite struct CheckProcessTests {
  private static let begins =
    "echo '{\"event\":\"begins\",\"what\":\"forward of operator \\\"gated\\\", example 2\"}'; "
  private static let done = "echo '{\"event\":\"done\"}'; "

  private func run(_ script: String, timeout: Int = 20) throws -> PluginCheckReport {
    try PluginCheck.run(
      file: "libgated.so", executable: "/bin/sh", arguments: ["-c", script], timeout: timeout)
  }

  @Test(arguments: ["SEGV", "BUS", "FPE", "ABRT", "ILL"]) func aSignalIsNamed(_ signal: String) throws {
    let report = try run(Self.begins + "echo last words >&2; kill -\(signal) $$")
    #expect(
      report.has(
        .process, "operator \"gated\"", "SIG\(signal) (", "in forward of operator \"gated\", example 2",
        "last words"), "\(report.text)")
    #expect(!report.isComplete && !report.isClean)
  }

  @Test func anEndlessLoopIsEnded() throws {
    let report = try run(Self.begins + "while :; do :; done", timeout: 1)
    #expect(
      report.has(.process, "operator \"gated\"", "no progress for 1 seconds in forward of operator"),
      "\(report.text)")
  }

  @Test func childrenEndWithIt() throws {
    // The sleeper holds the pipe open.
    let report = try run(Self.begins + "sleep 100", timeout: 1)
    #expect(report.has(.process, "operator \"gated\"", "no progress"), "\(report.text)")
  }

  @Test func anEndBeforeItsTimeIsFound() throws {
    let report = try run(Self.begins + "exit 3")
    #expect(report.has(.process, "operator \"gated\"", "ended with code 3"), "\(report.text)")
    #expect(try run("exit 0").has(.process, "", "before anything of the plugin was called"))
  }

  @Test func aProcessThatIsDoneIsClean() throws {
    let report = try run(Self.begins + "echo no event; " + Self.done)
    #expect(report.isClean, "\(report.text)")
    #expect(report.last == "forward of operator \"gated\", example 2")
  }

  @Test func aProgramThatIsNotThereIsAFault() {
    #expect(throws: Fault.self) {
      try PluginCheck.run(file: "a", executable: "/absent/program", arguments: [])
    }
  }
}
