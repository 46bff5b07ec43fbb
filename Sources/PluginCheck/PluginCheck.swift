import Diagnostics
import Glibc
import LayerKit
import PluginHost
import Runtime
import StandardModule

/// The check of a plugin's file: in a process of its own, or in this one.
public enum PluginCheck {
  /// The descriptor over which the process of a check reports to the one that started it.
  public static let eventsDescriptor: Int32 = 3

  /// Checks a plugin in a process of its own, and returns what came of it, whatever the plugin does.
  ///
  /// `executable` with `arguments` is a program that calls ``report(file:to:timeout:)`` with
  /// ``eventsDescriptor`` and ends with the code that it returns; it is ended when it says nothing for
  /// `timeout` seconds. Throws an `.io` fault where it cannot be started.
  public static func run(
    file: String, executable: String, arguments: [String], timeout: Int = 20
  ) throws -> PluginCheckReport {
    let ticket = CheckTicket()
    var report = PluginCheckReport(file: file, token: ticket.token)
    let process = CheckProcess(executable: executable, arguments: arguments, timeout: timeout)
    let (end, lastWords) = try process.run(ticket) { report.take($0) }
    if let finding = end.finding(
      last: report.last, lastWords: lastWords, hasEnded: report.hasEnded, code: Int(ticket.code))
    {
      report.take(.finding(finding))
    }
    return report
  }

  /// Checks a plugin in this process, reports to the process that waits at the other end of a socket, and
  /// returns the code that it expects this process to end with.
  ///
  /// What the plugin writes to standard output or error is caught, and is a finding. Whatever ends a process
  /// ends this one; so does silence for somewhat more than `timeout` seconds.
  public static func report(file: String, to events: Int32, timeout: Int) -> Int32 {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    // The last words of an endless loop must not fill the disk.
    var most = rlimit(rlim_cur: 1 << 30, rlim_max: 1 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &most)
    // One that takes memory without end must not take that of others.
    let memory = rlim_t(max(4 << 30, Machine.availableMemory))
    var bytes = rlimit(rlim_cur: memory, rlim_max: memory)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bytes)
    guard let ticket = CheckTicket(from: events) else { return 1 }
    // At a number that nobody was told, away from the low ones that a careless plugin writes to or closes.
    var channel = fcntl(events, F_DUPFD_CLOEXEC, Int32.random(in: 100...900))
    if channel < 0 { channel = fcntl(events, F_DUPFD_CLOEXEC, 64) }
    guard channel >= 0 else { return 1 }
    close(events)
    let wasLoaded = watched(file) { event in
      // Who waits for this process may be gone, and a plugin that never returns would stay.
      alarm(UInt32(clamping: timeout &+ 10))
      write(event, to: channel)
    }
    write(.ended(token: ticket.token, wasLoaded: wasLoaded), to: channel)
    alarm(0)
    close(channel)
    return ticket.code
  }

  /// Checks a plugin in this process, for a debugger that runs it.
  ///
  /// A crash is one of this process, and so is a call that does not return, unless a `timeout` is given: then
  /// SIGALRM ends the process after as many seconds without progress. `exit` within the plugin ends it with
  /// 1.
  public static func runInThisProcess(file: String, timeout: Int? = nil) -> PluginCheckReport {
    var report = PluginCheckReport(file: file)
    let watch = ExitWatch()
    let wasLoaded = watched(file) { event in
      if let timeout { alarm(UInt32(clamping: timeout)) }
      if case .begins(let what) = event { watch.begins(what) }
      report.take(event)
    }
    report.take(.ended(token: "", wasLoaded: wasLoaded))
    if timeout != nil { alarm(0) }
    watch.end()
    return report
  }

  /// Checks with the terminal taken away; returns whether the plugin could be loaded.
  private static func watched(_ file: String, _ send: @escaping (CheckEvent) -> Void) -> Bool {
    do {
      let watch = try TerminalWatch()
      defer { watch.end() }
      return check(file, send) { component in
        if let text = watch.written() {
          let excerpt = text.replacing("\n", with: " ").excerpt(200)
          send(.finding(Finding(.output, component, "writes to the terminal: \"\(excerpt)\"")))
        }
      }
    } catch {
      send(.finding(Finding(.output, "", "\(error)")))
      return false
    }
  }

  /// Loads the plugin and checks it; `between` is called after each component. Returns whether it was loaded.
  static func check(
    _ file: String, isAlone: Bool = true, _ send: @escaping (CheckEvent) -> Void,
    between: @escaping (String) -> Void
  ) -> Bool {
    do {
      let manifest = try PluginManifest.read(PluginManifest.manifestFile(of: file))
      send(
        .plugin(name: manifest.name, version: manifest.version, interface: "\(manifest.interface)"))
      send(.begins("loading of plugin \"\(manifest.name)\""))
      let plugin = try LoadedPlugin.load(manifest) { _ in }
      var registry = Registry()
      try registry.register(StandardModule())
      try plugin.register(into: &registry)
      send(.counted(.manifest, plugin.components.count))
      between("")
      ComponentChecks(module: manifest.name, registry: registry, events: send).run(
        isAlone: isAlone, between: between)
    } catch {
      let faults = (error as? Faults)?.all.map(\.description) ?? ["\(error)"]
      for fault in faults {
        // The word that begins a fault's line elsewhere.
        let message = fault.replacing("error: ", with: "", maxReplacements: 1)
        send(.finding(Finding(.manifest, "", message.quotedForTerminal)))
      }
      between("")
      return false
    }
    between("")
    return true
  }

  private static func write(_ event: CheckEvent, to descriptor: Int32) {
    let bytes = Array("\(event.line)\n".utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Nobody listens any longer, so there is nothing to check for.
      guard count > 0 else { _exit(1) }
      written += count
    }
  }
}
