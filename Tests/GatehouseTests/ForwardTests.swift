import Foundation
import Platform
import Synchronization
import Testing

/// Forwarding by command: the real program, and receivers that listen on this machine.
@Suite("Forwarding by command")
struct ForwardTests {
  private static func lines(_ count: Int) -> String {
    (0..<count).map { number in
      let time = "2026-11-24T09:00:00.\(String(100_000 + number))Z"
      return #"{"id":"activity_01F\#(number)","created_at":"\#(time)","type":"x","actor":{"type":"system_actor"}}"#
        + "\n"
    }.joined()
  }

  /// The identifiers in frames of `LENGTH SPACE MESSAGE`; nil where they are not whole.
  private static func identifiers(_ stream: [UInt8]) -> [String]? {
    var (rest, found) = (stream[...], [String]())
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != 0x20 }
      guard let count = Int(String(decoding: digits, as: UTF8.self)), rest.count > digits.count + count else {
        return nil
      }
      let message = String(decoding: rest.dropFirst(digits.count + 1).prefix(count), as: UTF8.self)
      guard message.hasPrefix("<110>1 2026-11-24T09:00:00."), let id = message.firstMatch(of: /activity_01F\d+/) else {
        return nil
      }
      found.append(String(id.0))
      rest = rest.dropFirst(digits.count + 1 + count)
    }
    return found
  }

  @Test("takes all to a receiver by TCP, goes on where it stopped, and after kill -9 misses none")
  func stream() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    let sink = try Sink()
    #expect(try program.run(["audit", "import", "-"], input: Self.lines(1200)).status == 0)
    let forward = ["audit", "forward", "--to", "syslog+tcp://127.0.0.1:\(sink.port)", "--json"]
    let dry = try program.run(forward + ["--dry-run"])
    #expect(try dry.object["waiting"] == 1200, "\(dry.errors)")
    let killed = Process()
    killed.executableURL = Program.url
    killed.arguments = forward
    killed.environment = program.environment
    killed.standardOutput = FileHandle.nullDevice
    try killed.run()
    sink.wait { !$0.isEmpty }
    kill(killed.processIdentifier, SIGKILL)
    killed.waitUntilExit()
    let rest = try program.run(forward)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try program.run(forward).object["forwarded"] == 0)
    let streams = sink.streams.compactMap(Self.identifiers)
    #expect(Set(streams.joined()).count == 1200)
  }

  @Test("says that nobody is there, and sends it all later")
  func nobody() throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    _ = try program.run(["audit", "import", "-"], input: Self.lines(2))
    let refused = try program.run(
      "audit", "forward", "--to", "loki+https://127.0.0.1:9", "--secret-env", "NONE", "--json")
    #expect(refused.status == 3, "no credential: \(refused.errors)")
    let bad = try program.run("audit", "forward", "--to", "loki+http://logs.example")
    #expect(bad.status == 2)
  }

  @Test(
    "rsyslog of Debian takes what is sent by UDP and by TCP",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/rsyslogd")),
    arguments: ["tcp", "udp"])
  func rsyslog(way: String) throws {
    let scratch = try Scratch()
    let program = Program.isolated(scratch.url)
    _ = try program.run(["audit", "import", "-"], input: Self.lines(40))
    let port = try Sink.freePort(isDatagram: way == "udp")
    let output = scratch.url.path + "/received"
    let configuration = try scratch.file(
      "rsyslog.conf",
      """
      global(workDirectory="\(scratch.url.path)" maxMessageSize="64k")
      module(load="im\(way)")
      input(type="im\(way)" address="127.0.0.1" port="\(port)")
      template(name="parts" type="string"
        string="%protocol-version%|%pri%|%timereported:::date-rfc3339%|%app-name%|%msgid%|%structured-data%|%msg%\\n")
      action(type="omfile" file="\(output)" template="parts")
      """)
    let receiver = Process()
    receiver.executableURL = URL(filePath: "/usr/sbin/rsyslogd")
    receiver.arguments = ["-n", "-f", configuration, "-i", scratch.url.path + "/pid"]
    receiver.standardError = FileHandle.nullDevice
    try receiver.run()
    defer {
      kill(receiver.processIdentifier, SIGKILL)
      receiver.waitUntilExit()
    }
    let end = ContinuousClock.now + .seconds(30)
    func received() -> [Substring] {
      ((try? String(contentsOfFile: output, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    // It takes a moment to listen; what is sent by UDP before is lost, so it is sent under another name again.
    var attempt = 0
    while received().count < 40 {
      try #require(ContinuousClock.now < end, "rsyslog must receive")
      attempt += 1
      _ = try program.run(
        "audit", "forward", "--to", "syslog+\(way)://127.0.0.1:\(port)", "--name", way == "udp" ? "\(attempt)" : "one")
    }
    let parts = received()[0].split(separator: "|", maxSplits: 6).map(String.init)
    #expect(parts[0] == "1" && parts[1] == "110" && parts[3] == "gatehouse" && parts[4] == "x")
    #expect(parts[2] == "2026-11-24T09:00:00.100000Z" && parts[5].hasPrefix("[origin software=\"gatehouse\""))
    #expect(
      try JSON(parsing: parts[6].trimmingCharacters(in: .whitespaces))["id"]?.string?.hasPrefix("activity_01F") == true)
  }
}

/// Takes what it is sent by TCP, and closes when the other end has.
private final class Sink: Sendable {
  let port: UInt16
  private let listening: Int32
  private let taken = Mutex<[[UInt8]]>([])
  /// What came, for each connection; those that broke off too.
  var streams: [[UInt8]] { taken.withLock { $0 } }

  init() throws {
    (listening, port) = try Sink.bound(isDatagram: false)
    guard listen(listening, 16) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listening, nil, nil)
        guard connection >= 0 else { return }
        let number = taken.withLock { streams in
          streams.append([])
          return streams.count - 1
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
          let count = recv(connection, &buffer, buffer.count, 0)
          guard count > 0 else { break }
          taken.withLock { $0[number] += buffer[..<count] }
        }
        close(connection)
      }
    }
  }

  deinit { close(listening) }

  func wait(until isReached: ([[UInt8]]) -> Bool) {
    while !isReached(streams) { sched_yield() }
  }

  static func freePort(isDatagram: Bool) throws -> UInt16 {
    let (socket, port) = try bound(isDatagram: isDatagram)
    close(socket)
    return port
  }

  private static func bound(isDatagram: Bool) throws -> (Int32, UInt16) {
    let socket = Glibc.socket(AF_INET, Int32((isDatagram ? SOCK_DGRAM : SOCK_STREAM).rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        guard bind(socket, $0, size) == 0, getsockname(socket, $0, &size) == 0 else {
          throw POSIXError(.EADDRNOTAVAIL)
        }
      }
    }
    return (socket, UInt16(bigEndian: address.sin_port))
  }
}
