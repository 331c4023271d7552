/// Where a zone's clocks stand.
enum TimeZone {
  /// Seconds east of UTC at a moment.
  /// - Parameter zone: `±HH:MM`, the sign optional, or a name of the tz database.
  /// - Returns: nil for an unknown zone.
  static func offset(of zone: String, at seconds: Int64) -> Int64? {
    var scanner = DigitScanner(zone)
    if let offset = scanner.offset(needsSign: false), scanner.isAtEnd { return offset }
    return zone == "UTC" || zone == "GMT" ? 0 : nil
  }
}
