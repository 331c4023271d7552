#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Looks through files in pieces of one buffer, and takes into memory as a whole only those with an anchor in them.
final class FileReader {
  enum Outcome {
    /// No text: zero bytes at its beginning.
    case binary
    /// Text of so many bytes without an anchor.
    case nothing(Int)
    /// The whole of a text with one, in UTF-8.
    case text([UInt8])
    case tooLarge
    case unreadable(String)
  }

  private static let capacity = 256 << 10
  /// What is carried from one piece to the next: more than the longest anchor has.
  private static let overlap = 32
  /// What a zero byte is looked for in.
  private static let head = 8 << 10
  /// More is not taken into memory; nobody writes a text of that size.
  private static let largest = 1 << 30

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity + overlap, alignment: 16)

  deinit {
    // What was read may have been a key.
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    buffer.deallocate()
  }

  /// - Parameter isAlwaysWhole: whether a text is taken without an anchor too.
  func read(_ path: String, isAlwaysWhole: Bool) -> Outcome {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return .unreadable(String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return .unreadable(String(cString: strerror(errno))) }
    // Of a file that is too large to be settings, only credentials are looked for.
    let anchors = status.st_size > Scan.structured ? Anchors.credentials : Anchors.standard
    var (total, carried) = (0, 0)
    while true {
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[carried..<carried + FileReader.capacity])
      guard let count = FileReader.fill(piece, from: file) else { return .unreadable(String(cString: strerror(errno))) }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<(carried + count)])
      let isWide = total == 0 && FileReader.isWide(bytes)
      if total == 0, !isWide, bytes.prefix(FileReader.head).contains(0) { return .binary }
      if isWide || isAlwaysWhole || anchors.occur(in: bytes) { return whole(file, count: Int(status.st_size)) }
      total += count
      if count < FileReader.capacity { return .nothing(total) }
      carried = FileReader.overlap
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.suffix(carried)))
    }
  }

  /// As much as fits, or all there is.
  private static func fill(_ piece: UnsafeMutableRawBufferPointer, from file: Int32) -> Int? {
    var filled = 0
    while filled < piece.count {
      let count = Glibc.read(file, piece.baseAddress.map { $0 + filled }, piece.count - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private func whole(_ file: Int32, count: Int) -> Outcome {
    guard lseek(file, 0, SEEK_SET) == 0 else { return .unreadable(String(cString: strerror(errno))) }
    guard count <= FileReader.largest else { return .tooLarge }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = FileReader.fill(UnsafeMutableRawBufferPointer(buffer), from: file) ?? 0
    }
    return .text(bytes.withUnsafeBytes(FileReader.isWide) ? FileReader.narrow(bytes) : bytes)
  }

  /// UTF-16, by its mark.
  private static func isWide(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))
  }

  /// UTF-16 with its mark as UTF-8 without one.
  private static func narrow(_ bytes: [UInt8]) -> [UInt8] {
    let isLittle = bytes[0] == 0xFF
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { index -> UInt16 in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
