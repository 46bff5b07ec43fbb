import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Runtime
import Tensors

/// One thing that was checked of a model.
public struct ZooCheck: Hashable, Sendable {
  /// What sort of thing: the hash of a file, the graph, its parameters, the sample.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case file
    case graph
    case parameters
    case sample
  }

  public var kind: Kind
  /// The file, or the output of the sample.
  public var subject: String
  public var passed: Bool
  /// What was found.
  public var message: String
}

/// What checking a model gave.
public struct ZooVerification: Sendable {
  public var name: String
  public var checks: [ZooCheck]

  /// Whether every check passed.
  public var passed: Bool { checks.allSatisfy(\.passed) }
}

extension ModelZoo {
  /// Checks a model against its entry: the hashes of its files, that the graph resolves, that its parameters
  /// load, and that it makes of the sample's inputs what it made when it was recorded.
  ///
  /// What is wrong is a row that did not pass; nothing is thrown.
  public static func verify(
    _ entry: ZooEntry, in folder: String, registry: Registry, executor: any Executor
  ) -> ZooVerification {
    var result = ZooVerification(name: entry.name, checks: [])
    guard let record = entry.record else {
      result.add(.file, entry.name, passed: false, "was never recorded: the index has no \"record\" of it")
      return result
    }
    let limit = Machine.availableMemory
    for file in record.files where file.isShipped {
      result.checks.append(file.check(in: folder, limit: limit))
    }
    let graph = entry.name + ".json"
    guard
      let network = result.attempt(
        .graph, graph,
        {
          let network = try ModelZoo.network(entry, in: folder, registry: registry)
          return (network, "\(network.nodes.count) nodes")
        })
    else { return result }
    guard
      let parameters = result.attempt(
        .parameters, network.parameterFileName,
        {
          guard let stored = try network.storedParameters(limit: limit) else {
            throw Fault(file: graph, place: "parameters", "missing; a model of the zoo names its parameters")
          }
          let parameters = try ParameterStore(network)
          try parameters.load(stored, file: network.parameterFileName)
          return (parameters, "\(network.parameters.count) tensors")
        })
    else { return result }
    let differences = result.attempt(.sample, graph) {
      let found = try network.replay(
        record.sample.inputs, parameters: parameters, rules: registry.rewrites.map(\.item), executor: executor
      )
      return (try record.sample.differences(found), "")
    }
    if let differences {
      result.checks.removeLast()
      for worst in differences { result.add(.sample, worst.output, passed: worst.isWithin, worst.text) }
    }
    return result
  }

  /// The network of a model. Throws `Faults`: everything that is wrong with its graph, and a graph of another name.
  static func network(_ entry: ZooEntry, in folder: String, registry: Registry) throws -> Network {
    let path = FileAccess.join(folder, entry.name + ".json")
    let (network, faults) = Network.resolve(try GraphDocument.open(path), registry: registry)
    guard let network else { throw Faults(faults) }
    let name = network.document.name
    guard name.value == entry.name else {
      throw Fault(
        file: path, text: name.place, place: "name",
        "\"\(name.value)\" is not the name of the file and of the index, \"\(entry.name)\"")
    }
    return network
  }
}

extension ZooVerification {
  mutating func add(_ kind: ZooCheck.Kind, _ subject: String, passed: Bool, _ message: String) {
    checks.append(ZooCheck(kind: kind, subject: subject, passed: passed, message: message))
  }

  /// Adds a check that passes with the message of the work, or fails with the fault that it throws.
  fileprivate mutating func attempt<Value>(
    _ kind: ZooCheck.Kind, _ subject: String, _ work: () throws -> (Value, message: String)
  ) -> Value? {
    do {
      let (value, message) = try work()
      add(kind, subject, passed: true, message)
      return value
    } catch {
      add(kind, subject, passed: false, "\(error)")
      return nil
    }
  }
}

extension ZooFile {
  fileprivate func check(in folder: String, limit: Int) -> ZooCheck {
    var check = ZooCheck(kind: .file, subject: path, passed: false, message: "")
    do {
      let found = try FileAccess.readBelow(path, inFolder: folder, limit: limit)
      let hash = SHA256.hexadecimal(of: found)
      check.passed = hash == sha256
      check.message =
        check.passed
        ? "\(found.count) bytes" : "the file's hash is \(hash), but the index says \(sha256)"
    } catch {
      check.message = "\(error)"
    }
    return check
  }
}

extension ZooDifference {
  /// What a report says of it.
  fileprivate var text: String {
    "differs by at most \(difference.figure); \(allowed.figure) is allowed"
      + (isWithin ? "" : "; worst at element \(index)")
  }
}
