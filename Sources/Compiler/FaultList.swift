import Diagnostics

/// The faults of one document while it is resolved.
///
/// The copies of a block repeat what is wrong in it: such a fault is listed once, for the first copy. What a
/// hostile document can cost is bounded: after so many faults the list is full, and nobody looks for more.
struct FaultList {
  private static let mostListed = 1000
  private static let mostReported = 10_000
  private static let mostComparisons = 300_000

  private var listed: [Fault] = []
  private var seen: Set<Fault> = []
  private var unlisted = 0
  private var comparisons = 0
  /// How many faults were reported, repetitions included: it grows with every one, also where the list does
  /// not.
  private(set) var reported = 0

  /// Whether so much is wrong that it is not worth while to look for more.
  var isFull: Bool { reported >= Self.mostReported }

  /// What was reported, with one last fault that says that there is more.
  var all: [Fault] {
    if isFull { return listed + [Fault(.input, "there are more faults than this report lists")] }
    return unlisted == 0 ? listed : listed + [Fault(.input, "and \(unlisted) more faults")]
  }

  mutating func append(_ fault: Fault) {
    guard !isFull else { return }
    reported += 1
    var common = fault
    common.place = fault.place.withoutCopyNames
    common.message = fault.message.withoutCopyNames
    guard fault.text == nil || seen.insert(common).inserted else { return }
    if listed.count < Self.mostListed { listed.append(fault) } else { unlisted += 1 }
  }

  mutating func append(
    _ kind: Fault.Kind = .input, at text: TextPlace?, _ place: String, _ message: String,
    nearest: String? = nil
  ) {
    append(Fault(kind, text: text, place: place, message, nearest: nearest))
  }

  /// Whether so many names may still be looked at.
  func hasRoom(for count: Int) -> Bool { comparisons + count <= Self.mostComparisons }

  /// The nearest of many names except `own`; nil also where too many have been looked at already.
  mutating func nearest(to word: String, among names: some Collection<String>, but own: String? = nil)
    -> String?
  {
    guard hasRoom(for: names.count) else { return nil }
    comparisons += names.count
    return Diagnostics.nearest(to: word, among: names.lazy.filter { $0 != own })
  }

  /// Adds a text to the message of every fault listed since there were `count` that names one of the keys.
  mutating func complete(since count: Int, _ texts: [String: String]) {
    for index in listed.indices.dropFirst(count) {
      guard let text = texts.first(where: { listed[index].place.hasSuffix(", \($0.key)") })?.value else {
        continue
      }
      listed[index].message += text
    }
  }

  /// How many faults are listed.
  var count: Int { listed.count }
}

extension String {
  /// The text with `first` for every quoted `body_3/first`: what the copies of a block have in common.
  fileprivate var withoutCopyNames: String {
    guard utf8.contains(UInt8(ascii: "/")) else { return self }
    return split(separator: "\"", omittingEmptySubsequences: false)
      .map { part in part.split(separator: "/").last ?? part }
      .joined(separator: "\"")
  }
}
