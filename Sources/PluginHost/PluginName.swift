/// Whether a text is a name of the form `[a-z][a-z0-9_]*`.
func isComponentName(_ text: String) -> Bool {
  guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
  return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
}

/// Whether a text is the name of a component, and short enough for the names of a plugin's files.
func isPluginName(_ text: String) -> Bool { isComponentName(text) && text.utf8.count <= 200 }
