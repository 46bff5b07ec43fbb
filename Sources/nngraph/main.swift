import Glibc

// A plugin that ends the process in the middle of a run must not make it look done.
ProgramEnd.guardAgainstOthers()
let code = Program(Array(CommandLine.arguments.dropFirst())).run()
ProgramEnd.isOurs.store(true, ordering: .relaxed)
exit(code.rawValue)
