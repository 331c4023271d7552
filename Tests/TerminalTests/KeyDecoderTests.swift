import CNcurses
import Interface
import Testing

@testable import Terminal

@Suite("What a terminal sends")
struct KeyDecoderTests {
  private func events(_ text: String) -> [TerminalEvent] {
    var decoder = KeyDecoder()
    return text.unicodeScalars.flatMap { decoder.take(.scalar($0)) } + decoder.flush()
  }

  @Test(
    "is read as keys",
    arguments: [
      ("j", [.character("j")]), ("作", [.character("作")]), ("\u{1B}", [.escape]), ("\u{1B}\u{1B}", [.escape, .escape]),
      ("\u{1B}x", [.alt("x")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]),
      ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]),
      ("\r\n\t\u{7F}", [.enter, .enter, .tab, .backspace]), ("\u{12}", [.control("r")]), ("\u{1B}[Z", [.backTab]),
      ("\u{1B}[38;5;1mx", [.character("x")]), ("\u{1B}[", [.alt("[")]), ("\u{1B}[1;5", []), ("\u{0}", [.control(" ")]),
      ("\u{9B}", []), ("\u{1B}\r", [.escape, .enter]),
    ] as [(String, [Key])])
  func keys(text: String, keys: [Key]) { #expect(events(text) == keys.map { .pressed($0) }) }

  @Test(
    "is read as clicks, wheels and focus",
    arguments: [
      ("\u{1B}[<0;10;3M\u{1B}[<0;10;3m", [.mouse(Mouse(.click, at: Position(row: 2, column: 9)))]),
      ("\u{1B}[<64;300;1M", [.mouse(Mouse(.wheelUp, at: Position(row: 0, column: 299)))]),
      ("\u{1B}[<81;1;1M", [.mouse(Mouse(.wheelDown, at: Position(row: 0, column: 0)))]), ("\u{1B}[<2;1;1M", []),
      ("\u{1B}[<0;0;1M", []), ("\u{1B}[<0;1M", []), ("\u{1B}[<;;M", []),
      ("\u{1B}[M !!", [.mouse(Mouse(.click, at: Position(row: 0, column: 0)))]),
      ("\u{1B}[M#!!", []), ("\u{1B}[I\u{1B}[O", [.focused(true), .focused(false)]),
    ] as [(String, [TerminalEvent])])
  func others(text: String, expected: [TerminalEvent]) { #expect(events(text) == expected) }

  @Test("is a paste from its mark to its end, whatever is in it, in one burst or several") func pasting() {
    #expect(
      events("a\u{1B}[200~x\n\u{1B}[A\u{1B}[201~b") == [.pressed("a"), .pressed(.paste("x\n\u{1B}[A")), .pressed("b")])
    var decoder = KeyDecoder()
    #expect(decoder.take(.code(Int32(GH_KEY_PASTE_START))).isEmpty)
    #expect(decoder.take(.scalar("x")).isEmpty && decoder.flush().isEmpty)
    #expect(decoder.take(.scalar("\u{1B}")).isEmpty && decoder.flush().isEmpty)
    #expect(decoder.take(.code(Int32(GH_KEY_PASTE_END))) == [.pressed(.paste("x\u{1B}"))])
    #expect(decoder.take(.code(Int32(GH_KEY_FOCUS_IN))) == [.focused(true)])
  }

  @Test("can be anything, and a key after it is still a key", arguments: 0..<50)
  func anything(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: UInt64) -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % bound
    }
    var decoder = KeyDecoder()
    let pieces = ["\u{1B}", "[", "<", "M", "O", ";", "200~", "201~", "1", "x", "作", "\u{7}", "~"]
    for _ in 0..<500 {
      for scalar in pieces[Int(next(UInt64(pieces.count)))].unicodeScalars { _ = decoder.take(.scalar(scalar)) }
      if next(5) == 0 { _ = decoder.flush() }
    }
    _ = decoder.take(.code(Int32(GH_KEY_PASTE_END)))
    _ = decoder.flush()
    _ = "\u{1B}[201~".unicodeScalars.map { decoder.take(.scalar($0)) }
    _ = decoder.flush()
    #expect(decoder.take(.scalar("j")) == [.pressed("j")])
  }
}
