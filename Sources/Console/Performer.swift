import AccountsView
import Federation
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
  /// The file that keeps how lists are arranged; nil where nothing is kept.
  let arrangementsPath: String?
  let themeDirectories: [String]

  /// - Parameters:
  ///   - clock: what polls wait on.
  ///   - themeDirectories: where themes are read from, the first first; none leaves the themes as they are.
  package init(
    operations: Operations, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }, alerts: [Alert] = [], arrangementsPath: String? = nil,
    themeDirectories: [String] = []
  ) {
    (self.operations, self.clock, self.now) = (operations, clock, now)
    self.arrangementsPath = arrangementsPath
    alarms = alerts.isEmpty ? nil : Alarms(alerts, storage: operations.storage, now: now)
    self.themeDirectories = themeDirectories
  }

  package func perform(_ effect: App.Effect, send: @escaping Runtime.Send) async -> App.Message? {
    switch effect {
    case .readOrganization:
      // Only for the header: the views say themselves what is wrong with the connection.
      return (try? await operations.organization()).map { .organization($0) }
    case .watchThemes:
      await watchThemes(send)
      return nil
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
    case .workspaces(let effect):
      if effect == .load { recall(for: .workspaces).map(send) }
      let message = await perform(effect, send: send)
      if case .loaded = message { send(.read(.workspaces, at: now())) }
      return message.map { .workspaces($0) }
    case .overview: return .overview(.loaded(await overview { send(.overview(.progressed($0))) }))
    case .judge(let arrivals):
      do throws(Problem) {
        let raised = try await alarms?.judge(arrivals.map { ($0.row, $0.activity) }) { send(.said($0.line, .warning)) }
        return raised.flatMap { $0.isEmpty ? nil : .alerted($0) }
      } catch {
        return .said(error.line, .warning)
      }
    case .readJournal, .undo, .write, .keep: return await performHere(effect)
    // The runtime carries these out itself.
    case .screen: return nil
    }
  }

  /// Reads the themes, and again after a file of theirs has changed, until the console ends.
  private func watchThemes(_ send: Runtime.Send) async {
    if themeDirectories.isEmpty { return }
    var seen: [Files.Trace]?
    repeat {
      let traces = Files.traces(in: themeDirectories)
      if traces != seen { send(.themesRead(Themes(in: themeDirectories))) }
      seen = traces
    } while (try? await clock.sleep(for: .seconds(1))) != nil
  }

  /// As a result, for two lists are read at once.
  func rules() async -> Result<[FederationRule], Problem> {
    do throws(Problem) { return .success(try await operations.rules(includeArchived: true)) } catch {
      return .failure(error)
    }
  }

  /// Without the rest of the organization each rule is judged by itself.
  func survey(_ rules: [FederationRule], _ issuers: [Issuer]) async -> Rules.Survey {
    let alone = Inventory(issuers: issuers, accounts: [], rules: rules, now: now())
    let inventory = (try? await operations.inventory(rules: rules, issuers: issuers)) ?? alone
    return Rules.Survey(inventory, accepted: (try? operations.acceptedFindings()) ?? [])
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
      return .surveyed(await survey(rules, issuers))
    case .lint(let effect): return .lint(await perform(effect))
    case .trial(let effect): return .trial(await perform(effect))
    case .archive(let subjects):
      let (archived, left, problem) = await inTurn(subjects) { subject throws(Problem) in
        switch subject {
        case .rule(let id): _ = try await operations.archiveRule(id)
        case .issuer(let id): _ = try await operations.archiveIssuer(operations.issuer(id.description))
        }
        return subject
      }
      if archived.isEmpty, let problem { return .archiveFailed(problem) }
      return .archived(archived, left: left.map(\.1.line))
    case .update(let rule, let update, let added, let removed):
      do throws(Problem) {
        for workspace in added { _ = try await operations.addWorkspace(workspace, to: rule.id) }
        var changed = rule
        if update != RuleUpdate() { changed = try await operations.updateRule(rule.id, update) }
        for workspace in removed { try await operations.removeWorkspace(workspace, from: rule.id) }
        return .updated(changed)
      } catch {
        return .updateFailed(error)
      }
    case .issuerEdit(let effect): return .issuerEdit(await perform(effect))
    case .connect(let effect): return await perform(effect, send: send).map { .connect($0) }
    case .copy, .save, .say: return nil
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
    case .reload, .copy, .save: return nil
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
