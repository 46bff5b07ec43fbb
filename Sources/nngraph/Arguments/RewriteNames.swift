import Compiler
import Diagnostics
import LayerKit

extension RewriteSelection {
  /// Reads `all`, `none`, `NAME,...` or `-NAME,...`. Throws a usage fault with the nearest name.
  init(_ text: String, registry: Registry) throws {
    if text == "all" {
      self = .all
      return
    }
    if text == "none" {
      self = .none
      return
    }
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let known = registry.rewrites.map(\.item.name)
    let left = words.filter { $0.hasPrefix("-") }
    let names = words.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }.filter { $0 != "all" }
    for name in names where !known.contains(name) {
      throw Fault(
        .usage,
        "--rewrites: no rewrite \"\(name.excerpt())\"; accepted: all, none, "
          + known.joined(separator: ", "), nearest: nearest(to: name, among: known))
    }
    if left.isEmpty {
      self = words.contains("all") ? .all : .only(Set(names))
    } else if left.count == words.count || (words.first == "all" && left.count + 1 == words.count) {
      self = .without(Set(names))
    } else {
      throw Fault(
        .usage,
        "--rewrites: names to use and names to leave out do not go together, found \"\(text.excerpt())\"")
    }
  }
}
