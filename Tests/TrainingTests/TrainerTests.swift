import Compiler
import Diagnostics
import Foundation
import GraphFile
import LayerKit
import Runtime
import StandardModule
import Tensors
import Testing
import Training

@Suite struct TrainerTests {
  /// y = 2 a - b + 0.5 with a little curvature, 50 rows.
  static let table = Array(
    ("a,b,y\n"
      + (0..<50).map { row in
        let (a, b) = (Double(row % 7) / 7 - 0.5, Double(row % 11) / 11 - 0.5)
        return "\(a),\(b),\(2 * a - b + 0.5 + 0.1 * a * b)\n"
      }.joined()).utf8)

  static func graph(_ training: String) -> String {
    """
    {"format": "nngraph/1", "name": "line",
     "inputs": {"x": {"shape": ["batch", 2]}, "y": {"shape": ["batch", 1]}},
     "nodes": [
      {"name": "hidden", "op": "dense", "inputs": ["x"], "units": 8, "activation": "tanh"},
      {"name": "out", "op": "dense", "inputs": ["hidden"], "units": 1},
      {"name": "loss", "op": "loss", "inputs": ["out", "y"], "kind": "mean_squared_error"}],
     "outputs": ["out"],
     "training": {"loss": "loss", \(training)
      "data": {"file": "line.csv", "inputs": {"x": {"columns": ["a", "b"]}, "y": {"column": "y"}},
               "validation": 0.2}}}
    """
  }

  struct Run {
    var trainer: Trainer
    var result: TrainingResult
    var bytes: [UInt8]
  }

  func train(
    _ training: String, threads: Int = 2, options: TrainerOptions = TrainerOptions(),
    observer: (TrainingEvent) -> TrainingControl = { _ in .proceed }
  ) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileAccess.writeFile(FileAccess.join(folder, "line.csv"), TrainerTests.table)
    var registry = Registry()
    try registry.register(StandardModule())
    let text = Array(TrainerTests.graph(training).utf8)
    let (network, faults) = Network.resolve(
      GraphDocument.read(text, file: "graph.json", folder: folder), registry: registry)
    guard let network else { throw Faults(faults) }
    let settings = options.applied(to: try network.settingsForTraining())
    let data = try #require(settings.data)
    let dataset = try Dataset.load(network, data, seed: settings.seed)
    let store = try ParameterStore(network)
    store.initialize(seed: settings.seed)
    let trainer = try Trainer(
      network, settings, dataset, parameters: store, options: options, rules: registry.rewrites.map(\.item),
      executor: ThreadPool(threadCount: threads))
    let result = try trainer.run(observer)
    return Run(trainer: trainer, result: result, bytes: Safetensors.bytes(of: store.tensors()))
  }

  static let adam = #""optimizer": {"kind": "adam", "learning_rate": 0.02}, "epochs": 60, "batch_size": 8,"#

  @Test func itLearns() throws {
    let run = try train(TrainerTests.adam)
    #expect(run.result.epochs.count == 60)
    #expect(run.result.end == .finished)
    #expect(run.trainer.batchRows == 8 && run.trainer.stepsPerEpoch == 5)
    let last = try #require(run.result.epochs.last)
    #expect(last.loss < 0.01)
    #expect(try #require(last.validationLoss) < 0.01)
  }

  @Test func theSameBitsAtAnyNumberOfThreadsAndWithoutRewrites() throws {
    let first = try train(TrainerTests.adam, threads: 1)
    for threads in [1, 2, 3] { #expect(try train(TrainerTests.adam, threads: threads).bytes == first.bytes) }
    let options = TrainerOptions(rewrites: .without([OptimizerPass.rewriteName]))
    #expect(try train(TrainerTests.adam, options: options).bytes == first.bytes)
    let other = try train(TrainerTests.adam, options: TrainerOptions(seed: 1))
    #expect(other.bytes != first.bytes)
  }

  @Test func batchSizesMeanGradientDescentMiniBatchesAndSingleRows() throws {
    func steps(_ size: String) throws -> Int {
      try train("\"epochs\": 2, \"batch_size\": \(size),").result.steps
    }
    #expect(try steps("\"all\"") == 2)
    #expect(try steps("1000") == 2)
    #expect(try steps("1") == 80)
    #expect(try steps("16") == 6)
  }

  @Test func stepsEndWithinAnEpoch() throws {
    let run = try train(TrainerTests.adam, options: TrainerOptions(steps: 7))
    #expect(run.result.steps == 7)
    #expect(run.result.epochs.count == 2)
  }

  @Test func earlyStoppingRestoresTheBest() throws {
    let stopping =
      #""optimizer": {"kind": "sgd", "learning_rate": 0.9, "momentum": 0.9}, "epochs": 200, "#
      + #""early_stopping": {"patience": 3},"#
    let run = try train(stopping)
    #expect(run.result.end == .stoppedEarly)
    let best = try #require(run.result.bestEpoch)
    let losses = run.result.epochs.compactMap(\.validationLoss)
    #expect(losses[best - 1] == losses.min())
    #expect(try run.trainer.evaluate(run.trainer.dataset.validation).loss == losses[best - 1])
    #expect(run.result.epochs.count == best + 3)
  }

  @Test func divergenceNamesPlaceAndStep() throws {
    let fault = #expect(throws: Fault.self) {
      try train(#""optimizer": {"kind": "sgd", "learning_rate": 1e30}, "epochs": 50,"#)
    }
    #expect(fault?.kind == .diverged)
    let text = fault.map { "\($0)" } ?? ""
    #expect(text.contains("step") && (text.contains("node \"") || text.contains("parameter \"")), "\(text)")
  }

  @Test func endlessEpochsEndWithTheSteps() throws {
    let run = try train(TrainerTests.adam, options: TrainerOptions(epochs: 1 << 40, steps: 3))
    #expect(run.result.steps == 3)
  }

  @Test func anObserverStopsIt() throws {
    let run = try train(TrainerTests.adam) { event in
      if case .step(let report) = event, report.step == 3 { return .stop }
      return .proceed
    }
    #expect(run.result.end == .interrupted)
    #expect(run.result.steps == 3)
  }

  @Test func earlyStoppingWithoutRowsToWatchIsRefused() throws {
    let text = #""early_stopping": {},"#
    let run = #expect(throws: Faults.self) {
      try train(text, options: TrainerOptions(), noValidation: true)
    }
    #expect(run.map { "\($0)" }?.contains("validation_loss") ?? false)
  }

  private func train(_ training: String, options: TrainerOptions, noValidation: Bool) throws -> Run {
    // A later key of the same object would be a duplicate, so the text itself is changed.
    let text = TrainerTests.graph(training)
      .replacingOccurrences(of: "\"validation\": 0.2", with: "\"validation\": 0")
    var registry = Registry()
    try registry.register(StandardModule())
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileAccess.writeFile(FileAccess.join(folder, "line.csv"), TrainerTests.table)
    let (network, faults) = Network.resolve(
      GraphDocument.read(Array(text.utf8), file: "graph.json", folder: folder), registry: registry)
    guard let network else { throw Faults(faults) }
    let settings = try network.settingsForTraining()
    let dataset = try Dataset.load(network, try #require(settings.data), seed: 0)
    let trainer = try Trainer(
      network, settings, dataset, parameters: ParameterStore(network), rules: [],
      executor: ThreadPool(threadCount: 1))
    return Run(trainer: trainer, result: try trainer.run(), bytes: [])
  }
}
