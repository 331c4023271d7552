import FoundationEssentials
import Interface
import Operations
import Platform

extension Performer {
  /// What is done on this machine, and undoing.
  func performHere(_ effect: App.Effect) async -> App.Message? {
    switch effect {
    case .readJournal:
      do throws(Problem) {
        let names = seenNames
        return .journalRead(try operations.journal(limit: 200).map { line($0.number, $0.change, names) })
      } catch {
        return .journalFailed(error)
      }
    case .undo(let number):
      do throws(Problem) {
        guard let entry = try operations.journal(before: number + 1, limit: 1).first, entry.number == number else {
          throw Problem(
            "The change was not undone", because: "it is not in the journal any more", try: "Make the opposite by hand."
          )
        }
        try await operations.undo(entry.change)
        return .undone("Undone: \(entry.change.action).")
      } catch {
        return .journalFailed(error)
      }
    case .write(let text, let path):
      do throws(Problem) {
        let path = Files.expanded(path)
        let file = try OutputFile(creating: path)
        try file.write(Array(text.utf8))
        try file.finish()
        return .written(path: path)
      } catch {
        return .writeFailed(error)
      }
    case .keep(let arrangements):
      // How lists look is no reason to interrupt anybody.
      if let arrangementsPath { try? ArrangementsFile(arrangementsPath).keep(arrangements) }
      return nil
    default: return nil
    }
  }

  private func line(
    _ number: Int64, _ change: Operations.MadeChange, _ names: [String: String]
  ) -> App.Journal.Line {
    let (outcome, isDone) =
      switch change.outcome {
      case .done: ("done", true)
      case .open: ("not known", false)
      case .failed(let reason): (reason, false)
      }
    let name = (change.after?["name"] ?? change.before?["name"])?.string ?? change.target.flatMap { names[$0] }
    return App.Journal.Line(
      number: number, at: change.at, who: change.who, action: change.action,
      subject: name ?? change.target ?? "something new", requestID: change.requestID, outcome: outcome, isDone: isDone,
      changes: lines(from: change.before, to: change.after), undoing: Operations.undoing(change))
  }

  /// What things are called, by identifier, as far as they were seen.
  private var seenNames: [String: String] {
    var names: [String: String] = [:]
    for account in (try? operations.lastSeen(ServiceAccount.self))?.items ?? [] {
      names[account.id.description] = account.name
    }
    for rule in (try? operations.lastSeen(FederationRule.self))?.items ?? [] { names[rule.id.description] = rule.name }
    return names
  }

  /// What a change set, member by member: those that nobody chose are left out.
  private func lines(from before: JSON?, to after: JSON?) -> [Pager.Line] {
    let silent = [
      "id", "type", "created_at", "updated_at", "created_by_actor_id", "updated_by_actor_id", "archived_by_actor_id",
    ]
    return FieldChange.list(from: before ?? .null, to: after ?? .null).filter { !silent.contains($0.field) }.flatMap {
      change in
      [Pager.Line(change.field, role: .heading)]
        + [("- ", change.before, Role.danger), ("+ ", change.after, .good)].compactMap { sign, value, role in
          value.map { Pager.Line("  \(sign)\($0.string ?? $0.compact)", role: role) }
        }
    }
  }
}
