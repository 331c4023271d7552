package import Platform

/// The public keys of an issuer (RFC 7517). Keys that cannot be used stay in it and say why.
package struct KeySet: Sendable {
  /// Bytes of the text that is read; real sets have a few thousand.
  package static let sizeLimit = 1 << 20

  package let keys: [Key]

  /// - Throws: ``UnreadableKeySet`` when it is neither a list of keys nor an object with `keys`. A key that is
  ///   malformed, or of a kind not known here, does not spoil the others (RFC 7517 §5).
  package init(json: JSON) throws(UnreadableKeySet) {
    guard let list = json.array ?? json["keys"]?.array else {
      throw json["kty"] == nil ? .notASet : .singleKey
    }
    keys = list.map { Key(json: $0) }
  }

  /// - Throws: ``UnreadableKeySet`` also for a text that is too long or not JSON.
  package init(parsing text: some Collection<UInt8>) throws(UnreadableKeySet) {
    guard text.count <= KeySet.sizeLimit else { throw .tooLong(text.count) }
    let json: JSON
    do { json = try JSON(parsing: text) } catch { throw .notJSON(error) }
    try self.init(json: json)
  }

  /// As a key set document has it.
  package var json: JSON { ["keys": .array(keys.map(\.json))] }

  /// `alg`, `kid` and `signature`, in this order. A signature is only tried when there is a key to try.
  package func checks(of token: Token) -> [Check] {
    [KeySet.algorithmCheck(token), keyCheck(token), signatureCheck(token)]
  }

  /// What can be said of the algorithm without any key.
  static func algorithmCheck(_ token: Token) -> Check {
    let isKnown = token.algorithmName.flatMap(Algorithm.init(rawValue:)) != nil
    let critical = token.header["crit"]
    let note: String? =
      if critical != nil {
        "the header marks parameters as critical (crit); none is understood, so the token may not be accepted"
      } else if isKnown {
        nil
      } else if let name = token.algorithmName {
        switch name.lowercased() {
        case "none": "an unsigned token is never accepted"
        case "hs256", "hs384", "hs512": "it is signed with a shared secret, not with a key pair"
        default: "algorithms are named exactly so, capitals included"
        }
      } else {
        "the header names no algorithm"
      }
    return Check(
      "alg", isKnown && critical == nil, expected: Algorithm.listed, actual: token.header["alg"]?.plainText,
      note: note, reason: .unsupportedAlgorithm)
  }

  /// How many kids a check names.
  private static let listedCount = 8

  private func named(_ id: String) -> [Key] { keys.filter { $0.id?.isExactly(id) == true } }

  private func keyCheck(_ token: Token) -> Check {
    let ids = keys.compactMap(\.id)
    let more = ids.count > KeySet.listedCount ? " and \(ids.count - KeySet.listedCount) more" : ""
    let expected =
      ids.isEmpty ? "a key with a kid" : "one of: " + ids.prefix(KeySet.listedCount).joined(separator: ", ") + more
    guard let id = token.keyID else {
      let value = token.header["kid"]
      let note = value.map { "the header's kid is \($0.kind)" } ?? "the header has no kid"
      return Check(
        "kid", false, expected: expected, actual: value?.plainText, note: note, reason: .missingKeyID)
    }
    let isKnown = !named(id).isEmpty
    let note = isKnown ? nil : "no key of the set has this kid: the provider has rotated its keys, or it is another's"
    return Check("kid", isKnown, expected: expected, actual: id, note: note, reason: .unknownKeyID)
  }

  private func signatureCheck(_ token: Token) -> Check {
    func check(_ outcome: Check.Outcome, _ actual: String, note: String? = nil) -> Check {
      Check(
        "signature", outcome, expected: "made by the key that kid names", actual: actual, note: note,
        reason: .badSignature)
    }
    guard let id = token.keyID, let algorithm = token.algorithmName.flatMap(Algorithm.init(rawValue:)) else {
      return check(
        .failed, "not verifiable", note: "without a known algorithm and a kid there is nothing to verify it with")
    }
    let candidates = named(id)
    guard !candidates.isEmpty else {
      return check(.failed, "not verifiable", note: "the key \(id) is not in the set")
    }
    let faults = candidates.compactMap { $0.fault(for: algorithm) }
    guard faults.count < candidates.count else {
      return check(.failed, "not verifiable", note: faults.first)
    }
    let (message, signature) = token.signed
    let isValid = candidates.contains { $0.isValid(signature, for: message, by: algorithm) }
    let note = isValid ? nil : "the token was changed, or signed by another key that calls itself \(id)"
    return check(isValid ? .passed : .failed, isValid ? "valid" : "not valid", note: note)
  }
}

extension KeySet: Hashable {
  package static func == (left: KeySet, right: KeySet) -> Bool { left.json == right.json }
  package func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// Why a text is no key set.
package enum UnreadableKeySet: Error, Equatable, Sendable {
  case tooLong(Int)
  case notJSON(InvalidJSON)
  case notASet
  case singleKey

  package var problem: Problem {
    let cause =
      switch self {
      case .tooLong(let count): "it has \(count) bytes, and at most \(KeySet.sizeLimit) are read"
      case .notJSON(let mistake): "it is not JSON: \(mistake.reason), after byte \(mistake.offset)"
      case .notASet: "it is neither a list of keys nor an object with \"keys\""
      case .singleKey: "it is a single key, not a set"
      }
    let remedy = self == .singleKey ? "Put it into a list: [ … ]." : "Give a JWK set: {\"keys\": [ … ]} or [ … ]."
    return Problem("The key set was not read", because: cause, try: remedy, kind: .usage, code: "malformed_key_set")
  }
}
