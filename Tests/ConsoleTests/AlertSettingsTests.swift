import Console
import Foundation
import Operations
import Platform
import Testing

@Suite("Alerts in the settings")
struct AlertSettingsTests {
  private func settings(_ text: String) throws -> Settings {
    let path = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString).toml").path
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Settings(path: path)
  }

  @Test("are read as they are written")
  func read() throws {
    let alerts = try settings(
      """
      theme = "night"
      [[alerts]]
      when = "denials-burst"
      count = 3
      within = "1m"
      ring = true

      [[alerts]]
      name = "mine"
      filter = "outcome:denied repo:acme/*"
      run = ["page", "--team", "x y"]
      quiet = "2h"
      """
    ).alerts
    #expect(alerts.map(\.name) == ["denials-burst", "mine"])
    #expect(alerts[0].condition == .denials(count: 3, within: .seconds(60)))
    #expect(alerts[0].rings && !alerts[0].badges)
    #expect(alerts[1].command == ["page", "--team", "x y"] && alerts[1].quiet == .seconds(7200))
  }

  @Test(
    "are refused with file and line",
    arguments: [
      ("[[alerts]]\nwhen = \"rule-widened\"\n\n[[alerts]]\n# mine\nfilter = \"type:\"\n", ":6", "column 6"),
      ("profile = \"a\"\n[[alerts]]\nring = true\n", ":2", "either when or filter"),
      ("[[alerts]]\nfilter = \"x\"\nquiet = 5\n", ":3", "quiet is no text"),
      ("[[alerts]]\nfilter = \"x\"\nqiet = \"5m\"\n", ":3", "qiet is not known"),
      ("alerts = [{ when = \"never\" }]\n", ".toml", "rule-first-used"),
      ("alerts = 3\n", ".toml", "[[alerts]]"), ("[[alerts]]\nfilter = \n", ":2", ": "),
      ("[[alerts]]\nfilter = \"x\"\n[[alerts]]\nfilter = \"x\"\n", ".toml", "two alerts"),
    ])
  func refused(text: String, place: String, cause: String) throws {
    let problem = #expect(throws: Problem.self) { try settings(text) }
    #expect(problem?.cause.contains("\(place): ") == true && problem?.cause.contains(cause) == true)
  }
}
