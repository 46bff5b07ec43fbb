import LayerKit

/// Whether a text can be the name of a plugin: that of a module, and short enough for the names of its files.
func isPluginName(_ text: String) -> Bool { Schema.isName(text) && text.utf8.count <= 200 }
