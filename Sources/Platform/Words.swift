/// The words of a text, as searches see them: runs of letters and digits without regard to case; a character of a
/// script that is written without spaces is a word by itself. Of a word, the first 128 bytes count.
enum Words {
  static let limit = 128

  /// Appends each word with a space before it.
  static func append(_ text: UnsafeBufferPointer<UInt8>, to words: inout [UInt8]) {
    // At worst all are single letters.
    let isASCII = words.appendBytes(atMost: text.count + text.count / 2 + 2) { words, end in
      var room = 0
      for byte in text {
        guard byte < 0x80 else { return false }
        guard byte.isASCIIAlphanumeric else {
          room = 0
          continue
        }
        if room == 0 {
          words[end] = 0x20
          end += 1
          room = limit + 1
        }
        guard room > 1 else { continue }
        words[end] = byte.asciiLowercased
        end += 1
        room -= 1
      }
      return true
    }
    if !isASCII { appendCharacters(String(decoding: text, as: UTF8.self), to: &words) }
  }

  static func of(_ text: String) -> [UInt8] {
    var (text, words) = (text, [UInt8]())
    text.withUTF8 { append($0, to: &words) }
    return Array(words.dropFirst())
  }

  private static func appendCharacters(_ text: String, to words: inout [UInt8]) {
    var room = 0
    for scalar in text.lowercased().unicodeScalars {
      let kind = Kind(scalar)
      guard kind != .space else {
        room = 0
        continue
      }
      if room == 0 || kind == .whole {
        words.append(0x20)
        room = limit + 1
      }
      let bytes = UTF8.encode(scalar)!  // every scalar has a UTF-8 form
      guard room > bytes.count else { continue }
      words += bytes
      room = kind == .whole ? 0 : room - bytes.count
    }
  }

  private enum Kind {
    case letter, whole, space

    init(_ scalar: Unicode.Scalar) {
      switch scalar.value {
      case 0..<0x80: self = UInt8(scalar.value).isASCIIAlphanumeric ? .letter : .space
      // Kana and Hangul syllables.
      case 0x3041...0x30FA, 0xAC00...0xD7A3: self = .whole
      default:
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
          self = .letter
        default:
          self = scalar.properties.isIdeographic ? .whole : scalar.properties.isAlphabetic ? .letter : .space
        }
      }
    }
  }
}
