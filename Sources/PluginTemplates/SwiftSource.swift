/// The file of the operator of a new plugin in Swift.
struct SwiftSource {
  let layer: String
  let operatorName: String

  var text: String { [description, passes, loops].joined(separator: "\n") }

  private var description: String {
    #"""
    import PluginKit

    /// The operator `\#(operatorName)`: each element of the last axis times a factor of its own.
    struct \#(layer): DifferentiableLayer {
      /// What files, messages, documentation and checks know of the operator.
      static let schema = Schema(
        "\#(operatorName)", "Multiplies each element of the last axis by a factor of its own.",
        formula: "y = x factor",
        attributes: [.initializer("factor_init", default: "ones", "The first factors.")],
        parameters: ["factor [width]"])

      /// What `nngraph plugin check` runs.
      static let examples = [
        Example("", .floats([4, 3])), Example("\"factor_init\": \"he_normal\"", .floats([2, 3, 2])),
      ]

      private let initializer: any Initializer

      init(_ attributes: Attributes) { initializer = attributes.initializer("factor_init") }

      /// Before the graph runs: the type of the result, and which parameters there are. Whatever cannot be
      /// computed is refused here, with what was found and what is accepted.
      func infer(_ inference: inout Inference) throws {
        let x = try inference.float()
        inference.parameter("factor", [try inference.size(x, axis: -1)], initializer)
        inference.output(x)
      }

      /// What `backward` reads; the host frees the rest early.
      func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

    """#
  }

  private var passes: String {
    #"""
      /// Writes every output. Memory comes from the call, threads from the host.
      func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
        scale(call.input(), by: call.parameter(0, as: Scalar.self), into: call.output(), call)
      }

      /// Writes every gradient that is asked for, and adds to none:
      /// dx = gy factor, dfactor = sum over rows of gy x.
      func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
        let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
        let width = call.parameters[0].count
        if let gradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) {
          let x: UnsafePointer<Scalar> = call.input()
          let rows = call.view().count / max(1, width)
          // Cut along the factors, each summed in the order of the rows: the bits do not depend on threads.
          call.parallel(width, cost: 2 * rows) { start, count in
            sumProducts(gy + start, x + start, gradient + start, rows: rows, count: count, width: width)
          }
        }
        if let gradient: UnsafeMutablePointer<Scalar> = call.inputGradient() {
          scale(gy, by: call.parameter(0, as: Scalar.self), into: gradient, call)
        }
      }

      private func scale<Scalar: FloatScalar>(
        _ x: UnsafePointer<Scalar>, by factor: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>,
        _ call: Call
      ) {
        let width = call.parameters[0].count
        call.parallel(call.view().count / max(1, width), cost: width) { start, count in
          for row in start..<start + count {
            multiply(x + row * width, factor, y + row * width, count: width)
          }
        }
      }
    }

    """#
  }

  private var loops: String {
    #"""
    // A loop over elements is a function by itself, made for both types; a generic one would be slow.

    /// y = a b.
    @specialized(where Scalar == Float) @specialized(where Scalar == Double)
    private func multiply<Scalar: FloatScalar>(
      _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
    ) {
      for i in 0..<count { y[i] = a[i] * b[i] }
    }

    /// y[i] = sum over rows of a[row, i] b[row, i], for `count` columns of `width`.
    @specialized(where Scalar == Float) @specialized(where Scalar == Double)
    private func sumProducts<Scalar: FloatScalar>(
      _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, rows: Int,
      count: Int, width: Int
    ) {
      y.update(repeating: 0, count: count)
      for row in 0..<rows {
        let (a, b) = (a + row * width, b + row * width)
        for i in 0..<count { y[i] += a[i] * b[i] }
      }
    }

    """#
  }
}
