import AccountsView
import FoundationEssentials
import Operations
import Platform

extension Performer {
  func perform(_ effect: Accounts.Effect, send: @escaping Runtime.Send) async -> Accounts.Message? {
    switch effect {
    case .judge(let rules, let issuers):
      return .judged(await survey(rules, issuers).open)
    case .load:
      do throws(Problem) {
        async let rules = rules()
        let accounts = try await operations.accounts(includeArchived: true)
        let issuers = try await operations.issuers(includeArchived: true)
        return .loaded(accounts, rules: try await rules.get(), issuers: issuers)
      } catch {
        return .loadFailed(error)
      }
    case .loadUsage:
      do throws(Problem) { return .usageArrived(try await weeklyUsage()) } catch { return .usageFailed(error) }
    case .loadDetail(let id):
      // Each part by itself: one that cannot be read hides none of the others.
      for part in [memberships(of:), activities(of:), keys(of:), modelUsage(of:)] {
        if Task.isCancelled { return nil }
        send(.accounts(await part(id)))
      }
      return nil
    case .readDependants(let accounts, let kind):
      do throws(Problem) { return .dependantsArrived(try await dependants(of: accounts, kind)) } catch {
        return .closingFailed(error)
      }
    case .create(let draft):
      do throws(Problem) { return .created(try await operations.createAccount(draft)) } catch {
        return .creationFailed(error)
      }
    case .update(let account, let update):
      do throws(Problem) { return .updated(try await operations.updateAccount(account.id, update)) } catch {
        return .updateFailed(error)
      }
    case .archive(let accounts):
      let (archived, left, problem) = await inTurn(accounts) { account throws(Problem) in
        try await operations.archiveAccount(account)
      }
      if archived.isEmpty, let problem { return .closingFailed(problem) }
      return .archived(archived, left: left.map { "\($0.name): \($1.line)" })
    case .shutOff(let account): return await shutOff(account)
    case .restore(let undo): return await restore(undo)
    case .copy, .save, .go, .say, .tellStory: return nil
    }
  }

  private func memberships(of id: ID<ServiceAccount>) async -> Accounts.Message {
    do throws(Problem) {
      let memberships = try await operations.memberships(of: id)
      let workspaces = (try? await operations.workspaces(includeArchived: true)) ?? []
      return .membershipsArrived(
        id, memberships, names: Dictionary(workspaces.map { ($0.id, $0.name) }) { first, _ in first })
    } catch {
      return .detailFailed(error)
    }
  }

  private func activities(of id: ID<ServiceAccount>) async -> Accounts.Message {
    do throws(Problem) {
      let mentions = ActivityFilter.field(.account, FilterValue(id.description))
      return .activitiesArrived(id, try await operations.activities(mentions, limit: 200).map(\.activity))
    } catch {
      return .detailFailed(error)
    }
  }

  private func keys(of id: ID<ServiceAccount>) async -> Accounts.Message {
    do throws(Problem) { return .keysArrived(id, try await operations.dependants(of: id).keys ?? []) } catch {
      return .detailFailed(error)
    }
  }

  private func modelUsage(of id: ID<ServiceAccount>) async -> Accounts.Message {
    let (start, end) = week
    do throws(Problem) {
      let lines = try await operations.modelUsage(of: id, from: start, to: end)
      return .modelUsageArrived(
        id,
        lines.map {
          Accounts.ModelUsage(
            model: $0.model, day: $0.startingAt, requests: $0.requests, tokens: $0.tokens.total, cents: $0.cost?.cents)
        })
    } catch {
      return .modelUsageFailed(id, error)
    }
  }

  private func dependants(
    of accounts: [ServiceAccount], _ kind: Accounts.Closing.Kind
  ) async throws(Problem) -> Accounts.Dependants {
    var all = Accounts.Dependants(rules: [], unmanageable: [], keys: [], workspaces: 0, longestTokenLife: 0)
    for account in accounts {
      let plan = try await operations.shutOff(account)
      all.rules += plan.rules
      all.unmanageable += plan.unmanageable
      // Keys of one that could not be read make the whole list unknown.
      all.keys = all.keys.flatMap { known in plan.keys.map { known + $0 } }
      if kind == .archive { all.workspaces += try await operations.memberships(of: account.id).count }
      all.longestTokenLife = max(all.longestTokenLife, plan.longestTokenLife)
    }
    return all
  }

  private func shutOff(_ account: ServiceAccount) async -> Accounts.Message {
    do throws(Problem) {
      // Looked at again: what leads to the account now is what must go, not what did when the question was asked.
      let outcome = await operations.carryOut(try await operations.shutOff(account), disablingKeys: true)
      return .shutOff(
        Accounts.Undo(account: account, rules: outcome.archived, keys: outcome.disabledKeys),
        left: outcome.left.map { "\($0.name): \($0.problem.line)" })
    } catch {
      return .closingFailed(error)
    }
  }

  private func restore(_ undo: Accounts.Undo) async -> Accounts.Message {
    do throws(Problem) {
      for rule in undo.rules { _ = try await operations.restore(rule) }
      for key in undo.keys { _ = try await operations.enableKey(key) }
      return .restored(undo)
    } catch {
      return .restoreFailed(error)
    }
  }

  /// Six whole days and today.
  private var week: (start: Date, end: Date) {
    let day = 86_400.0
    let today = Date(timeIntervalSince1970: (now().timeIntervalSince1970 / day).rounded(.down) * day)
    return (today.addingTimeInterval(-6 * day), today.addingTimeInterval(day))
  }

  /// By day.
  private func weeklyUsage() async throws(Problem) -> [ID<ServiceAccount>: Accounts.Usage] {
    let day = 86_400.0
    let (start, end) = week
    var usage: [ID<ServiceAccount>: Accounts.Usage] = [:]
    for line in try await operations.usage(by: .account, from: start, to: end, bucket: .day) {
      guard let id = line.subject.flatMap({ try? ID<ServiceAccount>($0) }) else { continue }
      var sum = usage[id] ?? Accounts.Usage(requests: nil, tokens: 0, cents: nil, daily: Array(repeating: 0, count: 7))
      if let requests = line.requests { sum.requests = (sum.requests ?? 0) + requests }
      if let cost = line.cost { sum.cents = (sum.cents ?? 0) + cost.cents }
      sum.tokens += line.tokens.total
      let place = Int(line.startingAt.timeIntervalSince(start) / day)
      if sum.daily.indices.contains(place) { sum.daily[place] += Double(line.requests ?? line.tokens.total) }
      usage[id] = sum
    }
    return usage
  }
}
