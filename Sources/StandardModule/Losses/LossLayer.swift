import Kernels
import LayerKit
import Tensors

/// The operator `loss`: one number that says how far a prediction is from its target.
///
/// The kind makes a number `e` for each row of features, the last axis of the prediction (a prediction of
/// rank 1 has one feature); this operator weights the rows, and takes their sum or their mean.
public struct LossLayer: DifferentiableLayer, ReadsThrough, SumsOverRows {
  public var kind: any Loss { didSet { fused = kind as? any FusedLoss } }
  /// The kind again where it is a fused one, so that no call has to ask.
  private var fused: (any FusedLoss)?
  /// Whether the number is the mean over the rows, not their sum.
  public let takesMean: Bool
  public var isSumOverRows: Bool { !takesMean }

  public static let examples = [
    Example(
      "\"kind\": \"mean_squared_error\"", .floats([3, 4]), .floats([3, 4]), .floats([3], in: 0.5...2)),
    Example(
      "\"kind\": \"squared_error\", \"reduction\": \"sum\"", .floats([2, 3, 2]), .floats([2, 3, 2]),
      .floats([2], in: 0.5...2)),
    Example(
      "\"kind\": \"cross_entropy\", \"from_logits\": true, \"ignore_index\": 1", .floats([4, 3]),
      .integers([4], below: 3), .floats([4], in: 0.5...2)),
    Example("\"kind\": \"huber\", \"delta\": 0.5", .floats([5]), .floats([5])),
  ]

  public static let schema = Schema(
    "loss", "Makes one number of a prediction and its target.",
    formula: "y = sum_r weight_r e_r, or that sum divided by the number of rows",
    attributes: [
      Attribute(
        "kind", .component(.loss, key: "kind", inlined: true),
        "The kind of loss, by name; its own attributes stand beside it."),
      .word(
        "reduction", ["mean", "sum"], default: "mean",
        "What becomes of the rows; the mean leaves out targets that are ignored."),
    ],
    inputs: [
      Port("prediction", "Floats; the last axis holds the features."),
      Port("target", "Floats of the prediction's shape, or int32 classes, one for each row."),
      Port("weight", optional: true, "A factor for each sample, [batch]."),
    ])

  public init(_ attributes: Attributes) throws {
    guard let kind: any Loss = attributes.component("kind") else {
      throw LayerFault("needs a kind", attribute: "kind")
    }
    self.init(kind, takesMean: attributes.word("reduction") == "mean")
  }

  public init(_ kind: any Loss, takesMean: Bool = true) {
    self.kind = kind
    self.takesMean = takesMean
    fused = kind as? any FusedLoss
  }

  public func reading(input: Int, through producer: any Layer, of sources: [ValueType?]) -> (any Layer)? {
    guard input == 0, let meant = kind.reading(through: producer, of: sources) else { return nil }
    return LossLayer(meant, takesMean: takesMean)
  }

  public func infer(_ inference: inout Inference) throws {
    let prediction = try inference.float(0)
    try checkTarget(inference.input(1), prediction)
    if inference.inputs.count > 2, let weight = inference.inputs[2] {
      guard weight.element == prediction.element else {
        throw LayerFault(
          "types differ: prediction \(prediction.element.rawValue), weight \(weight.element.rawValue) "
            + "(cast converts)", input: 2)
      }
      guard let batch = prediction.shape.first, weight.shape == [batch] else {
        throw LayerFault(
          "weight \(weight.shapeText) does not fit prediction \(prediction.shapeText); accepted is "
            + (prediction.shape.first.map { "\([$0].text)" } ?? "a prediction with a batch axis"), input: 2)
      }
    }
    inference.output(prediction.element, [])
  }

  private func checkTarget(_ target: ValueType, _ prediction: ValueType) throws {
    let accepted = kind.targets
    let isClasses = target.element == .int32 && accepted.contains(.classes)
    guard isClasses || (target.element == prediction.element && accepted.contains(.numbers)) else {
      let words = [
        accepted.contains(.numbers) ? prediction.element.rawValue : nil,
        accepted.contains(.classes) ? "int32 classes" : nil,
      ].compactMap { $0 }
      throw LayerFault(
        "types differ: prediction \(prediction.element.rawValue), target \(target.element.rawValue); "
          + "accepted for the target is \(words.joined(separator: " or ")) (cast converts)", input: 1)
    }
    let wanted = isClasses && prediction.rank > 1 ? Array(prediction.shape.dropLast()) : prediction.shape
    guard target.shape == wanted else {
      let classes = "int32 \(prediction.shape.dropLast().map { $0 }.text), one class for each row"
      let other = !isClasses && accepted.contains(.classes) && prediction.rank > 1 ? ", or \(classes)" : ""
      throw LayerFault(
        "target \(target.shapeText) does not fit prediction \(prediction.shapeText); accepted is "
          + (isClasses ? classes : "\(wanted.text)\(other)"), input: 1)
    }
    if let ignored = kind.ignoredClass, !isClasses {
      throw LayerFault(
        "class \(ignored) is to be ignored, but the target is \(target.element.rawValue) and holds no "
          + "classes; accepted is int32", input: 1)
    }
  }

  public func operations(_ signature: Signature) -> Int {
    saturatingProduct(signature.input().count, kind.operationsPerFeature + 1)
  }

  public func workspace(_ signature: Signature) -> Workspace {
    let sizes = LossSizes(signature.input())
    guard signature.isDifferentiated else { return Workspace(forwardScratch: [.scalars(sizes.rows)]) }
    let delta = fused == nil ? [] : [Workspace.Buffer.scalars(signature.input().count)]
    return Workspace(
      saved: [.scalars(sizes.rows), .scalars(1)] + delta, backwardScratch: [.scalars(sizes.rows)])
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    // The fused form has its gradient already; a float target may want one of its own.
    let readsRows = fused == nil || signature.input(1).element.isFloat
    return BackwardReads(inputs: readsRows ? [0, 1, 2] : [2])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let sizes = LossSizes(call.view().type)
    let counted = try checkClasses(call, sizes)
    let isKept = !call.saved.isEmpty
    let errors: UnsafeMutablePointer<Scalar> = isKept ? call.saved(0) : call.scratch(0)
    let delta: UnsafeMutablePointer<Scalar>? = isKept && fused != nil ? call.saved(2) : nil
    let rows: LossRows<Scalar> = rows(call, sizes)
    call.parallel(sizes.rows, cost: saturatingProduct(sizes.features, kind.operationsPerFeature)) {
      start, count in
      if let fused {
        fused.errors(
          rows.slice(start, count), errors + start, delta: delta.map { $0 + start * sizes.features })
      } else {
        kind.errors(rows.slice(start, count), errors + start)
      }
    }
    let sum = weightedSum(
      errors, weights: weights(call), samples: sizes.samples, rowsPerSample: sizes.rowsPerSample)
    let divisor = takesMean ? Double(max(1, counted)) : 1
    call.output(0, as: Scalar.self)[0] = Scalar(sum / divisor)
    if isKept { call.saved(1, as: Scalar.self)[0] = Scalar(divisor) }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let sizes = LossSizes(call.view().type)
    let factor = call.outputGradient(0, as: Scalar.self)[0] / call.saved(1, as: Scalar.self)[0]
    let coefficients: UnsafeMutablePointer<Scalar> = call.scratch(0)
    rowCoefficients(
      coefficients, weights: weights(call), factor: factor, samples: sizes.samples,
      rowsPerSample: sizes.rowsPerSample)
    let prediction: UnsafeMutablePointer<Scalar>? = call.inputGradient(0)
    let target: UnsafeMutablePointer<Scalar>? = call.inputGradient(1)
    let delta: UnsafePointer<Scalar>? = fused == nil ? nil : UnsafePointer(call.saved(2, as: Scalar.self))
    call.parallel(sizes.rows, cost: saturatingProduct(sizes.features, kind.operationsPerFeature)) {
      start, count in
      let place = start * sizes.features
      if let delta, let prediction {
        scaleRows(
          delta + place, coefficients + start, factor: 1, rows: count, features: sizes.features,
          into: prediction + place)
      }
      if target != nil || delta == nil {
        kind.gradients(
          rows(call, sizes).slice(start, count), coefficients: coefficients + start,
          prediction: delta == nil ? prediction.map { $0 + place } : nil, target: target.map { $0 + place })
      }
    }
    if call.inputs.count > 2, let weight: UnsafeMutablePointer<Scalar> = call.inputGradient(2) {
      weightGradients(
        call.saved(0), factor: factor, samples: sizes.samples, rowsPerSample: sizes.rowsPerSample, weight)
    }
  }

  private func weights<Scalar: FloatScalar>(_ call: Call) -> UnsafePointer<Scalar>? {
    guard call.inputs.count > 2, let view = call.inputs[2] else { return nil }
    return UnsafePointer(view.pointer())
  }

  private func rows<Scalar: FloatScalar>(_ call: Call, _ sizes: LossSizes) -> LossRows<Scalar> {
    let isClasses = call.view(1).type.element == .int32
    return LossRows(
      prediction: call.input(0), target: isClasses ? nil : call.input(1),
      classes: isClasses ? call.input(1) : nil, rows: sizes.rows, features: sizes.features)
  }

  /// How many rows count; throws `RunFault` for a class that the prediction does not have.
  private func checkClasses(_ call: Call, _ sizes: LossSizes) throws -> Int {
    guard call.view(1).type.element == .int32 else { return sizes.rows }
    let classes: UnsafePointer<Int32> = call.input(1)
    let ignored = kind.ignoredClass
    var counted = 0
    for row in 0..<sizes.rows {
      let value = Int(classes[row])
      if value == ignored { continue }
      guard value >= 0, value < sizes.features else {
        throw RunFault(
          input: 1, element: row,
          "holds the target class \(value); accepted are 0 to \(sizes.features - 1)"
            + (ignored.map { " and the ignored \($0)" } ?? ""))
      }
      counted += 1
    }
    return counted
  }
}

/// How the elements of a prediction are cut into rows of features, and the rows into samples.
private struct LossSizes {
  let rows: Int
  let features: Int
  let samples: Int

  init(_ prediction: ConcreteType) {
    let shape = prediction.shape
    features = shape.count > 1 ? shape[shape.count - 1] : 1
    rows = prediction.count / features
    samples = shape.isEmpty ? 1 : shape[0]
  }

  var rowsPerSample: Int { rows / samples }
}
