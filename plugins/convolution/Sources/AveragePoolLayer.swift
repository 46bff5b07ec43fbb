import Kernels
import LayerKit

/// What `average_pool1d` and `average_pool2d` share: the mean of what each window covers of the image.
protocol AveragePoolLayer: DifferentiableLayer, ChannelsLastLayer {
  var window: PoolWindow { get }
  /// Whether the channels stand on the last axis; a rewrite says so.
  var hasChannelsLast: Bool { get set }
}

extension AveragePoolLayer {
  func infer(_ inference: inout Inference) throws { try window.infer(&inference) }

  func operations(_ signature: Signature) -> Int {
    window.operations(signature, hasChannelsLast: hasChannelsLast)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    var turned = self
    turned.hasChannelsLast = true
    return turned
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let planes = window.planes(call, hasChannelsLast: hasChannelsLast)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    if hasChannelsLast {
      let window = planes.channelWindow
      call.parallel(planes.rows, cost: planes.costOfRow) { start, count in
        Kernel.channelAveragePool(window, x: x, y: y, rows: start..<start + count)
      }
      return
    }
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        averagePool(planes, x + plane * planes.inputCount, y + plane * planes.outputCount)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let planes = window.planes(call, hasChannelsLast: hasChannelsLast)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    if hasChannelsLast {
      let window = planes.channelWindow
      call.parallel(planes.images, cost: planes.costOfGradient) { start, count in
        Kernel.channelAveragePoolGradient(window, gy: gy, gx: gx, images: start..<start + count)
      }
      return
    }
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        averagePoolGradient(planes, gy + plane * planes.outputCount, gx + plane * planes.inputCount)
      }
    }
  }
}
