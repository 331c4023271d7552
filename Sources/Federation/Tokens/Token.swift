package import Platform

/// A JSON Web Token (RFC 7519, compact form) that could be read. Whether it is to be believed is for ``KeySet`` and
/// ``Exchange`` to say.
package struct Token: Hashable, Sendable {
  /// Bytes of the whole text; the platform takes no longer ones.
  package static let sizeLimit = 16 * 1024

  package let header: JSON.Object
  package let claims: Claims
  /// As presented. Whoever has it can use it.
  package let text: Secret

  /// - Throws: ``UnreadableToken``. The reading is strict: three parts of unpadded base64url without stray bits, two
  ///   of them JSON objects in which no member is there twice, nested at most ``Platform/JSON/depthLimit`` deep.
  package init(_ text: Secret) throws(UnreadableToken) {
    let bytes = text.expose { Array($0.utf8) }
    guard bytes.count <= Token.sizeLimit else { throw .tooLong(bytes.count) }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count != 5 else { throw .encrypted }
    guard parts.count == 3 else { throw .partCount(parts.count) }
    header = try Token.object(.header, parts[0])
    claims = Claims(try Token.object(.claims, parts[1]))
    guard Base64URL.decode(parts[2]) != nil else { throw .notBase64URL(.signature) }
    self.text = text
  }

  /// As people paste one or keep one in a file: blanks and line ends around it, and the word `Bearer`, are left out.
  package init(pasted text: Secret) throws(UnreadableToken) {
    try self.init(
      text.expose { text in
        var rest = text.utf8[...]
        func trim() {
          rest = rest.drop { $0 <= 0x20 }
          while let last = rest.last, last <= 0x20 { rest.removeLast() }
        }
        trim()
        if rest.starts(with: "Bearer ".utf8) { rest.removeFirst(7) }
        trim()
        return Secret(String(decoding: rest, as: UTF8.self))
      })
  }

  private static func object(
    _ part: UnreadableToken.Part, _ text: ArraySlice<UInt8>
  ) throws(UnreadableToken)
    -> JSON.Object
  {
    guard let bytes = Base64URL.decode(text) else { throw .notBase64URL(part) }
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw .notJSON(part, error) }
    guard let object = json.object else { throw .notAnObject(part) }
    return object
  }

  /// As the header has it, known or not. A choice for the key to confirm, never to follow.
  package var algorithmName: String? { header["alg"]?.string }
  package var keyID: String? { header["kid"]?.string }

  /// What was signed, and the signature over it.
  var signed: (message: [UInt8], signature: [UInt8]) {
    let bytes = text.expose { Array($0.utf8) }
    let end = bytes.lastIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
    return (Array(bytes[..<end]), Base64URL.decode(bytes[end...].dropFirst()) ?? [])
  }
}

/// Why a text is no token that could be judged.
package enum UnreadableToken: Error, Equatable, Sendable {
  package enum Part: String, Sendable { case header, claims, signature }

  case tooLong(Int)
  /// Five parts: a JWE, which only its addressee can read.
  case encrypted
  case partCount(Int)
  case notBase64URL(Part)
  case notJSON(Part, InvalidJSON)
  case notAnObject(Part)

  /// In words, without any of the token's own.
  package var cause: String {
    switch self {
    case .tooLong(let count): "it has \(count) bytes, and the platform takes at most \(Token.sizeLimit)"
    case .encrypted: "it has five parts, so it is encrypted (JWE)"
    case .partCount(let count): "it has \(count == 1 ? "1 part" : "\(count) parts") where a token has three"
    case .notBase64URL(let part):
      "its \(part.rawValue) is not base64url without padding (another character, a `=`, or a bit too many)"
    case .notJSON(let part, let mistake):
      "its \(part.rawValue) is not JSON: \(mistake.reason), after byte \(mistake.offset)"
    case .notAnObject(let part): "its \(part.rawValue) is JSON, but no object"
    }
  }

  package var problem: Problem {
    Problem(
      "The token was not read", because: cause, try: "Paste the whole JWT: header.claims.signature.", kind: .usage,
      code: "malformed_token")
  }
}
