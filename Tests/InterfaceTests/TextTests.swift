import Interface
import Testing

@Suite("Text as a terminal shows it")
struct TextTests {
  @Test(
    "takes the columns that terminals give it",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("作者", 4), ("ｱ", 1), ("한글", 4), ("a\tb", 3),
      ("👩‍💻", 4), ("❤️", 1), ("👍🏽", 2), ("🇩🇪", 2), ("שלום", 4), ("e" + String(repeating: "\u{301}", count: 10_000), 1),
      ("\u{1B}[31m", 5), ("\u{202E}", 8), ("\u{200B}", 8),
    ] as [(String, Int)])
  func columns(text: String, columns: Int) {
    #expect(Text.columns(text) == columns)
    #expect(Text.columns(Text.harmless(text)) == columns)
  }

  @Test(
    "says what an attack would hide",
    arguments: [
      ("\u{1B}]52;c;cm0=\u{07}", "␛]52;c;cm0=␇"), ("a\r\nb", "a␍␊b"), ("\u{9B}2J", "�2J"),
      ("ab\u{202E}cd", "ab⟨U+202E⟩cd"), ("a\u{200B}b", "a⟨U+200B⟩b"), ("\u{FEFF}x", "⟨U+FEFF⟩x"),
      ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"), ("\u{7F}", "␡"), ("\u{2028}", "�"), ("\u{E0041}", "�"),
      ("\u{301}x", "◌\u{301}x"), ("plain", "plain"),
    ])
  func harmless(text: String, shown: String) { #expect(Text.harmless(text) == shown) }

  @Test("keeps bytes that are no UTF-8 as one mark each") func invalid() {
    #expect(Text.harmless(String(decoding: [0x61, 0xFF, 0xC3, 0x28] as [UInt8], as: UTF8.self)) == "a��(")
  }

  @Test(
    "is cut at a glyph, never within one",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("作者作者", 5, "作者…"),
      ("作者作者", 4, "作…"), ("作者", 2, "…"), ("e\u{301}bc", 2, "e\u{301}…"), ("a\u{1B}b", 2, "a…"),
    ] as [(String, Int, String)])
  func clipped(text: String, columns: Int, shown: String) { #expect(Text.clipped(text, to: columns) == shown) }

  @Test(
    "is broken at spaces, and within a word only when it must",
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("one two", 3, ["one", "two"]),
      ("abcdefgh", 3, ["abc", "def", "gh"]),
      ("a\n\nb", 9, ["a", "", "b"]), ("作者作者", 5, ["作者", "作者"]), ("x", 0, []), ("", 5, [""]),
    ] as [(String, Int, [String])])
  func wrapped(text: String, columns: Int, lines: [String]) { #expect(Text.wrapped(text, to: columns) == lines) }

  @Test("never grows past its room, whatever it holds", arguments: Hostile.texts)
  func fits(text: String) {
    for columns in 0...12 {
      #expect(Text.columns(Text.clipped(text, to: columns)) <= columns)
      #expect(Text.wrapped(text, to: columns).allSatisfy { Text.columns($0) <= max(columns, 2) })
    }
  }
}
