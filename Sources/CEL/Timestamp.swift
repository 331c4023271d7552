/// A moment from 0001-01-01 to the end of 9999, to the nanosecond.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Since 1970-01-01T00:00:00Z, rounded down.
  package let seconds: Int64
  package let nanoseconds: Int32

  static let secondsInRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Nil out of range.
  package init?(seconds: Int64, nanoseconds: Int32 = 0) {
    guard Self.secondsInRange.contains(seconds) else { return nil }
    (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  var nanosecondsSinceEpoch: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

  /// Nil when the sum is out of range.
  func adding(_ nanoseconds: Int128) -> Timestamp? {
    let sum = nanosecondsSinceEpoch + nanoseconds
    let (seconds, rest) = sum.flooredDivision(by: 1_000_000_000)
    return Timestamp(seconds: Int64(seconds), nanoseconds: Int32(rest))
  }

  /// Reads RFC 3339. Nil for another form, a day that does not exist, or a year that is out of range.
  package init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
      let day = scanner.number(2), scanner.skip("T"), let hour = scanner.number(2), scanner.skip(":"),
      let minute = scanner.number(2), scanner.skip(":"), let second = scanner.number(2),
      (1...12).contains(month), (1...Civil.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var nanoseconds = 0
    if scanner.skip(".") {
      guard let fraction = scanner.fraction(digits: 9) else { return nil }
      nanoseconds = fraction
    }
    guard let offset = scanner.skip("Z") ? 0 : scanner.offset(), scanner.isAtEnd else { return nil }
    let time = Int64(hour * 3600 + minute * 60 + second) - offset
    self.init(seconds: Civil.day(year: year, month: month, day: day) * 86400 + time, nanoseconds: Int32(nanoseconds))
  }

  /// RFC 3339 in UTC, a fraction only where there is one, without trailing zeros.
  package var text: String {
    let civil = Civil(seconds: seconds)
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    let time = "\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))"
    return "\(date)T\(time)\(fractionText(Int(nanoseconds)))Z"
  }
}

/// The fields of a calendar and a clock, in the proleptic Gregorian calendar.
struct Civil {
  let year, month, day, hour, minute, second: Int
  /// 0 is Sunday.
  let weekday: Int
  /// Counted from 0.
  let dayOfYear: Int

  /// - Parameter seconds: since 1970 in the zone's own time.
  init(seconds: Int64) {
    let (days, time) = seconds.flooredDivision(by: 86400)
    (hour, minute, second) = (Int(time / 3600), Int(time / 60 % 60), Int(time % 60))
    weekday = Int((days + 4).flooredDivision(by: 7).remainder)
    // Years from March, so that the leap day is the last of its year; eras of 400 years repeat exactly.
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfMarchYear + 2) / 153
    day = Int(dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1)
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    dayOfYear = Int(days - Self.day(year: year, month: 1, day: 1))
  }

  /// Days since 1970-01-01.
  static func day(year: Int, month: Int, day: Int) -> Int64 {
    let shifted = Int64(month > 2 ? year : year - 1)
    let (era, yearOfEra) = shifted.flooredDivision(by: 400)
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Lengths of time as the language writes them.
enum DurationText {
  enum Malformed: Error { case form, range }

  private static let units: [(name: String, nanoseconds: Int128)] = [
    ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
  ]

  /// Reads `-1h2.5s`, `10m`, `0`: a sign, then numbers with a unit.
  static func parse(_ text: String) throws(Malformed) -> Int64 {
    var scanner = DigitScanner(text)
    let isNegative = scanner.skip("-")
    if !isNegative { _ = scanner.skip("+") }
    if scanner.rest == "0" { return 0 }
    var total: Int128 = 0
    repeat {
      let whole = scanner.digits()
      var fraction: Substring = ""
      if scanner.skip(".") { fraction = scanner.digits() }
      guard !(whole.isEmpty && fraction.isEmpty),
        let unit = units.first(where: { scanner.skipUnit($0.name) })
      else { throw .form }
      guard let count = Int128(whole.isEmpty ? "0" : whole), count <= Int128(Int64.max) else { throw .range }
      let digits = String(fraction.prefix(18))
      let scale = (0..<digits.count).reduce(Int128(1)) { scale, _ in scale * 10 }
      total += count * unit.nanoseconds + (Int128(digits) ?? 0) * unit.nanoseconds / scale
      guard total <= Int128(Int64.max) + 1 else { throw .range }
    } while !scanner.isAtEnd
    guard let result = Int64(exactly: isNegative ? -total : total) else { throw .range }
    return result
  }

  /// `60.001s`.
  static func text(nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let fraction = fractionText(Int(magnitude % 1_000_000_000))
    return "\(nanoseconds < 0 ? "-" : "")\(magnitude / 1_000_000_000)\(fraction)s"
  }
}

/// `.5` for 500,000,000 nanoseconds, nothing for none.
private func fractionText(_ nanoseconds: Int) -> String {
  if nanoseconds == 0 { return "" }
  var digits = padded(nanoseconds, 9)
  while digits.hasSuffix("0") { digits.removeLast() }
  return "." + digits
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension FixedWidthInteger {
  /// Rounded towards minus infinity, so that times before 1970 come out right.
  func flooredDivision(by divisor: Self) -> (quotient: Self, remainder: Self) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// Reads the fixed forms of dates, times and offsets.
struct DigitScanner {
  private(set) var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.unicodeScalars.first == character else { return false }
    rest.unicodeScalars.removeFirst()
    return true
  }

  /// A unit that no letter continues: `m` does not match at `ms`.
  mutating func skipUnit(_ unit: String) -> Bool {
    let letters = rest.unicodeScalars.prefix { !("0"..."9").contains($0) && $0 != "." }
    guard letters.elementsEqual(unit.unicodeScalars) else { return false }
    rest = rest[letters.endIndex...]
    return true
  }

  mutating func digits() -> Substring {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return digits
  }

  /// Exactly so many digits.
  mutating func number(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    rest = rest.dropFirst(count)
    return Int(digits)
  }

  /// One to `digits` digits after a point, as a count of the smallest.
  mutating func fraction(digits count: Int) -> Int? {
    let digits = digits()
    guard (1...count).contains(digits.count) else { return nil }
    return Int(digits + String(repeating: "0", count: count - digits.count))
  }

  /// `±HH:MM` in seconds; the sign may be left out of a zone but not of a timestamp.
  mutating func offset(needsSign: Bool = true) -> Int64? {
    let isNegative = skip("-")
    guard isNegative || skip("+") || !needsSign, let hours = number(2), skip(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = Int64(hours * 3600 + minutes * 60)
    return isNegative ? -seconds : seconds
  }
}

extension Timestamp {
  /// Whether a text that is no timestamp is written as one, so that a day that does not exist is told from nonsense.
  static func hasForm(_ text: String) -> Bool {
    var scanner = DigitScanner(text)
    guard scanner.digits().count >= 4 else { return false }
    for mark: Unicode.Scalar in ["-", "-", "T", ":", ":"] {
      guard scanner.skip(mark), scanner.number(2) != nil else { return false }
    }
    if scanner.skip("."), scanner.digits().isEmpty { return false }
    return (scanner.skip("Z") || scanner.offset() != nil) && scanner.isAtEnd
  }
}
