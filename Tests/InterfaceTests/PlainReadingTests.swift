import Interface
import Testing

@Suite("A screen read out")
struct PlainReadingTests {
  private func screen(
    selected: Int, note: String = "3 accounts", rows: [String] = ["ci-deploy", "nightly", "backup"]
  ) -> Surface {
    var table = Table()
    table.selected = selected
    var surface = Surface(Size(columns: 60, rows: 9))
    surface.frame(row: 0, column: 0, size: surface.size, title: "Accounts")
    table.render(
      columns: [Table.Column("NAME", .flexible(minimum: 10)), Table.Column("STATE", .fixed(8))], count: rows.count,
      into: &surface,
      row: 1, column: 2, width: 50, height: 6
    ) { [Table.Entry(rows[$0]), "live"] }
    surface.write(note, row: 7, column: 2)
    return surface
  }

  @Test("says one thing a line, without frames, and marks what is selected") func lines() {
    #expect(
      PlainReading.lines(of: screen(selected: 1)) == [
        "Accounts", "NAME, STATE", "ci-deploy, live", "> nightly, live", "backup, live", "3 accounts",
      ])
  }

  @Test("says everything once, then only what is news") func announcing() {
    var reading = PlainReading()
    #expect(reading.announce(screen(selected: 0)).count == 6)
    #expect(reading.announce(screen(selected: 0)) == [])
    #expect(reading.announce(screen(selected: 2)) == ["> backup, live"])
    #expect(reading.announce(screen(selected: 2, note: "ci-deploy was archived")) == ["ci-deploy was archived"])
    var other = Surface(Size(columns: 60, rows: 9))
    other.write("Audit", row: 0)
    #expect(reading.announce(other) == ["", "Audit"])
  }

  @Test("keeps data from steering the terminal", arguments: Hostile.texts) func hostile(text: String) {
    let lines = PlainReading.lines(of: screen(selected: 0, rows: [text, "x"]))
    #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) } })
  }
}
