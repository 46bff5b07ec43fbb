import LayerKit

/// The module `convolution`: operators on images and signals.
public struct ConvolutionModule: Module {
  public static let name = "convolution"
  public static let version = "1.0.0"
  public static let summary = "Operators on images and signals: convolution, pooling, norms."

  public init() {}

  /// Registers operators and rewrites; the norm is folded first, because a function may stand behind it.
  public func register(into registrar: inout Registrar) throws {
    registrar.layers(
      Conv1D.self, Conv2D.self, ConvTranspose2D.self, MaxPool1D.self, MaxPool2D.self, AveragePool1D.self,
      AveragePool2D.self, GlobalAveragePool.self, GlobalMaxPool.self, Upsample2D.self, GroupNorm.self,
      LocalResponseNorm.self)
    registrar.rewrites(
      FoldConvolutionNorm(), RectifyBehindMaxPool(), FuseConvolutionActivation(), ChannelsLast())
  }
}
