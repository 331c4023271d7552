/// Where an activity stands among all others: its time in sixteenths of a microsecond since 1970, so that the
/// order of places is the order of time and sixteen activities fit in one microsecond. A seventeenth goes to the
/// first free place after them.
enum Place {
  private static let perMicrosecond: Int64 = 16

  /// The earliest place of a time.
  static func first(at microseconds: Int64) -> Int64 { microseconds * perMicrosecond }

  /// Microseconds since 1970.
  static func microseconds(of place: Int64) -> Int64 {
    let (quotient, remainder) = place.quotientAndRemainder(dividingBy: perMicrosecond)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
