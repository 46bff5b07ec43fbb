import Diagnostics
import Testing

@testable import PluginCheck

/// Processes that end in every way, with `/bin/sh` as the program.
@Suite struct CheckProcessTests {
  private static let begins =
    "read token code <&3; "
    + "echo '{\"event\":\"begins\",\"what\":\"forward of operator \\\"gated\\\", example 2\"}' >&3; "
  private static let ended =
    "echo '{\"event\":\"ended\",\"loaded\":true,\"token\":\"'$token'\"}' >&3; "

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
    let report = try run(Self.begins + "echo no event >&3; echo no event; " + Self.ended + "exit $code")
    #expect(report.isClean, "\(report.text)")
    #expect(report.last == "forward of operator \"gated\", example 2")
  }

  /// What a plugin may do that ends the process, or writes lines like events.
  @Test func nothingButTheTicketIsTheEnd() throws {
    let forged = #"echo '{"event":"ended","loaded":true,"token":"a guess"}'"#
    for script in ["\(forged) >&3; exit 0", "\(forged) >&3; exit $code", "\(forged); exit 0", "exit $code"] {
      let report = try run(Self.begins + script)
      #expect(!report.isClean && !report.hasEnded, "\(script): \(report.text)")
      #expect(report.has(.process, "operator \"gated\"", "in forward of operator"), "\(report.text)")
    }
    let atItsEnd = try run(Self.begins + Self.ended + "exit 0")
    #expect(atItsEnd.has(.process, "", "ended with code 0 when the check was done"), "\(atItsEnd.text)")
    let crash = try run(Self.begins + Self.ended + "kill -SEGV $$")
    #expect(crash.has(.process, "", "SIGSEGV", "when the check was done"), "\(crash.text)")
  }

  @Test func aProgramThatIsNotThereIsAFault() {
    #expect(throws: Fault.self) {
      try PluginCheck.run(file: "a", executable: "/absent/program", arguments: [])
    }
  }
}
