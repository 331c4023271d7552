package import Platform

/// What a recorded change of a rule lets in, or gives, that it did not before. Where the record alone cannot tell, it
/// counts as wider: only what is surely as narrow as before does not.
package enum Widening {
  /// In words, in the order of the record; none when nothing became wider, or when it is no change of a rule.
  package static func reasons(_ activity: Activity) -> [String] {
    switch activity.type {
    case "platform_federation_rule_workspace_added":
      return ["it reaches the workspace \(activity.json["workspace_id"]?.string ?? "") too"]
    case "platform_federation_rule_updated":
      return (activity.json["updates"]?.array ?? []).compactMap(reason)
    default: return []
    }
  }

  private static func reason(_ change: JSON) -> String? {
    guard let type = change["type"]?.string else { return nil }
    let (old, new) = (change["previous_value"]?.string ?? "", change["current_value"]?.string ?? "")
    guard old != new else { return nil }
    func said(_ what: String) -> String { "\(what): \(excerpt(old)) → \(excerpt(new))" }
    switch type {
    case "match_subject_prefix", "match_audience", "match_claims", "match_condition":
      guard let before = match(type, old), let after = match(type, new) else { return said(type) }
      return after.isNarrower(than: before) ? nil : said(type)
    case "applies_to_all_workspaces": return new == "false" ? nil : "it reaches every workspace"
    case "oauth_scope":
      let had = Set(old.split(separator: " "))
      return new.split(separator: " ").allSatisfy(had.contains) ? nil : said("oauth_scope")
    case "token_lifetime_seconds":
      guard let before = Int(old), let after = Int(new) else { return said(type) }
      return after > before ? said(type) : nil
    case "target_id", "target_type", "target_lookup_attr": return said(type)
    case "workspace_id": return new.isEmpty ? nil : said(type)
    case "name", "description", "attributes": return nil
    // A part that is not known may be one that decides.
    default: return said(type)
    }
  }

  /// A match that has only this part; nil when its text is none.
  private static func match(_ type: String, _ text: String) -> FederationRule.Match? {
    var match = FederationRule.Match()
    let part = text.isEmpty ? nil : text
    switch type {
    case "match_subject_prefix": match.subjectPrefix = part
    case "match_audience": match.audience = part
    case "match_condition": match.condition = part
    default:
      guard let part else { break }
      guard let claims = PastRule.claims(part) else { return nil }
      match.claims = claims
    }
    return match
  }

  private static func excerpt(_ text: String) -> String { text.isEmpty ? "(none)" : Difference.excerpt(text) }
}
