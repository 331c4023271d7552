internal import Glibc
internal import Platform

/// Reads a file or a pipe line by line, without more of it in memory than a line and a block.
struct LineReader {
  /// A line longer than this is no activity, and is passed over.
  static let lineLimit = 8 << 20
  private static let blockSize = 1 << 20

  private let descriptor: CInt
  private var block: [UInt8] = []
  /// What of `block` is not given out yet.
  private var rest = 0..<0
  private var isAtEnd = false
  /// Of the last line, from 1.
  private(set) var number = 0

  init(descriptor: CInt) { self.descriptor = descriptor }

  /// Gives the next line that is not empty, without its end, or nil for one that is too long.
  /// - Returns: the result of `body`; nil at the end of the file.
  mutating func next<Result>(
    _ failure: String, _ body: (UnsafeBufferPointer<UInt8>?) -> Result
  ) throws(Problem) -> Result? {
    while let line = try nextRange(failure) {
      number += 1
      guard let line else { return body(nil) }
      let trimmed = trim(line)
      if !trimmed.isEmpty {
        return block.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[trimmed])) }
      }
    }
    return nil
  }

  /// Without space at its end, the carriage return of other systems, and the mark that some programs begin a file with.
  private func trim(_ line: Range<Int>) -> Range<Int> {
    var line = line
    while let last = line.last, [0x0D, 0x20, 0x09].contains(block[last]) { line = line.dropLast() }
    if number == 1, block[line].starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    return line
  }

  /// - Returns: nil at the end; a nil range for a line that is too long.
  private mutating func nextRange(_ failure: String) throws(Problem) -> Range<Int>?? {
    var searched = 0
    var isTooLong = false
    while true {
      if let end = newline(after: searched) {
        defer { rest = end + 1..<rest.upperBound }
        return .some(isTooLong ? nil : rest.lowerBound..<end)
      }
      searched = rest.count
      if isAtEnd {
        guard isTooLong || !rest.isEmpty else { return .none }
        defer { rest = rest.upperBound..<rest.upperBound }
        return .some(isTooLong ? nil : rest)
      }
      if searched > LineReader.lineLimit {
        isTooLong = true
        (rest, searched) = (rest.upperBound..<rest.upperBound, 0)
      }
      try fill(failure)
    }
  }

  private func newline(after searched: Int) -> Int? {
    block.withUnsafeBytes { bytes in
      let start = rest.lowerBound + searched
      guard start < rest.upperBound, let base = bytes.baseAddress,
        let found = memchr(base + start, 0x0A, rest.upperBound - start)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private mutating func fill(_ failure: String) throws(Problem) {
    block.removeSubrange(..<rest.lowerBound)
    block.removeSubrange(rest.count...)
    rest = 0..<rest.count
    let start = rest.upperBound
    block.append(contentsOf: repeatElement(0, count: LineReader.blockSize))
    let count = block.withUnsafeMutableBytes { bytes in
      var count: Int
      repeat {
        count = read(descriptor, bytes.baseAddress! + start, LineReader.blockSize)
      } while count < 0 && errno == EINTR
      return count
    }
    guard count >= 0 else {
      throw Problem(
        failure, because: "the file was not read: \(String(cString: strerror(errno)))", try: "Check the file.",
        kind: .local)
    }
    isAtEnd = count == 0
    rest = 0..<start + count
  }
}
