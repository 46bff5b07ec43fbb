import Diagnostics
import Tensors

/// A tensor's first row drawn as a picture in shades of grey, two characters a pixel.
public struct GreyPicture: Sendable {
  /// How many pixels stand above one another, and beside one another.
  public var rows: Int
  public var columns: Int

  private static let shades: [Character] = [" ", "\u{2591}", "\u{2592}", "\u{2593}", "\u{2588}"]
  private static let largest = 256

  /// Reads `8x8`: rows and columns, each 1 to 256. Throws a usage fault.
  public init(_ text: String) throws(Fault) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count == 2, parts.allSatisfy({ (1...Self.largest).contains($0) }) else {
      throw Fault(
        .usage,
        "expected rows and columns of a picture such as 8x8, each 1 to \(Self.largest), found "
          + "\"\(text.excerpt())\"")
    }
    rows = parts[0]
    columns = parts[1]
  }

  /// The picture, the darkest character for the largest number.
  ///
  /// Throws a usage fault where the first row has another number of elements than the picture.
  public func text(of tensor: Tensor) throws(Fault) -> String {
    let size = tensor.shape.dropFirst().reduce(1, *)
    guard !tensor.shape.isEmpty, size == rows * columns else {
      throw Fault(
        .usage,
        "a picture of \(rows) by \(columns) needs \(rows * columns) numbers a row; the shape is "
          + tensor.shapeText)
    }
    let values = tensor.doubles.prefix(size).map { $0.isFinite ? $0 : 0 }
    let low = min(0, values.min() ?? 0)
    let range = (values.max() ?? 0) - low
    var text = ""
    for row in 0..<rows {
      for column in 0..<columns {
        let share = range > 0 ? (values[row * columns + column] - low) / range : 0
        let shade = Self.shades[min(Self.shades.count - 1, Int(share * Double(Self.shades.count)))]
        text.append(shade)
        text.append(shade)
      }
      text.append("\n")
    }
    return text
  }
}
