import CPluginABI
import Kernels
import LayerKit
import Tensors

/// The functions that the host offers to plugins: one table for all of them.
enum HostTable {
  // Written once, before the first plugin sees it, and never freed.
  nonisolated(unsafe) static let pointer: UnsafePointer<nngraph_host> = {
    let table = UnsafeMutablePointer<nngraph_host>.allocate(capacity: 1)
    table.initialize(to: nngraph_host())
    table.pointee.size = MemoryLayout<nngraph_host>.size
    table.pointee.major = UInt32(NNGRAPH_INTERFACE_MAJOR)
    table.pointee.minor = UInt32(NNGRAPH_INTERFACE_MINOR)
    addSayings(to: &table.pointee)
    addCollecting(to: &table.pointee)
    addComputing(to: &table.pointee)
    return UnsafePointer(table)
  }()

  private static func addSayings(to table: inout nngraph_host) {
    table.fail = { context, code, text in
      let isKnown = (NNGRAPH_REFUSED...NNGRAPH_INTERNAL).contains(Int(code))
      let answer = isKnown ? code : Int32(NNGRAPH_INTERNAL)
      guard let context = PluginContext.at(context) else { return answer }
      if let text {
        context.say(.failure(spokenText(text)))
      } else {
        context.misuse("calls `fail` with a null pointer as text")
      }
      return answer
    }
    table.refuse_attribute = { context, attribute, text in
      PluginContext.at(context)?.refuse(attribute: attribute, text)
      return Int32(NNGRAPH_REFUSED)
    }
    table.refuse_input = { context, input, text in
      PluginContext.at(context)?.refuse(input: input, text)
      return Int32(NNGRAPH_REFUSED)
    }
    table.refuse_element = { context, input, element, text in
      PluginContext.at(context)?.refuse(input: input, element: element, text)
      return Int32(NNGRAPH_REFUSED)
    }
    table.log = { context, text in
      guard let context = PluginContext.at(context), let text else { return }
      context.origin.log(spokenText(text))
    }
  }

  private static func addCollecting(to table: inout nngraph_host) {
    table.attribute = { context, name in
      guard let context = PluginContext.at(context), let name else { return nil }
      return context.attributes.value(name)
    }
    table.output = { context, element, rank, sizes in
      PluginContext.at(context)?.addOutput(element, rank, sizes)
    }
    table.parameter = { context, parameter in PluginContext.at(context)?.addParameter(parameter) }
    table.buffer = { context, purpose, element, count in
      PluginContext.at(context)?.addBuffer(purpose, element, count)
    }
  }

  private static func addComputing(to table: inout nngraph_host) {
    table.parallel = { context, count, cost, body, data in
      PluginContext.at(context)?.parallel(count, cost: cost, body, data)
    }
    table.product = { context, product in
      PluginContext.at(context)?.product(product) ?? Int32(NNGRAPH_INTERNAL)
    }
    table.random_key = { context, purpose in PluginContext.at(context)?.randomKey(purpose) ?? 0 }
    // These two know no context, so what cannot be drawn is left as it is.
    table.random_uniform = { key, start, element, values, count, low, high in
      guard let values, count > 0 else { return }
      switch ElementType(code: element) {
      case .float32?:
        let y = values.assumingMemoryBound(to: Float.self)
        Kernel.randomUniform(key: key, start: start, y: y, count: Int(count), low: low, high: high)
      case .float64?:
        let y = values.assumingMemoryBound(to: Double.self)
        Kernel.randomUniform(key: key, start: start, y: y, count: Int(count), low: low, high: high)
      default: return
      }
    }
    table.random_normal = { key, start, element, values, count, mean, deviation in
      guard let values, count > 0 else { return }
      switch ElementType(code: element) {
      case .float32?:
        let y = values.assumingMemoryBound(to: Float.self)
        Kernel.randomNormal(key: key, start: start, y: y, count: Int(count), mean: mean, deviation: deviation)
      case .float64?:
        let y = values.assumingMemoryBound(to: Double.self)
        Kernel.randomNormal(key: key, start: start, y: y, count: Int(count), mean: mean, deviation: deviation)
      default: return
      }
    }
  }
}
