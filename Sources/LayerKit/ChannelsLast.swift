/// A layer that can compute with the channels of its tensors on the last axis in place of axis 1.
///
/// A rewrite turns the values between such layers around, where their loops are faster in that order.
public protocol ChannelsLastLayer: Layer {
  /// The layer that computes the same of inputs whose axis 1 stands last, with outputs whose axis 1 stands
  /// last; nil where there is none.
  ///
  /// `inputs` are the types in the usual order; each has three axes or more.
  func channelsLast(_ inputs: [ValueType]) -> (any Layer)?
}

extension ActivationLayer: ChannelsLastLayer {
  public func channelsLast(_ inputs: [ValueType]) -> (any Layer)? { self }
}
