import Kernels

/// One sample forward: writes y [time, d] and, where `states` is given, every state [time, states, d].
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func scanForward<Scalar: FloatScalar>(
  _ inputs: ScanInputs<Scalar>, y: UnsafeMutablePointer<Scalar>, states: UnsafeMutablePointer<Scalar>?,
  scratch: ScanForwardRow<Scalar>
) {
  let sizes = inputs.sizes
  let channels = sizes.channels
  let (decay, driven, skip) = (scratch.decay, scratch.input, inputs.skip)
  Kernel.fill(value: 0, y: scratch.state, count: sizes.state)
  var (previous, current) = (scratch.state, scratch.otherState)
  for t in 0..<sizes.time {
    let (x, delta) = (inputs.x + t * channels, inputs.delta + t * channels)
    let (b, c) = (inputs.b + t * sizes.states, inputs.c + t * sizes.states)
    let y = y + t * channels
    if let states { current = states + t * sizes.state }
    for d in 0..<channels {
      driven[d] = delta[d] * x[d]
      y[d] = skip[d] * x[d]
    }
    writeDecay(inputs, delta, decay)
    for s in 0..<sizes.states {
      let (from, into) = (b[s], c[s])
      let (decay, old, new) = (decay + s * channels, previous + s * channels, current + s * channels)
      for d in 0..<channels {
        let state = decay[d] * old[d] + from * driven[d]
        new[d] = state
        y[d] += into * state
      }
    }
    (previous, current) = (current, previous)
  }
}

/// One sample backward: writes the gradients of its inputs, and what it gives to the parameters' gradients.
///
/// From the last step to the first, `scratch.state` is the gradient of the state: what later steps pass back
/// through the decay, and what this step's output adds.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func scanBackward<Scalar: FloatScalar>(
  _ inputs: ScanInputs<Scalar>, states: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>,
  gradients: ScanGradients<Scalar>, scratch: ScanBackwardRow<Scalar>
) {
  let sizes = inputs.sizes
  let (channels, driven, skip) = (sizes.channels, scratch.input, inputs.skip)
  let (fromInput, fromDecay, skipTotal) = (scratch.fromInput, scratch.fromDecay, scratch.skip)
  Kernel.fill(value: 0, y: scratch.state, count: sizes.state)
  Kernel.fill(value: 0, y: scratch.rates, count: sizes.state)
  Kernel.fill(value: 0, y: skipTotal, count: channels)
  for t in (0..<sizes.time).reversed() {
    let (x, delta) = (inputs.x + t * channels, inputs.delta + t * channels)
    let (gy, state) = (gy + t * channels, states + t * sizes.state)
    let (b, c) = (inputs.b + t * sizes.states, inputs.c + t * sizes.states)
    for d in 0..<channels {
      driven[d] = delta[d] * x[d]
      skipTotal[d] += gy[d] * x[d]
      fromInput[d] = 0
      fromDecay[d] = 0
    }
    for s in 0..<sizes.states {
      let stateGradient = scratch.state + s * channels
      Kernel.addScaled(alpha: Double(c[s]), x: gy, y: stateGradient, count: channels)
      Kernel.addScaled(alpha: Double(b[s]), x: stateGradient, y: fromInput, count: channels)
      if let gc = gradients.c {
        gc[t * sizes.states + s] = Scalar(Kernel.dot(x: gy, y: state + s * channels, count: channels))
      }
      if let gb = gradients.b {
        gb[t * sizes.states + s] = Scalar(Kernel.dot(x: stateGradient, y: driven, count: channels))
      }
    }
    if t > 0 {
      writeDecay(inputs, delta, scratch.decay)
      passDecayBack(inputs, delta, before: state - sizes.state, scratch)
    }
    if let gx = gradients.x.map({ $0 + t * channels }) {
      for d in 0..<channels { gx[d] = delta[d] * fromInput[d] + skip[d] * gy[d] }
    }
    if let gdelta = gradients.delta.map({ $0 + t * channels }) {
      for d in 0..<channels { gdelta[d] = x[d] * fromInput[d] + fromDecay[d] }
    }
  }
}

/// Takes the state's gradient one step back, and collects what the decay on the way gives to delta and rates.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func passDecayBack<Scalar: FloatScalar>(
  _ inputs: ScanInputs<Scalar>, _ delta: UnsafePointer<Scalar>, before: UnsafePointer<Scalar>,
  _ scratch: ScanBackwardRow<Scalar>
) {
  let (channels, state) = (inputs.sizes.channels, inputs.sizes.state)
  let (gradient, exponent) = (scratch.state, scratch.decay)
  Kernel.binary(
    .multiply, a: gradient, aStride: 1, b: scratch.decay, bStride: 1, y: gradient, count: state)
  // The gradient of the exponent, rate delta, takes the place of the decay.
  Kernel.binary(.multiply, a: gradient, aStride: 1, b: before, bStride: 1, y: exponent, count: state)
  for place in stride(from: 0, to: state, by: channels) {
    let exponent = exponent + place
    Kernel.multiplyAdd(a: inputs.rates + place, b: exponent, y: scratch.fromDecay, count: channels)
    Kernel.multiplyAdd(a: delta, b: exponent, y: scratch.rates + place, count: channels)
  }
}

/// Writes exp(rate delta) for one step, [states, d].
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func writeDecay<Scalar: FloatScalar>(
  _ inputs: ScanInputs<Scalar>, _ delta: UnsafePointer<Scalar>, _ decay: UnsafeMutablePointer<Scalar>
) {
  let channels = inputs.sizes.channels
  for s in 0..<inputs.sizes.states {
    let (rates, decay) = (inputs.rates + s * channels, decay + s * channels)
    for d in 0..<channels { decay[d] = rates[d] * delta[d] }
  }
  Kernel.map(.exp, x: decay, y: decay, count: inputs.sizes.state)
}

/// Writes a matrix [rows, columns] as [columns, rows].
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func transposed<Scalar: FloatScalar>(
  _ source: UnsafePointer<Scalar>, rows: Int, columns: Int, to destination: UnsafeMutablePointer<Scalar>
) {
  for row in 0..<rows {
    for column in 0..<columns { destination[column * rows + row] = source[row * columns + column] }
  }
}
