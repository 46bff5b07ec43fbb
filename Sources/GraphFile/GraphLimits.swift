/// What a graph may ask for; checked before anything is allocated.
public struct GraphLimits: Hashable, Sendable {
  /// Bytes of the graph file.
  public var fileBytes = 64 << 20
  /// How deep arrays and objects of the file may be nested.
  public var depth = 64
  /// Nodes after the blocks are expanded.
  public var nodes = 100_000
  /// How deep blocks may use blocks.
  public var blockDepth = 32
  /// Axes of a tensor.
  public var rank = 8
  /// The size of one axis.
  public var dimension = Int(Int32.max)
  /// All the memory of a plan; nil stands for what the machine has free.
  public var memoryBytes: Int?

  public init() {}
}
