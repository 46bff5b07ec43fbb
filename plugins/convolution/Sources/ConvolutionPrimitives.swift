import COneDNNConvolution
import Kernels
import LayerKit

/// Which of image, map and weights is computed from the other two.
enum ConvolutionResult: CaseIterable {
  case map, image, weights

  fileprivate var code: convolution_result {
    switch self {
    case .map: convolution_map
    case .image: convolution_image
    case .weights: convolution_weights
    }
  }
}

/// What a convolution prepares: its sizes, which are the same in every call of a plan, and oneDNN's steps.
final class PreparedConvolution {
  let memory: ConvolutionMemory
  /// Nil where oneDNN computes nothing: in 64 bits, and where it has no steps.
  let primitives: ConvolutionPrimitives?
  /// The version of the parameters that the arranged weights were made of; 0 before any were.
  private var arrangedVersion: UInt64 = 0

  /// Whether the weights that an earlier run arranged hold for this one.
  func isArranged(for call: Call) -> Bool { arrangedVersion != 0 && call.parameterVersion == arrangedVersion }

  /// Says that this run has arranged the weights. Where gradients follow, they do not stay.
  func noteArranged(for call: Call) {
    arrangedVersion = call.isDifferentiated || call.mode == .training ? 0 : call.parameterVersion
  }

  init(_ memory: ConvolutionMemory, _ primitives: ConvolutionPrimitives?) {
    self.memory = memory
    self.primitives = primitives
  }
}

/// oneDNN's steps for one call: for every result that is computed, one for each slice of the batch.
///
/// Where oneDNN has no step, or one that needs more than the plan's scratch, that result has none at all.
final class ConvolutionPrimitives {
  private let slices: BatchSlices
  private let weightLimit: Int
  private var steps: [ConvolutionResult: [OpaquePointer]] = [:]
  /// oneDNN's own memory, a part for each slice.
  private var own: UnsafeMutableRawPointer?
  private var ownSize = 64
  /// Whether the gradient that both steps of backward read is arranged once for both.
  private(set) var sharesGradient = false

  /// Makes the steps for `results`; nil where oneDNN has none for any of them.
  init?(_ memory: ConvolutionMemory, results: [ConvolutionResult], isDifferentiated: Bool) {
    slices = memory.slices
    weightLimit = memory.arrangedWeight
    let scratchLimit = memory.scratchPerSlice * 4
    for result in results {
      let made = (0..<slices.count).compactMap { slice in
        var sizes = convolution_sizes(memory.geometry, images: slices.range(slice).count)
        return convolution_make(result.code, &sizes, isDifferentiated)
      }
      let isGood =
        made.count == slices.count
        && made.allSatisfy {
          convolution_scratch_size($0) <= scratchLimit && convolution_weight_size($0) <= weightLimit * 4
            && convolution_own_size($0) <= ConvolutionPrimitives.ownLimit / slices.count
        }
      guard isGood else {
        made.forEach(convolution_free)
        continue
      }
      steps[result] = made
      for step in made { ownSize = max(ownSize, (convolution_own_size(step) + 63) / 64 * 64) }
    }
    guard !steps.isEmpty else { return nil }
    if let first = steps[.weights], let second = steps[memory.geometry.isTransposed ? .map : .image] {
      sharesGradient = zip(first, second).allSatisfy { convolution_shares($0, $1) }
    }
    own = UnsafeMutableRawPointer.allocate(byteCount: ownSize * slices.count, alignment: 64)
  }

  deinit {
    for made in steps.values { made.forEach(convolution_free) }
    own?.deallocate()
  }

  /// A step that needs more than this for itself, all slices together, is not worth its speed.
  private static let ownLimit = 1 << 28

  /// Writes the weights as the steps of a result want them. False where the result has no steps.
  func arrange(
    _ weights: UnsafePointer<Float>, for result: ConvolutionResult, in buffer: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let made = steps[result], let own else { return false }
    for slice in [0, slices.firstSmall] where slice < slices.count {
      guard convolution_weight_size(made[slice]) > 0 else { continue }
      let target = buffer + (slice == 0 ? 0 : weightLimit)
      guard convolution_arrange(made[slice], weights, target, own) else { return false }
    }
    return true
  }

  /// The weights that the step of a slice reads: arranged ones, or those that were given.
  func weights(
    _ plain: UnsafeMutablePointer<Float>, arranged: UnsafeMutablePointer<Float>,
    for result: ConvolutionResult,
    slice: Int
  ) -> UnsafeMutablePointer<Float> {
    guard let made = steps[result], convolution_weight_size(made[slice]) > 0 else { return plain }
    return arranged + (slice < slices.firstSmall ? 0 : weightLimit)
  }

  /// Computes a slice of a result from pointers to its first image, map and weight. False where it did not.
  ///
  /// `sharesGradient` says that the weights of the slice were computed just before, in the same scratch.
  func run(
    _ result: ConvolutionResult, slice: Int, image: UnsafeMutablePointer<Float>,
    map: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, sharesGradient: Bool
  ) -> Bool {
    guard let made = steps[result], let own else { return false }
    return convolution_run(made[slice], image, map, weights, scratch, own + slice * ownSize, sharesGradient)
  }

  /// Whether a result has steps.
  func computes(_ result: ConvolutionResult) -> Bool { steps[result] != nil }
}

extension convolution_sizes {
  fileprivate init(_ geometry: ConvolutionGeometry, images: Int) {
    self.init()
    self.images = Int64(images)
    image_channels = Int64(geometry.imageChannels)
    map_channels = Int64(geometry.mapChannels)
    groups = Int64(geometry.groups)
    image = pair(geometry.image)
    map = pair(geometry.map)
    kernel = pair(geometry.kernel)
    stride = pair(geometry.stride)
    dilation = pair(geometry.dilation)
    begin = pair(geometry.begin)
    channels_last = geometry.hasChannelsLast
  }
}

private func pair(_ extent: Extent) -> (Int64, Int64) { (Int64(extent.height), Int64(extent.width)) }
