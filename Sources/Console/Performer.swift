import AccountsView
import FederationView
package import FoundationEssentials
import Interface
package import Operations
import Platform

/// Turns effects into calls, and answers into messages.
package struct Performer: Sendable {
  let operations: Operations
  let clock: any Clock<Duration>
  let now: @Sendable () -> Date
  /// Nil when nobody asked to be told of anything.
  let alarms: Alarms?

  /// - Parameter clock: what polls wait on.
  package init(
    operations: Operations, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }, alerts: [Alert] = []
  ) {
    (self.operations, self.clock, self.now) = (operations, clock, now)
    alarms = alerts.isEmpty ? nil : Alarms(alerts, storage: operations.storage, now: now)
  }

  package func perform(_ effect: App.Effect, send: @escaping Runtime.Send) async -> App.Message? {
    switch effect {
    case .readOrganization:
      // Only for the header: the views say themselves what is wrong with the connection.
      return (try? await operations.organization()).map { .organization($0) }
    case .accounts(let effect):
      if effect == .load { recall(for: .accounts).map(send) }
      let message = await perform(effect, send: send)
      if case .loaded = message { send(.read(.accounts, at: now())) }
      return message.map { .accounts($0) }
    case .rules(let effect):
      if effect == .load { recall(for: .federation).map(send) }
      let message = await perform(effect, send: send)
      if case .loaded = message { send(.read(.federation, at: now())) }
      return message.map { .rules($0) }
    case .audit(let effect): return await perform(effect).map { .audit($0) }
    case .migration(let effect):
      let message = await perform(effect)
      if case .loaded = message { send(.read(.migration, at: now())) }
      return message.map { .migration($0) }
    case .keys(let effect):
      if effect == .load { recall(for: .keys).map(send) }
      let message = await perform(effect)
      if case .loaded = message { send(.read(.keys, at: now())) }
      return message.map { .keys($0) }
    case .overview: return .overview(.loaded(await overview { send(.overview(.progressed($0))) }))
    case .judge(let arrivals):
      do throws(Problem) {
        let raised = try await alarms?.judge(arrivals.map { ($0.row, $0.activity) }) { send(.said($0.line, .warning)) }
        return raised.flatMap { $0.isEmpty ? nil : .alerted($0) }
      } catch {
        return .said(error.line, .warning)
      }
    // The runtime carries these out itself.
    case .screen: return nil
    }
  }

  /// As a result, for two lists are read at once.
  func rules() async -> Result<[FederationRule], Problem> {
    do throws(Problem) { return .success(try await operations.rules(includeArchived: true)) } catch {
      return .failure(error)
    }
  }

  private func perform(_ effect: Rules.Effect, send: @escaping Runtime.Send) async -> Rules.Message? {
    switch effect {
    case .load:
      do throws(Problem) {
        async let rules = rules()
        let issuers = try await operations.issuers(includeArchived: true)
        return .loaded(rules: try await rules.get(), issuers: issuers)
      } catch {
        return .loadFailed(error)
      }
    case .survey(let rules, let issuers):
      // Without the rest each rule is judged by itself, which is shown already.
      guard let inventory = try? await operations.inventory(rules: rules, issuers: issuers),
        let accepted = try? operations.acceptedFindings()
      else { return nil }
      return .surveyed(Rules.Survey(inventory, accepted: accepted))
    case .lint(let effect): return .lint(await perform(effect))
    case .trial(let effect): return .trial(await perform(effect))
    case .archive(let subject):
      do throws(Problem) {
        switch subject {
        case .rule(let id): _ = try await operations.archiveRule(id)
        case .issuer(let id): _ = try await operations.archiveIssuer(operations.issuer(id.description))
        }
        return .archived(subject)
      } catch {
        return .archiveFailed(error)
      }
    case .update(let rule, let update):
      do throws(Problem) { return .updated(try await operations.updateRule(rule.id, update)) } catch {
        return .updateFailed(error)
      }
    case .connect(let effect): return await perform(effect, send: send).map { .connect($0) }
    case .copy, .say: return nil
    }
  }

  private func perform(
    _ effect: Rules.Connect.Effect, send: @escaping Runtime.Send
  ) async -> Rules.Connect.Message? {
    switch effect {
    case .prepare:
      do throws(Problem) {
        let accounts = try await operations.accounts()
        return .prepared(Rules.Connect.Grounds(accounts: accounts, workspaces: try await operations.workspaces()))
      } catch {
        return .prepareFailed(error)
      }
    case .readFile(let path):
      do throws(Problem) { return .fileRead(Secret(try Files.text(at: path, what: "token"))) } catch {
        return .fileFailed(error)
      }
    case .plan(let wish):
      do throws(Problem) { return .planned(try await operations.plan(Operations.ConnectionWish(wish))) } catch {
        return .planFailed(error)
      }
    case .connect(let plan):
      do throws(Operations.Interruption) {
        return .connected(try await operations.connect(plan) { send(.rules(.connect(.progressed($0)))) })
      } catch {
        return .interrupted(error.problem, remaining: error.remaining)
      }
    case .takeBack(let plan):
      do throws(Problem) {
        let record = try operations.unfinishedConnection(plan.journalNumber)
        return .takenBack(try await operations.takeBack(record).lines)
      } catch {
        return .takingBackFailed(error)
      }
    case .reload, .copy: return nil
    }
  }
}

extension Operations.ConnectionWish {
  fileprivate init(_ wish: Rules.Connect.Wish) {
    let account: Account =
      switch wish.account {
      case .existing(let account): .existing(account.id.description)
      case .new(let name): .new(name)
      }
    self.init(
      workload: wish.workload, account: account, workspace: wish.workspace.id.description, scope: wish.scope,
      lifetime: wish.lifetime)
  }
}
