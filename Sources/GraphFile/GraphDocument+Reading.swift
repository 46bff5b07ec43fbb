import Diagnostics
import JSONText
import Tensors

extension GraphDocument {
  /// A graph that was read, as far as it could be, with everything that is wrong with its structure.
  public typealias Reading = (document: GraphDocument?, faults: [Fault])

  /// Reads a graph from the bytes of its file.
  ///
  /// All faults come at once, in the order of the text; text that is no JSON, and a format of a later
  /// version, are the only fault. The document is nil where there is nothing that a later stage could look
  /// at.
  public static func read(
    _ bytes: [UInt8], file: String, folder: String, limits: GraphLimits = GraphLimits(),
    overrides: [GraphOverride] = []
  ) -> Reading {
    let source: JSONDocument
    do {
      source = try JSONText.parse(bytes, depthLimit: limits.depth)
    } catch {
      return (nil, error.inOrder(file: file).all)
    }
    let (root, overrideFaults) = GraphOverride.apply(overrides, to: source.root, limits: limits)
    var document = GraphDocument(file: file, folder: folder, root: root, source: source, limits: limits)
    let (isGraph, faults) = document.readTree()
    let duplicates = TextPath(source.root, bytes).naming(source.faults)
    let all = Faults(duplicates + faults).inOrder(file: file).all
    return (isGraph ? document : nil, all + overrideFaults)
  }

  /// Reads a graph from a file, or from standard input where the path is `-`; its folder is then the
  /// current one.
  ///
  /// Throws a fault of kind `.io` where the file cannot be opened or read, of kind `.limit` where it is too
  /// large.
  public static func open(
    _ path: String, limits: GraphLimits = GraphLimits(), overrides: [GraphOverride] = []
  ) throws(Faults) -> Reading {
    let bytes: [UInt8]
    do {
      bytes =
        path == "-"
        ? try FileAccess.readStandardInput(limit: limits.fileBytes)
        : try FileAccess.readFile(path, limit: limits.fileBytes)
    } catch let faults as Faults {
      throw faults
    } catch let fault as Fault {
      throw Faults(fault)
    } catch {
      throw Faults(Fault(.io, file: path, "cannot be read: \(error)"))
    }
    return read(
      bytes, file: path == "-" ? "standard input" : path,
      folder: path == "-" ? "." : FileAccess.folder(of: path),
      limits: limits, overrides: overrides)
  }

  /// Fills the declarations from `root`; false where it is no graph.
  mutating func readTree() -> (isGraph: Bool, faults: [Fault]) {
    var reader = GraphReader(limits: limits)
    let isGraph = reader.read(&self)
    return (isGraph, reader.faults)
  }
}
