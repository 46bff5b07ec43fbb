import CPluginABI
import Diagnostics
import LayerKit
import Runtime
import Synchronization
import Tensors
import Testing

@testable import PluginHost

/// What a plugin does against the contract is a fault of its own, and never the end of the program.
@Suite struct ContractTests {
  private let who = "plugin \"made\" 1.0.0 "

  @Test func functionsOfAnotherPhaseAreRefused() {
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        inference.host.pointee.buffer(inference.context, 1, 0, 4)
        return 0
      } == who + "calls `buffer` outside of `workspace`")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        inference.host.pointee.parallel(inference.context, 1, 1, { _, _, _ in }, nil)
        return 0
      } == who + "calls `parallel` outside of `forward` and `backward`")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        return inference.host.pointee.product(inference.context, nil)
      } == who + "calls `product` outside of `forward` and `backward`")
    let operation = "libmade.so: error: node \"node\": operator \"made\" of plugin \"made\" 1.0.0: "
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        call.host.pointee.output(call.context, 1, 0, nil)
        return 0
      } == operation + "calls `output` outside of `infer`")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        call.host.pointee.parallel(call.context, -1, 1, { _, _, _ in }, nil)
        return 0
      } == operation + "calls `parallel` with a count of -1")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        call.host.pointee.parallel(call.context, .max, .max, { _, _, _ in }, nil)
        return 0
      } == operation + "calls `parallel` with a count of \(Int64.max)")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        return call.host.pointee.refuse_element(call.context, 0, 4, "is too far")
      } == operation + "refuses element 4 of input 0, which has 4: is too far")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        return call.host.pointee.refuse_element(call.context, 7, 0, "is elsewhere")
      } == operation + "refuses an element of input 7, which is not there: is elsewhere")
  }

  @Test func productsAreChecked() {
    let operation = "libmade.so: error: node \"node\": operator \"made\" of plugin \"made\" 1.0.0: "
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        return call.host.pointee.product(call.context, nil)
      } == operation + "calls `product` with a null pointer")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        var product = nngraph_product()
        product.size = MemoryLayout<nngraph_product>.size
        product.element = 1
        (product.m, product.n, product.k) = (1 << 40, 1 << 40, 3)
        return call.host.pointee.product(call.context, &product)
      } == operation + "calls `product` with the sizes m 1099511627776, n 1099511627776, k 3")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        var product = nngraph_product()
        product.size = MemoryLayout<nngraph_product>.size
        product.element = 3
        return call.host.pointee.product(call.context, &product)
      } == operation + "calls `product` with the element type 3; accepted are 1 and 2")
    #expect(
      MadeTable.run { _, _, call in
        guard let call = call?.pointee else { return 3 }
        var product = nngraph_product()
        product.size = MemoryLayout<nngraph_product>.size
        product.element = 1
        (product.m, product.n, product.k) = (1, 1, 1)
        return call.host.pointee.product(call.context, &product)
      } == operation + "calls `product` with a null matrix")
  }

  @Test func outputsAreChecked() {
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        inference.host.pointee.output(inference.context, 9, 0, nil)
        return 0
      } == who + "gives output 0 the element type 9; accepted are \(ElementType.codeText)")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        inference.host.pointee.output(inference.context, 1, 65, nil)
        return 0
      } == who + "gives output 0 the rank 65; accepted are 0 to 64")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        inference.host.pointee.output(inference.context, 1, 2, nil)
        return 0
      } == who + "gives output 0 no size for axis 0")
    #expect(
      MadeTable.refusal { _, _ in 0 } == who + "gives 0 outputs; its schema has 1: \"y\"")
    func size(_ text: StaticString) -> String {
      sizeText.store(UInt(bitPattern: text.utf8Start), ordering: .relaxed)
      return MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        let text = UnsafePointer<CChar>(bitPattern: sizeText.load(ordering: .relaxed))
        withUnsafePointer(to: text) { inference.host.pointee.output(inference.context, 1, 1, $0) }
        return 0
      }
    }
    #expect(
      size("batch / 0")
        == who
        + "gives output 0 for axis 0 the size \"batch / 0\", which is none; accepted are expressions such "
        + "as 16, batch, time + 2, ceil(width/2)")
    #expect(size("floor(batch/0)").contains("which is none"))
    #expect(size("2*batch + 1") == "no fault")
    #expect(size("0") == who + "gives output 0 the size 0")
    #expect(size("time") == who + "gives output 0 a size \"time\", which no input has; they have batch")
  }

  @Test func parametersAreChecked() {
    func parameter(
      _ name: StaticString?, _ shape: [Int64], rank: Int32? = nil, _ initializer: StaticString? = nil,
      fanIn: Int64 = 0, fanOut: Int64 = 0
    )
      -> String
    {
      var asked = nngraph_parameter()
      asked.size = MemoryLayout<nngraph_parameter>.size
      asked.name = name.map { UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self) }
      asked.initializer = initializer.map {
        UnsafeRawPointer($0.utf8Start).assumingMemoryBound(to: CChar.self)
      }
      asked.rank = rank ?? Int32(shape.count)
      (asked.fan_in, asked.fan_out) = (fanIn, fanOut)
      let sizes = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, shape.count))
      sizes.initialize(from: shape, count: shape.count)
      asked.shape = UnsafePointer(sizes)
      let pointer = UnsafeMutablePointer<nngraph_parameter>.allocate(capacity: 1)
      pointer.initialize(to: asked)
      defer {
        sizes.deallocate()
        pointer.deallocate()
      }
      heldParameter.store(UInt(bitPattern: pointer), ordering: .relaxed)
      return MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee, let x = inference.inputs[0]?.pointee else { return 3 }
        inference.host.pointee.output(inference.context, x.element, x.rank, x.sizes)
        let asked = UnsafePointer<nngraph_parameter>(bitPattern: heldParameter.load(ordering: .relaxed))
        inference.host.pointee.parameter(inference.context, asked)
        inference.host.pointee.parameter(inference.context, asked)
        return 0
      }
    }
    #expect(parameter(nil, []) == who + "names parameter 0 null, which is not [a-z][a-z0-9_]*")
    #expect(parameter("Weight", []) == who + "names parameter 0 \"Weight\", which is not [a-z][a-z0-9_]*")
    #expect(parameter("w", [2]) == who + "asks for parameter \"w\" twice")
    #expect(
      parameter("w", [2, 0])
        == who + "gives parameter \"w\" the shape [2, 0]; sizes are positive")
    #expect(
      parameter("w", [1 << 40, 1 << 40])
        == who + "asks for parameter \"w\" twice", "its memory is the business of the graph's limits")
    #expect(
      parameter("w", [2], fanIn: -1)
        == who + "gives parameter \"w\" a `fan_in` of -1; accepted are 0, for 1, and above")
    #expect(
      parameter("w", [2], fanIn: 3, fanOut: .min)
        == who + "gives parameter \"w\" a `fan_out` of \(Int64.min); accepted are 0, for 1, and above")
    #expect(parameter("w", [], rank: -1) == who + "gives parameter \"w\" the rank -1; accepted are 0 to 64")
    #expect(
      parameter("w", [2], "start")
        == who
        + "asks for parameter \"w\" with initializer \"start\", which is no attribute of that kind in its "
        + "schema")
  }

  @Test func textsAreCopiedWhatever() {
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        let bytes = [CChar](repeating: 0x61, count: 5000) + [0]
        return inference.host.pointee.fail(inference.context, 1, bytes)
      } == String(repeating: "a", count: 2000) + "... (plugin \"made\" 1.0.0)")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        let bytes: [CChar] = [0x61, -1, 0x1B, 0]
        return inference.host.pointee.fail(inference.context, 1, bytes)
      } == "a\u{FFFD}\\u{1b} (plugin \"made\" 1.0.0)")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        return inference.host.pointee.fail(inference.context, 1, nil)
      } == who + "calls `fail` with a null pointer as text")
    #expect(MadeTable.refusal { _, _ in 2 } == "not enough memory (plugin \"made\" 1.0.0)")
    #expect(MadeTable.refusal { _, _ in 1 } == "refuses without saying why (plugin \"made\" 1.0.0)")
    #expect(MadeTable.refusal { _, _ in -5 } == who + "returns -5, which is no code of the interface")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        return inference.host.pointee.refuse_attribute(inference.context, "units", "is odd")
      } == who + "refuses attribute \"units\", which its schema does not have: is odd")
    #expect(
      MadeTable.refusal { _, inference in
        guard let inference = inference?.pointee else { return 3 }
        return inference.host.pointee.refuse_input(inference.context, -1, "is odd")
      } == who + "refuses input -1 of 1: is odd")
  }

  @Test func aNullContextDoesNothing() {
    let host = HostTable.pointer.pointee
    #expect(host.fail(nil, 1, "text") == 1 && host.fail(nil, 99, nil) == 3)
    #expect(host.refuse_input(nil, 0, nil) == 1 && host.product(nil, nil) == 3)
    #expect(host.attribute(nil, "a") == nil && host.random_key(nil, nil) == 0)
    host.output(nil, 1, 1, nil)
    host.parameter(nil, nil)
    host.buffer(nil, 1, 1, 1)
    host.parallel(nil, 1, 1, nil, nil)
    host.log(nil, nil)
    host.random_uniform(1, 0, 1, nil, 5, 0, 1)
    host.random_normal(1, 0, 3, nil, -5, 0, 1)
    #expect(host.size == MemoryLayout<nngraph_host>.size && host.major == 1 && host.minor == 0)
  }

  @Test func whatPlansCannotSayIsSaidWhenTheSessionOpens() throws {
    let text = "operator \"made\" of plugin \"made\" 1.0.0: "
    func prepared(_ change: (inout nngraph_layer) -> Void) -> String {
      report {
        let layer = try MadeTable.made(MadeTable.layer { change(&$0) })
        #expect(layer.workspace(MadeTable.signature) == Workspace())
        _ = try layer.prepare(MadeTable.signature)
      }
    }
    #expect(
      prepared {
        $0.workspace = { _, call in
          guard let call = call?.pointee else { return 3 }
          call.host.pointee.buffer(call.context, 1, 0, -1)
          return 0
        }
      } == "libmade.so: error: " + text + "asks for a buffer of -1 elements")
    #expect(
      prepared {
        $0.workspace = { _, call in
          guard let call = call?.pointee else { return 3 }
          call.host.pointee.buffer(call.context, 4, 0, 1)
          return 0
        }
      } == "libmade.so: error: " + text + "asks for a buffer for purpose 4; accepted are 1 to 3")
    #expect(
      prepared {
        $0.prepare = { _, call, _ in
          guard let call = call?.pointee else { return 3 }
          return call.host.pointee.fail(call.context, 3, "no luck")
        }
      } == "libmade.so: error: " + text + "no luck")
    let huge = try MadeTable.made(
      MadeTable.layer {
        $0.workspace = { _, call in
          guard let call = call?.pointee else { return 3 }
          call.host.pointee.buffer(call.context, 2, 2, .max)
          return 0
        }
        $0.operations = { _, _ in -7 }
      })
    #expect(huge.workspace(MadeTable.signature).forwardScratch == [.bytes(.max)])
    #expect(huge.operations(MadeTable.signature) == 0)
  }

  @Test func statesAreFreedOnce() throws {
    let layer = try MadeTable.made(
      MadeTable.layer {
        $0.prepare = { _, _, state in
          livingStates.add(1, ordering: .relaxed)
          state?.pointee = UnsafeMutableRawPointer(bitPattern: 16)
          return 0
        }
        $0.destroy = { _, _ in livingStates.subtract(1, ordering: .relaxed) }
      })
    do {
      let call = try MadeTable.call(layer)
      try call.forward(layer, as: Float.self)
      #expect(livingStates.load(ordering: .relaxed) == 1)
    }
    #expect(livingStates.load(ordering: .relaxed) == 0)
  }

  @Test func aBodyMayFailFromAnyThread() throws {
    let layer = try MadeTable.made(
      MadeTable.layer {
        $0.forward = { _, _, call in
          guard let pointer = call else { return 3 }
          pointer.pointee.host.pointee.parallel(
            pointer.pointee.context, 1000, 1 << 20,
            { data, start, _ in
              guard let call = data?.assumingMemoryBound(to: nngraph_call.self).pointee else { return }
              // A body may ask for parallel work and products, too.
              call.host.pointee.parallel(call.context, 4, 1 << 20, { _, _, _ in }, nil)
              if start > 10 { _ = call.host.pointee.fail(call.context, 3, "in a piece") }
            }, UnsafeMutableRawPointer(mutating: pointer))
          return 0
        }
      })
    let call = try MadeTable.call(layer, executor: ThreadPool(threadCount: 3))
    for _ in 0..<20 {
      #expect(
        report { try call.forward(layer, as: Float.self) }
          == "libmade.so: error: node \"node\": operator \"made\" of plugin \"made\" 1.0.0: in a piece")
    }
  }

  @Test func firstValuesThatFailAreNoNumbers() throws {
    let layer = MadeTable.layer {
      $0.infer = { _, inference in
        guard let inference = inference?.pointee, let x = inference.inputs[0]?.pointee else { return 3 }
        inference.host.pointee.output(inference.context, x.element, x.rank, x.sizes)
        return "own".withCString { name in
          var asked = nngraph_parameter()
          asked.size = MemoryLayout<nngraph_parameter>.size
          asked.name = name
          asked.flags = UInt32(NNGRAPH_OWN_VALUES)
          inference.host.pointee.parameter(inference.context, &asked)
          return 0
        }
      }
    }
    #expect(
      report { _ = try MadeTable.inferred(layer) }.contains(
        "asks for own values of parameter \\\"own\\\", but has no `first_values`"))
    var failing = layer
    failing.first_values = { _, _, _, _, _ in 3 }
    let declared = try MadeTable.inferred(failing).parameters[0]
    var values = [1.0]
    values.withUnsafeMutableBufferPointer {
      declared.initializer.fill($0, shape: [], fanIn: 1, fanOut: 1, key: 0)
    }
    #expect(values[0].isNaN)
  }

  @Test func withoutPreparingThereIsNoCall() throws {
    let layer = try MadeTable.made(MadeTable.layer())
    let call = try MadeTable.call(ActivationLayer(try PluggedWorld.bent()))
    #expect(
      report { try call.forward(layer, as: Float.self) }
        == "error: node \"node\": operator \"made\" of plugin \"made\" 1.0.0 is called without being prepared"
    )
  }
}

// What functions of C, which capture nothing, find what a test gives them by; one test alone uses each.
private let sizeText = Atomic<UInt>(0)
private let heldParameter = Atomic<UInt>(0)
private let livingStates = Atomic<Int>(0)
