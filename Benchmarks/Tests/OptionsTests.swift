import Diagnostics
import Testing

@testable import benchmarks

/// The words of the command line.
@Suite struct OptionsTests {
  @Test func wordsAreUnderstood() throws {
    let options = try Options([
      "--networks", "convnet,37-101-53", "--rows=1,8", "--phases", "run", "--rounds", "2", "--seconds", "0.5",
      "--threads", "1", "--peers", "jax,pytorch", "--python", "p", "--json", "a", "--markdown", "b",
    ])
    #expect(options.networks == ["convnet", "37-101-53"])
    #expect(options.rows == [1, 8])
    #expect(options.phases == [.run])
    #expect(options.rounds == 2 && options.seconds == 0.5 && options.threads == 1)
    #expect(options.peers == [.jax, .pytorch])
    #expect(options.python == "p" && options.json == "a" && options.markdown == "b")
    #expect(try Options(["--peers", "none"]).peers.isEmpty)
  }

  @Test(arguments: [
    (["--round", "2"], "did you mean \"--rounds\"?"), (["--peers", "torch"], "expected pytorch, jax"),
    (["--peers", "pytorh"], "did you mean \"pytorch\"?"), (["--phases", "test"], "expected train, run"),
    (["--rows", "0"], "from 1 to 1000000"), (["--seconds", "nan"], "above 0"),
    (["--rounds"], "needs a value"),
    (["convnet"], "unknown option"),
  ])
  func aWordThatIsNotKnownIsTold(_ words: [String], _ message: String) throws {
    let faults = try #require(throws: Faults.self) { try Options(words) }
    #expect(faults.description.contains(message), "\(faults)")
  }
}
