internal import CNcurses
internal import Interface

/// Turns what ncurses reads into keys. One burst, read without waiting, ends with ``flush()``.
struct KeyDecoder {
  enum Input: Equatable { case scalar(Unicode.Scalar), code(Int32) }

  private enum State {
    case plain
    case escape
    /// Within `ESC [ …` or `ESC O …` that terminfo did not know; `text` is what came after ESC.
    case sequence(text: String)
    case paste(String)
  }

  private var state = State.plain

  /// Keys that are complete with this input.
  mutating func take(_ input: Input) -> [Key] {
    switch (state, input) {
    case (.paste(let text), .code(Int32(GH_KEY_PASTE_END.rawValue))):
      state = .plain
      return [.paste(text)]
    case (.paste(let text), .scalar(let scalar)):
      state = .paste(text + String(Character(scalar)))
      return []
    case (.paste, .code):
      return []
    case (_, .code(Int32(GH_KEY_PASTE_START.rawValue))):
      let before = flush()
      state = .paste("")
      return before
    case (_, .code(let code)):
      return flush() + (Key(code: code).map { [$0] } ?? [])
    case (.plain, .scalar("\u{1B}")):
      state = .escape
      return []
    case (.plain, .scalar(let scalar)):
      return Key(scalar: scalar).map { [$0] } ?? []
    case (.escape, .scalar("\u{1B}")):
      return [.escape]
    case (.escape, .scalar(let scalar)) where scalar == "[" || scalar == "O":
      state = .sequence(text: String(Character(scalar)))
      return []
    case (.escape, .scalar(let scalar)):
      state = .plain
      guard let key = Key(scalar: scalar) else { return [.escape] }
      if case .character(let character) = key { return [.alt(character)] }
      return [.escape, key]
    case (.sequence(let text), .scalar(let scalar)):
      return continueSequence(text, scalar)
    }
  }

  /// The burst is over: an escape that nothing followed is the key itself. A paste goes on with the next burst.
  mutating func flush() -> [Key] {
    switch state {
    case .plain, .paste: return []
    case .escape:
      state = .plain
      return [.escape]
    case .sequence(let text):
      state = .plain
      return text.count == 1 ? text.map { .alt($0) } : []
    }
  }

  /// A sequence ends with a byte from `@` to `~` (ECMA-48 §5.4); an unknown one is passed over whole, so that its
  /// letters are not taken for keys.
  private mutating func continueSequence(_ text: String, _ scalar: Unicode.Scalar) -> [Key] {
    let text = text + String(Character(scalar))
    switch scalar.value {
    case 0x20..<0x40:
      state = .sequence(text: text)
      return []
    case 0x40...0x7E:
      if text == "[200~" {
        state = .paste("")
        return []
      }
      state = .plain
      return Self.known[text].map { [$0] } ?? []
    default:
      state = .plain
      return []
    }
  }

  /// What terminals send when they are in the other cursor mode than terminfo says.
  private static let known: [String: Key] = [
    "[A": .up, "[B": .down, "[C": .right, "[D": .left, "[H": .home, "[F": .end, "[Z": .backTab,
    "OA": .up, "OB": .down, "OC": .right, "OD": .left, "OH": .home, "OF": .end, "OM": .enter,
    "[1~": .home, "[2~": .insert, "[3~": .delete, "[4~": .end, "[5~": .pageUp, "[6~": .pageDown,
    "[7~": .home, "[8~": .end,
  ]
}

extension Key {
  /// The key of an ncurses code; nil for those that are no key of ours.
  init?(code: Int32) {
    switch code {
    case KEY_UP: self = .up
    case KEY_DOWN: self = .down
    case KEY_LEFT: self = .left
    case KEY_RIGHT: self = .right
    case KEY_HOME, KEY_FIND: self = .home
    case KEY_END, KEY_SELECT, KEY_LL: self = .end
    case KEY_PPAGE: self = .pageUp
    case KEY_NPAGE: self = .pageDown
    case KEY_ENTER: self = .enter
    case KEY_BTAB: self = .backTab
    case KEY_BACKSPACE: self = .backspace
    case KEY_DC: self = .delete
    case KEY_IC: self = .insert
    case KEY_F0 + 1...KEY_F0 + 63: self = .function(Int(code - KEY_F0))
    default: return nil
    }
  }

  /// The key of one character from the terminal; nil for C1, which no key sends.
  init?(scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0: self = .control(" ")
    case 0x08, 0x7F: self = .backspace
    case 0x09: self = .tab
    case 0x0A, 0x0D: self = .enter
    case 0x1B: self = .escape
    case 1...26: self = .control(Character(Unicode.Scalar(UInt8(scalar.value + 0x60))))
    case 28...31: self = .control(Character(Unicode.Scalar(UInt8(scalar.value + 0x40))))
    case 0x80..<0xA0: return nil
    default: self = .character(Character(scalar))
    }
  }
}
