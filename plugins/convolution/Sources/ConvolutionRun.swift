import Kernels
import LayerKit

/// One pass over the batch that computes image, map or weights from the other two, slice by slice.
struct ConvolutionRun<Scalar: FloatScalar> {
  let result: ConvolutionResult
  let memory: ConvolutionMemory
  let image: UnsafeMutablePointer<Scalar>
  let map: UnsafeMutablePointer<Scalar>
  let weights: UnsafeMutablePointer<Scalar>
  private let arranged: UnsafeMutablePointer<Scalar>
  private let scratch: UnsafeMutablePointer<Scalar>
  private let primitives: ConvolutionPrimitives?
  /// Whether the slices read the arranged weights.
  var readsArranged: Bool { primitives != nil || (Scalar.self == Float.self && memory.winograd != nil) }

  /// `scratch` has a part for each slice, `arranged` has room for arranged weights; both as `memory` says.
  /// `isArranged` says that the arranged weights of the last run still hold.
  init(
    _ result: ConvolutionResult, _ call: Call, _ memory: ConvolutionMemory,
    image: UnsafeMutablePointer<Scalar>, map: UnsafeMutablePointer<Scalar>,
    weights: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>,
    arranged: UnsafeMutablePointer<Scalar>, isArranged: Bool = false
  ) {
    self.result = result
    self.memory = memory
    self.image = image
    self.map = map
    self.weights = weights
    self.scratch = scratch
    self.arranged = arranged
    if Scalar.self == Float.self, let winograd = memory.winograd {
      primitives = nil
      if result != .weights, !isArranged {
        winograd.arrange(call, single(weights), for: result, in: single(arranged))
      }
      return
    }
    let found = Scalar.self == Float.self ? (call.prepared as? PreparedConvolution)?.primitives : nil
    if let found, found.computes(result),
      result == .weights || isArranged || found.arrange(single(weights), for: result, in: single(arranged))
    {
      primitives = found
    } else {
      primitives = nil
    }
  }

  /// Computes one slice, and returns whether oneDNN did.
  ///
  /// Weights that are the result go to `target`; `followsWeights` says that oneDNN made those of the slice
  /// just before.
  @discardableResult
  func compute(
    slice: Int, into target: UnsafeMutablePointer<Scalar>? = nil, followsWeights: Bool = false
  ) -> Bool {
    let range = memory.slices.range(slice)
    let place = scratch + slice * memory.scratchPerSlice
    let sum = target ?? weights
    if Scalar.self == Float.self, let winograd = memory.winograd {
      winograd.run(
        result, images: range.count, image: single(image + range.lowerBound * memory.geometry.imageCount),
        map: single(map + range.lowerBound * memory.geometry.mapCount),
        weights: single(result == .weights ? sum : arranged), scratch: single(place))
      return false
    }
    if let primitives {
      let given = primitives.weights(single(sum), arranged: single(arranged), for: result, slice: slice)
      let isDone = primitives.run(
        result, slice: slice, image: single(image + range.lowerBound * memory.geometry.imageCount),
        map: single(map + range.lowerBound * memory.geometry.mapCount), weights: given,
        scratch: single(place), sharesGradient: followsWeights && primitives.sharesGradient)
      if isDone { return true }
    }
    let plain = PlainConvolution(geometry: memory.geometry, tile: memory.tile, columns: place)
    switch result {
    case .map: plain.makeMaps(range, image: image, map: map, weights: weights)
    case .image: plain.makeImages(range, image: image, map: map, weights: weights)
    case .weights: plain.makeWeights(range, image: image, map: map, weights: sum)
    }
    return false
  }
}

/// The pointer as that of 32-bit numbers; asked for only where they are that.
private func single<Scalar>(_ pointer: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Float> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Float.self)
}
