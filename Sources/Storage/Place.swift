internal import FoundationEssentials

/// Where an activity stands among all others: its time in sixteenths of a microsecond since 1970, so that the
/// order of places is the order of time and sixteen activities fit in one microsecond. A seventeenth goes to the
/// first free place after them.
struct Place {
  static let perMicrosecond: Int64 = 16

  /// The earliest place of a time.
  static func first(at date: Date) -> Int64 { Date.microseconds(date) * perMicrosecond }
}

extension Date {
  /// Microseconds since 1970, at most ±2^58, which is within 9000 years: no date that is written overflows.
  static func microseconds(_ date: Date) -> Int64 {
    let bound = Double(1 << 58)
    return Int64(max(-bound, min(bound, (date.timeIntervalSince1970 * 1_000_000).rounded())))
  }
}
