import Federation
import Glibc
import Platform

/// What a command reads from a file named on its command line; `-` is standard input.
enum InputFile {
  /// More than any document that a command takes; a log is streamed, not read whole.
  private static let limit = 16 << 20

  /// A descriptor to read from, which the caller closes.
  static func open(_ path: String) throws(Problem) -> Int32 {
    let file = path == "-" ? STDIN_FILENO : Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
    return file
  }

  static func bytes(_ path: String) throws(Problem) -> [UInt8] {
    let file = try open(path)
    defer { if file != STDIN_FILENO { close(file) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw unreadable(path, String(cString: strerror(errno)))
      }
      bytes += chunk[..<count]
      guard bytes.count <= limit else { throw unreadable(path, "it is larger than 16 MiB") }
    }
  }

  static func text(_ path: String) throws(Problem) -> String {
    guard let text = String(validating: try bytes(path), as: UTF8.self) else {
      throw unreadable(path, "it is not UTF-8")
    }
    return text
  }

  /// - Parameter source: a file, or the JSON itself, which begins with a brace or a bracket.
  static func json(_ source: String) throws(Problem) -> JSON {
    let isInline = source.first == "{" || source.first == "["
    let bytes = isInline ? Array(source.utf8) : try bytes(source)
    do {
      return try JSON(parsing: bytes)
    } catch {
      throw Problem(
        "\(isInline ? "The JSON" : source) was not read", because: "\(error.reason), after \(error.offset) bytes",
        try: "Correct it and try again.", kind: .usage)
    }
  }

  /// Each line that is not blank as JSON, in order.
  static func jsonLines(_ path: String) throws(Problem) -> [JSON] {
    var values: [JSON] = []
    for (index, line) in try bytes(path).split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do {
        values.append(try JSON(parsing: line))
      } catch {
        throw Problem(
          "\(path) was not read", because: "line \(index + 1) is no JSON: \(error.reason)",
          try: "Give one JSON object a line.", kind: .usage)
      }
    }
    return values
  }

  /// The keys of a JWK set, with or without the `{"keys":…}` around them.
  static func keys(_ path: String) throws(Problem) -> [JSON] {
    let json = try json(path)
    guard let keys = json.array ?? json["keys"]?.array, !keys.isEmpty else {
      throw Problem(
        "\(path) was not read", because: "it holds no JWK set", try: "Give {\"keys\":[…]} or the array alone.",
        kind: .usage)
    }
    // What is sent to the platform is also shown and journaled: a private key is stopped here.
    if let fault = KeyDocument.fault(in: JSON.array(keys).compact) {
      throw Problem(
        "\(path) was not used", because: fault, try: "Give the set that the issuer publishes.", kind: .usage)
    }
    return keys
  }

  /// A token as people keep one: alone in the file, or behind the word `Bearer`.
  static func token(_ path: String) throws(Problem) -> Token {
    let text = Secret(try text(path))
    do throws(UnreadableToken) { return try Token(pasted: text) } catch { throw error.problem }
  }

  private static func unreadable(_ path: String, _ cause: String) -> Problem {
    Problem(
      "\(path == "-" ? "Standard input" : path) was not read", because: cause,
      try: "Check the path and its permissions.",
      kind: .local, code: "file_unreadable")
  }
}
