import PluginHost
import Testing

@testable import PluginCheck

/// A fault that is planted in the operator, and what the check must say of it.
struct PlantedFault: Sendable, CustomTestStringConvertible {
  let define: String
  let check: Check
  let words: String

  init(_ define: String, _ check: Check, _ words: String) {
    self.define = define
    self.check = check
    self.words = words
  }

  var testDescription: String { define }

  static let ofOperator: [PlantedFault] = [
    PlantedFault("WRONG_SIGN", .gradients, "input x0[0, 0]: backward gives"),
    PlantedFault("WRITE_BEFORE", .memory, "forward writes right before the beginning of output y"),
    PlantedFault(
      "WRITE_BEHIND", .memory, "forward writes right behind the end of output y, which has [3, 4]"),
    PlantedFault("WRITE_SAVED", .memory, "forward writes 8 bytes behind the end of saved buffer 0"),
    PlantedFault("WRITE_SCRATCH", .memory, "forward writes right behind the end of forward scratch 0"),
    PlantedFault(
      "WRITE_BACKWARD_SCRATCH", .memory, "backward writes right behind the end of backward scratch 0"),
    PlantedFault(
      "WRITE_PARAMETER_BEHIND", .memory, "forward writes right behind the end of parameter weight"),
    PlantedFault(
      "WRITE_GRADIENT", .memory, "backward writes right before the beginning of gradient of input x"),
    PlantedFault(
      "WRITE_WEIGHT_GRADIENT", .memory, "backward writes right behind the end of gradient of parameter weight"
    ),
    PlantedFault("WRITE_INPUT", .memory, "forward writes into input x, which it may only read"),
    PlantedFault("WRITE_PARAMETER", .memory, "forward writes into parameter weight, which it may only read"),
    PlantedFault("UNWRITTEN_OUTPUT", .memory, "forward does not write output y[2, 3]"),
    PlantedFault("UNWRITTEN_GRADIENT", .memory, "backward does not write gradient of input x[2, 3]"),
    PlantedFault(
      "ADDED_GRADIENT", .memory, "gradient of parameter weight[0] and 3 more elements of it (or adds"),
    PlantedFault("LARGER_OUTPUT", .memory, "forward does not write output y[3, 0] and 3 more elements"),
    PlantedFault("UNWRITTEN_CORNER", .memory, "\"power\":2) [training, 32 bits]"),
    PlantedFault("READS_MEMORY", .memory, "output y[0, 0] depends on what stood in outputs"),
    PlantedFault(
      "HIDDEN_READ", .memory, "backward reads an input or output that `backward_reads` does not name"),
    PlantedFault("NEEDS_EVERY_GRADIENT", .memory, "gradient of parameter weight[0] is 7.0 where it alone"),
    PlantedFault("FAILS", .memory, "the plan went wrong"),
    PlantedFault("LYING_SYMBOLS", .shapes, "infer of float32 [n3, 4] gives float32 [2*n3, 4]"),
    PlantedFault("MOODY_INFER", .shapes, "when asked again with the same inputs"),
    PlantedFault("NEGATIVE_SIZE", .shapes, "gives output 0 the size 0"),
    PlantedFault("INFER_INTERNAL", .shapes, "fails without saying why"),
    PlantedFault("RUN_TO_RUN", .determinism, "in one run and"),
    PlantedFault("THREAD_DEPENDENT", .determinism, "has other bits"),
    PlantedFault("SHARED_MEMORY", .determinism, "results change when several calls run at once"),
    PlantedFault("NO_EXAMPLES", .examples, "has no examples, so nothing is checked"),
    PlantedFault(
      "FORGETS_PARAMETER", .examples,
      "the schema lists parameter \"weight [channels]\", and infer asks for no parameter"),
    PlantedFault(
      "UNLISTED_PARAMETER", .examples, "infer asks for parameter \"weight\", which the schema does not list"),
    PlantedFault("NO_BACKWARD", .gradients, "parameter weight: no gradient reaches it"),
  ]

  /// Other families: faults that are planted together, one a component at most.
  static let ofFamilies: [[(PlantedFault, component: String)]] = [
    [
      (PlantedFault("ACTIVATION_SIGN", .gradients, "backward gives"), "activation \"bent\""),
      (PlantedFault("LOSS_SIGN", .gradients, "input x1[0, 0]: backward gives"), "loss \"quartic\""),
      (
        PlantedFault("OPTIMIZER_NEIGHBOUR", .rules, "where the range is cut into pieces"),
        "optimizer \"lazy\""
      ),
      (PlantedFault("SCHEDULE_NAN", .rules, "a finite number from 0 is accepted"), "schedule \"sawtooth\""),
      (PlantedFault("INITIALIZER_NAN", .rules, "as element 3; values are finite"), "initializer \"stripes\""),
      (PlantedFault("METRIC_PIECES", .rules, "when they are added in two pieces"), "metric \"distance\""),
    ],
    [
      (
        PlantedFault("ACTIVATION_BEHIND", .memory, "apply writes right behind the end of y"),
        "activation \"bent\""
      ),
      (PlantedFault("LOSS_UNWRITTEN", .memory, "errors does not write element"), "loss \"quartic\""),
      (
        PlantedFault("OPTIMIZER_BEHIND", .memory, "update writes right behind the end of slots"),
        "optimizer \"lazy\""
      ),
      (PlantedFault("SCHEDULE_MEMORY", .determinism, "when asked again"), "schedule \"sawtooth\""),
      (
        PlantedFault("INITIALIZER_BEHIND", .memory, "right behind the end of the values"),
        "initializer \"stripes\""
      ),
      (
        PlantedFault("METRIC_BEHIND", .memory, "add writes right behind the end of the sums"),
        "metric \"distance\""
      ),
    ],
    [
      (PlantedFault("OPTIMIZER_GRADIENT", .memory, "update writes into gradients"), "optimizer \"lazy\""),
      (
        PlantedFault("INITIALIZER_RANDOM", .determinism, "changes from run to run"), "initializer \"stripes\""
      ),
      (PlantedFault("METRIC_NAN", .rules, "a finite number is expected"), "metric \"distance\""),
    ],
  ]
}

@Suite(.serialized) struct PlantedFaultTests {
  @Test func aSoundPluginIsClean() throws {
    let report = try PlantedPlugin.check("ALL")
    #expect(report.isClean, "\(report.text)")
    for check in Check.allCases where ![.output, .process, .leaks].contains(check) {
      #expect(report.counts[check] ?? 0 > 0, "\(check) looked at nothing")
    }
    #expect(report.plugin == "planted" && report.version == "1.0.0" && report.interface == "1.0")
  }

  @Test(arguments: PlantedFault.ofOperator) func aFaultOfAnOperatorIsFound(_ fault: PlantedFault) throws {
    let report = try PlantedPlugin.check(fault.define)
    #expect(report.has(fault.check, "operator \"scaled\"", fault.words), "\(report.text)")
    #expect(report.hasEnded && !report.isClean)
    #expect(!report.text.contains("\"node\""), "names the graph that the check made: \(report.text)")
  }

  @Test(arguments: PlantedFault.ofFamilies.indices) func faultsOfOtherFamiliesAreFound(_ index: Int) throws {
    let faults = PlantedFault.ofFamilies[index]
    let library = try PlantedPlugin.make(["ALL", "NO_LAYER"] + faults.map(\.0.define))
    let report = PlantedPlugin.check(library: library)
    for (fault, component) in faults {
      #expect(report.has(fault.check, component, fault.words), "\(fault.define): \(report.text)")
    }
    #expect(Set(report.findings.map(\.component)) == Set(faults.map(\.component)))
  }

  @Test func promisesThatAreNotKeptAreFound() throws {
    let scaled = PluginComponent(.layer, "scaled", hasGradient: true)
    let broken = try PlantedPlugin.check("NO_BACKWARD", registers: [scaled])
    #expect(broken.has(.manifest, "", "promises a gradient of operator \"scaled\""), "\(broken.text)")
    let absent = try PlantedPlugin.check("NO_FORWARD", registers: [scaled])
    #expect(absent.has(.manifest, "", "operator \"scaled\"", "`forward`"), "\(absent.text)")
    let extra = try PlantedPlugin.check("ALL", registers: [scaled])
    #expect(extra.has(.manifest, "", "metric \"distance\"", "does not promise"), "\(extra.text)")
    #expect(!extra.isClean && extra.hasEnded && !extra.isComplete)
    #expect(!extra.text.contains("passed"), "\(extra.text)")
  }

  /// One mistake is one finding, whatever would stumble over it, and what would is skipped.
  @Test(arguments: ["FAILS", "REFUSES_SILENTLY", "FORGETS_PARAMETER", "WRITE_BEHIND"])
  func oneMistakeIsOneFinding(_ define: String) throws {
    let report = try PlantedPlugin.check(define)
    #expect(report.findings.count == 1, "\(report.text)")
    #expect(report.findings.first?.furtherExamples == 1, "\(report.text)")
    #expect(report.skipped.map(\.check).contains(.gradients) && !report.isComplete, "\(report.text)")
    #expect(report.text.contains("  --   leaks"), "\(report.text)")
    let gradients = try PlantedPlugin.check("WRONG_SIGN").findings
    #expect(gradients.map(\.check) == [.gradients] && gradients.first?.furtherExamples == 1, "\(gradients)")
  }

  @Test func aParameterThatIsTooLargeIsRefusedByTheHost() throws {
    let report = try PlantedPlugin.check("LARGE_PARAMETER")
    #expect(report.isClean, "\(report.text)")
  }

  @Test func aManifestOfAnotherLibraryIsFound() throws {
    let library = try PlantedPlugin.make([])
    var manifest = try PluginManifest.read(PluginManifest.manifestFile(of: library))
    manifest.sha256 = String(repeating: "0", count: 64)
    try manifest.write()
    let report = PlantedPlugin.check(library: library)
    #expect(report.has(.manifest, "", "SHA-256"), "\(report.text)")
    manifest.sha256 = try PluginManifest.describing(library: library) { _ in }.sha256
    manifest.version = "2.0.0"
    try manifest.write()
    #expect(PlantedPlugin.check(library: library).has(.manifest, "", "the version \"1.0.0\"", "\"2.0.0\""))
    #expect(PlantedPlugin.check(library: library + ".absent").has(.manifest, "", "is no plugin's name"))
  }
}
