import FoundationEssentials
import Migration
import MigrationView
import Operations
import Platform

extension Performer {
  func perform(_ effect: Migrating.Effect) async -> Migrating.Message? {
    switch effect {
    case .load:
      do throws(Problem) { return .loaded(try await migrationBoard()) } catch { return .loadFailed(error) }
    case .take(let order, let course):
      do throws(Problem) {
        let key = try await take(order, course.key)
        return .taken(order.step, try operations.course(of: key, soak: course.soak), at: now())
      } catch {
        return .stepFailed(error)
      }
    case .report(let key):
      do throws(Problem) {
        let report = try await operations.migrationReport(of: key)
        return .reported(report.markdown)
      } catch {
        return .reportFailed(error)
      }
    case .copy, .say: return nil
    }
  }

  private func take(_ order: Migrating.Order, _ key: APIKey) async throws(Problem) -> APIKey {
    switch order {
    case .verify(let rule, let hours):
      _ = try await operations.verify(key, rule: rule, since: now().addingTimeInterval(-Double(hours) * 3600))
      return key
    // The form only goes on once a person said that the stored copy is there.
    case .disable(let waiver): return try await operations.disable(key, isCopyKept: true, waiver: waiver)
    case .rollback: return try await operations.rollBack(key)
    case .archive(let waiver): return try await operations.retire(key, waiver: waiver)
    }
  }

  /// The keys are needed; without rules nothing can be verified, and without accounts they have no names.
  private func migrationBoard() async throws(Problem) -> Migrating.Board {
    var board = Migrating.Board()
    for record in try await operations.keyRecords() {
      board.lines.append(
        Migrating.Line(
          course: try operations.course(of: record.key, soak: record.soak), use: record.use, history: record.history,
          month: record.month.map { line in
            Migrating.Month(
              tokens: line.tokens.total,
              cost: line.cost.map { "\(Operations.decimal(cents: $0.cents)) \($0.currency)" })
          }, isAmbiguous: record.isAmbiguous))
    }
    do throws(Problem) { board.rules = try await operations.rules() } catch { board.rulesFailure = error }
    for account in (try? await operations.accounts()) ?? [] { board.accountNames[account.id] = account.name }
    board.at = now()
    return board
  }
}
