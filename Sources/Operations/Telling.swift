package import Federation
package import FoundationEssentials
package import Platform
internal import PlatformClient

extension Operations {
  /// Whose story is told.
  package enum Identity: Hashable, Sendable {
    case account(ID<ServiceAccount>)
    /// `OWNER/NAME`.
    case repository(String)
  }

  /// A story, and what is not in it.
  package struct Story: Sendable {
    package var timeline: Timeline
    /// What could not be read, or was left out, each a sentence.
    package var gaps: [String]
  }

  /// At most so many activities are looked at, the newest.
  package static let storyLimit = 5000

  /// What an account did, or the accounts that a repository became, in sessions; from the store, with lifetimes and
  /// usage from the platform where they can be had.
  package func story(of identity: Identity, from start: Date, to end: Date) async throws(Problem) -> Story {
    var gaps: [String] = []
    let isWanted: @Sendable (Activity) -> Bool
    let accounts: [String]
    switch identity {
    case .account(let id):
      (accounts, isWanted) = ([id.description], { _ in true })
    case .repository(let name):
      let filter = ActivityFilter.field(.type, FilterValue(Activity.exchangeType))
        .and(.field(.repo, FilterValue(name)))
      let exchanges = try await activities(filter, since: start, until: end, limit: Operations.storyLimit)
      let ids = Set(exchanges.map(\.activity.id))
      accounts = Set(
        exchanges.compactMap { $0.activity.json.at("event_data.requested_service_account_id")?.string }
      ).sorted()
      isWanted = { ids.contains($0.id) }
      // Refusals that name no account are part of the story too.
      if accounts.isEmpty {
        return Story(timeline: Timeline(exchanges.map(\.activity), of: isWanted), gaps: gaps)
      }
    }
    var filter = ActivityFilter.any(accounts.map { .field(.account, FilterValue($0)) })
    if case .repository(let name) = identity { filter = .any([filter, .field(.repo, FilterValue(name))]) }
    let found = try await activities(filter, since: start, until: end, limit: Operations.storyLimit)
    if found.count == Operations.storyLimit, let oldest = found.last?.activity.createdAt {
      gaps.append(
        "Only the newest \(Operations.storyLimit) activities were looked at, back to \(oldest.timestampToSecond).")
    }
    let own = found.map(\.activity).filter { activity in
      activity.type == Activity.exchangeType
        ? isExchange(activity, of: accounts, or: isWanted)
        : activity.json.at("actor.service_account_id")?.string.map(accounts.contains) ?? false
    }
    var lifetimes: [String: Int] = [:]
    do throws(Problem) {
      for rule in try await rules(includeArchived: true) { lifetimes[rule.id.description] = rule.tokenLifetime }
    } catch {
      gaps.append("Rules were not read, so each token is taken to live an hour: \(error.cause).")
    }
    var uses: [Timeline.Use] = []
    do throws(Problem) { uses = try await self.uses(of: accounts, from: start, to: end) } catch {
      gaps.append("Usage was not read: \(error.cause).")
    }
    return Story(timeline: Timeline(own, lifetimes: lifetimes, uses: uses, of: isWanted), gaps: gaps)
  }

  private func isExchange(_ activity: Activity, of accounts: [String], or isWanted: (Activity) -> Bool) -> Bool {
    isWanted(activity)
      || activity.json.at("event_data.requested_service_account_id")?.string.map(accounts.contains) ?? false
  }

  /// In minutes where the span is a day or less, which is as fine as the report gets; in hours up to a month.
  private func uses(of accounts: [String], from start: Date, to end: Date) async throws(Problem) -> [Timeline.Use] {
    let length = end.timeIntervalSince(start)
    let bucket: UsageBucketWidth = length <= 86400 ? .minute : length <= 31 * 86400 ? .hour : .day
    return try await usage(by: .account, from: start, to: end, bucket: bucket).compactMap { line in
      // What was used with a static key came from no token.
      let tokens = line.tokens.total - (line.tokensByKey ?? 0)
      guard let account = line.subject, accounts.contains(account), tokens > 0 else { return nil }
      return Timeline.Use(
        account: account, start: line.startingAt, end: line.endingAt, tokens: tokens,
        requests: (line.tokensByKey ?? 0) == 0 ? line.requests : nil)
    }
  }
}
