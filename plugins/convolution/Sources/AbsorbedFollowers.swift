import LayerKit

extension ComputationGraph {
  /// Puts operations that alone read a convolution into it where `absorb` agrees; returns how many.
  ///
  /// The convolution takes over the outputs, and the parameters behind its own.
  mutating func absorbFollowers(
    _ context: RewriteContext, _ absorb: (inout any ConvolutionLayer, GraphNode) -> Bool
  ) -> Int {
    joinOperations(context, standing: .maker) { maker, value, follower in
      guard follower.inputs.count == 1, maker.outputs.first == value,
        var convolution = maker.layer as? any ConvolutionLayer, absorb(&convolution, follower)
      else { return nil }
      var joined = maker
      joined.layer = convolution
      joined.outputs = follower.outputs
      joined.parameters += follower.parameters
      return joined
    }
  }
}
