package import FoundationEssentials

extension Date {
  /// A time as people type it, in UTC: `2026-11-24T09:14:07Z`, `2026-11-24T09:14`, `2026-11-24`, `09:14` (today),
  /// `now`, `today`, `yesterday`, or before now, `-90s`, `-15m`, `-2h`, `-7d`, `-4w`; nil for anything else.
  package init?(moment text: String, now: Date) {
    let today = String(now.timestampToSecond.prefix(10))
    switch text {
    case "now": self = now
    case "today": self.init(timestamp: today + "T00:00:00Z")
    case "yesterday":
      guard let midnight = Date(timestamp: today + "T00:00:00Z") else { return nil }
      self = midnight.addingTimeInterval(-86400)
    default:
      if text.first == "-" {
        guard let ago = Date.span(text.dropFirst()) else { return nil }
        self = now.addingTimeInterval(-ago)
      } else if let date = Date.completions(of: text, today: today).lazy.compactMap(Date.init(timestamp:)).first {
        self = date
      } else {
        return nil
      }
    }
  }

  /// What `text` may be short for.
  private static func completions(of text: String, today: String) -> [String] {
    [
      text, text + "Z", text + ":00Z", text + "T00:00:00Z", today + "T" + text + "Z", today + "T" + text + ":00Z",
    ]
  }

  /// Seconds of `90s`, `15m`, `2h`, `7d`, `4w`.
  private static func span(_ text: Substring) -> TimeInterval? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
    guard let unit = text.last.flatMap({ units[$0] }), let count = UInt32(text.dropLast()) else { return nil }
    return Double(count) * unit
  }
}
