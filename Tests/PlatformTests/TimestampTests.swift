import Foundation
import Platform
import Testing

@Suite("Times as the platform writes them")
struct TimestampTests {
  @Test(
    "are read with any fraction and any offset",
    arguments: [
      ("1970-01-01T00:00:00Z", 0.0), ("2026-11-24T09:14:07.412903Z", 1_795_511_647.412903),
      ("2000-02-29T23:59:59.9Z", 951_868_799.9), ("1969-12-31T23:59:59.5Z", -0.5),
      ("2026-11-24T10:14:07+01:00", 1_795_511_647), ("2026-11-24t08:44:07-00:30", 1_795_511_647),
      ("2016-12-31T23:59:60Z", 1_483_228_800), ("2026-11-24T09:14:07.123456789012Z", 1_795_511_647.123456789012),
    ])
  func read(text: String, seconds: Double) throws {
    let date = try #require(Date(timestamp: text))
    #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_001)
  }

  @Test(
    "are not anything else",
    arguments: [
      "", "2026-11-24", "2026-11-24T09:14Z", "2026-11-24T09:14:07", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
      "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
      "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00+1:00",
      "+026-01-01T00:00:00Z", "２０２６-01-01T00:00:00Z",
    ])
  func refused(text: String) { #expect(Date(timestamp: text) == nil) }

  @Test("are written so that they come back to the microsecond", arguments: 0..<200)
  func roundTrip(number: Int) throws {
    // From the year 1 to about 2300, on an uneven step.
    let date = Date(timeIntervalSince1970: -62_135_596_800 + Double(number) * 363_636_363.123457)
    let again = try #require(Date(timestamp: date.timestamp))
    #expect(abs(again.timeIntervalSince(date)) < 0.000_01)
    #expect(date.timestamp.count == 27)
  }

  @Test("are written alike by Foundation's own formatter")
  func peer() {
    let formatter = ISO8601DateFormatter()
    for day in stride(from: -40_000, to: 60_000, by: 37) {
      let date = Date(timeIntervalSince1970: Double(day) * 86400 + 12345)
      #expect(date.timestampToSecond == formatter.string(from: date))
    }
  }
}
