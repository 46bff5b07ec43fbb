import LayerKit

/// The memory of one call: what each slice of the batch works in, and what they share.
///
/// The sizes hold for either way to compute, and are known without asking oneDNN.
struct ConvolutionMemory {
  let geometry: ConvolutionGeometry
  let slices: BatchSlices
  /// Whether oneDNN may compute the call.
  let admitsPrimitives: Bool
  /// What computes the call in place of oneDNN.
  let winograd: WinogradConvolution?

  init(_ geometry: ConvolutionGeometry, admitsPrimitives: Bool) {
    self.geometry = geometry
    winograd = admitsPrimitives ? WinogradConvolution(geometry) : nil
    self.admitsPrimitives = admitsPrimitives && winograd == nil
    slices = BatchSlices(images: geometry.images, multiplyAdds: geometry.multiplyAdds)
  }

  /// How many places of the map are unrolled at a time: as many as stay in the cache.
  var tile: Int { max(1, min(geometry.map.area, (1 << 16) / max(1, geometry.windowSize))) }

  /// The scratch of one slice, in scalars: unrolled windows, or image, map and weights in oneDNN's order.
  var scratchPerSlice: Int {
    let columns = saturatingProduct(geometry.windowSize, tile)
    if let winograd { return wholeLines(winograd.scratchCount) }
    return wholeLines(max(columns, admitsPrimitives ? arrangedTensors : 0))
  }

  /// The weights in oneDNN's order, in scalars, at most.
  var arrangedWeight: Int {
    if let winograd { return wholeLines(winograd.pointCount) }
    guard admitsPrimitives else { return 0 }
    if geometry.imageGroup == 1, geometry.mapGroup == 1 {
      return wholeLines(saturatingProduct(wholeLines(geometry.groups), geometry.kernel.area))
    }
    let group = saturatingProduct(wholeLines(geometry.mapGroup), wholeLines(geometry.imageGroup))
    return wholeLines(saturatingProduct(saturatingProduct(geometry.groups, group), geometry.kernel.area))
  }

  /// Room for the arranged weights of the large and of the small slices.
  var arrangedWeights: Int {
    saturatingProduct(arrangedWeight, winograd == nil && slices.firstSmall < slices.count ? 2 : 1)
  }

  private var arrangedTensors: Int {
    let image = saturatingProduct(blockedChannels(geometry.imageChannels), geometry.image.area)
    let map = saturatingProduct(blockedChannels(geometry.mapChannels), geometry.map.area)
    let tensors = saturatingProduct(slices.largest, saturatingSum(image, map))
    return saturatingSum(saturatingSum(tensors, arrangedWeight), 3 * 16)
  }

  /// oneDNN works in blocks of up to 16 channels; the three of a picture it takes as they are.
  private func blockedChannels(_ channels: Int) -> Int { channels <= 3 ? 4 : wholeLines(channels) }

  /// The next multiple of 16.
  private func wholeLines(_ count: Int) -> Int { saturatingSum(count, 15) / 16 * 16 }
}
