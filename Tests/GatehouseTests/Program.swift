import Foundation
import Platform
import Testing

/// The built program as a child process.
struct Program {
  struct Result {
    let status: Int32
    let output, errors: String
    /// Each line of standard output as JSON.
    var json: [JSON] { get throws { try output.split(separator: "\n").map { try JSON(parsing: String($0)) } } }
    var object: JSON { get throws { try JSON(parsing: output) } }
    var error: JSON { get throws { try #require(try JSON(parsing: errors)["error"]) } }
  }

  /// Beside the test program, where the package manager builds both.
  static let url = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "gatehouse")

  var environment: [String: String] = [:]
  /// What starts it, in place of the system: words before its own path.
  var launcher: [String] = []

  /// An environment without what the machine has: no credentials, and directories of its own that go with the test.
  static func isolated(_ home: URL) -> Program {
    Program(environment: [
      "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
    ])
  }

  func run(_ arguments: String..., input: String = "") throws -> Result { try run(arguments, input: input) }

  func run(_ arguments: [String], input: String = "") throws -> Result {
    let process = Process()
    let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
    let words = launcher + [Program.url.path] + arguments
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = environment
    (process.standardOutput, process.standardError, process.standardInput) = (output, errors, standardInput)
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    // Both pipes are drained at once, or a long one would block the program.
    let drained = Drained()
    let reader = Thread { drained.set(errors.fileHandleForReading.readDataToEndOfFile()) }
    reader.start()
    let out = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: out, as: UTF8.self),
      errors: String(decoding: drained.wait(), as: UTF8.self))
  }
}

/// What another thread read, once it has.
private final class Drained: Sendable {
  private let (stream, continuation) = (DispatchSemaphore(value: 0), Box())
  func set(_ data: Data) {
    continuation.data = data
    stream.signal()
  }
  func wait() -> Data {
    stream.wait()
    return continuation.data
  }
  /// Written before the semaphore is signalled and read after it was waited for.
  private final class Box: @unchecked Sendable { var data = Data() }
}

/// `gatehouse sandbox serve` as a child process, ended with the value.
final class ServedSandbox {
  let handover: JSON
  private let process = Process()

  convenience init(_ arguments: String..., in program: Program) throws {
    try self.init(arguments: arguments, in: program)
  }

  init(arguments: [String], in program: Program) throws {
    let output = Pipe()
    process.executableURL = Program.url
    process.arguments = ["sandbox", "serve"] + arguments
    process.environment = program.environment
    process.standardOutput = output
    try process.run()
    var line = Data()
    while true {
      let byte = try #require(try output.fileHandleForReading.read(upToCount: 1))
      if byte.isEmpty || byte[0] == 0x0A { break }
      line += byte
    }
    handover = try JSON(parsing: line)
  }

  deinit { process.terminate() }

  /// Asks it to end and waits.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  func text(_ path: String) throws -> String { try #require(handover.at(path)?.string) }

  /// The program signed in to this sandbox.
  func client(_ program: Program) throws -> Program {
    var program = program
    program.environment["ANTHROPIC_OAUTH_TOKEN"] = try text("oauth_admin_token")
    program.environment["ANTHROPIC_ADMIN_KEY"] = try text("admin_api_key")
    return program
  }
}

/// A directory that is gone after the test.
struct Scratch: ~Copyable {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "gatehouse-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, _ text: String) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}
