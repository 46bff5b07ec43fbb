import Kernels
import LayerKit

/// What the convolutions have in common: all but their attributes.
protocol ConvolutionLayer: DifferentiableLayer, ChannelsLastLayer {
  var settings: ConvolutionSettings { get }
  var fusion: ConvolutionFusion { get set }
}

/// What rewrites put into a convolution.
struct ConvolutionFusion: Sendable {
  /// The norm that is folded into weight and bias; its parameters stand behind the convolution's.
  var norm: (any ChannelAffine)?
  /// The function that is applied to each slice after it was computed.
  var function: (any KernelActivation)?
  /// Whether the channels of images and maps stand on the last axis.
  var hasChannelsLast = false

  var reads: (input: Bool, output: Bool) { function?.gradientReads ?? (input: false, output: false) }
}

extension ConvolutionLayer {
  var activation: (any Activation)? { settings.activation }

  func infer(_ inference: inout Inference) throws { try settings.infer(&inference) }

  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    var turned = self
    turned.fusion.hasChannelsLast = true
    return turned
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(2, memory(signature).geometry.multiplyAdds)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(inputs: [0], outputs: fusion.reads.output ? [0] : [])
  }

  /// Forward scratch: slices, arranged weights and, with a folded norm, weights and two numbers a filter.
  /// Backward scratch: slices, arranged weights, and the sums of each slice for weight and bias.
  func workspace(_ signature: Signature) -> Workspace {
    let memory = memory(signature)
    let common: [Workspace.Buffer] = [
      .scalars(saturatingProduct(memory.slices.count, memory.scratchPerSlice)),
      .scalars(memory.arrangedWeights),
    ]
    let folded: [Workspace.Buffer] =
      fusion.norm == nil
      ? [] : [.scalars(memory.geometry.weightCount), .scalars(saturatingProduct(2, settings.filters))]
    let sums: [Workspace.Buffer] = [
      .scalars(saturatingProduct(memory.slices.count, memory.geometry.weightCount)),
      .scalars(saturatingProduct(memory.slices.count, settings.filters)),
    ]
    let keepsInput = signature.isDifferentiated && fusion.reads.input
    return Workspace(
      saved: keepsInput ? [.scalars(signature.outputs[0].count)] : [], forwardScratch: common + folded,
      backwardScratch: common + sums,
      firstKeptScratch: signature.isDifferentiated || signature.mode == .training ? nil : 1)
  }

  func prepare(_ signature: Signature) throws -> AnyObject? {
    let memory = memory(signature)
    guard memory.admitsPrimitives else { return PreparedConvolution(memory, nil) }
    let results: [ConvolutionResult] =
      signature.isDifferentiated ? ConvolutionResult.allCases : [forwardResult]
    return PreparedConvolution(
      memory,
      ConvolutionPrimitives(memory, results: results, isDifferentiated: signature.isDifferentiated))
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let memory = memory(call, as: Scalar.self)
    let prepared = call.prepared as? PreparedConvolution
    let isArranged = prepared?.isArranged(for: call) ?? false
    let (weights, bias): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>?) = folded(
      call, memory, isArranged: isArranged)
    let x = call.view().pointer(Scalar.self)
    let y: UnsafeMutablePointer<Scalar> = call.output()
    let run = ConvolutionRun(
      forwardResult, call, memory, image: settings.isTransposed ? y : x, map: settings.isTransposed ? x : y,
      weights: weights, scratch: call.scratch(0), arranged: call.scratch(1), isArranged: isArranged)
    if run.readsArranged { prepared?.noteArranged(for: call) }
    // At this cost every piece is one slice.
    call.parallel(memory.slices.count, cost: .max) { slice, _ in
      run.compute(slice: slice)
      finish(call, memory.slices.range(slice), y, bias)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let memory = memory(call, as: Scalar.self)
    let x = call.view().pointer(Scalar.self)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let gx: UnsafeMutablePointer<Scalar>? = call.inputGradient()
    let weightGradient: UnsafeMutablePointer<Scalar>? = call.parameterGradient(0)
    let biasGradient: UnsafeMutablePointer<Scalar>? = settings.hasBias ? call.parameterGradient(1) : nil
    let weightSums = SliceSums(weightGradient, call.scratch(2), memory.slices, memory.geometry.weightCount)
    let biasSums = SliceSums(biasGradient, call.scratch(3), memory.slices, settings.filters)
    let (scratch, arranged): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.scratch(0), call.scratch(1)
    )
    let weights: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let throughWeights = ConvolutionRun(
      .weights, call, memory, image: settings.isTransposed ? gy : x, map: settings.isTransposed ? x : gy,
      weights: weights, scratch: scratch, arranged: arranged)
    let throughInput = gx.map {
      ConvolutionRun(
        settings.isTransposed ? .map : .image, call, memory, image: settings.isTransposed ? gy : $0,
        map: settings.isTransposed ? $0 : gy, weights: weights, scratch: scratch, arranged: arranged)
    }
    call.parallel(memory.slices.count, cost: .max) { slice, _ in
      takeBack(call, memory.slices.range(slice), gy, biasSums.target(slice))
      let isArranged =
        weightSums.target(slice).map { throughWeights.compute(slice: slice, into: $0) } ?? false
      throughInput?.compute(slice: slice, followsWeights: isArranged)
    }
    weightSums.finish(call)
    biasSums.finish(call)
  }

  private var forwardResult: ConvolutionResult { settings.isTransposed ? .image : .map }

  private func memory(_ signature: Signature) -> ConvolutionMemory {
    let (input, output) = (signature.input(), signature.outputs[0])
    return ConvolutionMemory(
      ConvolutionGeometry(
        settings, input: input.shape, output: output.shape, hasChannelsLast: fusion.hasChannelsLast),
      admitsPrimitives: output.element == .float32)
  }

  private func memory<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) -> ConvolutionMemory {
    if let prepared = call.prepared as? PreparedConvolution { return prepared.memory }
    return ConvolutionMemory(
      ConvolutionGeometry(
        settings, input: call.view().shape, output: call.outputs[0].shape,
        hasChannelsLast: fusion.hasChannelsLast),
      admitsPrimitives: Scalar.self == Float.self)
  }

  /// Weight and bias, with the numbers of the norm in them where there is one.
  private func folded<Scalar: FloatScalar>(
    _ call: Call, _ memory: ConvolutionMemory, isArranged: Bool
  ) -> (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>?) {
    let weight: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let bias: UnsafeMutablePointer<Scalar>? = settings.hasBias ? call.parameter(1) : nil
    guard let norm = fusion.norm else { return (weight, bias) }
    let scaled: UnsafeMutablePointer<Scalar> = call.scratch(2)
    let factor: UnsafeMutablePointer<Scalar> = call.scratch(3)
    let offset = factor + settings.filters
    if isArranged { return (scaled, offset) }
    norm.channelFactors(call.parameters[(settings.hasBias ? 2 : 1)...], factor: factor, offset: offset)
    let geometry = memory.geometry
    scaleFilters(
      weight, by: factor, rows: geometry.mapChannels,
      filtersOfRow: settings.isTransposed ? geometry.imageGroup : 1,
      rowsOfGroup: settings.isTransposed ? geometry.mapGroup : 1,
      perFilter: settings.isTransposed ? geometry.kernel.area : geometry.windowSize, scaled)
    if let bias { foldBias(bias, factor: factor, offset: offset, count: settings.filters) }
    return (scaled, offset)
  }

  /// Adds the bias and applies the function, image by image while each is in the cache.
  private func finish<Scalar: FloatScalar>(
    _ call: Call, _ images: Range<Int>, _ y: UnsafeMutablePointer<Scalar>,
    _ bias: UnsafeMutablePointer<Scalar>?
  ) {
    let count = call.outputs[0].count / call.outputs[0].shape[0]
    let saved: UnsafeMutablePointer<Scalar>? = call.saved.isEmpty ? nil : call.saved(0)
    if fusion.hasChannelsLast {
      guard bias != nil || fusion.function != nil else { return }
      let (map, place) = (fusion.function?.kernel ?? MapKernel(.copy), images.lowerBound * count)
      Kernel.biasMap(
        map.function, x: y + place, bias: bias, z: saved.map { $0 + place }, y: y + place,
        rows: images.count * count / settings.filters, columns: settings.filters, a: map.a, b: map.b)
      return
    }
    for index in images {
      let part = y + index * count
      if let bias {
        addToChannels(bias, channels: settings.filters, area: count / settings.filters, part)
      }
      if let saved { Kernel.map(.copy, x: part, y: saved + index * count, count: count) }
      if let function = fusion.function { function.apply(part, part, count: count) }
    }
  }

  /// Takes the gradient back through the function, in place, and sums it up for the bias.
  private func takeBack<Scalar: FloatScalar>(
    _ call: Call, _ images: Range<Int>, _ gradient: UnsafeMutablePointer<Scalar>,
    _ biasSum: UnsafeMutablePointer<Scalar>?
  ) {
    let count = call.outputs[0].count / call.outputs[0].shape[0]
    let z: UnsafeMutablePointer<Scalar>? = fusion.reads.input ? call.saved(0) : nil
    let y: UnsafeMutablePointer<Scalar>? = fusion.reads.output ? call.output() : nil
    if fusion.hasChannelsLast {
      guard biasSum != nil || fusion.function != nil else { return }
      let (map, place) = (fusion.function?.kernel ?? MapKernel(.copy), images.lowerBound * count)
      Kernel.biasMapGradient(
        map.function, z: z.map { UnsafePointer($0 + place) }, y: y.map { UnsafePointer($0 + place) },
        gy: gradient + place, gz: gradient + place, gbias: biasSum,
        rows: images.count * count / settings.filters, columns: settings.filters, a: map.a, b: map.b)
      return
    }
    for index in images {
      let part = gradient + index * count
      fusion.function?.gradient(
        x: z.map { UnsafePointer($0 + index * count) }, y: y.map { UnsafePointer($0 + index * count) },
        gy: part,
        gx: part, count: count)
      if let biasSum {
        Kernel.reduce(
          .sum, x: part, outer: settings.filters, count: count / settings.filters, inner: 1, y: biasSum,
          accumulate: index > images.lowerBound)
      }
    }
  }
}
