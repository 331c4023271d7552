internal import CNcurses
internal import Interface

/// Turns what ncurses reads into keys and what else a terminal tells. One burst, read without waiting, ends with
/// ``flush()``.
struct KeyDecoder {
  enum Input: Equatable { case scalar(Unicode.Scalar), code(Int32) }

  private enum State {
    case plain
    case escape
    /// Within `ESC [ …` or `ESC O …` that terminfo did not know; `text` is what came after ESC.
    case sequence(text: String)
    /// The three characters after `ESC [ M`: button, column and row, 32 added to each.
    case oldMouse([UInt32])
    case paste(String)
  }

  private var state = State.plain

  /// What is complete with this input.
  mutating func take(_ input: Input) -> [TerminalEvent] {
    switch (state, input) {
    case (.paste(let text), .code(Int32(GH_KEY_PASTE_END))):
      state = .plain
      return [.pressed(.paste(text))]
    case (.paste(let text), .scalar(let scalar)):
      return continuePaste(text, scalar)
    case (.paste, .code):
      return []
    case (_, .code(Int32(GH_KEY_PASTE_START))):
      let before = flush()
      state = .paste("")
      return before
    case (_, .code(Int32(GH_KEY_FOCUS_IN))):
      return flush() + [.focused(true)]
    case (_, .code(Int32(GH_KEY_FOCUS_OUT))):
      return flush() + [.focused(false)]
    case (_, .code(let code)):
      return flush() + (Key(code: code).map { [.pressed($0)] } ?? [])
    case (.plain, .scalar("\u{1B}")):
      state = .escape
      return []
    case (.plain, .scalar(let scalar)):
      return Key(scalar: scalar).map { [.pressed($0)] } ?? []
    case (.escape, .scalar("\u{1B}")):
      return [.pressed(.escape)]
    case (.escape, .scalar(let scalar)) where scalar == "[" || scalar == "O":
      state = .sequence(text: String(Character(scalar)))
      return []
    case (.escape, .scalar(let scalar)):
      state = .plain
      guard let key = Key(scalar: scalar) else { return [.pressed(.escape)] }
      if case .character(let character) = key { return [.pressed(.alt(character))] }
      return [.pressed(.escape), .pressed(key)]
    case (.sequence(let text), .scalar(let scalar)):
      return continueSequence(text, scalar)
    case (.oldMouse(let numbers), .scalar(let scalar)):
      return continueOldMouse(numbers + [scalar.value])
    }
  }

  /// The burst is over: an escape that nothing followed is the key itself. A paste goes on with the next burst.
  mutating func flush() -> [TerminalEvent] {
    switch state {
    case .plain, .paste: return []
    case .escape:
      state = .plain
      return [.pressed(.escape)]
    case .oldMouse:
      state = .plain
      return []
    case .sequence(let text):
      state = .plain
      return text.count == 1 ? text.map { .pressed(.alt($0)) } : []
    }
  }

  /// Where ncurses does not look for the end of a paste it comes as characters, and they are taken off the text.
  private mutating func continuePaste(_ text: String, _ scalar: Unicode.Scalar) -> [TerminalEvent] {
    var text = text
    text.unicodeScalars.append(scalar)
    guard scalar == "~", text.hasSuffix(Self.pasteEnd) else {
      state = .paste(text)
      return []
    }
    state = .plain
    return [.pressed(.paste(String(text.dropLast(Self.pasteEnd.count))))]
  }

  private static let pasteEnd = "\u{1B}[201~"
  /// Longer than any sequence a terminal sends; text that poses as one must not grow without end.
  private static let longest = 64

  /// A sequence ends with a byte from `@` to `~` (ECMA-48 §5.4); an unknown one is passed over whole, so that its
  /// letters are not taken for keys.
  private mutating func continueSequence(_ text: String, _ scalar: Unicode.Scalar) -> [TerminalEvent] {
    let text = text + String(Character(scalar))
    switch scalar.value {
    case 0x20..<0x40 where text.count < Self.longest:
      state = .sequence(text: text)
      return []
    case 0x40...0x7E:
      if text == "[200~" {
        state = .paste("")
        return []
      }
      if text == "[M" {
        state = .oldMouse([])
        return []
      }
      state = .plain
      return event(ofSequence: text).map { [$0] } ?? []
    default:
      state = .plain
      return []
    }
  }

  private func event(ofSequence text: String) -> TerminalEvent? {
    switch text {
    case "[I": return .focused(true)
    case "[O": return .focused(false)
    default: break
    }
    // SGR mouse: ESC [ < button ; column ; row, then M for down or m for up, counted from 1.
    if text.hasPrefix("[<"), text.last == "M" {
      let numbers = text.dropFirst(2).dropLast().split(separator: ";").compactMap { Int($0) }
      return numbers.count == 3 ? mouse(button: numbers[0], column: numbers[1] - 1, row: numbers[2] - 1) : nil
    }
    return Self.known[text].map { .pressed($0) }
  }

  private mutating func continueOldMouse(_ numbers: [UInt32]) -> [TerminalEvent] {
    guard numbers.count == 3 else {
      state = .oldMouse(numbers)
      return []
    }
    state = .plain
    let event = mouse(button: Int(numbers[0]) - 32, column: Int(numbers[1]) - 33, row: Int(numbers[2]) - 33)
    return event.map { [$0] } ?? []
  }

  /// The left button and the wheel; bits 2 to 4 are shift, alt and ctrl, which change nothing.
  private func mouse(button: Int, column: Int, row: Int) -> TerminalEvent? {
    guard column >= 0, row >= 0, button >= 0 else { return nil }
    let position = Position(row: row, column: column)
    switch button & ~0b1_1100 {
    case 0: return .mouse(Mouse(.click, at: position))
    case 64: return .mouse(Mouse(.wheelUp, at: position))
    case 65: return .mouse(Mouse(.wheelDown, at: position))
    default: return nil
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
