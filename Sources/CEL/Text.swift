/// Text as UTF-8. Swift's own comparison works on canonically equivalent graphemes, which the language does not:
/// equal bytes are equal code points, bytes order as code points do, and a search for bytes is exact.
extension String {
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  @inline(__always)
  func hasSameScalars(as other: String) -> Bool {
    utf8.count == other.utf8.count && withBytes { left in other.withBytes { right in left.elementsEqual(right) } }
  }

  func precedes(_ other: String) -> Bool {
    withBytes { left in other.withBytes { right in left.lexicographicallyPrecedes(right) } }
  }

  func startsWith(_ prefix: String) -> Bool {
    withBytes { text in prefix.withBytes { text.count >= $0.count && text.prefix($0.count).elementsEqual($0) } }
  }

  func endsWith(_ suffix: String) -> Bool {
    withBytes { text in suffix.withBytes { text.count >= $0.count && text.suffix($0.count).elementsEqual($0) } }
  }

  /// Whether `part` occurs anywhere, found in linear time (Knuth, Morris and Pratt), for claims are not ours.
  func contains(bytesOf part: String) -> Bool {
    withBytes { text in
      part.withBytes { part in
        guard !part.isEmpty else { return true }
        guard text.count >= part.count else { return false }
        var fallback = [0]
        var matched = 0
        for byte in part.dropFirst() {
          while matched > 0, part[matched] != byte { matched = fallback[matched - 1] }
          if part[matched] == byte { matched += 1 }
          fallback.append(matched)
        }
        matched = 0
        for byte in text {
          while matched > 0, part[matched] != byte { matched = fallback[matched - 1] }
          if part[matched] == byte { matched += 1 }
          if matched == part.count { return true }
        }
        return false
      }
    }
  }
}
