import Diagnostics
import Foundation
import Tensors
import Testing

@testable import PluginHost

/// The letter that a copy of the table's library answers with.
private func letter(_ library: LoadedLibrary) -> Character? {
  typealias Function = @convention(c) () -> CChar
  guard let symbol = library.function("letter") else { return nil }
  return Character(Unicode.Scalar(UInt8(bitPattern: unsafeBitCast(symbol, to: Function.self)())))
}

private func status(mode: mode_t, user: uid_t = 7, size: Int = 10) -> stat {
  var status = stat()
  status.st_mode = mode
  status.st_uid = user
  status.st_size = size
  return status
}

@Suite struct TrustedFileTests {
  @Test func saysWhoseFileItIs() {
    func refusal(_ status: stat) -> String? { TrustedFile.refusal(status, user: 7, limit: 10) }
    #expect(refusal(status(mode: S_IFREG | 0o755)) == nil)
    #expect(refusal(status(mode: S_IFREG | 0o644, user: 0)) == nil)
    #expect(
      refusal(status(mode: S_IFREG | 0o644, user: 8))
        == "it belongs to user 8, and only files of root or of user 7 are accepted")
    #expect(refusal(status(mode: S_IFREG | 0o664)) == "its group may write it; `chmod go-w` takes that away")
    #expect(refusal(status(mode: S_IFREG | 0o646)) == "everybody may write it; `chmod go-w` takes that away")
    #expect(
      refusal(status(mode: S_IFREG | 0o666))
        == "its group and everybody may write it; `chmod go-w` takes that away")
    for kind in [S_IFDIR, S_IFIFO, S_IFCHR, S_IFSOCK] {
      #expect(refusal(status(mode: kind | 0o600)) == "it is no plain file")
    }
    #expect(
      refusal(status(mode: S_IFREG | 0o600, size: 11)) == "it holds 11 bytes, more than the limit of 10")
  }

  @Test func refusesFilesThatOthersMayHaveWritten() throws {
    try withFolder { folder in
      let path = folder + "/liba.so"
      try FileAccess.writeFile(path, [1, 2, 3])
      #expect(try TrustedFile(path, limit: 3, what: "a thing").readAll() == [1, 2, 3])
      let start = "\(path): error: the file is refused as a plugin's library: "
      #expect(chmod(path, 0o620) == 0)
      #expect(
        report { _ = try SealedLibrary(path) } == start
          + "its group may write it; `chmod go-w` takes that away")
      #expect(chmod(path, 0o600) == 0)
      // Only root can give a file away.
      if geteuid() == 0 {
        #expect(chown(path, 1234, 0) == 0)
        #expect(
          report { _ = try SealedLibrary(path) }
            == start + "it belongs to user 1234, and only files of root are accepted")
      }
      #expect(
        report { _ = try SealedLibrary(folder) }
          == "\(folder): error: the file is refused as a plugin's library: it is no plain file")
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      #expect(
        report { _ = try SealedLibrary(pipe) }
          == "\(pipe): error: the file is refused as a plugin's library: it is no plain file")
      #expect(
        report { _ = try SealedLibrary(folder + "/absent") }
          == "\(folder)/absent: error: cannot be opened: No such file or directory")
      #expect(truncate(pipe, 0) != 0)
      let large = folder + "/large"
      try FileAccess.writeFile(large, [])
      #expect(truncate(large, off_t(SealedLibrary.sizeLimit) + 1) == 0)
      #expect(
        report { _ = try SealedLibrary(large) }
          == "\(large): error: the file is refused as a plugin's library: it holds 1073741825 bytes, more "
          + "than the "
          + "limit of 1073741824")
    }
  }

  @Test func aFileThatGrowsIsNotReadBeyondItsLimit() throws {
    try withFolder { folder in
      let path = folder + "/a"
      try FileAccess.writeFile(path, [1, 2, 3])
      let file = try TrustedFile(path, limit: 3, what: "a thing")
      let handle = try #require(FileHandle(forWritingAtPath: path))
      handle.seekToEndOfFile()
      handle.write(Data([4]))
      #expect(
        report { _ = try file.readAll() } == "\(path): error: the file holds more than the limit of 3 bytes")
    }
  }
}

@Suite struct SealedLibraryTests {
  @Test func loadsTheBytesThatWereHashed() throws {
    try withFolder { folder in
      let first = try CompiledPlugin.make(source: "table.c", defines: ["LETTER='x'"], registers: [])
      let second = try CompiledPlugin.make(source: "table.c", defines: ["LETTER='y'"], registers: [])
      let path = folder + "/libtable.so"
      let bytes = try FileAccess.readFile(first.library, limit: 1 << 24)
      try FileAccess.writeFile(path, bytes)
      let sealed = try SealedLibrary(path)
      #expect(sealed.sha256 == SHA256.hexadecimal(of: bytes))
      // In the same file, and in another one under its name.
      let handle = try #require(FileHandle(forWritingAtPath: path))
      handle.write(Data(try FileAccess.readFile(second.library, limit: 1 << 24)))
      try handle.close()
      try FileAccess.writeFile(path, FileAccess.readFile(second.library, limit: 1 << 24))
      #expect(letter(try sealed.load()) == "x")
      #expect(letter(try SealedLibrary(path).load()) == "y")
      #expect(letter(try SealedLibrary(first.library).load()) == "x")
    }
  }

  @Test func theCopyCannotBeChanged() throws {
    let plugin = try CompiledPlugin.make(source: "table.c", registers: [])
    let sealed = try SealedLibrary(plugin.library)
    var byte: UInt8 = 0
    #expect(pwrite(sealed.descriptor, &byte, 1, 0) == -1)
    #expect(ftruncate(sealed.descriptor, 0) == -1)
    #expect(ftruncate(sealed.descriptor, 1 << 24) == -1)
    let map = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, sealed.descriptor, 0)
    #expect(map == MAP_FAILED)
    #expect(fcntl(sealed.descriptor, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test func sameBytesAreLoadedOnce() throws {
    let plugin = try CompiledPlugin.make(source: "table.c", defines: ["LETTER='z'"], registers: [])
    let one = try SealedLibrary(plugin.library).load()
    let two = try SealedLibrary(plugin.library).load()
    #expect(one.function("letter") == two.function("letter"))
    #expect(letter(one) == "z")
    #expect(one.function("absent") == nil)
  }

  @Test func whatIsNoLibraryIsRefused() throws {
    try withFolder { folder in
      let path = folder + "/liba.so"
      try FileAccess.writeFile(path, Array("#!/bin/sh\n".utf8))
      do throws(LibraryFault) {
        guard let sealed = try? SealedLibrary(path) else { return #expect(Bool(false), "cannot be sealed") }
        _ = try sealed.load()
        #expect(Bool(false), "is loaded")
      } catch {
        #expect(error.text == "it is no shared library: it does not begin as an ELF file does")
      }
    }
  }
}
