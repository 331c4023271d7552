internal import FoundationEssentials

/// Reads activities straight from JSON text, for imports of millions. It takes what is written plainly and leaves
/// the rest to ``JSON/init(parsing:duplicates:)``; what it takes, that takes too, with the same result.
package struct ActivityScanner {
  /// What was found in the last text taken. ``id`` has its prefix.
  package private(set) var id: [UInt8] = []
  package private(set) var type: [UInt8] = []
  package private(set) var microseconds: Int64 = 0
  package private(set) var text = ActivityText()

  private var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var position = 0
  /// The names of the members of all objects that are open, to see when one is there twice.
  private var names: [Range<Int>] = []
  private var hasTime = false

  /// Deeper texts, and objects with more members, are left to the other reader.
  private static let depthLimit = 32
  private static let memberLimit = 64

  package init() {}

  /// - Returns: whether the text was taken, as one activity.
  package mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    (self.bytes, position, hasTime) = (bytes, 0, false)
    id.removeAll(keepingCapacity: true)
    type.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    text.removeAll()
    skipSpace()
    guard next == UInt8(ascii: "{"), object(at: nil, depth: 0) else { return false }
    skipSpace()
    guard position == bytes.count, hasTime, !type.isEmpty, ActivityScanner.isActivityID(id) else { return false }
    text.finish()
    return true
  }

  private static func isActivityID(_ id: [UInt8]) -> Bool {
    let prefix = Activity.idPrefix.utf8.count + 1
    return (prefix + 1...prefix + 64).contains(id.count)
      && id.withUnsafeBufferPointer { $0.hasPrefix("activity_") && Identifier.isOne($0) }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 0x20 {
      guard bytes[position] == 0x20 || [0x0A, 0x0D, 0x09].contains(bytes[position]) else { return }
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(at place: ActivityText.Place, depth: Int) -> Bool {
    switch next {
    case UInt8(ascii: "\""): return stringValue(at: place)
    case UInt8(ascii: "{"): return object(at: place, depth: depth)
    case UInt8(ascii: "["): return array(at: place, depth: depth)
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number(at: place)
    }
  }

  private mutating func word(_ word: StaticString) -> Bool {
    guard UnsafeBufferPointer(rebasing: bytes[position...]).hasPrefix(word) else { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  /// - Parameter outer: nil for the activity itself.
  private mutating func object(at outer: ActivityText.Place?, depth: Int) -> Bool {
    guard depth < ActivityScanner.depthLimit else { return false }
    position += 1
    let first = names.count
    skipSpace()
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      skipSpace()
      guard let name = plainString(), isNew(name, since: first) else { return false }
      names.append(name)
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipSpace()
      let key = ActivityKey(slice(name))
      let place = ActivityText.Place(key, isTop: outer == nil, isActor: outer?.isActor ?? (key == .actor))
      if outer == nil, key == .envelope || key == .type, !envelope(name) { return false }
      guard value(at: place, depth: depth + 1) else { return false }
      skipSpace()
    } while take(UInt8(ascii: ","))
    names.removeSubrange(first...)
    return take(UInt8(ascii: "}"))
  }

  private mutating func array(at place: ActivityText.Place, depth: Int) -> Bool {
    guard depth < ActivityScanner.depthLimit else { return false }
    position += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      skipSpace()
      guard value(at: place, depth: depth + 1) else { return false }
      skipSpace()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range])
  }

  private func isNew(_ name: Range<Int>, since first: Int) -> Bool {
    guard names.count - first < ActivityScanner.memberLimit else { return false }
    return names[first...].allSatisfy { $0.count != name.count || !slice($0).elementsEqual(slice(name)) }
  }

  /// Looks ahead at a member that every activity has.
  private mutating func envelope(_ name: Range<Int>) -> Bool {
    let start = position
    defer { position = start }
    switch name.count {
    case 2:
      guard let value = plainString() else { return false }
      id.append(contentsOf: slice(value))
    case 4:
      guard let value = plainString() else { return false }
      type.append(contentsOf: slice(value))
    case 10:
      guard let value = plainString(), let seconds = Date.seconds(timestamp: slice(value)) else { return false }
      microseconds = Date(timeIntervalSince1970: seconds).microseconds
      hasTime = true
    default: break
    }
    return true
  }

  private mutating func number(at place: ActivityText.Place) -> Bool {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { guard digits() else { return false } }
    if take(UInt8(ascii: ".")) { guard digits() else { return false } }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() else { return false }
    }
    text.number(slice(start..<position), at: place)
    return true
  }

  private mutating func digits() -> Bool {
    let start = position
    while next?.isASCIIDigit == true { position += 1 }
    return position > start
  }

  /// Where the characters of a string are that has neither escapes nor others than ASCII; nil for any other.
  private mutating func plainString() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte == UInt8(ascii: "\"") {
        position = end + 1
        return start..<end
      }
      guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
      end += 1
    }
    return nil
  }

  private mutating func stringValue(at place: ActivityText.Place) -> Bool {
    let start = position
    if let range = plainString() {
      text.string(slice(range), at: place)
      return true
    }
    position = start + 1
    while let next, next != UInt8(ascii: "\"") { position += next == UInt8(ascii: "\\") ? 2 : 1 }
    guard take(UInt8(ascii: "\"")), case .string(var value)? = try? JSON(parsing: slice(start..<position)) else {
      return false
    }
    value.withUTF8 { text.string($0, at: place) }
    return true
  }
}
