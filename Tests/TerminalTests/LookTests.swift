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

  @Test("goes through what stands between, as it wants it") func multiplexers() {
    #expect(
      Clipboard(multiplexer: .tmux).sequence(for: "foo")
        == "\u{1B}]52;c;Zm9v\u{07}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{07}\u{1B}\\")
    #expect(Clipboard(multiplexer: .screen).sequence(for: "foo") == "\u{1B}P\u{1B}]52;c;Zm9v\u{07}\u{1B}\\")
    let parts = Clipboard(multiplexer: .screen).sequence(for: String(repeating: "x", count: 999)).split(
      separator: "\u{1B}\\")
    #expect(parts.count > 10 && parts.allSatisfy { $0.hasPrefix("\u{1B}P") && $0.count <= 80 })
    let joined = parts.map { $0.dropFirst(2) }.joined()
    #expect(joined == Clipboard(multiplexer: .none).sequence(for: String(repeating: "x", count: 999)))
  }
}
