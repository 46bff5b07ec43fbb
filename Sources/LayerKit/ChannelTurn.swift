import Kernels

/// Moves the channels of a tensor from axis 1 to the last axis, or back.
///
/// It stands in no file: a rewrite makes one where values for a `ChannelsLastLayer` begin, and where they end.
public struct ChannelTurn: DifferentiableLayer {
  /// Where the channels come to stand.
  public enum Place: Sendable { case first, last }

  private let place: Place

  public static let schema = Schema(
    "turn_channels", "Moves the channels from axis 1 to the last axis, or back.",
    inputs: [Port("x", "[batch, channels, ...]")])

  public static let examples = [Example("", .floats([2, 3, 4]))]

  public init(_ attributes: Attributes) { place = .last }

  public init(_ place: Place) { self.place = place }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank > 2 else { throw LayerFault("needs 3 axes or more, found \(x.shapeText)", input: 0) }
    let (first, last, middle) = (x.shape[0], x.shape[x.rank - 1], x.shape[1..<x.rank - 1])
    inference.output(
      x.element, place == .last ? [first] + x.shape[2...] + [x.shape[1]] : [first, last] + middle)
  }

  public func operations(_ signature: Signature) -> Int { 0 }

  public func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    turn(call, call.input(0, as: Scalar.self), call.output(), to: place)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    turn(
      call, UnsafePointer(call.outputGradient(0, as: Scalar.self)), gx, to: place == .last ? .first : .last)
  }

  private func turn<Scalar: FloatScalar>(
    _ call: Call, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, to place: Place
  ) {
    let type = self.place == .last ? call.view().type : call.outputs[0].type
    let (images, channels) = (type.shape[0], type.shape[1])
    let count = type.count / images
    let area = count / channels
    let (from, to) = ((area, 1), (1, channels))
    let (source, target) = place == .last ? (from, to) : (to, from)
    call.parallel(images, cost: saturatingProduct(2, count)) { start, images in
      withUnsafePointer(to: (images, channels, area)) { sizes in
        withUnsafePointer(to: (count, source.0, source.1)) { sourceSteps in
          withUnsafePointer(to: (count, target.0, target.1)) { targetSteps in
            Kernel.copyStrided(
              elementSize: MemoryLayout<Scalar>.stride, rank: 3, dimensions: numbers(sizes),
              source: x + start * count, sourceStrides: numbers(sourceSteps), destination: y + start * count,
              destinationStrides: numbers(targetSteps))
          }
        }
      }
    }
  }
}

private func numbers(_ three: UnsafePointer<(Int, Int, Int)>) -> UnsafePointer<Int> {
  UnsafeRawPointer(three).assumingMemoryBound(to: Int.self)
}
