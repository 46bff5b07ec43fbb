import Diagnostics
import Glibc
import LayerKit
import PluginHost
import StandardModule

/// The check of a plugin's file: in a process of its own, or in this one.
public enum PluginCheck {
  /// Checks a plugin in a process of its own, and returns what came of it, whatever the plugin does.
  ///
  /// `executable` with `arguments` is a program that calls ``runInThisProcess(file:events:timeout:)`` with its standard
  /// output; it is ended when it says nothing for `timeout` seconds. Throws an `.io` fault where it cannot be started.
  public static func run(
    file: String, executable: String, arguments: [String], timeout: Int = 20
  ) throws -> PluginCheckReport {
    var report = PluginCheckReport(file: file)
    let process = CheckProcess(executable: executable, arguments: arguments, timeout: timeout)
    let (end, lastWords) = try process.run { report.take($0) }
    if let finding = end.finding(last: report.last, lastWords: lastWords, isComplete: report.isComplete) {
      report.take(.finding(finding))
    }
    return report
  }

  /// Checks a plugin in this process, and writes a line of JSON for each event to a descriptor.
  ///
  /// What the plugin writes to standard output or error is caught, and is a finding. Whatever ends a process ends this
  /// one; so does silence for somewhat more than `timeout` seconds, where one is given.
  public static func runInThisProcess(file: String, events: Int32, timeout: Int? = nil) {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    let channel = fcntl(events, F_DUPFD_CLOEXEC, 64)
    guard channel >= 0 else { return }
    defer { close(channel) }
    let send = { (event: CheckEvent) in
      // Who waits for this process may be gone, and a plugin that never returns would stay.
      if let timeout { alarm(UInt32(clamping: timeout &+ 10)) }
      write(event, to: channel)
    }
    do {
      let watch = try TerminalWatch()
      defer { watch.end() }
      check(file, send) { component in
        if let text = watch.written() {
          let excerpt = text.replacing("\n", with: " ").excerpt(200)
          send(.finding(Finding(.output, component, "writes to the terminal: \"\(excerpt)\"")))
        }
      }
    } catch {
      send(.finding(Finding(.output, "", "\(error)")))
    }
    if timeout != nil { alarm(0) }
  }

  /// Loads the plugin and checks it; `between` is called after each component.
  static func check(
    _ file: String, _ send: @escaping (CheckEvent) -> Void, between: @escaping (String) -> Void
  ) {
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
      PluginCheckup(module: manifest.name, registry: registry, events: send).run(between: between)
    } catch {
      let faults = (error as? Faults)?.all.map(\.description) ?? ["\(error)"]
      for fault in faults {
        // The word that begins a fault's line elsewhere.
        let message = fault.replacing("error: ", with: "", maxReplacements: 1)
        send(.finding(Finding(.manifest, "", message.quotedForTerminal)))
      }
    }
    between("")
    send(.done)
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
