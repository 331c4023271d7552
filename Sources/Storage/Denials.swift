package import FoundationEssentials
internal import GRDB
package import Platform

/// Refused exchanges that have the same rule, reason and subject.
package struct DenialGroup: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    package let rule, reason: String?
    /// As the token or its bearer said; nil when no claim was verified.
    package let subject: String?
  }

  package let key: Key
  package var count: Int
  package var first: Date
  /// The newest one.
  package let latest: StoredActivity
}

extension Storage {
  /// Refused exchanges by rule, reason and subject, the latest first.
  package func denials(_ query: ActivityQuery = ActivityQuery()) async throws(Problem) -> [DenialGroup] {
    var query = query
    query.filter = query.filter.and(.denials)
    return try await ask { [query] database in
      var groups: [DenialGroup] = []
      var places: [DenialGroup.Key: Int] = [:]
      try QueryPlan(query, database)?.forEach(database, .newestFirst) { stored in
        let activity = stored.activity
        guard activity.isDenied else { return true }
        let key = DenialGroup.Key(
          rule: activity.json.at("event_data.federation_rule_id")?.string, reason: activity.reason,
          subject: activity.json.at("event_data.oidc_token.claims.sub")?.string
            ?? activity.json.at("actor.subject")?.string)
        if let place = places[key] {
          groups[place].count += 1
          groups[place].first = activity.createdAt
        } else {
          places[key] = groups.count
          groups.append(DenialGroup(key: key, count: 1, first: activity.createdAt, latest: stored))
        }
        return true
      }
      return groups
    }
  }
}
