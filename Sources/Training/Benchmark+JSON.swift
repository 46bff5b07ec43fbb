import JSONText

extension Benchmark {
  /// The result in the form that scripts read.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("schema", .string("nngraph.bench/1")), ("graph", .string(graph)), ("phase", .string(phase.rawValue)),
      ("rows", .integer(rows)), ("threads", .integer(threads)), ("repetitions", .integer(repetitions)),
      (
        "seconds",
        .object([
          ("minimum", .double(minimum)), ("median", .double(median)), ("p90", .double(p90)),
          ("p99", .double(p99)),
        ])
      ),
      ("operations", .integer(operations)), ("operations_per_second", .double(operationsPerSecond)),
      ("peak_share", .double(peakShare)), ("peak_bytes", .integer(peakBytes)),
      ("parameters", .integer(parameterCount)),
    ]
    if let profile { members += profile.members }
    return .object(members)
  }
}
