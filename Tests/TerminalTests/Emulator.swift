/// As much of a terminal as ncurses asks of an xterm: enough to know what a person sees.
struct Emulator {
  private(set) var rows: [[Cell]]
  private(set) var row = 0, column = 0
  /// Private modes that are on: 1049 the alternate screen, 25 the cursor, 1000 the mouse, 2004 the paste …
  private(set) var modes = Self.usualModes
  /// Those of a terminal nobody has changed: lines wrap, and the cursor shows.
  static let usualModes: Set<Int> = [7, 25]
  /// What came that this does not know; empty when the picture can be trusted.
  private(set) var unknown: Set<String> = []
  private(set) var clipboard: [String] = []
  private var columns: Int
  private var top = 0, bottom: Int
  private var pending: [Unicode.Scalar] = []
  private var bytes: [UInt8] = []
  private var last: Character = " "
  private var look = Look()

  /// The codes in force, colours as they were written.
  struct Look: Hashable {
    var foreground = "", background = ""
    var attributes: Set<Int> = []
  }

  struct Cell: Hashable {
    var character: Character = " "
    var look = Look()

    /// Without what does not show where nothing is written.
    var shown: Cell {
      guard character == " " else { return self }
      let background = Look(background: look.background, attributes: look.attributes.intersection([4, 7]))
      return Cell(character: " ", look: background)
    }
  }

  /// What a person sees, with its looks.
  var picture: [Cell] { rows.flatMap { $0.map(\.shown) } }

  /// What an erased cell has: the background in force.
  private var blankCell: Cell { Cell(look: Look(background: look.background)) }

  init(columns: Int, rows count: Int) {
    rows = Array(repeating: Array(repeating: Cell(), count: columns), count: count)
    (self.columns, bottom) = (columns, count - 1)
  }

  var text: String { rows.map(Self.text(of:)).joined(separator: "\n") }

  private static func text(of row: [Cell]) -> String {
    let end = row.lastIndex { $0.character != " " }.map { $0 + 1 } ?? 0
    return String(row[..<end].map(\.character).filter { $0 != "\0" })
  }

  mutating func resize(columns: Int, rows count: Int) {
    rows = (0..<count).map { place in
      let old = rows.indices.contains(place) ? rows[place] : []
      return Array((old + Array(repeating: Cell(), count: columns)).prefix(columns))
    }
    self.columns = columns
    (top, bottom, row, column) = (0, count - 1, min(row, count - 1), min(column, columns - 1))
  }

  mutating func take(_ new: [UInt8]) {
    bytes += new
    // A character cut in two waits for its rest.
    var whole = bytes.count
    if let start = bytes.suffix(3).lastIndex(where: { $0 >= 0xC0 }) {
      let needed = bytes[start] >= 0xF0 ? 4 : bytes[start] >= 0xE0 ? 3 : 2
      if bytes.count - start < needed { whole = start }
    }
    for scalar in String(decoding: bytes[..<whole], as: UTF8.self).unicodeScalars { take(scalar) }
    bytes.removeFirst(whole)
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    if !pending.isEmpty {
      pending.append(scalar)
      return sequence()
    }
    switch scalar.value {
    case 0x1B: pending = [scalar]
    case 0x08: column = max(0, column - 1)
    case 0x0A: lineFeed()
    case 0x0D: column = 0
    case 0x07, 0x18, 0x0F: break
    case 0..<0x20: unknown.insert("C0 \(scalar.value)")
    default: put(Character(scalar))
    }
  }

  private mutating func put(_ character: Character) {
    let width = Self.width(character)
    guard width > 0 else { return }
    if column + width > columns {
      column = 0
      lineFeed()
    }
    rows[row][column] = Cell(character: character, look: look)
    if width == 2 { rows[row][column + 1] = Cell(character: "\0", look: look) }
    column += width
    last = character
  }

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    if scalar.properties.generalCategory == .nonspacingMark { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF01...0xFF60,
      0x1F300...0x1FAFF:
      return 2
    default: return 1
    }
  }

  private mutating func lineFeed() {
    if row == bottom { scroll(up: 1) } else { row = min(row + 1, rows.count - 1) }
  }

  private mutating func scroll(up count: Int, from first: Int? = nil) {
    let first = first ?? top
    guard first <= bottom else { return }
    let blank = Array(repeating: blankCell, count: columns)
    for _ in 0..<min(abs(count), rows.count) {
      rows.remove(at: count > 0 ? first : bottom)
      rows.insert(blank, at: count > 0 ? bottom : first)
    }
  }

  private mutating func sequence() {
    let text = String(String.UnicodeScalarView(pending))
    guard pending.count > 1, let final = pending.last else { return }
    switch pending[1] {
    case "[":
      guard pending.count > 2, (0x40...0x7E).contains(final.value) else { return }
      control(text.dropFirst(2).dropLast(), final)
    case "]", "P":
      guard final.value == 0x07 || text.hasSuffix("\u{1B}\\") else { return }
      if text.hasPrefix("\u{1B}]52;c;") {
        clipboard.append(String(text.dropFirst(7).dropLast()))
      } else {
        unknown.insert(text)
      }
    case "(", ")":
      guard pending.count == 3 else { return }
    case "M":
      if row == top { scroll(up: -1) } else { row = max(0, row - 1) }
    case "=", ">", "7", "8": break
    default: unknown.insert(text)
    }
    pending = []
  }

  private mutating func control(_ text: Substring, _ final: Unicode.Scalar) {
    if text.first == "?" {
      for mode in text.dropFirst().split(separator: ";").compactMap({ Int($0) }) {
        if final == "h" { modes.insert(mode) } else if final == "l" { modes.remove(mode) }
      }
      return
    }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    func blank(_ range: Range<Int>) { for place in range.clamped(to: 0..<columns) { rows[row][place] = blankCell } }
    switch final {
    case "H", "f":
      row = min(rows.count, max(1, numbers.first ?? 1)) - 1
      column = min(columns, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
    case "A": row = max(0, row - count)
    case "B": row = min(rows.count - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, column - count)
    case "G": column = min(columns, count) - 1
    case "d": row = min(rows.count, count) - 1
    case "J":
      let kind = numbers.first ?? 0
      if kind == 0 { blank(column..<columns) } else if kind == 1 { blank(0..<column + 1) }
      let others = kind == 0 ? row + 1..<rows.count : kind == 1 ? 0..<row : 0..<rows.count
      for line in others { rows[line] = Array(repeating: blankCell, count: columns) }
    case "K": blank([column..<columns, 0..<column + 1, 0..<columns][min(2, numbers.first ?? 0)])
    case "X": blank(column..<column + count)
    case "P":
      rows[row].removeSubrange(column..<min(columns, column + count))
      rows[row] += Array(repeating: blankCell, count: columns - rows[row].count)
    case "@":
      rows[row].insert(contentsOf: Array(repeating: blankCell, count: count), at: column)
      rows[row] = Array(rows[row].prefix(columns))
    case "L": scroll(up: -count, from: row)
    case "M": scroll(up: count, from: row)
    case "S": scroll(up: count)
    case "T": scroll(up: -count)
    case "b": for _ in 0..<count { put(last) }
    case "r":
      top = max(1, numbers.first ?? 1) - 1
      bottom = min(rows.count, numbers.count > 1 && numbers[1] > 0 ? numbers[1] : rows.count) - 1
      (row, column) = (0, 0)
    case "m": setLook(text)
    case "h", "l", "t": break
    default: unknown.insert("CSI \(text)\(final)")
    }
  }

  private mutating func setLook(_ text: Substring) {
    var codes = text.split(separator: ";", omittingEmptySubsequences: false)[...]
    while let code = codes.popFirst() {
      switch Int(code) ?? 0 {
      case 0: look = code.isEmpty || code == "0" ? Look() : colour(String(code))
      case let attribute where attribute < 10: look.attributes.insert(attribute)
      case 38, 48:
        let value = "\(code);\(codes.prefix(2).joined(separator: ";"))"
        codes = codes.dropFirst(2)
        look = colour(value)
      case 39: look.foreground = ""
      case 49: look.background = ""
      case 30...37, 90...97: look.foreground = String(code)
      case 40...47, 100...107: look.background = String(code)
      case 22: look.attributes.subtract([1, 2])
      case 23...27: look.attributes.remove((Int(code) ?? 20) - 20)
      default: unknown.insert("SGR \(text)")
      }
    }
  }

  private func colour(_ text: String) -> Look {
    var look = look
    if text.hasPrefix("38") { look.foreground = text } else { look.background = text }
    return look
  }
}
