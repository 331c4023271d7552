import Foundation
import Interface
import Platform
import Testing
import WorkspacesView

@Suite("The workspaces")
struct WorkspacesTests {
  static let day = Date(timestamp: "2026-11-01T10:00:00Z")!

  static func workspace(_ number: Int, _ name: String) throws -> Workspace {
    Workspace(id: try ID("wrkspc_\(number)"), name: name, createdAt: day)
  }

  static func account(_ name: String) throws -> ServiceAccount {
    ServiceAccount(
      id: try ID("svac_\(name)"), name: name, description: nil, organizationRole: .developer, createdAt: day,
      createdBy: nil)
  }

  static func rule(_ name: String, in workspace: Int?, as account: String) throws -> FederationRule {
    FederationRule(
      id: try ID("fdrl_\(name)"), name: name, description: nil, issuerID: try ID("fdis_gh"),
      match: .init(subjectPrefix: "repo:acme/api:*"), accountID: try ID("svac_\(account)"),
      scope: "workspace:developer", tokenLifetime: 600, appliesToAllWorkspaces: workspace == nil,
      workspaceIDs: try workspace.map { [try ID("wrkspc_\($0)")] } ?? [], createdAt: day, createdBy: nil)
  }

  static let limit = """
    {"type":"workspace_rate_limit","workspace_id":"wrkspc_2","rate_limit_id":"rlim_1",
    "group":{"type":"model_group","id":"rlg_1","display_name":"Claude Sonnet 5.x"},"models":["claude-sonnet-5"],
    "limits":[{"type":"requests_per_minute","value":500,"org_limit":4000,"source":{"type":"workspace"}},
    {"type":"output_tokens_per_minute","value":400000,"org_limit":400000,"source":{"type":"organization"}}]}
    """

  static func state() throws -> Workspaces.State {
    var state = Workspaces.State()
    let gone = {
      var workspace = $0
      workspace.archivedAt = day
      return workspace
    }(try workspace(3, "Old"))
    let key = APIKey(
      id: try ID("apikey_1"), name: "legacy", createdAt: day, hint: "sk-…xy", workspaceID: try ID("wrkspc_2"))
    _ = Workspaces.update(&state, .opened)
    let effects = Workspaces.update(
      &state,
      .loaded(
        .init(
          workspaces: [try workspace(1, "Default"), try workspace(2, "Research"), gone],
          rules: [try rule("ci", in: 2, as: "ci"), try rule("all", in: nil, as: "batch")],
          accounts: [try account("ci"), try account("batch"), try account("spare")], keys: [key])))
    #expect(effects == [.count([state.workspaces[0], state.workspaces[1]])])
    let membership = WorkspaceMembership(
      accountID: try ID("svac_ci"), workspaceID: try ID("wrkspc_2"), role: "workspace_developer", isImplicit: false,
      createdBy: nil)
    let limits = [try WorkspaceLimit(json: try JSON(parsing: Array(limit.utf8)))]
    _ = Workspaces.update(
      &state, .contentsArrived(try ID("wrkspc_2"), .init(memberships: [membership], limits: limits)))
    return state
  }

  static func press(_ script: String, _ state: inout Workspaces.State) -> [Workspaces.Effect] {
    Key.script(script).flatMap { key -> [Workspaces.Effect] in
      if state.isTyping { return Workspaces.update(&state, .typed(key)) }
      guard case .message(let message) = Workspaces.keys.press(key, in: state) else { return [] }
      return Workspaces.update(&state, message)
    }
  }

  static func screen(_ state: Workspaces.State, _ columns: Int = 80, _ rows: Int = 10) -> String {
    Workspaces.render(state, size: Size(columns: columns, rows: rows)).text
  }

  @Test("are a table of what reaches each", arguments: [60, 80, 120])
  func table(columns: Int) throws {
    var state = try Self.state()
    state.width = columns
    let text = Self.screen(state, columns, 5)
    #expect(text == Self.expected(columns), "\(text)")
  }

  static func expected(_ columns: Int) -> String {
    switch columns {
    case 60:
      """
      Workspaces  2 live
        WORKSPACE                 STATE     ACCOUNTS  RULES   KEYS
      ▸ Default                   live         every      1      0
        Research                  live             1      2      1
        Old                       archived         –      0      0
      """
    case 80:
      """
      Workspaces  2 live
        WORKSPACE              STATE     ACCOUNTS  RULES   KEYS  LIMITS     CREATED
      ▸ Default                live         every      1      0  …          2026-11-01
        Research               live             1      2      1  1 own      2026-11-01
        Old                    archived         –      0      0  –          2026-11-01
      """
    default:
      """
      Workspaces  2 live
        WORKSPACE                     STATE     ACCOUNTS  RULES   KEYS  LIMITS     CREATED     ID
      ▸ Default                       live         every      1      0  …          2026-11-01  wrkspc_1
        Research                      live             1      2      1  1 own      2026-11-01  wrkspc_2
        Old                           archived         –      0      0  –          2026-11-01  wrkspc_3
      """
    }
  }

  @Test("open on their accounts, rules, keys and limits, each leading to its place")
  func detail() throws {
    var state = try Self.state()
    #expect(Self.press("j<enter>", &state) == [.loadContents(of: state.workspaces[1])])
    #expect(Self.screen(state).contains("[Accounts 1]") && Self.screen(state).contains("workspace_developer"))
    #expect(Self.press("<enter>", &state) == [.go(.account(try ID("svac_ci")))])
    _ = Self.press("<tab>j", &state)
    #expect(Self.screen(state).contains("everywhere"))
    #expect(Self.press("<enter>", &state) == [.go(.rule(try ID("fdrl_all")))])
    #expect(Self.press("<tab><enter>", &state) == [.go(.key(try ID("apikey_1")))])
    _ = Self.press("<tab>", &state)
    let limits = Self.screen(state, 90, 10)
    #expect(limits.contains("requests_per_minute") && limits.contains("500") && limits.contains("4000"), "\(limits)")
    #expect(Workspaces.keys.press(.enter, in: state) == .off("This leads nowhere."))
    _ = Self.press("<esc>", &state)
    #expect(state.opened == nil && state.selected?.name == "Research")
  }

  @Test("take an account in, by its name, after the request was shown")
  func adding() throws {
    var state = try Self.state()
    #expect(Workspaces.keys.press("a", in: state) == .off("Every account is in the default workspace."))
    _ = Self.press("ja", &state)
    #expect(Self.screen(state).contains("batch, spare"))
    _ = Self.press("sp<ctrl-s>", &state)
    #expect(Self.screen(state).contains("there is no live account called sp"))
    _ = Self.press("are<ctrl-s>", &state)
    let review = Self.screen(state, 90, 14)
    #expect(review.contains("POST /v1/organizations/service_accounts/svac_spare/workspaces"), "\(review)")
    #expect(
      Self.press("<enter>", &state) == [
        .add(try ID("svac_spare"), to: state.workspaces[1], role: "workspace_developer")
      ])
    let membership = WorkspaceMembership(
      accountID: try ID("svac_spare"), workspaceID: try ID("wrkspc_2"), role: "workspace_developer", isImplicit: false,
      createdBy: nil)
    #expect(Workspaces.update(&state, .added(membership)) == [.say("spare was added as workspace_developer.")])
    #expect(state.contents[try ID("wrkspc_2")]?.memberships.count == 2)
  }

  @Test("let an account go after saying which rules stop minting, and only by its name")
  func removing() throws {
    var state = try Self.state()
    _ = Self.press("j<enter>x", &state)
    let text = Self.screen(state, 80, 16)
    #expect(text.contains("Take ci out of Research") && text.contains("  ci"), "\(text)")
    #expect(Self.press("c<enter>", &state).isEmpty)
    let effects = Self.press("i<enter>", &state)
    guard case .remove(let membership)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    _ = Workspaces.update(&state, .removed(membership))
    #expect(Self.screen(state).contains("No account was added to it."))
  }

  @Test("give an account another role there")
  func role() throws {
    var state = try Self.state()
    _ = Self.press("j<enter>e<left><ctrl-s>", &state)
    #expect(
      Self.press("<enter>", &state) == [
        .add(try ID("svac_ci"), to: state.workspaces[1], role: "workspace_user")
      ])
    _ = Workspaces.update(&state, .addFailed(Problem("Not added", because: "403", try: "Ask.")))
    #expect(Self.screen(state).contains("✗ Not added: 403. Ask."))
  }

  @Test("stay when reading them again fails, and says so")
  func failure() throws {
    var state = try Self.state()
    #expect(Self.press("<ctrl-r>", &state) == [.load])
    _ = Workspaces.update(&state, .loadFailed(Problem("Not read", because: "no answer", try: "Wait.")))
    let text = Self.screen(state)
    #expect(text.contains("Research") && text.contains("✗ Not read: no answer. Wait."))
  }

  @Test(
    "are filtered by what reaches them",
    arguments: [("account:ci", 1), ("rule:all", 2), ("keys>0", 1), ("state:archived", 1)])
  func filters(text: String, count: Int) throws {
    var state = try Self.state()
    _ = Self.press("/\(text)<enter>", &state)
    #expect(state.shown.count == count)
  }

  @Test("change nothing in a session that must not")
  func readOnly() throws {
    var state = try Self.state()
    state.readOnlyReason = "Read-only."
    _ = Self.press("j<enter>", &state)
    for key in Key.script("aex") { #expect(Workspaces.keys.press(key, in: state) == .off("Read-only.")) }
  }

  @Test("draws in any size", arguments: 0...4)
  func small(rows: Int) throws {
    var state = try Self.state()
    for script in ["", "j<enter>", "x", "<esc>a"] {
      _ = Self.press(script, &state)
      #expect(Workspaces.render(state, size: Size(columns: rows, rows: rows)).size.rows == rows)
    }
  }

  @Test func keysHaveOneMeaningEach() { #expect(Workspaces.keys.collisions.isEmpty) }
}
