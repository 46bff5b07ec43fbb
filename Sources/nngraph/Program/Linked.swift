/// What this build of the program holds.
enum Linked {
  /// The version that `--version` prints.
  static let version = "0.2.0"

  /// The verbs in the order in which they are listed. A new verb is its own file and its name here.
  static var verbs: [any Verb.Type] {
    [
      Inspect.self, Check.self, Run.self, Train.self, Evaluate.self, Export.self, Verify.self, Bench.self,
      Reformat.self, Operators.self, Plugin.self, Zoo.self,
    ]
  }
}
