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

  /// Compares what was computed with what is expected: names, types, shapes, then every element.
  func compare(_ found: [String: Tensor]) -> CaseReport {
    var problems: [String] = []
    var worst: ValueDifference?
    for entry in expected.entries {
      guard let value = found[entry.name] else {
        let near = nearest(to: entry.name, among: found.keys).map { "; did you mean \"\($0)\"?" } ?? ""
        problems.append("\(entry.name) is expected, but the graph gives no such value\(near)")
        continue
      }
      guard entry.fileType == value.elementType.fileType else {
        problems.append("\(entry.name) has the type \(value.elementType.fileType), expected \(entry.fileType)")
        continue
      }
      guard entry.tensor.shape == value.shape else {
        problems.append("\(entry.name) has the shape \(value.shapeText), expected \(entry.tensor.shapeText)")
        continue
      }
      guard let element = self.settings.agreement.worst(found: value, expected: entry.tensor) else { continue }
      let one = ValueDifference(
        value: entry.name, index: coordinates(of: element.index, in: value.shape), element: element)
      if !element.agrees {
        problems.append(
          "\(one.place) is \(element.found), expected \(element.expected): they differ by "
            + "\(short(element.difference)), allowed is \(short(element.allowed))")
      }
      if worst.map({ $0.element.share < element.share }) ?? true { worst = one }
    }
    for name in found.keys.sorted() where expected[name] == nil {
      problems.append("\(name) is computed, but expected.safetensors does not hold it")
    }
    return CaseReport(name: folder, worst: worst, problems: problems)
  }
}

extension ElementType {
  /// The type as safetensors spells it.
  fileprivate var fileType: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .int32: "I32"
    case .bool: "BOOL"
    }
  }
}
