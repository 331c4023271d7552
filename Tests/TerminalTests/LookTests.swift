import Interface
import Testing

@testable import Terminal

@Suite("A theme on a terminal")
struct LookTests {
  private static let theme = Theme(
    name: "x",
    styles: [
      .accent: Style(foreground: .rgb(255, 0, 0)), .danger: Style(foreground: .rgb(255, 0, 0), bold: true),
      .selection: Style(background: .ansi(12)),
    ])

  @Test("shares a pair between roles of the same colours, and none for the terminal's own") func pairs() {
    let looks = Look.all(of: Self.theme, colours: 256)
    #expect(looks.count == Role.allCases.count)
    #expect(looks[Role.accent.place].pair == looks[Role.danger.place].pair && looks[Role.accent.place].pair > 0)
    #expect(looks[Role.text.place].pair == 0 && looks[Role.accent.place].foreground == 196)
    #expect(looks[Role.danger.place].attributes == .bold)
  }

  @Test("shows a selection in reverse where there is no colour") func colourless() {
    let looks = Look.all(of: Self.theme, colours: 0)
    #expect(looks.allSatisfy { $0.pair == 0 })
    #expect(looks[Role.selection.place].attributes == .reverse)
  }

  @Test("gives direct colour as a number that ncurses takes") func direct() {
    #expect(Look.all(of: Self.theme, colours: 1 << 24)[Role.selection.place].background == 0x5C5CFF)
  }

  @Test("knows each role's place", arguments: Role.allCases) func places(role: Role) {
    #expect(Role.allCases[role.place] == role)
  }
}

@Suite("The clipboard")
struct ClipboardTests {
  @Test(
    "is written as RFC 4648 has it",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func base64(text: String, coded: String) { #expect(Clipboard.base64(Array(text.utf8)) == coded) }

  @Test("gets lines, and nothing that nobody saw") func harmless() {
    #expect(Clipboard(multiplexer: .none).sequence(for: "a\nb") == "\u{1B}]52;c;YQpi\u{07}")
    #expect(
      Clipboard(multiplexer: .none).sequence(for: "\u{1B}c")
        == "\u{1B}]52;c;\(Clipboard.base64(Array("␛c".utf8)))\u{07}")
  }
}
