package import FoundationEssentials
package import Platform

/// A rule as it was at some time, worked out from what it is now and the changes recorded since.
package struct PastRule: Hashable, Sendable {
  package private(set) var rule: FederationRule
  /// Parts that the records do not restore, by the names of the change list: `match_claims`, `workspace_id`. They are
  /// as they are now.
  package private(set) var doubtful: [String] = []

  /// - Parameter activities: of any kind and in any order; those about this rule since `date` are undone, latest first.
  /// - Returns: nil when the rule was not there yet.
  package init?(_ rule: FederationRule, at date: Date, undoing activities: some Sequence<Activity>) {
    guard rule.createdAt <= date else { return nil }
    self.rule = rule
    let since = activities.filter { activity in
      activity.createdAt > date && activity.json["federation_rule_id"]?.string == rule.id.description
    }
    for activity in since.sorted(by: { $0.createdAt > $1.createdAt }) { undo(activity) }
  }

  private mutating func undo(_ activity: Activity) {
    let workspace = activity.json["workspace_id"]?.string.flatMap { try? ID<Workspace>($0) }
    switch (activity.type, workspace) {
    case ("platform_federation_rule_updated", _):
      for change in (activity.json["updates"]?.array ?? []).reversed() { undo(change: change) }
    case ("platform_federation_rule_archived", _):
      rule.archivedAt = nil
      // Archiving takes the rule's workspaces away, and the record does not say which they were.
      if !rule.appliesToAllWorkspaces, rule.workspaceIDs.isEmpty { doubt("workspace_id") }
    case ("platform_federation_rule_workspace_added", let workspace?):
      rule.workspaceIDs.removeAll { $0 == workspace }
    case ("platform_federation_rule_workspace_removed", let workspace?):
      if !rule.workspaceIDs.contains(workspace) { rule.workspaceIDs.append(workspace) }
    default: break
    }
  }

  /// Values of a change list are all strings; the empty one stands for nothing.
  private mutating func undo(change: JSON) {
    guard let type = change["type"]?.string, let old = change["previous_value"]?.string else { return }
    if let new = change["current_value"]?.string, let now = value(type), now != new { doubt(type) }
    let text = old.isEmpty ? nil : old
    switch type {
    case "name": rule.name = old
    case "description": rule.description = text
    case "match_subject_prefix": rule.match.subjectPrefix = text
    case "match_audience": rule.match.audience = text
    case "match_condition": rule.match.condition = text
    case "match_claims": restore(type, text.map { PastRule.claims($0) } ?? [:]) { $0.match.claims = $1 }
    case "oauth_scope": rule.scope = old
    case "token_lifetime_seconds": restore(type, Int(old)) { $0.tokenLifetime = $1 }
    case "applies_to_all_workspaces": restore(type, Bool(old)) { $0.appliesToAllWorkspaces = $1 }
    case "target_id": restore(type, try? ID(old)) { $0.accountID = $1 }
    case "workspace_id": restore(type, text.map { (try? ID($0)).map { [$0] } } ?? []) { $0.workspaceIDs = $1 }
    default: doubt(type)
    }
  }

  private mutating func restore<Value>(_ type: String, _ value: Value?, _ set: (inout FederationRule, Value) -> Void) {
    if let value { set(&rule, value) } else { doubt(type) }
  }

  private mutating func doubt(_ type: String) {
    if !doubtful.contains(type) { doubtful.append(type) }
  }

  /// What the rule has at this point of the way back, to be compared with what the record says it was changed to: a
  /// difference means that a change in between is missing. Nil for parts whose writing is not known well enough.
  private func value(_ type: String) -> String? {
    switch type {
    case "match_subject_prefix": rule.match.subjectPrefix ?? ""
    case "match_audience": rule.match.audience ?? ""
    case "match_condition": rule.match.condition ?? ""
    case "oauth_scope": rule.scope
    case "token_lifetime_seconds": String(rule.tokenLifetime)
    case "target_id": rule.accountID.description
    default: nil
    }
  }

  /// Claims as a JSON object; nil for anything else, for then the record cannot be relied on.
  static func claims(_ text: String) -> [String: String]? {
    guard let members = try? JSON(parsing: text).object else { return nil }
    var claims: [String: String] = [:]
    for (name, value) in members {
      guard let value = value.string else { return nil }
      claims[name] = value
    }
    return claims
  }
}
