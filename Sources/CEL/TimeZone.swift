internal import FoundationEssentials

/// Where a zone's clocks stand.
enum TimeZone {
  /// Seconds east of UTC at a moment.
  /// - Parameter zone: `±HH:MM`, the sign optional, or a name of the tz database.
  /// - Returns: nil for a zone that is unknown, or unknown to this machine.
  static func offset(of zone: String, at seconds: Int64) -> Int64? {
    var scanner = DigitScanner(zone)
    if let offset = scanner.offset(needsSign: false), scanner.isAtEnd { return offset }
    if zone == "UTC" || zone == "GMT" { return 0 }
    return ZoneFile(named: zone)?.offset(at: seconds)
  }
}

/// One zone of the tz database, compiled as RFC 9636 has it.
private struct ZoneFile {
  /// When clocks were changed, in ascending order, and to which of `offsets`.
  private var changes: [(at: Int64, offset: Int)] = []
  private var offsets: [Int64] = []
  /// What holds after the last change.
  private var rule: ZoneRule?

  init?(named name: String) {
    let isPlain = name.utf8.allSatisfy { $0.continuesName || "/+-".utf8.contains($0) }
    guard isPlain, !name.isEmpty, !name.hasPrefix("/"), name.utf8.count < 64,
      let data = try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/" + name))
    else { return nil }
    var reader = BigEndianReader(bytes: Array(data))
    guard var counts = reader.header() else { return nil }
    if counts.version >= 2 {
      // The first block has 32-bit times for old programs; the second has all of them.
      reader.index += counts.bodySize(ofTime: 4)
      guard let second = reader.header() else { return nil }
      counts = second
    }
    let timeSize = counts.version >= 2 ? 8 : 4
    guard reader.index + counts.bodySize(ofTime: timeSize) <= reader.bytes.count else { return nil }
    let times = (0..<counts.times).map { _ in reader.integer(timeSize) }
    let kinds = (0..<counts.times).map { _ in Int(reader.integer(1) & 0xFF) }
    offsets = (0..<counts.kinds).map { _ in
      defer { reader.index += 2 }
      return reader.integer(4)
    }
    guard !offsets.isEmpty, kinds.allSatisfy(offsets.indices.contains) else { return nil }
    changes = zip(times, kinds).map { ($0, $1) }
    reader.index += counts.letters + counts.leaps * (timeSize + 4) + counts.standards + counts.universals
    guard counts.version >= 2, reader.index < reader.bytes.count else { return }
    let footer = reader.bytes[(reader.index + 1)...].prefix { $0 != .lineFeed }
    rule = ZoneRule(String(decoding: footer, as: UTF8.self))
  }

  func offset(at seconds: Int64) -> Int64 {
    guard let last = changes.last else { return rule?.offset(at: seconds) ?? offsets[0] }
    if seconds >= last.at, let rule { return rule.offset(at: seconds) }
    return offsets[changes.last { $0.at <= seconds }?.offset ?? 0]
  }
}

private struct BigEndianReader {
  struct Counts {
    let version, universals, standards, leaps, times, kinds, letters: Int

    func bodySize(ofTime size: Int) -> Int {
      times * (size + 1) + kinds * 6 + letters + leaps * (size + 4) + standards + universals
    }
  }

  let bytes: [UInt8]
  var index = 0

  /// Signed, so many bytes; zero past the end.
  mutating func integer(_ size: Int) -> Int64 {
    guard index + size <= bytes.count else { return 0 }
    let raw = bytes[index..<index + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    index += size
    return size == 8 ? Int64(bitPattern: raw) : size == 4 ? Int64(Int32(truncatingIfNeeded: raw)) : Int64(raw)
  }

  mutating func header() -> Counts? {
    guard index + 44 <= bytes.count, bytes[index...].starts(with: "TZif".utf8) else { return nil }
    let version = Int(bytes[index + 4]) - 0x30
    index += 20
    let counts = (0..<6).map { _ in Int(integer(4)) }
    guard counts.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else { return nil }
    return Counts(
      version: version, universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3],
      kinds: counts[4], letters: counts[5])
  }
}

/// A yearly rule such as `CST6CDT,M3.2.0,M11.1.0` (POSIX, extended by RFC 9636 §3.3.1).
private struct ZoneRule {
  private enum Day {
    /// 1 to 365, 29 February never counted.
    case julian(Int)
    /// 0 to 365.
    case ordinal(Int)
    /// The `week`-th such weekday of a month, 5 the last.
    case weekday(month: Int, week: Int, day: Int)

    func day(in year: Int) -> Int64 {
      let first = Civil.day(year: year, month: 1, day: 1)
      switch self {
      case .ordinal(let day): return first + Int64(day)
      case .julian(let day):
        return first + Int64(day - 1) + (Civil.days(in: 2, of: year) == 29 && day > 59 ? 1 : 0)
      case .weekday(let month, let week, let weekday):
        let start = Civil.day(year: year, month: month, day: 1)
        let ahead = Int64(weekday - Civil(seconds: start * 86400).weekday).flooredDivision(by: 7).remainder
        let day = ahead + Int64(week - 1) * 7
        return start + (day < Int64(Civil.days(in: month, of: year)) ? day : day - 7)
      }
    }
  }

  private let standard: Int64
  private let summer: Int64
  private let start: (day: Day, time: Int64)?
  private let end: (day: Day, time: Int64)?

  init?(_ text: String) {
    var scanner = RuleScanner(rest: text[...])
    guard scanner.skipName(), let west = scanner.time() else { return nil }
    standard = -west
    guard scanner.skipName() else {
      (summer, start, end) = (standard, nil, nil)
      return
    }
    summer = scanner.time().map { -$0 } ?? standard + 3600
    guard let start = scanner.change(Self.day), let end = scanner.change(Self.day) else { return nil }
    (self.start, self.end) = (start, end)
  }

  private static func day(_ scanner: inout RuleScanner) -> Day? {
    if scanner.skip("M") {
      guard let month = scanner.number(), scanner.skip("."), let week = scanner.number(), scanner.skip("."),
        let day = scanner.number(), (1...12).contains(month), (1...5).contains(week), day < 7
      else { return nil }
      return .weekday(month: month, week: week, day: day)
    }
    if scanner.skip("J") { return scanner.number().map { .julian($0) } }
    return scanner.number().map { .ordinal($0) }
  }

  func offset(at seconds: Int64) -> Int64 {
    guard let start, let end else { return standard }
    let year = Civil(seconds: seconds + standard).year
    let summerStart = start.day.day(in: year) * 86400 + start.time - standard
    let summerEnd = end.day.day(in: year) * 86400 + end.time - summer
    let isSummer =
      summerStart < summerEnd
      ? (summerStart..<summerEnd).contains(seconds) : !(summerEnd..<summerStart).contains(seconds)
    return isSummer ? summer : standard
  }
}

private struct RuleScanner {
  var rest: Substring

  mutating func skip(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  mutating func skipName() -> Bool {
    let start = rest
    if skip("<") {
      rest = rest.drop { $0 != ">" }
      return skip(">")
    }
    rest = rest.drop { $0.isLetter }
    return rest.startIndex > start.startIndex
  }

  mutating func number() -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return Int(digits)
  }

  /// `[±]h[:mm[:ss]]` in seconds.
  mutating func time() -> Int64? {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    guard let hours = number() else { return nil }
    var seconds = hours * 3600
    if skip(":") { seconds += (number() ?? 0) * 60 }
    if skip(":") { seconds += number() ?? 0 }
    return Int64(isNegative ? -seconds : seconds)
  }

  /// `,day[/time]`; the time is 02:00 where it is left out.
  mutating func change<Day>(_ day: (inout RuleScanner) -> Day?) -> (day: Day, time: Int64)? {
    guard skip(","), let day = day(&self) else { return nil }
    return (day, skip("/") ? time() ?? 7200 : 7200)
  }
}
