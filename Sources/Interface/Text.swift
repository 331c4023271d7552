/// Measuring and cutting text by the columns it takes on a terminal.
package enum Text {
  /// Columns that the text takes once harmless.
  package static func columns(_ text: String) -> Int {
    if text.isPlain { return text.utf8.count }
    var sum = 0
    Glyph.each(in: text) {
      sum += $0.width
      return true
    }
    return sum
  }

  /// The text made harmless, cut to fit with "…" as its last glyph. Nothing when there is no room.
  package static func clipped(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    if text.utf8.count <= columns, text.isPlain { return text }
    if self.columns(text) <= columns { return harmless(text) }
    var (cut, used) = ("", 0)
    Glyph.each(in: text) {
      guard used + $0.width < columns else { return false }
      used += $0.width
      $0.append(to: &cut)
      return true
    }
    return cut + "…"
  }

  /// The text with nothing in it that could steer a terminal or mislead an eye: control characters become pictures
  /// (`␛`), direction and zero-width characters their number (`⟨U+202E⟩`), other invisible ones `�`. A tab is a space.
  package static func harmless(_ text: String) -> String {
    if text.isPlain { return text }
    var result = ""
    Glyph.each(in: text) {
      $0.append(to: &result)
      return true
    }
    return result
  }

  /// Harmless lines of at most so many columns, broken at spaces where there are some. Line breaks in the text stay.
  package static func wrapped(_ text: String, to columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap {
      wrappedLine(String($0), to: columns)
    }
  }

  private static func wrappedLine(_ text: String, to columns: Int) -> [String] {
    let text = harmless(text)
    if self.columns(text) <= columns { return [text] }
    var (lines, line, used) = ([String](), "", 0)
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let width = self.columns(String(word))
      if used + (used > 0 ? 1 : 0) + width <= columns {
        if used > 0 { (line, used) = (line + " ", used + 1) }
        (line, used) = (line + word, used + width)
        continue
      }
      if used > 0 { lines.append(line) }
      (line, used) = ("", 0)
      Glyph.each(in: String(word)) {
        if used + $0.width > columns, used > 0 {
          lines.append(line)
          (line, used) = ("", 0)
        }
        $0.append(to: &line)
        used += $0.width
        return true
      }
    }
    return lines + [line]
  }

  /// Where a word stands in a text, as ranges of characters. Case does not count.
  ///
  /// - Parameter word: in small letters.
  package static func places(of word: String, in text: String) -> [Range<Int>] {
    let wanted = Array(word)
    let letters = text.map { $0.lowercased().first ?? $0 }
    guard !wanted.isEmpty, wanted.count <= letters.count else { return [] }
    var (found, place) = ([Range<Int>](), 0)
    while place + wanted.count <= letters.count {
      if letters[place] == wanted[0], letters[place..<place + wanted.count].elementsEqual(wanted) {
        found.append(place..<place + wanted.count)
        place += wanted.count
      } else {
        place += 1
      }
    }
    return found
  }

  /// The order in which people put names: runs of digits as numbers, case not counted.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    precedes(Array(left.utf8)[...], Array(right.utf8)[...])
  }

  /// The same for texts in UTF-8: sorting takes them apart once and not at every comparison.
  static func precedes(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    var (left, right) = (left, right)
    while let first = left.first, let second = right.first {
      if first.isDigit, second.isDigit {
        let (one, other) = (number(&left), number(&right))
        if one.count != other.count { return one.count < other.count }
        if let (digit, against) = zip(one, other).first(where: { $0 != $1 }) { return digit < against }
        continue
      }
      if first.folded != second.folded { return first.folded < second.folded }
      left.removeFirst()
      right.removeFirst()
    }
    return left.isEmpty && !right.isEmpty
  }

  /// Takes a run of digits, without the zeros before it.
  private static func number(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = bytes.prefix(while: \.isDigit)
    bytes = bytes.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
  fileprivate var folded: UInt8 { UInt8(ascii: "A") <= self && self <= UInt8(ascii: "Z") ? self + 32 : self }
}
