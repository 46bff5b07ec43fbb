import Kernels
import LayerKit

/// A matrix whose rows, or columns where they are fewer, are of one length and at right angles.
///
/// A shape [r, c...] counts as r rows, all other axes together as columns.
struct Orthogonal: Initializer {
  static let schema = Schema(
    "orthogonal", "Rows, or columns where they are fewer, of one length and at right angles.",
    formula: "w w^T = gain^2 I, or w^T w = gain^2 I, with w as [r, c...] -> [r, c]",
    attributes: [.number("gain", default: 1, "The length of each row or column.")], inputs: [], outputs: [])

  private let gain: Double

  init(gain: Double = 1) { self.gain = gain }

  init(_ attributes: Attributes) { gain = attributes.number("gain") }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    guard let base = values.baseAddress, !values.isEmpty else { return }
    let rows = max(1, shape.first ?? 1)
    let columns = values.count / rows
    values.fillNormal(deviation: 1, key: key)
    if rows <= columns {
      orthogonalize(base, vectors: rows, length: columns)
    } else {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { turned in
        guard let other = turned.baseAddress else { return }
        transpose(base, rows, columns, to: other)
        orthogonalize(other, vectors: columns, length: rows)
        transpose(other, columns, rows, to: base)
      }
    }
    for i in values.indices { values[i] *= gain }
  }

  /// The modified process of Gram and Schmidt: the factor Q of a QR decomposition whose R has a positive
  /// diagonal, which makes Q evenly distributed over all orthogonal matrices.
  private func orthogonalize(_ matrix: UnsafeMutablePointer<Double>, vectors: Int, length: Int) {
    for i in 0..<vectors {
      let vector = matrix + i * length
      let norm = Kernel.dot(x: vector, y: vector, count: length).squareRoot()
      guard norm > 0 else { continue }
      Kernel.map(.linear, x: vector, y: vector, count: length, a: 1 / norm)
      for j in i + 1..<vectors {
        let other = matrix + j * length
        let overlap = Kernel.dot(x: vector, y: other, count: length)
        Kernel.addScaled(alpha: -overlap, x: vector, y: other, count: length)
      }
    }
  }

  private func transpose(
    _ source: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int,
    to destination: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      for column in 0..<columns { destination[column * rows + row] = source[row * columns + column] }
    }
  }
}
