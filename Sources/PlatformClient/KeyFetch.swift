internal import FoundationEssentials
internal import Glibc
internal import Platform

/// Fetches what an issuer publishes: its discovery document, its key set. No credential goes along.
package enum KeyFetch {
  /// More than any key set: the platform reads at most this much.
  private static let limits = CurlTransport.Limits(connect: .seconds(5), whole: .seconds(10), bytes: 1 << 20)

  /// - Parameter certificate: authorities to trust in place of the system's, in PEM.
  /// - Throws: ``TransportFailure``, or ``Problem`` when the answer is not 200.
  package static func fetch(_ url: String, _ certificate: String?) async throws -> [UInt8] {
    let authority = try CertificateFile(certificate)
    defer { authority.remove() }
    let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let slash = url[start...].firstIndex { $0 == "/" || $0 == "?" } ?? url.endIndex
    let target = url[slash...]
    let path = target.prefix { $0 != "?" }
    let query = target.dropFirst(path.count + 1).split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Request.Item(decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
    let transport = CurlTransport(
      base: try BaseURL(String(url[..<slash])), certificates: authority.path, limits: limits)
    let response = try await transport.send(Request(.get, path.isEmpty ? "/" : String(path), query: query))
    guard response.status == 200 else {
      throw Problem(
        "No keys were fetched", because: "\(url) answered \(response.status)", try: "Check the issuer's address.",
        status: response.status)
    }
    return response.body
  }

  /// Undoes percent-encoding; a percent sign that begins none stays.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        bytes.append(UInt8(digits[0] * 16 + digits[1]))
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Certificates as a file, which is how libcurl takes them, for as long as one request lasts.
private struct CertificateFile {
  /// Nil when there are none.
  let path: String?

  init(_ pem: String?) throws {
    guard let pem else {
      path = nil
      return
    }
    var template = Array((FileManager.default.temporaryDirectory.path + "/gatehouse-ca.XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else {
      throw Problem(
        "No keys were fetched", because: "no temporary file could be made", try: "Is the disk full?", kind: .local)
    }
    let bytes = Array(pem.utf8)
    _ = write(file, bytes, bytes.count)
    close(file)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { if let path { unlink(path) } }
}
