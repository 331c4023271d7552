import FederationView
import FoundationEssentials
import KeysView
import Operations
import OverviewView
import Platform

extension Performer {
  func perform(_ effect: Keys.Effect) async -> Keys.Message? {
    switch effect {
    case .load:
      do throws(Problem) { return .loaded(try await operations.keys()) } catch { return .loadFailed(error) }
    case .loadUsage:
      do throws(Problem) {
        var usage: [ID<APIKey>: Keys.Usage] = [:]
        for line in try await operations.usage(by: .key, from: weekAgo, to: now()) {
          guard let id = line.subject.flatMap({ try? ID<APIKey>($0) }) else { continue }
          usage[id] = Keys.Usage(requests: line.requests, tokens: line.tokens.total)
        }
        return .usageArrived(usage)
      } catch {
        return .usageFailed(error)
      }
    case .change(let keys, let change):
      let (changed, left, problem) = await inTurn(keys) { key throws(Problem) in
        switch change {
        case .disable: try await operations.disableKey(key)
        case .enable: try await operations.enableKey(key)
        case .archive: try await operations.archiveKey(key)
        }
      }
      if changed.isEmpty, let problem { return .changeFailed(problem) }
      return .changed(changed, change, left: left.map { "\($0.name): \($1.line)" })
    case .copy, .say: return nil
    }
  }

  /// Does one thing after the other, and goes on when one fails.
  ///
  /// - Returns: what came of those that were done, the others with the reason, and the first reason.
  func inTurn<Item>(
    _ items: [Item], _ act: (Item) async throws(Problem) -> Item
  ) async -> (done: [Item], left: [(Item, Problem)], first: Problem?) {
    var (done, left) = ([Item](), [(Item, Problem)]())
    for item in items {
      do throws(Problem) { done.append(try await act(item)) } catch { left.append((item, error)) }
    }
    return (done, left, left.first?.1)
  }

  private var weekAgo: Date { now().addingTimeInterval(-7 * 86_400) }

  /// Every part that can be read; one that fails is named and does not hide the others.
  func overview() async -> Overview.Facts {
    var facts = Overview.Facts()
    var problems: [Problem] = []
    func part<Value>(_ read: () async throws(Problem) -> Value) async -> Value? {
      do throws(Problem) { return try await read() } catch {
        if !problems.contains(where: { $0.cause == error.cause }) { problems.append(error) }
        return nil
      }
    }
    facts.rules = await part { () async throws(Problem) in try await operations.rules(includeArchived: true) }
    if let rules = facts.rules {
      facts.worst = await part { () async throws(Problem) in
        let inventory = try await operations.inventory(rules: rules)
        let survey = Rules.Survey(inventory, accepted: try operations.acceptedFindings())
        return survey.open.compactMapValues { $0.map(\.severity).max() }
      }
    }
    facts.issuers = await part { () async throws(Problem) in try await operations.issuers() }
    facts.accounts = await part { () async throws(Problem) in try await operations.accounts() }
    facts.keys = await part { () async throws(Problem) in try await operations.keys() }
    facts.usedKeys = await part { () async throws(Problem) in
      let lines = try await operations.usage(by: .key, from: weekAgo, to: now())
      return Set(lines.compactMap { $0.subject.flatMap { try? ID<APIKey>($0) } })
    }
    facts.usedAccounts = await part { () async throws(Problem) in
      let lines = try await operations.usage(by: .account, from: weekAgo, to: now())
      return Set(lines.compactMap { $0.subject.flatMap { try? ID<ServiceAccount>($0) } })
    }
    facts.denials = await part { () async throws(Problem) in
      var counts: [String: Int] = [:]
      for group in try await operations.denials(since: now().addingTimeInterval(-86_400)) {
        counts[group.key.reason ?? "no reason given", default: 0] += group.count
      }
      return counts.map { Overview.Denial(reason: $0.key, count: $0.value) }.sorted {
        ($1.count, $0.reason) < ($0.count, $1.reason)
      }
    }
    facts.polledAt = try? operations.storage.cursors().polledAt
    facts.problems = problems
    return facts
  }
}
