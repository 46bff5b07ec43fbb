import Glibc

// A peer that has gone is seen as EPIPE by the write that finds it gone.
signal(SIGPIPE, SIG_IGN)
exit(Program.run(Array(CommandLine.arguments.dropFirst())))
