import Compiler
import Testing
import Verification

@Suite struct ConformanceTests {
  @Test(arguments: [RewriteSelection.all, .none], [1, 2, 3])
  func everyCasePasses(_ rewrites: RewriteSelection, _ threads: Int) throws {
    let report = Conformance.verify([conformance()], try settings(rewrites, threads: threads))
    let failures = report.cases.filter { !$0.passed }.map(\.line)
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    #expect(report.passed >= 110)
    #expect(report.summary == "\(report.cases.count) passed, 0 failed")
  }

  @Test func searchesFoldersInOrder() throws {
    let found = try ConformanceCase.folders(in: conformance("optimizer"))
    #expect(found.count >= 12)
    #expect(found == found.sorted())
    #expect(found.contains(conformance("optimizer/sgd")))
    #expect(try ConformanceCase.folders(in: conformance("core/clip")) == [conformance("core/clip")])
  }

  @Test func reportsALineForEachCaseAndASummary() throws {
    var seen: [String] = []
    let report = Conformance.verify(
      [conformance("core/clip"), conformance("core/no_such_case")], try settings(),
      each: { seen.append($0.name) })
    #expect(seen == [conformance("core/clip"), conformance("core/no_such_case")])
    let lines = report.text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("passed \(conformance("core/clip")): worst difference "))
    #expect(lines[0].contains(" at output/") || lines[0].contains(" at gradient/"))
    #expect(lines[1].hasPrefix("failed ") && lines[1].contains("cannot be listed"))
    #expect(lines[2] == "1 passed, 1 failed")
    #expect(report.json["schema"]?.string == "nngraph.verify/1")
    #expect(report.json["passed"]?.integer == 1)
    #expect(report.json["failed"]?.integer == 1)
    #expect(report.json["cases"]?.elements?.count == 2)
    #expect(report.json["cases"]?.elements?.first?["passed"]?.boolean == true)
  }
}
