internal import Federation
internal import Platform

/// A change as a binary patch of git's: what goes is told by where it stood, so a key that goes is not in it. git apply
/// takes it, for exactly the file that it was made for; patch does not.
///
/// git's `Documentation/gitformat-pack.adoc` has the delta, its `diff.c` and `base85.c` the rest.
enum GitDelta {
  static func text(path: String, before: [UInt8], after: [UInt8]) -> String {
    let (old, new) = (UnifiedDiff.quoted("a/" + path), UnifiedDiff.quoted("b/" + path))
    let delta = delta(from: before, to: after)
    return "diff --git \(old) \(new)\nindex \(name(of: before))..\(name(of: after))\nGIT binary patch\n"
      + "delta \(delta.count)\n\(base85(stored(delta)))\n"
  }

  /// What git calls a file with these bytes.
  private static func name(of bytes: [UInt8]) -> String {
    Digest.sha1(Array("blob \(bytes.count)\0".utf8) + bytes).hexadecimal
  }

  // MARK: The delta

  private static func delta(from before: [UInt8], to after: [UInt8]) -> [UInt8] {
    var delta = size(before.count) + size(after.count)
    var (old, copied, inserted): (Int, Range<Int>, [UInt8]) = (0, 0..<0, [])
    func flush() {
      for start in stride(from: copied.lowerBound, to: copied.upperBound, by: 0xFFFF) {
        delta += copy(start, min(0xFFFF, copied.upperBound - start))
      }
      for start in stride(from: 0, to: inserted.count, by: 127) {
        let piece = inserted[start..<min(inserted.count, start + 127)]
        delta += [UInt8(piece.count)] + piece
      }
      (copied, inserted) = (old..<old, [])
    }
    for step in UnifiedDiff.steps(UnifiedDiff.lines(before), UnifiedDiff.lines(after)) {
      let count = step.line.count
      switch step.sign {
      case "+": inserted += step.line
      case "-":
        if inserted.isEmpty { flush() }
        old += count
      default:
        if !inserted.isEmpty || copied.upperBound != old { flush() }
        copied = (copied.isEmpty ? old : copied.lowerBound)..<old + count
        old += count
      }
    }
    flush()
    return delta
  }

  /// Seven bits a byte, the lowest first.
  private static func size(_ count: Int) -> [UInt8] {
    var (bytes, rest): ([UInt8], Int) = ([], count)
    repeat {
      bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  private static func copy(_ offset: Int, _ count: Int) -> [UInt8] {
    var (operation, bytes): (UInt8, [UInt8]) = (0x80, [])
    for (bit, value) in [offset, offset >> 8, offset >> 16, offset >> 24, count, count >> 8].enumerated()
    where value & 0xFF != 0 {
      operation |= 1 << UInt8(bit)
      bytes.append(UInt8(value & 0xFF))
    }
    return [operation] + bytes
  }

  // MARK: Its writing

  /// In the frame of zlib (RFC 1950), not made smaller (RFC 1951 §3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var framed: [UInt8] = [0x78, 0x01]
    let starts = Array(stride(from: 0, to: max(1, bytes.count), by: 0xFFFF))
    for start in starts {
      let piece = bytes[start..<min(bytes.count, start + 0xFFFF)]
      let count = UInt16(piece.count)
      framed.append(start == starts.last ? 1 : 0)
      for half in [count, ~count] { framed += [UInt8(half & 0xFF), UInt8(half >> 8)] }
      framed += piece
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return framed + [UInt8(high >> 8), UInt8(high & 0xFF), UInt8(low >> 8), UInt8(low & 0xFF)]
  }

  private static let digits = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~".utf8)

  /// Lines of at most 52 bytes, each behind a letter for how many.
  private static func base85(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 52) {
      let line = Array(bytes[start..<min(bytes.count, start + 52)])
      text.append(
        line.count <= 26 ? UInt8(ascii: "A") + UInt8(line.count - 1) : UInt8(ascii: "a") + UInt8(line.count - 27))
      for group in stride(from: 0, to: line.count, by: 4) {
        var value = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(group + $1 < line.count ? line[group + $1] : 0) }
        var letters: [UInt8] = []
        for _ in 0..<5 {
          letters.insert(digits[Int(value % 85)], at: 0)
          value /= 85
        }
        text += letters
      }
      text.append(0x0A)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
