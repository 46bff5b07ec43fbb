import Kernels
import LayerKit

/// What `max_pool1d` and `max_pool2d` share: the maximum of each window, and where it stood.
protocol MaxPoolLayer: DifferentiableLayer, ChannelsLastLayer {
  var window: PoolWindow { get }
  var fusion: MaxPoolFusion { get set }
}

/// What rewrites put into a max pool.
struct MaxPoolFusion: Sendable {
  /// Whether what is not positive of a maximum becomes 0.
  var rectifies = false
  /// Whether the channels stand on the last axis.
  var hasChannelsLast = false
}

extension MaxPoolLayer {
  func infer(_ inference: inout Inference) throws { try window.infer(&inference) }

  func operations(_ signature: Signature) -> Int {
    window.operations(signature, hasChannelsLast: fusion.hasChannelsLast)
  }

  /// The place of each maximum in its plane; with channels last, its tap of the window.
  func workspace(_ signature: Signature) -> Workspace {
    let count = signature.outputs[0].count
    return Workspace(
      saved: signature.isDifferentiated ? [fusion.hasChannelsLast ? .bytes(count) : .integers(count)] : [])
  }

  func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(outputs: fusion.rectifies ? [0] : [])
  }

  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    guard window.tapCount <= ChannelWindow.mostTaps else { return nil }
    var turned = self
    turned.fusion.hasChannelsLast = true
    return turned
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let planes = window.planes(call, hasChannelsLast: fusion.hasChannelsLast)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    if fusion.hasChannelsLast {
      let window = planes.channelWindow
      let taps: UnsafeMutablePointer<UInt8>? = call.isDifferentiated ? call.saved(0) : nil
      call.parallel(planes.rows, cost: planes.costOfRow) { start, count in
        Kernel.channelMaxPool(
          window, x: x, y: y, taps: taps, rows: start..<start + count, rectifies: fusion.rectifies)
      }
      return
    }
    let places: UnsafeMutablePointer<Int32>? = call.isDifferentiated ? call.saved(0) : nil
    if places != nil { try checkPlaces(planes.inputCount) }
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        let output = plane * planes.outputCount
        maxPool(planes, x + plane * planes.inputCount, y + output, places.map { $0 + output })
      }
      if fusion.rectifies {
        let output = y + start * planes.outputCount
        Kernel.map(.relu, x: output, y: output, count: count * planes.outputCount)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let planes = window.planes(call, hasChannelsLast: fusion.hasChannelsLast)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let y: UnsafePointer<Scalar>? = fusion.rectifies ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    if fusion.hasChannelsLast {
      let window = planes.channelWindow
      let taps: UnsafeMutablePointer<UInt8> = call.saved(0)
      call.parallel(planes.images, cost: planes.costOfGradient) { start, count in
        Kernel.channelMaxPoolGradient(
          window, y: y, gy: gy, taps: taps, gx: gx, images: start..<start + count)
      }
      return
    }
    let places: UnsafeMutablePointer<Int32> = call.saved(0)
    call.parallel(planes.count, cost: planes.inputCount + planes.outputCount) { start, count in
      if let y {
        let place = start * planes.outputCount
        Kernel.mapGradient(
          .relu, x: nil, y: y + place, gy: gy + place, gx: gy + place, count: count * planes.outputCount)
      }
      for plane in start..<start + count {
        let output = plane * planes.outputCount
        scatterToPlaces(
          gy + output, places + output, count: planes.outputCount, gx + plane * planes.inputCount,
          size: planes.inputCount)
      }
    }
  }
}

/// Places in a plane are kept in 32 bits. Throws `RunFault` where a plane has more.
func checkPlaces(_ size: Int) throws {
  guard size > Int(Int32.max) else { return }
  throw RunFault(
    input: 0, element: 0, "has planes of \(size) elements; accepted for training are up to \(Int32.max)")
}
