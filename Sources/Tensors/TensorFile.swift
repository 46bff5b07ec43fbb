/// Named tensors in the order of the file that held them.
public struct TensorFile: Sendable {
  /// One tensor of the file.
  public struct Entry: Sendable {
    /// Its name, different from every other in the file.
    public let name: String
    /// The type as the file spells it, such as `F16`, of which the tensor's own type may be a conversion.
    public let fileType: String
    /// Its shape and elements.
    public let tensor: Tensor
  }

  /// The tensors in the order of the file's header.
  public let entries: [Entry]
  /// The texts that the file carries beside its tensors.
  public let metadata: [String: String]
  private let index: [String: Int]

  init(entries: [Entry], metadata: [String: String]) {
    self.entries = entries
    self.metadata = metadata
    index = Dictionary(
      entries.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names in the order of the file's header.
  public var names: [String] { entries.map(\.name) }

  /// The entry of a name, or nil.
  public func entry(named name: String) -> Entry? { index[name].map { entries[$0] } }

  /// The tensor of a name, or nil.
  public subscript(name: String) -> Tensor? { entry(named: name)?.tensor }
}
