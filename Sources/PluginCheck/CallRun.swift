import LayerKit
import Tensors

/// What one run of a guarded call wrote.
struct CallResult {
  struct Value {
    /// The place of its buffer in the call.
    let place: Int
    let label: String
    /// The function that wrote it.
    let function: String
    let type: ConcreteType
    let bytes: [UInt8]

    /// The bytes of one element.
    func element(_ index: Int) -> ArraySlice<UInt8> {
      let size = type.element.byteCount
      return bytes[index * size..<(index + 1) * size]
    }

    /// An element as a number.
    func number(_ index: Int) -> Double {
      bytes.withUnsafeBytes { bytes in
        let offset = index * type.element.byteCount
        switch type.element {
        case .float32: return Double(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self))
        case .float64: return bytes.loadUnaligned(fromByteOffset: offset, as: Double.self)
        case .int32: return Double(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        case .bool: return Double(bytes[offset])
        }
      }
    }
  }

  let prefill: UInt8
  var values: [Value] = []
}

extension GuardedCall {
  /// Runs forward, and backward where the setting has one, and reports what was written where nothing may be.
  ///
  /// `hidesUnread`: what backward says that it does not read holds the prefill when it begins. Throws what
  /// the passes throw.
  func run(
    _ call: Call, prefill: UInt8, asking asked: Set<Int>, hidesUnread: Bool = false, _ log: CheckLog
  ) throws -> CallResult {
    reset(prefill: prefill)
    var result = CallResult(prefill: prefill)
    log.begins("forward of \(layerCase.place) [\(setting)]")
    try forward(call)
    let writesStates = setting.mode == .training
    inspect("forward", log) { $0 == .input || $0 == .parameter || $0 == .state && !writesStates }
    take(writesStates ? [.output, .state] : [.output], "forward", nil, &result)
    guard setting.isDifferentiated, !asked.isEmpty else { return result }
    if hidesUnread { hideUnread(prefill) }
    let before = buffers.map { Self.readInBackward.contains($0.role) ? $0.block.bytes : [] }
    log.begins("backward of \(layerCase.place) [\(setting)]")
    try backward(call)
    inspect("backward", log) { _ in false }
    for (buffer, bytes) in zip(buffers, before) where Self.readInBackward.contains(buffer.role) {
      if buffer.block.bytes != bytes { reportWrite("backward", buffer, log) }
    }
    take([.inputGradient, .parameterGradient], "backward", asked, &result)
    return result
  }

  private static let readInBackward: Set<Role> = [.input, .parameter, .state, .output]

  private func hideUnread(_ prefill: UInt8) {
    let reads = backwardReads
    for buffer in buffers {
      switch buffer.role {
      case .input where !reads.readsInput(buffer.index): buffer.block.fill(prefill)
      case .output where !reads.readsOutput(buffer.index): buffer.block.fill(prefill)
      default: break
      }
    }
  }

  /// Looks at the guards of all buffers, and at those that the function may only read.
  private func inspect(_ function: String, _ log: CheckLog, isReadOnly: (Role) -> Bool) {
    for buffer in buffers {
      if let place = buffer.block.damage() {
        let size = buffer.type.map { shapeText($0.shape) } ?? "\(buffer.block.byteCount) bytes"
        log.foundOutside(
          function, place, of: "\(buffer.label), which has \(size)", layerCase.component,
          "\(layerCase.place) [\(setting)]")
      }
      if isReadOnly(buffer.role), let first = buffer.first, buffer.block.bytes != first {
        reportWrite(function, buffer, log)
        buffer.block.bytes = first
      }
    }
  }

  private func reportWrite(_ function: String, _ buffer: Buffer, _ log: CheckLog) {
    log.found(
      .memory, layerCase.component, key: "\(function) \(buffer.label) read-only",
      "\(function) writes into \(buffer.label), which it may only read (\(layerCase.place) [\(setting)])")
  }

  private func take(
    _ roles: Set<Role>, _ function: String, _ places: Set<Int>?, _ result: inout CallResult
  ) {
    for (place, buffer) in buffers.enumerated() where roles.contains(buffer.role) {
      guard places?.contains(place) ?? true, let type = buffer.type else { continue }
      result.values.append(
        CallResult.Value(
          place: place, label: buffer.label, function: function, type: type, bytes: buffer.block.bytes))
    }
  }
}
