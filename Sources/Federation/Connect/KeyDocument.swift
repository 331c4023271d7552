package import Platform

/// The public keys of an issuer that nobody can fetch, as a person has them in a file.
package enum KeyDocument {
  /// JWK objects from `{"keys":[…]}`, an array, or one key.
  package static func keys(in text: String) -> [JSON]? {
    guard let json = try? JSON(parsing: Array(text.utf8)) else { return nil }
    if let keys = json["keys"]?.array { return keys }
    if let keys = json.array { return keys }
    return json["kty"] == nil ? nil : [json]
  }

  /// RFC 7518 §6: the members that only the owner of a key may know, `k` being the whole of a symmetric one.
  private static let secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

  /// What is wrong with the document, or nil. Nothing of a private key is repeated.
  package static func fault(in text: String) -> String? {
    guard let keys = keys(in: text) else { return "a JWK set is needed: {\"keys\":[…]}, as the issuer publishes it" }
    if keys.isEmpty { return "there is no key in it" }
    for (index, key) in keys.enumerated() {
      guard let object = key.object else { return "key \(index + 1) is no object" }
      if object.keys.contains(where: secretMembers.contains) {
        return "key \(index + 1) is a private one: give the public keys only, and consider this one lost"
      }
      guard ["RSA", "EC"].contains(key["kty"]?.string) else { return "key \(index + 1) is neither RSA nor EC" }
      if key["kid"]?.string == nil { return "key \(index + 1) has no kid, and tokens are matched to keys by it" }
    }
    return nil
  }

  /// Inline where a document was given, else discovery.
  static func source(_ text: String) -> Issuer.Keys {
    keys(in: text).map { .inline($0) } ?? .discovery(base: nil, certificate: nil)
  }
}

extension ProviderTemplate.Field {
  static func issuerKeys(hint: String) -> Self {
    Self(
      "jwks", label: "Keys", hint: hint, kind: .document, isRequired: false, fault: { KeyDocument.fault(in: $0) })
  }
}
