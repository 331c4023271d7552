import AccountsView
import AuditView
import FederationView
import KeysView
import MigrationView
import Operations
import OverviewView
import Interface
import Platform
import WorkspacesView

extension App {
  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    if case .pressed(let key) = message, case .held(let held) = state.overlay, key != .control("c"),
      key != .control("z"), key != .control("l")
    {
      state.isLeaving = false
      return answer(held, key, &state)
    }
    return passed(react(&state, message), &state)
  }

  static func react(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .started:
      return [.readOrganization, .watchThemes] + open(state.place, &state)
        // The tail runs from the start: the header counts denials whatever is open.
        + (state.place == .audit ? [] : react(&state, .audit(.opened)) + react(&state, .audit(.left)))
    case .pressed(let key):
      return press(key, &state)
    case .mouse(let mouse):
      return click(mouse, &state)
    case .resized(let size):
      state.size = size
      state.setRows()
      return react(&state, .audit(.resized))
    case .ended(let reason):
      state.say("Ending: \(reason).")
      state.isQuitting = true
      return []
    case .placeAsked(let place):
      return open(place, &state)
    case .helpAsked:
      state.overlay = .help(help(state))
      return []
    case .paletteAsked:
      state.overlay = .palette(Palette(keymap(for: state).hints(in: state)))
      return []
    case .quitAsked:
      quit(&state)
      return []
    case .suspendAsked: return [.screen(.suspend)]
    case .redrawAsked: return [.screen(.redraw)]
    case .themeAsked(let name):
      guard let theme = state.themes.first(where: { $0.name == name }) else { return [] }
      state.theme = theme
      return [.screen(.theme(theme))]
    case .themesRead(let themes):
      return take(themes, &state)
    case .addressKnown(let address):
      state.connection.address = address
      return []
    case .organization(let organization):
      state.organization = organization
      (state.rules.organizationID, state.accounts.organizationID) = (organization.id, organization.id)
      return []
    case .recalled(let recalled, let date):
      return recall(recalled, asOf: date, &state)
    case .read(let place, let date):
      state.readAt[place] = date
      return []
    case .said(let text, let role):
      state.say(text, role: role)
      return []
    case .journalAsked:
      state.overlay = .journal(Journal(readOnlyReason: state.connection.readOnlyReason))
      return [.readJournal]
    case .journalRead, .journalFailed, .undone, .written, .writeFailed:
      return answer(message, &state)
    case .accounts(let message):
      if case .loaded(let accounts, let rules, _) = message {
        _ = Audit.update(&state.audit, .rulesArrived(rules))
        state.keys.rearrange { keys in
          for account in accounts { keys.accountNames[account.id] = account.name }
        }
      }
      return Accounts.update(&state.accounts, message).flatMap { accountsEffect($0, &state) }
    case .rules(let message):
      if case .loaded(let rules, _) = message { _ = Audit.update(&state.audit, .rulesArrived(rules)) }
      return Rules.update(&state.rules, message).flatMap { rulesEffect($0, &state) }
    case .keys(let message):
      return Keys.update(&state.keys, message).flatMap { keysEffect($0, &state) }
    case .workspaces(let message):
      return Workspaces.update(&state.workspaces, message).flatMap { workspacesEffect($0, &state) }
    case .migration(let message):
      return Migrating.update(&state.migration, message).flatMap { migrationEffect($0, &state) }
    case .overview(let message):
      return Overview.update(&state.overview, message).flatMap { overviewEffect($0, &state) }
    case .audit(let message):
      let last = state.audit.lastRow
      let effects = Audit.update(&state.audit, message).flatMap { auditEffect($0, &state) }
      guard case .arrived(let new) = message else { return effects }
      watch(new, &state)
      return effects + alertEffects(new, after: last, state)
    case .alerted(let raised): return tell(raised, &state)
    }
  }

  /// The theme in use stays, as its file has it now, or as it was when its file is gone or holds none any more.
  private static func take(_ themes: Themes, _ state: inout State) -> [Effect] {
    let shown = state.theme
    let now = themes.all.first { $0.name == shown?.name } ?? shown
    let others = themes.all.filter { $0.name != now?.name }
    (state.theme, state.themes) = (now, [now].compactMap(\.self) + others)
    // An open palette names its actions by their places, which are others now.
    if case .palette = state.overlay { state.overlay = .palette(Palette(keymap(for: state).hints(in: state))) }
    if themes.problems != state.themeProblems, let problem = themes.problems.first {
      state.say(problem.line, role: .warning)
    }
    state.themeProblems = themes.problems
    return now == shown ? [] : now.map { [.screen(.theme($0))] } ?? []
  }

  /// Tells the wizard of the first exchange against the rule it has made.
  private static func watch(_ new: [Audit.Arrival], _ state: inout State) {
    guard let rule = state.rules.connect?.connection?.rule else { return }
    let first = new.first {
      $0.activity.type == Activity.exchangeType
        && $0.activity.json.at("event_data.federation_rule_id")?.string == rule.id.description
    }
    if let first { _ = Rules.update(&state.rules, .connect(.exchanged(first.activity))) }
  }

  /// What the store had at the start is no news, nor is all that the first reading of the feed brings.
  private static func alertEffects(_ new: [Audit.Arrival], after last: Int64?, _ state: State) -> [Effect] {
    guard state.hasAlerts, let last else { return [] }
    let news = new.filter { $0.row > last }
    return news.isEmpty ? [] : [.judge(news)]
  }

  private static func tell(_ raised: [RaisedAlert], _ state: inout State) -> [Effect] {
    if let last = raised.last { state.say(last.line, role: .warning) }
    if state.place != .audit { state.unseenAlerts += raised.count { $0.alert.badges } }
    return raised.contains { $0.alert.rings } ? [.screen(.ring)] : []
  }

  static func open(_ place: Place, _ state: inout State) -> [Effect] {
    if state.place == .audit, place != .audit { _ = Audit.update(&state.audit, .left) }
    state.place = place
    if place == .audit { state.unseenAlerts = 0 }
    return switch place {
    case .overview: react(&state, .overview(.opened))
    case .migration: react(&state, .migration(.opened))
    case .keys: react(&state, .keys(.opened))
    case .workspaces: react(&state, .workspaces(.opened))
    case .accounts: react(&state, .accounts(.opened))
    case .federation: react(&state, .rules(.opened))
    case .audit: react(&state, .audit(.opened))
    }
  }

  // MARK: keys

  private static func press(_ key: Key, _ state: inout State) -> [Effect] {
    if key == .control("c") { return react(&state, .quitAsked) }
    state.isLeaving = false
    if key == .control("z") { return react(&state, .suspendAsked) }
    if key == .control("l") { return react(&state, .redrawAsked) }
    if state.overlay != nil { return pressOverlay(key, &state) }
    state.said = nil
    return arranging(&state) { state in
      if state.isTyping { return typed(key, &state) }
      switch pressable(for: state).press(key, in: state) {
      case .message(let message): return react(&state, message)
      case .off(let reason): state.say(reason, role: .dim)
      case .unbound: break
      }
      return []
    }
  }

  /// Keeps how the lists are arranged, where something a person did has changed that.
  private static func arranging(_ state: inout State, _ act: (inout State) -> [Effect]) -> [Effect] {
    let before = Arrangements(of: state)
    let effects = act(&state)
    let after = Arrangements(of: state)
    return before == after ? effects : effects + [.keep(after)]
  }

  private static func typed(_ key: Key, _ state: inout State) -> [Effect] {
    switch state.place {
    case .accounts: react(&state, .accounts(.typed(key)))
    case .federation: react(&state, .rules(.typed(key)))
    case .audit: react(&state, .audit(.typed(key)))
    case .migration: react(&state, .migration(.typed(key)))
    case .keys: react(&state, .keys(.typed(key)))
    case .workspaces: react(&state, .workspaces(.typed(key)))
    case .overview: []
    }
  }

  private static func pressOverlay(_ key: Key, _ state: inout State) -> [Effect] {
    switch state.overlay {
    case .help(var help):
      let outcome = help.press(key, height: state.size.rows)
      state.overlay = outcome == .closed ? nil : .help(help)
    case .palette(var palette):
      let outcome = palette.press(key)
      state.overlay = .palette(palette)
      switch outcome {
      case .none: break
      case .cancelled: state.overlay = nil
      case .off(let reason): state.say(reason, role: .dim)
      case .chosen(let index):
        state.overlay = nil
        let bindings = keymap(for: state).bindings
        if bindings.indices.contains(index) { return react(&state, bindings[index].message) }
      }
    case .saving(var saving):
      let outcome = saving.press(key)
      state.overlay = outcome == .closed ? nil : .saving(saving)
      if case .write(let path) = outcome { return [.write(saving.text, path: path)] }
    case .journal(var journal):
      let outcome = journal.press(key, height: state.size.rows - 1)
      state.overlay = outcome == .closed ? nil : .journal(journal)
      switch outcome {
      case .undo(let line): return [.undo(line.number)]
      case .off(let reason):
        journal.failure = Problem("Nothing was undone", because: reason, try: "", kind: .usage)
        state.overlay = .journal(journal)
      case .closed, .none: break
      }
    case .held, nil: break
    }
    return []
  }

  /// What the world answers to an overlay that may be gone meanwhile.
  private static func answer(_ message: Message, _ state: inout State) -> [Effect] {
    switch (message, state.overlay) {
    case (.journalRead(let lines), .journal(var journal)):
      journal.show(lines)
      state.overlay = .journal(journal)
    case (.journalFailed(let problem), .journal(var journal)):
      journal.fail(problem)
      state.overlay = .journal(journal)
    case (.undone(let text), let overlay):
      if case .journal = overlay { state.overlay = nil }
      state.say(text, role: .good)
      return refresh(&state)
    case (.written(let path), let overlay):
      if case .saving = overlay { state.overlay = nil }
      state.say("Written to \(path).", role: .good)
    case (.writeFailed(let problem), .saving(var saving)):
      saving.refuse(problem)
      state.overlay = .saving(saving)
    case (.journalFailed(let problem), _), (.writeFailed(let problem), _):
      state.say(problem.line, role: .danger)
    default: break
    }
    return []
  }

  /// Reads the open view again, and the others when they are opened next.
  private static func refresh(_ state: inout State) -> [Effect] {
    switch state.place {
    case .overview: react(&state, .overview(.refreshAsked))
    case .accounts: react(&state, .accounts(.refreshAsked))
    case .federation: react(&state, .rules(.refreshAsked))
    case .keys: react(&state, .keys(.refreshAsked))
    case .workspaces: react(&state, .workspaces(.refreshAsked))
    case .migration: react(&state, .migration(.refreshAsked))
    case .audit: []
    }
  }

  /// A click in the header opens the view it names; the rest is the view's, where it has a list. Elsewhere, and in
  /// what is typed or lies over the view, the wheel moves as arrows do.
  private static func click(_ mouse: Mouse, _ state: inout State) -> [Effect] {
    arranging(&state) { clicked(mouse, &$0) }
  }

  private static func clicked(_ mouse: Mouse, _ state: inout State) -> [Effect] {
    if mouse.position.row > 0, state.overlay == nil, !state.isTyping {
      var mouse = mouse
      mouse.position.row -= 1
      switch state.place {
      case .accounts: return react(&state, .accounts(.list(.pointed(mouse))))
      case .keys: return react(&state, .keys(.list(.pointed(mouse))))
      case .workspaces: return react(&state, .workspaces(.list(.pointed(mouse))))
      case .federation: return react(&state, .rules(.list(.pointed(mouse))))
      case .migration: return react(&state, .migration(.list(.pointed(mouse))))
      case .audit: return react(&state, .audit(.list(.pointed(mouse))))
      case .overview: break
      }
    }
    switch mouse.action {
    case .wheelUp: return press(.up, &state)
    case .wheelDown: return press(.down, &state)
    case .click:
      guard mouse.position.row == 0, state.overlay == nil, !state.isTyping,
        let place = tabs(state).first(where: { $0.columns.contains(mouse.position.column) })?.place
      else { return [] }
      return open(place, &state)
    }
  }

  private static func quit(_ state: inout State) {
    if state.isLeaving {
      state.isQuitting = true
    } else if case .held = state.overlay {
      state.isLeaving = true
      state.say("Nothing was sent yet. ctrl-c again leaves.", role: .warning)
    } else if state.isSending {
      state.isLeaving = true
      state.say("A change is on its way. ctrl-c again leaves without waiting for its answer.", role: .warning)
    } else if state.isTyping {
      state.isLeaving = true
      state.say("What you have typed would be lost. ctrl-c again leaves.", role: .warning)
    } else {
      state.isQuitting = true
    }
  }
}
