import CPluginABI
import Glibc
import Kernels
import LayerKit

/// What stands behind the `state` of a layer: the layer, what it prepared, and its calls.
///
/// A `Call` is built when the host's call is first met, and again where its memory has moved; else a call
/// allocates nothing.
final class LayerState {
  private let layer: any Layer
  private let differentiable: (any DifferentiableLayer)?
  private let prepared: AnyObject?
  /// The inputs that no gradient reaches; the host may ask for it all the same.
  private let withoutGradient: UInt64
  private let clock = RunClock()
  private let executor = HostExecutor()
  // Behind pointers: what a class holds is checked for overlapping accesses at every call, which takes longer
  // than the rest of what a call does here.
  private let forwardCall: UnsafeMutablePointer<BuiltCall>
  private let backwardCall: UnsafeMutablePointer<BuiltCall>

  init(_ layer: any Layer, _ prepared: AnyObject?) {
    self.layer = layer
    self.prepared = prepared
    differentiable = layer as? any DifferentiableLayer
    withoutGradient = layer.inputsWithoutGradient
    forwardCall = .allocate(capacity: 1)
    forwardCall.initialize(to: BuiltCall())
    backwardCall = .allocate(capacity: 1)
    backwardCall.initialize(to: BuiltCall())
  }

  deinit {
    for call in [forwardCall, backwardCall] {
      call.deinitialize(count: 1)
      call.deallocate()
    }
  }

  func forward(_ call: UnsafePointer<nngraph_call>) -> Int32 {
    guard let host = Host(call.pointee.host, call.pointee.context) else { return Code.internalFault }
    do {
      let built = try begin(call, host, forwardCall)
      if isDouble(call.pointee.element) {
        try built.forward(layer, as: Double.self)
      } else {
        try built.forward(layer, as: Float.self)
      }
      return Code.ok
    } catch {
      return host.report(error)
    }
  }

  func backward(_ call: UnsafePointer<nngraph_call>) -> Int32 {
    guard let host = Host(call.pointee.host, call.pointee.context), let differentiable
    else { return Code.internalFault }
    do {
      let built = try begin(call, host, backwardCall)
      if isDouble(call.pointee.element) {
        try built.backward(differentiable, as: Double.self)
      } else {
        try built.backward(differentiable, as: Float.self)
      }
      if withoutGradient != 0 { clearGradients(call) }
      return Code.ok
    } catch {
      return host.report(error)
    }
  }

  /// Brings clock and threads to the host's call, and returns the call over its memory.
  private func begin(
    _ call: UnsafePointer<nngraph_call>, _ host: Host, _ built: UnsafeMutablePointer<BuiltCall>
  ) throws -> Call {
    clock.seed = call.pointee.seed
    clock.step = call.pointee.step
    executor.host.pointee = host
    if let same = built.pointee.call(for: call) { return same }
    return try built.pointee.build(
      call, clock: clock, executor: executor, prepared: prepared, withoutGradient: withoutGradient)
  }

  /// Writes zeros where the host asks for the gradient of an input that has none.
  private func clearGradients(_ call: UnsafePointer<nngraph_call>) {
    guard let gradients = call.pointee.input_gradients else { return }
    for input in 0..<min(64, Int(call.pointee.input_count)) where withoutGradient >> UInt64(input) & 1 == 1 {
      guard let gradient = gradients[input]?.pointee, let data = gradient.data else { continue }
      memset(data, 0, Int(max(0, gradient.bytes)))
    }
  }
}

/// A `Call` and the memory that it was built over.
private struct BuiltCall {
  private var call: Call?
  private var source: UnsafePointer<nngraph_call>?
  private var addresses: [UnsafeRawPointer?] = []

  /// The call that was built, where the host's is the same and stands on the same memory.
  func call(for host: UnsafePointer<nngraph_call>) -> Call? {
    guard let call, source == host else { return nil }
    let isSame = addresses.withUnsafeBufferPointer { known in
      var place = 0
      let isKnown = BuiltCall.eachAddress(host) { address in
        guard place < known.count, known[place] == address else { return false }
        place &+= 1
        return true
      }
      return isKnown && place == known.count
    }
    return isSame ? call : nil
  }

  mutating func build(
    _ host: UnsafePointer<nngraph_call>, clock: RunClock, executor: HostExecutor, prepared: AnyObject?,
    withoutGradient: UInt64
  ) throws -> Call {
    let given = host.pointee
    func views(_ table: TensorTable?, _ count: Int32) throws -> [TensorView?] {
      try tensors(table, count).map { try $0.map { TensorView(address($0), try ConcreteType($0)) } }
    }
    func buffers(
      _ table: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int32
    ) -> [UnsafeMutableRawPointer] {
      let start = UnsafeBufferPointer(start: table, count: table == nil ? 0 : Int(max(0, count)))
      // An empty buffer may have no address; nobody reads it.
      return start.map { $0 ?? UnsafeMutableRawPointer(mutating: UnsafeRawPointer(host)) }
    }
    let scratch = buffers(given.scratch, given.scratch_count)
    let built = Call(
      name: given.node.map { String(cString: $0) } ?? "", mode: given.is_training ? .training : .inference,
      isDifferentiated: given.is_differentiated, clock: clock, executor: executor,
      inputs: try views(given.inputs, given.input_count),
      outputs: try views(given.outputs, given.output_count).compactMap { $0 },
      parameters: try views(given.parameters, given.parameter_count).compactMap { $0 },
      saved: buffers(given.saved, given.saved_count), forwardScratch: scratch, backwardScratch: scratch,
      outputGradients: try views(given.output_gradients, given.output_count),
      inputGradients: try views(given.input_gradients, given.input_count).enumerated().map { input, view in
        input < 64 && withoutGradient >> UInt64(input) & 1 == 1 ? nil : view
      },
      parameterGradients: try views(given.parameter_gradients, given.parameter_count), prepared: prepared)
    source = host
    call = built
    addresses.removeAll(keepingCapacity: true)
    _ = BuiltCall.eachAddress(host) { address in
      addresses.append(address)
      return true
    }
    return built
  }

  /// Calls the body with every address of the call's memory until it returns false; true where it never does.
  @inline(__always)
  private static func eachAddress(
    _ call: UnsafePointer<nngraph_call>, _ body: (UnsafeRawPointer?) -> Bool
  ) -> Bool {
    func each(_ table: TensorTable?, _ count: Int32) -> Bool {
      guard let table else { return body(nil) }
      for index in 0..<Int(max(0, count)) {
        var place: UnsafeRawPointer?
        if let tensor = table[index] { place = UnsafeRawPointer(address(tensor)) }
        guard body(place) else { return false }
      }
      return true
    }
    func each(_ table: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int32) -> Bool {
      guard let table else { return body(nil) }
      for index in 0..<Int(max(0, count)) {
        guard body(UnsafeRawPointer(table[index])) else { return false }
      }
      return true
    }
    return each(call.pointee.inputs, call.pointee.input_count)
      && each(call.pointee.outputs, call.pointee.output_count)
      && each(call.pointee.parameters, call.pointee.parameter_count)
      && each(call.pointee.saved, call.pointee.saved_count)
      && each(call.pointee.scratch, call.pointee.scratch_count)
      && each(call.pointee.output_gradients, call.pointee.output_count)
      && each(call.pointee.input_gradients, call.pointee.input_count)
      && each(call.pointee.parameter_gradients, call.pointee.parameter_count)
  }
}

/// Runs pieces of work on the host's threads.
private final class HostExecutor: Executor, @unchecked Sendable {  // Changed between runs alone.
  let host = UnsafeMutablePointer<Host?>.allocate(capacity: 1)

  /// So much work that the host takes every item for a piece of its own.
  private static let pieceCost: Int64 = 1 << 30

  init() { host.initialize(to: nil) }

  deinit { host.deallocate() }

  func run(pieces: Int, _ body: (Int) -> Void) {
    guard let host = host.pointee, let parallel = host.functions.pointee.parallel else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      withUnsafePointer(to: escaping) { pointer in
        parallel(
          host.context, Int64(pieces), HostExecutor.pieceCost,
          { data, start, count in
            guard let body = data?.assumingMemoryBound(to: ((Int) -> Void).self) else { return }
            for piece in Int(start)..<Int(start) + Int(count) { body.pointee(piece) }
          }, UnsafeMutableRawPointer(mutating: UnsafeRawPointer(pointer)))
      }
    }
  }
}
