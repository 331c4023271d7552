package import Platform

/// A rule's match, its issuer and a claim set to judge, as one line of a batch has them:
/// `{"id","rule":{"match":{…},"issuer_url"},"claims":{…}}`.
package struct MatchCase: WireObject {
  package let id: String?
  package let match: FederationRule.Match
  package let issuerURL: String?
  package let claims: Claims

  package init(id: String? = nil, match: FederationRule.Match, issuerURL: String?, claims: Claims) {
    (self.id, self.match, self.issuerURL, self.claims) = (id, match, issuerURL, claims)
  }

  /// - Throws: ``Platform/Undecodable`` also for a matcher of the wrong kind: to pass over it would let more tokens in.
  package init(json: JSON) throws(Undecodable) {
    id = json["id"].flatMap { $0.isNull ? nil : $0.plainText }
    let rule = try json.nested("rule")
    let match = try rule.nested("match")
    for name in ["subject_prefix", "audience", "condition"] {
      guard match[name].map({ $0.isNull || $0.string != nil }) ?? true else {
        throw Undecodable(member: name, expected: "a string")
      }
    }
    for (name, value) in match["claims"]?.object ?? [:] where value.string == nil {
      throw Undecodable(member: "claims.\(name)", expected: "a string")
    }
    guard match["claims"].map({ $0.isNull || $0.object != nil }) ?? true else {
      throw Undecodable(member: "claims", expected: "an object of strings")
    }
    self.match = FederationRule.Match(json: match)
    issuerURL = rule["issuer_url"]?.string
    claims = Claims(try json.required("claims", "an object", \.object))
  }

  /// On issuer and match alone: no signature, no times, no workspace.
  package var verdict: Verdict {
    let issuer = issuerURL.map { [claims.issuerCheck($0)] } ?? []
    return Verdict(issuer + Matcher(match).checks(of: claims))
  }

  package var json: JSON { verdict.json(id: id) }
}
