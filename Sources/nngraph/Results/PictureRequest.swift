import Diagnostics
import Tensors
import Training

/// An input that is to be drawn: `pixels=8x8`.
struct PictureRequest {
  private let input: String
  private let picture: GreyPicture

  /// Throws a usage fault for any other form.
  init(_ text: String) throws {
    let (input, size) = try Arguments.pair(text, of: "--draw", "NAME=ROWSxCOLUMNS")
    self.input = input
    picture = try GreyPicture(size)
  }

  /// The picture of the input's first row. Throws a usage fault where no such input was given.
  func text(of inputs: [String: Tensor]) throws -> String {
    guard let tensor = inputs[input] else {
      throw Fault(
        .usage, "--draw: no input \"\(input.excerpt())\" was given",
        nearest: nearest(to: input, among: inputs.keys))
    }
    return try picture.text(of: tensor)
  }
}
