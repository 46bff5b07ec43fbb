import Convolution
import Diagnostics
import Foundation
import LayerKit
import ModelZoo
import Runtime
import StandardModule
import Tensors

/// The models that the project ships.
let shippedFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("models").path

func coreRegistry() throws -> Registry {
  var registry = Registry()
  try registry.register(StandardModule())
  try registry.register(ConvolutionModule())
  return registry
}

/// A folder that holds some of the shipped models, their data and an index of them alone; removed afterwards.
func withModels(_ names: [String], _ body: (_ folder: String) throws -> Void) throws {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("zoo-" + UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: url) }
  var index = try ZooIndex.read(shippedFolder)
  let entries = try index.entries(named: names)
  for entry in entries { try ModelZoo.copy(entry, from: shippedFolder, to: url.path, force: true) }
  index = ZooIndex(folder: url.path, entries: entries)
  try index.write()
  try body(url.path)
}

/// Changes one byte of a file.
func flipByte(of path: String, at offset: Int) throws {
  var bytes = try FileAccess.readFile(path, limit: 1 << 30)
  bytes[offset < 0 ? bytes.count + offset : offset] ^= 1
  try FileAccess.writeFile(path, bytes)
}

/// The lines of what the work throws; empty where it throws nothing.
func report(_ work: () throws -> Void) -> String {
  do {
    try work()
    return ""
  } catch {
    return "\(error)"
  }
}
