import CPluginABI

/// A new plugin in C: one file, the header of the interface, and what builds them.
struct CPackage {
  let name: String

  private var operatorName: String { ExampleGraph.operatorName(name) }

  var files: [PluginTemplate.File] {
    [
      (path: "\(name).c", text: source, isExecutable: false),
      (path: "nngraph_plugin.h", text: String(cString: nngraph_plugin_header()), isExecutable: false),
      (path: "Makefile", text: makefile, isExecutable: false),
      (path: "README.md", text: readme, isExecutable: false),
      (path: ".gitignore", text: "*.so\n*.nngplugin.json\ntrained/\n", isExecutable: false),
    ] + ExampleGraph(name: name).files
  }

  private var source: String { CSource(name: name, operatorName: operatorName).text }

  private var makefile: String {
    #"""
    # make builds library and manifest, make check tries them. `nngraph` must be on the path, or be given as
    # NNGRAPH=...
    NNGRAPH ?= nngraph
    CFLAGS ?= -O2 -Wall -Wextra -Wpedantic

    \#(name).nngplugin.json: lib\#(name).so
    \#t$(NNGRAPH) plugin manifest lib\#(name).so

    # The manifest holds the hash of one library, so that of the library before goes.
    lib\#(name).so: \#(name).c nngraph_plugin.h
    \#trm -f \#(name).nngplugin.json
    \#t$(CC) -std=c99 $(CFLAGS) -fPIC -fvisibility=hidden -shared \#(name).c -lm -o $@
    \#tchmod go-w $@

    .PHONY: check clean

    check: \#(name).nngplugin.json
    \#t$(NNGRAPH) plugin check \#(name).nngplugin.json
    \#t$(NNGRAPH) check --training --gradients example/\#(name).json --plugin \#(name).nngplugin.json

    clean:
    \#trm -f lib\#(name).so \#(name).nngplugin.json

    """#
  }

  private var readme: String {
    """
    # \(name)

    A plugin of nngraph, in C. It begins with the operator `\(operatorName)`, which multiplies each element
    of the last axis by a factor of its own. `\(name).c` is all of it; `nngraph_plugin.h` is the interface,
    and is left as it is. `example` holds a graph that trains the operator: whoever changes the one changes
    the other.

    ```sh
    make
    make check
    nngraph train example/\(name).json --plugin \(name).nngplugin.json --out trained
    nngraph inspect trained/graph.json --plugin \(name).nngplugin.json --weights
    ```

    `make` compiles `lib\(name).so`, lets `nngraph` load it once, and so writes `\(name).nngplugin.json`,
    which says what is in it and names its hash. These two files are the plugin. In a folder where plugins
    are looked for (`nngraph plugin list` names them) every graph that lists `"plugins": ["\(name)"]` finds
    it, without `--plugin`.

    `make check` compares the operator's gradients with differences in 64 bits, puts guards around every
    buffer, counts threads, and tries hostile shapes. It runs the `examples` of the schema: let them cover
    every attribute. Then it checks the graph in `example`.

    """
  }
}
