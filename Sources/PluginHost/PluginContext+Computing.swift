import CPluginABI
import Kernels
import LayerKit
import Tensors

/// What a plugin refuses, and what it asks of the host while it computes.
extension PluginContext {
  /// `host->refuse_attribute`.
  func refuse(attribute: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?) {
    guard let attribute, let text else {
      return misuse("calls `refuse_attribute` with a null pointer")
    }
    let (name, reason) = (spokenText(attribute), spokenText(text))
    guard schema.attributes.contains(where: { $0.name == name }) else {
      return misuse("refuses attribute \"\(name.excerpt())\", which its schema does not have: \(reason)")
    }
    say(.attribute(name, reason))
  }

  /// `host->refuse_input`.
  func refuse(input: Int32, _ text: UnsafePointer<CChar>?) {
    guard let text else { return misuse("calls `refuse_input` with a null pointer") }
    guard elementCounts.indices.contains(Int(input)) else {
      return misuse("refuses input \(input) of \(elementCounts.count): \(spokenText(text))")
    }
    say(.input(Int(input), spokenText(text)))
  }

  /// `host->refuse_element`.
  func refuse(input: Int32, element: Int64, _ text: UnsafePointer<CChar>?) {
    guard let text else { return misuse("calls `refuse_element` with a null pointer") }
    guard elementCounts.indices.contains(Int(input)), let count = elementCounts[Int(input)] else {
      return misuse("refuses an element of input \(input), which is not there: \(spokenText(text))")
    }
    guard element >= 0, count < 0 || element < count else {
      return misuse("refuses element \(element) of input \(input), which has \(count): \(spokenText(text))")
    }
    say(.element(input: Int(input), element: Int(element), spokenText(text)))
  }

  /// `host->parallel`.
  func parallel(_ count: Int64, cost: Int64, _ body: nngraph_body?, _ data: UnsafeMutableRawPointer?) {
    guard allows("parallel", in: .forward, .backward), let call else { return }
    guard let body else { return misuse("calls `parallel` with a null pointer as body") }
    guard (0...(1 << 48)).contains(count) else {
      return misuse("calls `parallel` with a count of \(count)")
    }
    call.parallel(Int(count), cost: Int(max(1, cost))) { start, count in
      body(data, Int64(start), Int64(count))
    }
  }

  /// `host->random_key`.
  func randomKey(_ purpose: UnsafePointer<CChar>?) -> UInt64 {
    guard allows("random_key", in: .forward, .backward), let call else { return 0 }
    guard let purpose else {
      misuse("calls `random_key` with a null pointer as purpose")
      return 0
    }
    guard let text = copiedText(purpose) else {
      misuse("calls `random_key` with a purpose that is no UTF-8 or longer than \(longestPluginText) bytes")
      return 0
    }
    return call.randomKey(text)
  }

  /// `host->product`.
  func product(_ pointer: UnsafePointer<nngraph_product>?) -> Int32 {
    let refused = Int32(NNGRAPH_INTERNAL)
    guard allows("product", in: .forward, .backward), let call else { return refused }
    guard let given = pointer.flatMap({ checkedProduct($0) }) else {
      misuse("calls `product` with a null pointer")
      return refused
    }
    switch ElementType(code: given.element) {
    case .float32?: product(given, call, as: Float.self)
    case .float64?: product(given, call, as: Double.self)
    default:
      misuse("calls `product` with the element type \(given.element); accepted are 1 and 2")
      return refused
    }
    return hasFailed ? refused : Int32(NNGRAPH_OK)
  }

  private func checkedProduct(_ pointer: UnsafePointer<nngraph_product>) -> nngraph_product? {
    do {
      return try readStruct(
        from: pointer, as: nngraph_product.self, minimum: MemoryLayout<UInt>.size, what: "a product")
    } catch {
      misuse("calls `product` with a faulty struct: \(error.message)")
      return nil
    }
  }

  private func product<Scalar: FloatScalar>(_ given: nngraph_product, _ call: Call, as: Scalar.Type) {
    let (m, n, k) = (Int(given.m), Int(given.n), Int(given.k))
    let largest = [(m, n), (m, k), (k, n)].map { saturatingProduct($0, $1) }.max() ?? 0
    guard m >= 0, n >= 0, k >= 0, largest < 1 << 60 else {
      return misuse("calls `product` with the sizes m \(m), n \(n), k \(k)")
    }
    guard m > 0, n > 0 else { return }
    guard let a = given.a, let b = given.b, let c = given.c else {
      return misuse("calls `product` with a null matrix")
    }
    call.product(
      transposeA: given.transpose_a, transposeB: given.transpose_b, m: m, n: n, k: k, alpha: given.alpha,
      a.assumingMemoryBound(to: Scalar.self), b.assumingMemoryBound(to: Scalar.self), beta: given.beta,
      c.assumingMemoryBound(to: Scalar.self))
  }
}
