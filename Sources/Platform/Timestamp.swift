package import FoundationEssentials

extension Date {
  /// Reads RFC 3339: any number of fraction digits, `Z` or an offset; nil for anything else.
  package init?(timestamp text: String) {
    var text = text
    guard let seconds = text.withUTF8({ Date.seconds(timestamp: $0) }) else { return nil }
    self.init(timeIntervalSince1970: seconds)
  }

  /// As ``init(timestamp:)``, in seconds since 1970, straight from bytes: this runs for every activity imported.
  package static func seconds(timestamp bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for index in range {
        guard bytes[index].isASCIIDigit else { return nil }
        value = value * 10 + Int(bytes[index] - 0x30)
      }
      return value
    }
    func has(_ characters: StaticString, _ index: Int) -> Bool {
      index < bytes.count && characters.withUTF8Buffer { $0.contains(bytes[index]) }
    }
    guard let year = number(0..<4), has("-", 4), let month = number(5..<7), has("-", 7), let day = number(8..<10),
      has("Tt ", 10), let hour = number(11..<13), has(":", 13), let minute = number(14..<16), has(":", 16),
      let second = number(17..<19), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    var index = 19
    var fraction = 0.0
    if has(".", index) {
      let start = index + 1
      index = start
      var (digits, scale) = (0.0, 1.0)
      while index < bytes.count, bytes[index].isASCIIDigit {
        // Up to fifteen digits are exact in a Double, and so is their quotient; more say nothing.
        if index - start < 15 { (digits, scale) = (digits * 10 + Double(bytes[index] - 0x30), scale * 10) }
        index += 1
      }
      guard index > start else { return nil }
      fraction = digits / scale
    }
    var offset = 0
    if has("Zz", index) {
      index += 1
    } else if has("+-", index), let hours = number(index + 1..<index + 3), has(":", index + 3),
      let minutes = number(index + 4..<index + 6)
    {
      offset = (hours * 60 + minutes) * 60 * (has("-", index) ? -1 : 1)
      index += 6
    } else {
      return nil
    }
    guard index == bytes.count else { return nil }
    let days = Date.days(year: year, month: month, day: day)
    return Double(days * 86400 + hour * 3600 + minute * 60 + second - offset) + fraction
  }

  /// Microseconds since 1970, as exact as the platform writes its times. Years are 0 to 9999, so none overflows.
  package var microseconds: Int64 {
    let bound = Double(1 << 58)
    return Int64(max(-bound, min(bound, (timeIntervalSince1970 * 1_000_000).rounded())))
  }

  package init(microseconds: Int64) { self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

  /// `2026-11-24T09:14:07.412903Z`: UTC with microseconds, as the platform writes it.
  package var timestamp: String {
    let microseconds = Int((timeIntervalSince1970 * 1_000_000).rounded())
    let second = microseconds.flooredQuotient(1_000_000)
    return "\(Date.text(second)).\(Date.padded(microseconds - second * 1_000_000, 6))Z"
  }

  /// `2026-11-24T09:14:07Z`.
  package var timestampToSecond: String { Date.text(Int(timeIntervalSince1970.rounded(.down))) + "Z" }

  /// `2026-11-24 09:14:07`, UTC, for a column of a table.
  package var columnText: String {
    Date.text(Int(timeIntervalSince1970.rounded(.down)), separator: UInt8(ascii: " "))
  }

  /// In one piece, because every row on a screen has one.
  private static func text(_ seconds: Int, separator: UInt8 = UInt8(ascii: "T")) -> String {
    let day = seconds.flooredQuotient(86400)
    let time = seconds - day * 86400
    let (year, month, dayOfMonth) = civil(day)
    guard (0...9999).contains(year) else {
      let date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2)
      let clock = padded(time / 3600, 2) + ":" + padded(time / 60 % 60, 2) + ":" + padded(time % 60, 2)
      return date + String(UnicodeScalar(separator)) + clock
    }
    return String(unsafeUninitializedCapacity: 19) { bytes in
      var place = 0
      func put(_ number: Int, _ width: Int, then mark: UInt8?) {
        var rest = number
        for offset in (0..<width).reversed() {
          bytes[place + offset] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        place += width
        if let mark {
          bytes[place] = mark
          place += 1
        }
      }
      put(year, 4, then: UInt8(ascii: "-"))
      put(month, 2, then: UInt8(ascii: "-"))
      put(dayOfMonth, 2, then: separator)
      put(time / 3600, 2, then: UInt8(ascii: ":"))
      put(time / 60 % 60, 2, then: UInt8(ascii: ":"))
      put(time % 60, 2, then: nil)
      return place
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap
  /// day is the last of its year.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (
      yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension Int {
  /// Rounded towards minus infinity, so that times before 1970 come out right.
  fileprivate func flooredQuotient(_ divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
