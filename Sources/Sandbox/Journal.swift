import FoundationEssentials
import Glibc
import Platform

/// What keeps a sandbox over restarts: an append-only file of JSON Lines. Each line is all that one request changed
/// and is on the disk before the request is answered, so what was acknowledged is there after a kill at any moment;
/// a last line that is not whole was never acknowledged and is left out. The file holds the sandbox's credentials,
/// which open nothing else, and is readable by its owner only.
final class Journal: Sendable {
  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) { (self.descriptor, self.path) = (descriptor, path) }
  deinit { close(descriptor) }

  /// Opens or makes the file at `path`.
  /// - Returns: with the journal the world it holds; nil for a new file.
  /// - Throws: a ``Platform/Problem`` when it cannot be opened, is in use, or is no journal.
  static func open(at path: String) throws(Problem) -> (journal: Journal, world: World?) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw problem(path, String(cString: strerror(errno))) }
    let journal = Journal(descriptor: descriptor, path: path)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw problem(path, "another sandbox has it open") }
    let bytes = try journal.contents()
    // Only whole lines count; the rest of an interrupted one makes room for the next.
    let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    if end < bytes.count, ftruncate(descriptor, end) != 0 { throw problem(path, String(cString: strerror(errno))) }
    guard end > 0 else { return (journal, nil) }
    var world = World(seed: 0)
    var lines = 0
    for line in bytes[..<end].split(separator: 0x0A) {
      lines += 1
      guard let change = try? JSON(parsing: line), world.restore(change) else {
        throw problem(path, "line \(lines) is not a sandbox's")
      }
    }
    // The seed has been used up to here; identifiers must not come again.
    world.random = Randomness(seed: UInt64(lines) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(getpid()) << 32 ^ UInt64(time(nil)))
    world.forgetChanges()
    // The first line of all else is the last that a beginning writes; without it the beginning was never finished.
    guard world.organization.has("id") else {
      guard ftruncate(descriptor, 0) == 0 else { throw problem(path, String(cString: strerror(errno))) }
      return (journal, nil)
    }
    return (journal, world)
  }

  private func contents() throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    lseek(descriptor, 0, SEEK_SET)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.problem(path, String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Appends whole lines and waits until they are on the disk.
  /// - Returns: false when they are not: then nothing may be acknowledged.
  func write(_ lines: [UInt8]) -> Bool {
    guard !lines.isEmpty else { return true }
    var rest = lines[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return fdatasync(descriptor) == 0
  }

  private static func problem(_ path: String, _ cause: String) -> Problem {
    Problem(
      "The sandbox was not started", because: "its state file \(path) cannot be used: \(cause)",
      try: "Name another file, or move this one away.", kind: .local)
  }
}

extension World {
  /// What changed since the last call, as lines of a journal; nothing when nothing did. Of many events there are
  /// lines of their own, before the one with all else, so that reading them back takes little memory.
  mutating func takeChanges() -> [UInt8] {
    var rest: [UInt8] = []
    func add(_ name: String, _ open: String, _ items: some Sequence<some Sequence<UInt8>>, _ close: String) {
      rest += ",\"\(name)\":\(open)".utf8
      rest += items.joined(separator: CollectionOfOne(UInt8(ascii: ",")))
      rest += close.utf8
    }
    for kind in Kind.allCases {
      let changes = self[kind].takeChanges()
      guard !changes.isEmpty else { continue }
      let rows = changes.map {
        "\(JSON.string($0.key).compact):\(($0.document.map(JSON.object) ?? .null).compact)".utf8
      }
      add(kind.rawValue, "{", rows, "}")
    }
    let uses = ledger.takeNew()
    if !uses.isEmpty { add("ledger", "[", uses.map { $0.json.compact.utf8 }, "]") }
    var events = feed.takeNew()[...]
    guard !rest.isEmpty || !events.isEmpty else { return [] }
    var lines: [UInt8] = []
    func tell(_ events: some Sequence<Feed.Entry>) {
      lines += #"{"feed":["#.utf8
      lines += events.map(feed.line).joined(separator: CollectionOfOne(UInt8(ascii: ",")))
      lines.append(UInt8(ascii: "]"))
    }
    while events.count > 1000 {
      tell(events.prefix(1000))
      lines += "}\n".utf8
      events = events.dropFirst(1000)
    }
    tell(events)
    return lines + rest + "}\n".utf8
  }

  mutating func forgetChanges() {
    for kind in Kind.allCases { self[kind].forgetChanges() }
    _ = feed.takeNew()
    _ = ledger.takeNew()
  }

  /// Takes one line of a journal over.
  /// - Returns: false when it is none.
  mutating func restore(_ line: JSON) -> Bool {
    guard let line = line.object else { return false }
    for (name, value) in line {
      if name == "feed" {
        for event in value.array ?? [] {
          guard let event = event.object, let date = JSON.object(event).optionalTime("created_at") else { return false }
          feed.append(event, at: date)
        }
      } else if name == "ledger" {
        for use in value.array ?? [] {
          guard let use = Use(json: use) else { return false }
          ledger.add(use)
        }
      } else {
        guard let kind = Kind(rawValue: name), let rows = value.object else { return false }
        for (key, row) in rows { self[kind][key] = row.object }
      }
    }
    return true
  }
}
