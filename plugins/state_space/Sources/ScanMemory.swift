import Kernels
import LayerKit

/// The sizes of one call.
struct ScanSizes {
  let batch: Int
  let time: Int
  let channels: Int
  let states: Int

  init(shape: [Int], states: Int) {
    batch = shape[0]
    time = shape[1]
    channels = shape[2]
    self.states = states
  }

  /// The numbers that one sample carries from step to step.
  var state: Int { saturatingProduct(channels, states) }

  /// The scratch of one sample in forward: three of its states and a row of channels.
  var forwardScratch: Int { saturatingSum(saturatingProduct(3, state), channels) }

  /// The scratch of one sample in backward: three of its states and four rows of channels.
  var backwardScratch: Int { saturatingSum(saturatingProduct(3, state), saturatingProduct(4, channels)) }

  /// The work of one sample, in elements that a simple loop passes; each state takes an exponential.
  var rowCost: Int { saturatingProduct(saturatingProduct(state, time), 8) }
}

/// What the loop over one sample reads, or over all of them.
struct ScanInputs<Scalar: FloatScalar> {
  let sizes: ScanSizes
  /// -exp(a_log), [states, d].
  let rates: UnsafePointer<Scalar>
  let skip: UnsafePointer<Scalar>
  let x: UnsafePointer<Scalar>
  let delta: UnsafePointer<Scalar>
  let b: UnsafePointer<Scalar>
  let c: UnsafePointer<Scalar>

  init(_ call: Call, sizes: ScanSizes, rates: UnsafeMutablePointer<Scalar>) {
    self.sizes = sizes
    self.rates = UnsafePointer(rates)
    skip = UnsafePointer(call.parameter(1, as: Scalar.self))
    x = call.input(0)
    delta = call.input(1)
    b = call.input(2)
    c = call.input(3)
  }

  private init(_ all: ScanInputs, sample: Int) {
    sizes = all.sizes
    rates = all.rates
    skip = all.skip
    let (wide, narrow) = (sample * sizes.time * sizes.channels, sample * sizes.time * sizes.states)
    x = all.x + wide
    delta = all.delta + wide
    b = all.b + narrow
    c = all.c + narrow
  }

  /// The part of one sample.
  func row(_ sample: Int) -> ScanInputs { ScanInputs(self, sample: sample) }
}

/// Where the gradients of the inputs go; nil where nobody asks.
struct ScanGradients<Scalar: FloatScalar> {
  let x: UnsafeMutablePointer<Scalar>?
  let delta: UnsafeMutablePointer<Scalar>?
  let b: UnsafeMutablePointer<Scalar>?
  let c: UnsafeMutablePointer<Scalar>?

  init(_ call: Call) {
    x = call.inputGradient(0)
    delta = call.inputGradient(1)
    b = call.inputGradient(2)
    c = call.inputGradient(3)
  }

  private init(_ all: ScanGradients, wide: Int, narrow: Int) {
    x = all.x.map { $0 + wide }
    delta = all.delta.map { $0 + wide }
    b = all.b.map { $0 + narrow }
    c = all.c.map { $0 + narrow }
  }

  /// The part of one sample.
  func row(_ sample: Int, _ sizes: ScanSizes) -> ScanGradients {
    ScanGradients(
      self, wide: sample * sizes.time * sizes.channels, narrow: sample * sizes.time * sizes.states)
  }
}

/// The scratch of one sample in forward.
struct ScanForwardRow<Scalar: FloatScalar> {
  let decay: UnsafeMutablePointer<Scalar>
  /// Two states that take turns where none is kept; the first is 0 at the start.
  let state: UnsafeMutablePointer<Scalar>
  let otherState: UnsafeMutablePointer<Scalar>
  let input: UnsafeMutablePointer<Scalar>

  init(_ base: UnsafeMutablePointer<Scalar>, _ sizes: ScanSizes) {
    decay = base
    state = decay + sizes.state
    otherState = state + sizes.state
    input = otherState + sizes.state
  }
}

/// The scratch of one sample in backward; `rates` and `skip` are what it gives to the parameters.
struct ScanBackwardRow<Scalar: FloatScalar> {
  let rates: UnsafeMutablePointer<Scalar>
  let skip: UnsafeMutablePointer<Scalar>
  let decay: UnsafeMutablePointer<Scalar>
  let state: UnsafeMutablePointer<Scalar>
  let input: UnsafeMutablePointer<Scalar>
  let fromInput: UnsafeMutablePointer<Scalar>
  let fromDecay: UnsafeMutablePointer<Scalar>

  init(_ base: UnsafeMutablePointer<Scalar>, _ sizes: ScanSizes) {
    rates = base
    skip = rates + sizes.state
    decay = skip + sizes.channels
    state = decay + sizes.state
    input = state + sizes.state
    fromInput = input + sizes.channels
    fromDecay = fromInput + sizes.channels
  }
}
