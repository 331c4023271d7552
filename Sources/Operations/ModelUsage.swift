package import FoundationEssentials
package import Platform
internal import PlatformClient

extension Operations {
  /// What one account used of one model in one day.
  package struct ModelUsageLine: Hashable, Sendable {
    package let model: String
    package let startingAt: Date
    package var tokens = Tokens()
    /// Nil where the report does not count them.
    package var requests: Int?
    /// Nil where the platform tells no cost by this.
    package var cost: UsageRow.Cost?
  }

  /// Usage and cost of an account by model and day, the oldest first.
  /// - Parameter end: not in the span itself.
  package func modelUsage(
    of account: ID<ServiceAccount>, from start: Date, to end: Date
  ) async throws(Problem) -> [ModelUsageLine] {
    var lines: [String: ModelUsageLine] = [:]
    func line(_ model: String?, _ start: Date, _ change: (inout ModelUsageLine) -> Void) {
      let model = model ?? "not told"
      let key = "\(start.timestamp) \(model)"
      var line = lines[key] ?? ModelUsageLine(model: model, startingAt: start)
      change(&line)
      lines[key] = line
    }
    do throws(Problem) {
      for (start, end) in Operations.spans(from: start, to: end) {
        for row in try await client.usageByIdentity(from: start, to: end, by: [.actor, .model], bucket: .day)
        where row.actor == .account(account) {
          line(row.model, row.startingAt) {
            $0.tokens = $0.tokens + (row.tokens ?? Tokens())
            if let requests = row.requests { $0.requests = ($0.requests ?? 0) + requests }
          }
        }
        for row in try await client.costByIdentity(from: start, to: end, by: [.actor, .model], bucket: .day)
        where row.actor == .account(account) {
          guard let cost = row.cost else { continue }
          line(row.model, row.startingAt) {
            $0.cost = UsageRow.Cost(cents: ($0.cost?.cents ?? 0) + cost.cents, currency: cost.currency)
          }
        }
      }
    } catch {
      // The reports by identity are new and not everywhere; the classic one knows tokens.
      guard error.status == 403 || error.status == 404 else { throw error }
      for report in try await client.usageReport(from: start, to: end, by: ["service_account_id", "model"]) {
        for result in report.results where result.accountID == account {
          line(result.model, report.startingAt) { $0.tokens = $0.tokens + result.tokens }
        }
      }
    }
    return lines.values.sorted { ($0.startingAt, $0.model) < ($1.startingAt, $1.model) }
  }
}
