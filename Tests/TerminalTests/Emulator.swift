/// As much of a terminal as ncurses asks of an xterm: enough to know what a person sees.
struct Emulator {
  private(set) var rows: [[Character]]
  private(set) var row = 0, column = 0
  /// Private modes that are on: 1049 the alternate screen, 25 the cursor, 1000 the mouse, 2004 the paste …
  private(set) var modes = Self.usualModes
  /// Those of a terminal nobody has changed: lines wrap, and the cursor shows.
  static let usualModes: Set<Int> = [7, 25]
  /// What came that this does not know; empty when the picture can be trusted.
  private(set) var unknown: Set<String> = []
  private(set) var clipboard: [String] = []
  private var top = 0, bottom: Int
  private var pending: [Unicode.Scalar] = []
  private var bytes: [UInt8] = []
  private var last: Character = " "

  init(columns: Int, rows count: Int) {
    rows = Array(repeating: Array(repeating: " ", count: columns), count: count)
    bottom = count - 1
  }

  private var columns: Int { rows[0].count }

  var text: String {
    rows.map { String(String($0.filter { $0 != "\0" }.reversed().drop { $0 == " " }.reversed())) }.joined(
      separator: "\n")
  }

  mutating func resize(columns: Int, rows count: Int) {
    rows = (0..<count).map { place in
      let old = rows.indices.contains(place) ? rows[place] : []
      return Array((old + Array(repeating: " ", count: columns)).prefix(columns))
    }
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
    rows[row][column] = character
    if width == 2 { rows[row][column + 1] = "\0" }
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
    let blank = Array(repeating: Character(" "), count: columns)
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
    func blank(_ range: Range<Int>) { for place in range.clamped(to: 0..<columns) { rows[row][place] = " " } }
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
      for line in others { rows[line] = Array(repeating: " ", count: columns) }
    case "K": blank([column..<columns, 0..<column + 1, 0..<columns][min(2, numbers.first ?? 0)])
    case "X": blank(column..<column + count)
    case "P":
      rows[row].removeSubrange(column..<min(columns, column + count))
      rows[row] += Array(repeating: " ", count: columns - rows[row].count)
    case "@":
      rows[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
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
    case "m", "h", "l", "t": break
    default: unknown.insert("CSI \(text)\(final)")
    }
  }
}
