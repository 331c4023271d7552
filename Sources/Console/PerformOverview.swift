import FederationView
import FoundationEssentials
import Operations
import OverviewView
import Platform

extension Performer {
  /// One part of the overview, once it is known: what to write into the facts, or why it is not known.
  private typealias Part = (write: @Sendable (inout Overview.Facts) -> Void, problem: Problem?)

  /// Every part that can be read; one that fails is named and does not hide the others, and one that is slow does not
  /// keep them back.
  /// - Parameter tell: what is known so far, each time a part has come.
  func overview(tell: @Sendable (Overview.Facts) -> Void) async -> Overview.Facts {
    var facts = Overview.Facts()
    facts.at = now()
    // Before the refusals are counted, and not again: a log read meanwhile would vouch for a count from before it.
    facts.polledAt = try? operations.storage.cursors().polledAt
    await withTaskGroup(of: Part.self) { group in
      group.addTask { await rulePart() }
      group.addTask { await listPart(\.issuers) { () async throws(Problem) in try await operations.issuers() } }
      group.addTask { await listPart(\.accounts) { () async throws(Problem) in try await operations.accounts() } }
      group.addTask {
        await listPart(\.keys, liveOnly: false) { () async throws(Problem) in try await operations.keys() }
      }
      group.addTask {
        await part { () async throws(Problem) in
          try await usedKeys()
        } write: {
          $0.usedKeys = $1
        }
      }
      group.addTask {
        await part { () async throws(Problem) in
          try await usedAccounts()
        } write: {
          $0.usedAccounts = $1
        }
      }
      group.addTask {
        await part { () async throws(Problem) in
          try await denials()
        } write: {
          $0.denials = $1
        }
      }
      for await part in group {
        part.write(&facts)
        if let problem = part.problem, !facts.problems.contains(where: { $0.cause == problem.cause }) {
          facts.problems.append(problem)
        }
        tell(facts)
      }
    }
    return facts
  }

  private func part<Value: Sendable>(
    _ read: () async throws(Problem) -> Value, write: @escaping @Sendable (inout Overview.Facts, Value) -> Void
  ) async -> Part {
    do throws(Problem) {
      let value = try await read()
      return ({ write(&$0, value) }, nil)
    } catch {
      return ({ _ in }, error)
    }
  }

  /// A list; where the platform does not give it, as it was last seen.
  private func listPart<Item: Operations.Seen>(
    _ member: WritableKeyPath<Overview.Facts, [Item]?> & Sendable, liveOnly: Bool = true,
    read: () async throws(Problem) -> [Item]
  ) async -> Part {
    do throws(Problem) {
      let items = try await read()
      return ({ $0[keyPath: member] = items }, nil)
    } catch {
      guard error.kind == .unavailable,
        let seen = (try? operations.lastSeen(Item.self, liveOnly: liveOnly)).flatMap(\.self)
      else { return ({ _ in }, error) }
      return (
        {
          $0[keyPath: member] = seen.items
          $0.asOf = min($0.asOf ?? seen.at, seen.at)
        }, error
      )
    }
  }

  /// The rules, and what the analyser has against them beyond what was accepted.
  private func rulePart() async -> Part {
    let list = await listPart(\.rules, liveOnly: false) { () async throws(Problem) in
      try await operations.rules(includeArchived: true)
    }
    var facts = Overview.Facts()
    list.write(&facts)
    guard let rules = facts.rules, list.problem == nil else { return list }
    let worst = await part { () async throws(Problem) in
      let inventory = try await operations.inventory(rules: rules)
      return Rules.Survey(inventory, accepted: try operations.acceptedFindings()).open
    } write: {
      $0.worst = $1.compactMapValues { $0.map(\.severity).max() }
      $0.unusedRules = $1.values.count { $0.contains { $0.id == "OPS001" } }
    }
    return (
      {
        list.write(&$0)
        worst.write(&$0)
      }, worst.problem
    )
  }

  private func usedKeys() async throws(Problem) -> Set<ID<APIKey>> {
    let lines = try await operations.usage(by: .key, from: weekAgo, to: now())
    return Set(lines.compactMap { $0.subject.flatMap { try? ID<APIKey>($0) } })
  }

  private func usedAccounts() async throws(Problem) -> Set<ID<ServiceAccount>> {
    let lines = try await operations.usage(by: .account, from: weekAgo, to: now())
    return Set(lines.compactMap { $0.subject.flatMap { try? ID<ServiceAccount>($0) } })
  }

  private func denials() async throws(Problem) -> [Overview.Denial] {
    var counts: [String: Int] = [:]
    for group in try await operations.denials(since: now().addingTimeInterval(-86_400)) {
      counts[group.key.reason ?? "no reason given", default: 0] += group.count
    }
    return counts.map { Overview.Denial(reason: $0.key, count: $0.value) }.sorted {
      ($1.count, $0.reason) < ($0.count, $1.reason)
    }
  }
}
