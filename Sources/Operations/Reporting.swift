internal import FoundationEssentials
package import Migration
package import Platform
internal import Storage

extension Operations {
  /// What auditors get: of one key, or of every key that a step was taken for. What cannot be read is left out, and the
  /// journal is always there.
  package func migrationReport(of key: APIKey? = nil) async throws(Problem) -> Report {
    let courses = try await courses(of: key)
    var report = Report(at: now(), organization: try await organization().name, courses: courses)
    if let records = try? await keyRecords(withMonth: false) {
      let active = records.filter { $0.key.status == .active }
      (report.active, report.idle) = (active.count, active.count { $0.use == nil })
    }
    report.weeks = Report.weeks(
      (try? await usageByDay(of: "api_key_id", "service_account_id")) ?? [], until: report.at)
    report.spend = await spend(until: report.at)
    report.confirmations = await confirmations(of: courses.flatMap(\.steps))
    for rule in (try? await client.rules(includeArchived: true)) ?? [] { report.rules[rule.id] = rule.match.json }
    return report
  }

  private func spend(until end: Date) async -> Report.Spend? {
    let start = end.addingTimeInterval(-31 * 86400)
    guard let rows = try? await client.costByIdentity(from: start, to: end, by: [.actor, .key]) else { return nil }
    var (byKey, federated, currency): (Double, Double, String?) = (0, 0, nil)
    for row in rows {
      guard let cost = row.cost else { continue }
      currency = currency ?? cost.currency
      if row.keyID != nil {
        byKey += cost.cents
      } else if case .account = row.actor {
        federated += cost.cents
      } else if case .federated = row.actor {
        federated += cost.cents
      }
    }
    return currency.map { Report.Spend(byKey: byKey, federated: federated, currency: $0) }
  }

  /// Who the platform's own log says it was, for steps that changed a key.
  private func confirmations(of steps: [Course.Taken]) async -> [String: Report.Confirmation] {
    let changes = steps.filter { $0.requestID != nil && $0.step != .verify }
    guard let first = changes.map(\.at).min() else { return [:] }
    // Behind another process that is reading it too, what the store has is what there is.
    _ = try? await sync(since: first)
    var confirmations: [String: Report.Confirmation] = [:]
    for id in changes.compactMap(\.requestID) {
      guard let filter = try? ActivityFilter("type:platform_api_key_updated request:\(id)", now: now()),
        let activity = try? await storage.newest(ActivityQuery(filter), limit: 1).first?.activity
      else { continue }
      confirmations[id] = Report.Confirmation(actor: activity.actor, at: activity.createdAt)
    }
    return confirmations
  }
}
