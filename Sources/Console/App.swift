package import AccountsView
package import AuditView
package import FederationView
package import FoundationEssentials
package import Interface
package import KeysView
package import MigrationView
package import Operations
package import OverviewView
package import Platform
package import WorkspacesView

/// The whole console: which view is open, and what lies over it.
package enum App {
  /// The views, by the number that opens them.
  package enum Place: Int, CaseIterable, Sendable {
    case overview = 1, accounts, federation, audit, migration, keys, workspaces

    var title: String {
      switch self {
      case .overview: "Overview"
      case .accounts: "Accounts"
      case .federation: "Federation"
      case .audit: "Audit"
      case .migration: "Migration"
      case .keys: "Keys"
      case .workspaces: "Workspaces"
      }
    }

    /// Where there is no room for the whole.
    var shortTitle: String {
      switch self {
      case .federation: "Fed"
      case .migration: "Migr"
      case .workspaces: "Work"
      default: title
      }
    }

    var key: Key { .character(Character(String(rawValue))) }
  }

  /// What the header says about the connection.
  package struct Connection: Equatable, Sendable {
    package var profile: String
    /// Where it is, without `https://`. That of a sandbox that starts beside the screen is empty until it listens.
    package var address: String
    package var isSandbox: Bool
    /// Why nothing can be changed, as a sentence; nil when it can.
    package var readOnlyReason: String?
    /// Whether the profile's name is to be typed before every change.
    package var asksForName: Bool

    package init(
      profile: String, address: String, isSandbox: Bool = false, readOnlyReason: String? = nil,
      asksForName: Bool = false
    ) {
      (self.profile, self.address) = (profile, address)
      (self.isSandbox, self.readOnlyReason, self.asksForName) = (isSandbox, readOnlyReason, asksForName)
    }

    var confirmedProfile: String? { asksForName ? profile : nil }
  }

  /// Something said on the message line.
  package struct Said: Equatable, Sendable {
    var text: String
    var role: Role
  }

  package enum Overlay: Equatable, Sendable {
    case help(Help), palette(Palette), held(Held), saving(Saving), journal(Journal)
  }

  package struct State: Equatable, Sendable {
    package var size: Size
    package var connection: Connection
    package var organization: Organization?
    package var place = Place.overview
    package var overview = Overview.State()
    package var accounts = Accounts.State()
    package var rules = Rules.State()
    package var audit = Audit.State()
    package var migration = Migrating.State()
    package var keys = Keys.State()
    package var workspaces = Workspaces.State()
    /// When what each view shows was read from the platform.
    package var readAt: [Place: Date] = [:]
    package var overlay: Overlay?
    package var said: Said?
    package var themes: [Theme]
    /// The one in use.
    package var theme: Theme?
    /// What was said last of files that hold no theme.
    var themeProblems: [Problem] = []
    /// Other keys for some actions, by the action's name.
    package var keyChoices: [String: [String]] = [:]
    /// Whether a person asked to be told of some activities.
    package var hasAlerts = false
    /// Alerts that were raised while another view than the audit log was open.
    package var unseenAlerts = 0
    /// Asked to quit while a change was being sent, or a form was open; asking again quits.
    var isLeaving = false
    package var isQuitting = false

    /// - Parameter themes: those that can be chosen, the one in use first.
    package init(size: Size, connection: Connection, themes: [Theme]) {
      (self.size, self.connection, self.themes, theme) = (size, connection, themes, themes.first)
      accounts.readOnlyReason = connection.readOnlyReason
      rules.readOnlyReason = connection.readOnlyReason
      keys.readOnlyReason = connection.readOnlyReason
      migration.readOnlyReason = connection.readOnlyReason
      workspaces.readOnlyReason = connection.readOnlyReason
      setRows()
    }

    package mutating func say(_ text: String, role: Role = .text) { said = Said(text: text, role: role) }

    mutating func setRows() {
      (accounts.rows, rules.rows, audit.rows) = (bodyRows, bodyRows, bodyRows)
      (keys.rows, overview.rows, migration.rows) = (bodyRows, bodyRows, bodyRows)
      workspaces.rows = bodyRows
      (accounts.width, keys.width, audit.width) = (size.columns, size.columns, size.columns)
      (rules.width, workspaces.width, migration.width) = (size.columns, size.columns, size.columns)
    }

    /// Rows that the view has.
    var bodyRows: Int { max(0, size.rows - 3) }

    /// Whether keys go into the open view's form rather than being commands.
    var isTyping: Bool {
      switch place {
      case .accounts: accounts.isTyping
      case .federation: rules.isTyping
      case .audit: audit.isTyping
      case .migration: migration.isTyping
      case .keys: keys.isTyping
      case .workspaces: workspaces.isTyping
      case .overview: false
      }
    }

    private var isUndoing: Bool { if case .journal(let journal) = overlay { journal.isSending } else { false } }

    /// Whether a change is on its way to the platform.
    var isSending: Bool {
      accounts.isSending || keys.isSending || migration.isSending || workspaces.isSending
        || rules.archive?.isSending == true
        || isUndoing || rules.edit?.stage == .sending || rules.issuerEdit?.stage == .sending
        || rules.lint?.applying?.isSending == true
        || rules.connect?.progress.isRunning == true
    }
  }

  package enum Message: Equatable, Sendable {
    case started
    case pressed(Key)
    case mouse(Mouse)
    case resized(Size)
    /// The terminal has gone, or the system asks to end.
    case ended(reason: String)
    case placeAsked(Place)
    case helpAsked, paletteAsked, quitAsked, suspendAsked, redrawAsked
    case themeAsked(String)
    /// Where the sandbox listens, now that it does.
    case addressKnown(String)
    /// All that there are, at the start and whenever a file of theirs has changed.
    case themesRead(Themes)
    case organization(Organization)
    /// Lists as they were when the store got them.
    case recalled(Recalled, asOf: Date)
    /// What a view shows was read from the platform just now.
    case read(Place, at: Date)
    case accounts(Accounts.Message)
    case rules(Rules.Message)
    case audit(Audit.Message)
    case migration(Migrating.Message)
    case keys(Keys.Message)
    case workspaces(Workspaces.Message)
    case overview(Overview.Message)
    case alerted([RaisedAlert])
    case said(String, Role)
    case journalAsked
    case journalRead([Journal.Line])
    case undone(String)
    case journalFailed(Problem)
    case written(path: String)
    case writeFailed(Problem)
  }

  package enum Effect: Equatable, Sendable {
    case readOrganization
    case watchThemes
    case accounts(Accounts.Effect)
    case rules(Rules.Effect)
    case audit(Audit.Effect)
    case migration(Migrating.Effect)
    case keys(Keys.Effect)
    case workspaces(Workspaces.Effect)
    case overview
    /// What has arrived, to be judged by the alerts.
    case judge([Audit.Arrival])
    case readJournal
    /// The change of that number in the journal.
    case undo(Int64)
    case write(String, path: String)
    case keep(Arrangements)
    case screen(ScreenOrder)

    package var order: ScreenOrder? { if case .screen(let order) = self { order } else { nil } }
  }

  package enum ScreenOrder: Equatable, Sendable {
    case copy(String)
    case suspend, redraw, ring
    case theme(Theme)
  }
}

extension App.Effect {
  /// Where an effect runs. One slot holds one effect; what changes something has a slot of its own.
  package enum Slot: Hashable, Sendable {
    case organization, themes, accounts, account, usage, dependants, tail, keys, keyUsage, migration, report, overview,
      log, measure, spread, seek, highlight, notes, timeline, denials, ruleReading, history, pivots, rules, survey,
      lint, trial, grounds,
      file, plan, screen, workspaces, workspace, workspaceContents, judgement, journal,
      arrangements
    case change(String)
    /// Each of its own, for none may take the place of one before.
    case alerts(after: Int64)
  }

  package var slot: Slot {
    switch self {
    case .readOrganization: .organization
    case .judge(let arrivals): .alerts(after: arrivals.first?.row ?? 0)
    case .watchThemes: .themes
    case .screen: .screen
    case .readJournal: .journal
    case .undo(let number): .change("undo \(number)")
    case .write: .file
    case .keep: .arrangements
    case .accounts(let effect):
      switch effect {
      case .judge: .judgement
      case .load: .accounts
      case .loadDetail: .account
      case .loadUsage: .usage
      case .readDependants: .dependants
      case .save, .go: .screen
      case .create(let draft): .change("account \(draft.name)")
      case .update(let account, _), .shutOff(let account): .change("account \(account.name)")
      case .archive(let accounts): .change("accounts \(accounts.map(\.name))")
      case .restore(let undo): .change("account \(undo.account.name)")
      case .copy, .say, .tellStory: .screen
      }
    case .rules(let effect):
      switch effect {
      case .load: .rules
      case .survey: .survey
      case .lint(.read): .lint
      case .lint(.accept(let code, let rule, _, _)): .change("accept \(code) \(rule.id)")
      case .lint(.withdraw(let code, let rule)): .change("accept \(code) \(rule)")
      case .trial: .trial
      case .archive(let subjects): .change("archive \(subjects)")
      case .update(let rule, _, _, _): .change("rule \(rule.id)")
      case .issuerEdit(.readFiles): .file
      case .issuerEdit(.create(let draft)): .change("issuer \(draft.name)")
      case .issuerEdit(.update(let issuer, _)): .change("issuer \(issuer.id)")
      case .connect(.prepare): .grounds
      case .connect(.readFile): .file
      case .connect(.plan): .plan
      case .connect(.connect(let plan)), .connect(.takeBack(let plan)): .change("connect \(plan.ruleName)")
      case .connect: .screen
      case .copy, .save, .say: .screen
      }
    case .overview: .overview
    case .keys(let effect):
      switch effect {
      case .load: .keys
      case .loadUsage: .keyUsage
      case .change(let keys, _): .change("keys \(keys.map(\.id))")
      case .copy, .say: .screen
      }
    case .workspaces(let effect):
      switch effect {
      case .load: .workspaces
      case .count: .workspaceContents
      case .loadContents: .workspace
      case .add(let account, let workspace, _): .change("member \(account) \(workspace.id)")
      case .remove(let membership): .change("member \(membership.accountID) \(membership.workspaceID)")
      case .go, .copy, .say: .screen
      }
    case .migration(let effect):
      switch effect {
      case .load: .migration
      case .take(_, let course): .change("key \(course.key.id)")
      case .report: .report
      case .copy, .say: .screen
      }
    case .audit(let effect):
      switch effect {
      case .read: .log
      case .poll, .catchUp: .tail
      case .measure: .measure
      case .spread: .spread
      case .seek: .seek
      case .understand: .highlight
      case .readNotes, .copyMarked: .notes
      case .readTimeline: .timeline
      case .bookmark(let ids, _): .change("bookmark \(ids)")
      case .removeBookmark(let id): .change("bookmark \(id)")
      case .saveFilter(let filter): .change("filter \(filter.name)")
      case .removeFilter(let name): .change("filter \(name)")
      case .readDenials: .denials
      case .readRules: .ruleReading
      case .readHistory: .history
      case .openRule: .screen
      case .countPivots: .pivots
      case .copy, .say: .screen
      }
    }
  }
}
