import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Tensors

/// With what cases are run.
public struct VerificationSettings: Sendable {
  public var registry: Registry
  public var rewrites: RewriteSelection
  public var executor: any Executor
  public var limits: GraphLimits

  public init(
    registry: Registry, executor: any Executor, rewrites: RewriteSelection = .all,
    limits: GraphLimits = GraphLimits()
  ) {
    self.registry = registry
    self.executor = executor
    self.rewrites = rewrites
    self.limits = limits
  }
}

/// Runs conformance cases.
public enum Conformance {
  /// Runs every case at or below the folders; `each` sees a report as soon as it is there.
  ///
  /// A folder that cannot be read, or holds no case, counts as one that failed.
  public static func verify(
    _ folders: [String], _ settings: VerificationSettings, each: (CaseReport) -> Void = { _ in }
  ) -> VerificationReport {
    var reports: [CaseReport] = []
    func add(_ report: CaseReport) {
      reports.append(report)
      each(report)
    }
    for folder in folders {
      do {
        let found = try ConformanceCase.folders(in: folder)
        if found.isEmpty {
          add(CaseReport(name: folder, worst: nil, problems: ["no case.json in this folder or below it"]))
        }
        for one in found { add(report(one, settings)) }
      } catch {
        add(CaseReport(name: folder, worst: nil, problems: Faults(any: error).all.map(\.description)))
      }
    }
    return VerificationReport(reports)
  }

  /// Reads and runs one case.
  public static func report(_ folder: String, _ settings: VerificationSettings) -> CaseReport {
    do {
      let conformance = try ConformanceCase(folder, registry: settings.registry, limits: settings.limits)
      return try conformance.run(settings)
    } catch {
      return CaseReport(name: folder, worst: nil, problems: Faults(any: error).all.map(\.description))
    }
  }
}

extension ConformanceCase {
  /// Runs the case and compares. Throws `Faults` where it cannot be run.
  public func run(_ settings: VerificationSettings) throws -> CaseReport {
    compare(try CaseComputation(self, settings).values())
  }

  /// Compares what was computed with what is expected.
  func compare(_ found: [String: Tensor]) -> CaseReport {
    let comparison = settings.agreement.compare(
      found, with: expected.entries, file: "expected.safetensors")
    return CaseReport(name: folder, worst: comparison.worst, problems: comparison.problems)
  }
}
