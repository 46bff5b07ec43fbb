import CPluginABI
import LayerKit
import Tensors

/// What a layer tells the host of its outputs, parameters and memory.
extension Host {
  /// Says the type of the next output.
  func output(_ type: ValueType) {
    withTexts(type.shape.map(\.description)) { sizes in
      functions.pointee.output?(context, type.element.code, Int32(clamping: type.rank), sizes)
    }
  }

  /// Asks for the next parameter or state.
  func declare(_ parameter: ParameterDeclaration) {
    var asked = nngraph_parameter()
    asked.size = MemoryLayout<nngraph_parameter>.size
    asked.rank = Int32(clamping: parameter.shape.count)
    asked.fan_in = Int64(parameter.fanIn)
    asked.fan_out = Int64(parameter.fanOut)
    if !parameter.isTrainable { asked.flags |= UInt32(NNGRAPH_STATE) }
    let attribute = (parameter.initializer as? HostInitializer)?.attribute
    if attribute == nil { asked.flags |= UInt32(NNGRAPH_OWN_VALUES) }
    withTexts([parameter.name, attribute ?? ""]) { texts in
      asked.name = texts[0]
      asked.initializer = attribute == nil ? nil : texts[1]
      parameter.shape.map { Int64($0) }.withUnsafeBufferPointer { shape in
        asked.shape = shape.baseAddress
        functions.pointee.parameter?(context, &asked)
      }
    }
  }

  /// Asks for the memory of a call.
  func ask(_ workspace: Workspace) {
    let purposes = [
      (NNGRAPH_SAVED, workspace.saved), (NNGRAPH_FORWARD_SCRATCH, workspace.forwardScratch),
      (NNGRAPH_BACKWARD_SCRATCH, workspace.backwardScratch),
    ]
    for (purpose, buffers) in purposes {
      for buffer in buffers {
        let (element, count) =
          switch buffer {
          case .scalars(let count): (0, count)
          case .integers(let count): (NNGRAPH_INT32, count)
          case .bytes(let count): (NNGRAPH_BOOL, count)
          }
        functions.pointee.buffer?(context, Int32(purpose), Int32(element), Int64(count))
      }
    }
  }

  /// Calls the body with the texts as C strings, which are there until it returns.
  private func withTexts(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Void) {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes += text.utf8.map { CChar(bitPattern: $0) } + [0]
    }
    bytes.append(0)
    bytes.withUnsafeBufferPointer { bytes in
      // One place more than there are texts, so that there is an address in any case.
      let places = (starts + [bytes.count - 1]).map { start in bytes.baseAddress.map { $0 + start } }
      places.withUnsafeBufferPointer { if let start = $0.baseAddress { body(start) } }
    }
  }
}
