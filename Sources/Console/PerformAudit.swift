import AuditView
import FoundationEssentials
import Operations
import Platform

extension Performer {
  func perform(_ effect: Audit.Effect) async -> Audit.Message? {
    do throws(Problem) {
      switch effect {
      case .recall:
        return .arrived(try operations.kept(after: nil).map { Audit.Arrival(row: $0.row, activity: $0.activity) })
      case .poll(let row, let wait):
        // Cancelled means that another poll has taken this one's place.
        guard (try? await clock.sleep(for: wait)) != nil else { return nil }
        let new = try await operations.tail(after: row)
        return .arrived(new.map { Audit.Arrival(row: $0.row, activity: $0.activity) })
      case .search(let text): return try await search(text)
      case .searchOlder(let id, let filter):
        guard let place = try operations.kept(id)?.place else { return nil }
        let older = try await operations.activities(filter, before: place, limit: Audit.Search.limit)
        return .foundOlder(
          before: id, filter, older.reversed().map { Audit.Arrival(row: $0.row, activity: $0.activity) })
      case .goTo(let text):
        guard let date = Date(moment: text, now: now()) else {
          return .timeRefused(text, why: "no time: write 12:30, -2h, yesterday or 2026-11-20")
        }
        return try await excerpt(.time(date), at: Operations.place(at: date))
      case .readAround(let id):
        guard let place = try operations.kept(id)?.place else { return nil }
        return try await excerpt(.activity(id), at: place)
      case .readDenials:
        return .denialsArrived(
          try await operations.denials().map {
            Audit.Denial(
              rule: $0.key.rule, reason: $0.key.reason, subject: $0.key.subject, count: $0.count,
              latest: $0.latest.activity)
          })
      case .readHistory(let rule, let date):
        return .historyArrived(rule, try await operations.history(of: rule, since: date))
      case .readRules: return .rulesArrived(try await operations.rules(includeArchived: true))
      case .countPivots(let choices):
        var counted: [Audit.Pivot.Choice] = []
        for choice in choices {
          let filter = ActivityFilter.field(choice.field, FilterValue(choice.value))
          let count = try await operations.count(filter)
          counted.append(Audit.Pivot.Choice(field: choice.field, value: choice.value, count: count))
        }
        return .pivotCounted(counted)
      case .copy, .openRule: return nil
      }
    } catch {
      // The page says that the rule was not read; the tail is not behind because of it.
      switch effect {
      case .readRules, .readHistory: return nil
      default: return .pollFailed(error)
      }
    }
  }

  private func excerpt(_ centre: Audit.Excerpt.Centre, at place: Int64) async throws(Problem) -> Audit.Message {
    let around = try await operations.surroundings(of: place, limit: Audit.Excerpt.reach)
    let arrivals = around.map { Audit.Arrival(row: $0.row, activity: $0.activity) }
    return .surrounded(Audit.Excerpt(around: centre, arrivals))
  }

  private func search(_ text: String) async throws(Problem) -> Audit.Message {
    let filter: ActivityFilter
    do throws(InvalidFilter) { filter = try ActivityFilter(text, now: now()) } catch {
      return .filterRefused(text, why: "column \(error.column): \(error.mistake)")
    }
    let found = try await operations.activities(filter, limit: Audit.Search.limit)
    return .found(text, filter, found.reversed().map { Audit.Arrival(row: $0.row, activity: $0.activity) })
  }
}
