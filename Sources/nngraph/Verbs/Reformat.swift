import Diagnostics
import Inspection
import JSONText
import Tensors

/// `nngraph fmt`: the canonical form.
enum Reformat: Verb {
  static let name = "fmt"
  static let summary = "Write graphs in canonical form, in place; - goes to standard output."
  static let operands = "GRAPH..."
  static let operandCount = 1...Int.max
  static let example = "fmt --check models/gate-xor.json"
  static let options = [
    CommandOption("check", "write nothing; list the files that would change, and end with 1 if there are any")
  ]
  static let notes = ["--set with a dot writes that key into the file."]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    guard context.globals.bindings.isEmpty else {
      throw Fault(.usage, "--set without a dot binds a symbol for a run; fmt has none")
    }
    let isCheck = arguments.has("check")
    let graphs = GraphArgument(context)
    var faults: [Fault] = []
    var forms: [ReformattedGraph] = []
    for name in arguments.operands {
      do {
        forms.append(
          try ReformattedGraph(
            path: graphs.locate(name), registry: context.registry, limits: context.limits,
            overrides: context.globals.overrides))
      } catch {
        faults += Faults.of(error).all
      }
    }
    // Nothing is written while one of the files is at fault.
    try Faults(faults).check()
    for form in forms where !isCheck {
      if form.path == "-" { try context.print(form.text) } else { try form.write() }
    }
    let changed = forms.filter(\.isChanged)
    if isCheck { try context.print(changed.reduce(into: "") { $0 += "\($1.path)\n" }) }
    context.emit(forms.json(isCheck: isCheck))
    return isCheck && !changed.isEmpty ? .no : .done
  }
}
