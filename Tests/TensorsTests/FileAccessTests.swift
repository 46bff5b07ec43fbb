import Diagnostics
import Foundation
import Testing

@testable import Tensors

@Suite struct FileAccessTests {
  @Test func writesAndReads() throws {
    try withFolder { (folder: String) throws in
      let path = FileAccess.join(folder, "a.bin")
      let bytes = (0..<200_000).map { UInt8($0 & 255) }
      try FileAccess.writeFile(path, [1])
      try FileAccess.writeFile(path, bytes)
      #expect(try FileAccess.readFile(path, limit: 200_000) == bytes)
      #expect(try FileAccess.listFolder(folder) == ["a.bin"])
      #expect(
        report { _ = try FileAccess.readFile(path, limit: 199_999) }
          == "\(path): error: holds 200000 bytes, more than the limit of 199999")
      #expect(faultKind { _ = try FileAccess.readFile(path, limit: 199_999) } == .limit)
    }
  }

  @Test func filesThatBelongTogetherAreWrittenTogetherOrNotAtAll() throws {
    try withFolder { (folder: String) throws in
      let (a, b) = (FileAccess.join(folder, "a"), FileAccess.join(folder, "b"))
      try FileAccess.writeFiles([(a, [1]), (b, [2])])
      #expect(throws: Fault.self) {
        try FileAccess.writeFiles([(a, [3]), (FileAccess.join(folder, "no/such"), [4])])
      }
      #expect(try FileAccess.readFile(a, limit: 9) == [1])
      #expect(try FileAccess.readFile(b, limit: 9) == [2])
      #expect(try FileAccess.listFolder(folder) == ["a", "b"])
    }
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    try withFolder { (folder: String) throws in
      let path = FileAccess.join(folder, "a")
      let link = FileAccess.join(folder, "link")
      try FileAccess.writeFile(path, [1])
      #expect(chmod(path, 0o640) == 0)
      #expect(symlink("a", link) == 0)
      try FileAccess.writeFile(link, [2])
      #expect(try FileAccess.readFile(path, limit: 9) == [2])
      var status = stat()
      #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
      try FileAccess.writeFile("/dev/null", [1])
      #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }
  }

  @Test func readsAPipe() throws {
    try withFolder { (folder: String) throws in
      let path = FileAccess.join(folder, "pipe")
      #expect(mkfifo(path, 0o600) == 0)
      // Opened for both ends, so that neither waits for the other.
      let descriptor = open(path, O_RDWR)
      #expect(write(descriptor, "hello", 5) == 5)
      #expect(faultKind { _ = try FileAccess.readFile(path, limit: 4) } == .limit)
      #expect(write(descriptor, "hello", 5) == 5)
      let reader = open(path, O_RDONLY)
      close(descriptor)
      #expect(try FileAccess.readAll(reader, name: "pipe", limit: 5) == Array("hello".utf8))
      close(reader)
      #expect(
        report { _ = try FileAccess.readSibling(named: "pipe", inFolder: folder, limit: 9) }
          == "pipe: error: is no plain file")
    }
  }

  @Test func namesWhatCannotBeDone() throws {
    try withFolder { (folder: String) throws in
      let missing = FileAccess.join(folder, "no/a")
      #expect(
        report { _ = try FileAccess.readFile(missing, limit: 9) }
          == "\(missing): error: cannot be opened: No such file or directory")
      #expect(faultKind { _ = try FileAccess.readFile(missing, limit: 9) } == .io)
      #expect(
        report { _ = try FileAccess.readFile(folder, limit: 9) }
          == "\(folder): error: cannot be read: Is a directory")
      #expect(
        report { try FileAccess.writeFile(missing, []) }
          == "\(missing): error: cannot be written: No such file or directory")
      #expect(
        report { try FileAccess.writeFile(folder, []) }
          == "\(folder): error: cannot be written: Is a directory")
      #expect(
        report { _ = try FileAccess.listFolder(missing) }
          == "\(missing): error: cannot be listed: No such file or directory")
      let file = FileAccess.join(folder, "file")
      try FileAccess.writeFile(file, [])
      #expect(
        report { try FileAccess.createFolder(file) } == "\(file): error: cannot be created: File exists")
      #expect(
        report { try FileAccess.createFolder(file + "/x") }
          == "\(file)/x: error: cannot be created: File exists")
    }
  }

  @Test func makesAndListsFolders() throws {
    try withFolder { (folder: String) throws in
      let deep = FileAccess.join(folder, "b/c/d/")
      try FileAccess.createFolder(deep)
      try FileAccess.createFolder(deep)
      #expect(FileAccess.isFolder(deep))
      #expect(FileAccess.fileExists(deep))
      #expect(!FileAccess.fileExists(deep + "x"))
      for name in ["ä", "B", "a"] { try FileAccess.writeFile(FileAccess.join(folder, name), []) }
      #expect(try FileAccess.listFolder(folder) == ["B", "a", "b", "ä"])
      #expect(!FileAccess.isFolder(FileAccess.join(folder, "a")))
    }
  }

  @Test func takesPathsApart() {
    #expect(FileAccess.join("models", "xor.json") == "models/xor.json")
    #expect(FileAccess.join("models/", "xor.json") == "models/xor.json")
    #expect(FileAccess.join("models", "/xor.json") == "/xor.json")
    #expect(FileAccess.join(".", "xor.json") == "xor.json")
    #expect(FileAccess.join("", "xor.json") == "xor.json")
    let folders = [
      "a/b": "a", "a": ".", "/a": "/", "/": "/", "a//b//": "a", "a/b/c": "a/b", "": ".", "a/": ".",
    ]
    for (path, folder) in folders { #expect(FileAccess.folder(of: path) == folder, "\(path)") }
    let names = ["a/b": "b", "a": "a", "/a": "a", "/": "/", "a//b//": "b", "": "", "a/": "a"]
    for (path, name) in names { #expect(FileAccess.lastName(of: path) == name, "\(path)") }
  }
}

@Suite struct SiblingFileTests {
  /// A graph's folder with files and links, and a secret beside it.
  private func withGraphFolder(_ body: (String) throws -> Void) throws {
    try withFolder { outside in
      let folder = FileAccess.join(outside, "graph")
      try FileAccess.createFolder(folder + "/data")
      try FileAccess.writeFile(outside + "/secret", [9])
      try FileAccess.createFolder(outside + "/graph-other")
      try FileAccess.writeFile(outside + "/graph-other/near", [9])
      try FileAccess.writeFile(folder + "/own.safetensors", [1])
      try FileAccess.writeFile(folder + "/data/deep.csv", [2])
      for (name, target) in [
        ("inner", "data/deep.csv"), ("escape", "../secret"), ("neighbour", "../graph-other/near"),
        ("up", ".."), ("lost", "nowhere"),
      ] {
        #expect(symlink(target, folder + "/" + name) == 0)
      }
      try body(folder)
    }
  }

  @Test func readsTheGraphsOwnFiles() throws {
    try withGraphFolder { (folder: String) throws in
      #expect(try FileAccess.readSibling(named: "own.safetensors", inFolder: folder, limit: 9) == [1])
      #expect(try FileAccess.readSibling(named: "inner", inFolder: folder, limit: 9) == [2])
      #expect(try FileAccess.readBelow("data/deep.csv", inFolder: folder, limit: 9) == [2])
      #expect(try FileAccess.readBelow("own.safetensors", inFolder: folder, limit: 9) == [1])
    }
  }

  @Test(arguments: [
    (
      "data/deep.csv",
      "data/deep.csv: error: is a path; a bare file name in the graph's own folder is accepted"
    ),
    ("..", "..: error: holds the part \"..\"; a path below the graph's folder is made of names alone"),
    (".", ".: error: holds the part \".\"; a path below the graph's folder is made of names alone"),
    ("", ": error: \"\" is no file name"),
    ("own.safetensors\0", "own.safetensors\\u{0}: error: \"own.safetensors\\u{0}\" is no file name"),
    ("escape", "escape: error: is a link out of the graph's folder"),
    ("neighbour", "neighbour: error: is a link out of the graph's folder"),
    ("up", "up: error: is a link out of the graph's folder"),
    ("lost", "lost: error: cannot be opened: No such file or directory"),
    (
      "own.safetensor",
      "own.safetensor: error: cannot be opened: No such file or directory; did you mean \"own.safetensors\"?"
    ),
    ("data", "data: error: is no plain file"),
  ])
  func refusesOtherNames(name: String, expected: String) throws {
    try withGraphFolder { (folder: String) throws in
      #expect(
        report { _ = try FileAccess.readSibling(named: name, inFolder: folder, limit: 9) } == expected)
    }
  }

  @Test(arguments: [
    ("/etc/passwd", "/etc/passwd: error: is an absolute path; a path below the graph's folder is accepted"),
    (
      "data/../../secret",
      "data/../../secret: error: holds the part \"..\"; a path below the graph's folder is made of "
        + "names alone"
    ),
    (
      "data//deep.csv",
      "data//deep.csv: error: holds the part \"\"; a path below the graph's folder is made of names alone"
    ),
    ("up/secret", "up/secret: error: is a link out of the graph's folder"),
    (
      "data/deep.cvs",
      "data/deep.cvs: error: cannot be opened: No such file or directory; did you mean \"deep.csv\"?"
    ),
  ])
  func refusesOtherPaths(path: String, expected: String) throws {
    try withGraphFolder { (folder: String) throws in
      #expect(report { _ = try FileAccess.readBelow(path, inFolder: folder, limit: 9) } == expected)
    }
  }
}
