package import Interface
package import Platform

extension Workspaces {
  package enum Message: Equatable, Sendable {
    case opened, refreshAsked
    case loaded(Board)
    case loadFailed(Problem)
    case contentsArrived(ID<Workspace>, Contents)
    case contentsFailed(Problem)
    case moved(Motion)
    case list(List.Message)
    case openAsked, backAsked
    /// Another view leads to a workspace.
    case showAsked(ID<Workspace>)
    case pageChanged(by: Int)
    case addAsked, editAsked, removeAsked
    case typed(Key)
    case added(WorkspaceMembership)
    case addFailed(Problem)
    case removed(WorkspaceMembership)
    case removeFailed(Problem)
    case copyAsked
  }

  package enum Effect: Equatable, Sendable {
    case load
    /// What the list tells of each, one after the other.
    case count([Workspace])
    case loadContents(of: Workspace)
    case add(ID<ServiceAccount>, to: Workspace, role: String)
    case remove(WorkspaceMembership)
    case go(Target)
    case copy(String, what: String)
    case say(String)
  }

  package static func update(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .opened:
      return state.hasLoaded || state.isLoading ? [] : load(&state)
    case .refreshAsked:
      return load(&state)
    case .loaded(let board):
      state.replace(board)
      (state.isLoading, state.hasLoaded, state.failure) = (false, true, nil)
      return [.count(state.counted)] + show(&state)
    case .loadFailed(let problem):
      (state.isLoading, state.failure) = (false, problem)
    case .contentsArrived(let id, let contents):
      state.rearrange { $0.contents[id] = contents }
      state.clampPage()
    case .contentsFailed(let problem):
      state.failure = problem
    case .moved(let motion):
      state.moveAnywhere(motion)
    case .list(.pointed(let mouse)) where state.opened != nil:
      state.point(mouse)
    case .list(let message):
      if state.opened == nil { state.update(message) }
    case .openAsked:
      return open(&state)
    case .showAsked(let id):
      state.wanted = id
      return state.hasLoaded ? show(&state) : []
    case .backAsked:
      if state.opened != nil { state.opened = nil } else { state.goBack() }
    case .pageChanged(let step):
      state.turn(by: step)
    case .copyAsked:
      guard let workspace = state.subject else { return [] }
      return [.copy(workspace.id.description, what: "the identifier of \(workspace.name)")]
    case .typed(let key):
      return typed(key, &state)
    default:
      return change(&state, message)
    }
    return []
  }

  /// The messages about who belongs to a workspace.
  private static func change(_ state: inout State, _ message: Message) -> [Effect] {
    switch message {
    case .addAsked:
      state.adding = state.subject.map { Adding(to: $0, among: state) }
    case .editAsked:
      guard let workspace = state.opened?.workspace, let membership = state.selectedMembership else { return [] }
      state.adding = Adding(to: workspace, among: state, changing: membership)
    case .removeAsked:
      state.removing = state.selectedMembership.map { Removing($0, state) }
    case .added(let membership):
      let isNew = state.adding?.membership == nil
      state.adding = nil
      var memberships = state.contents[membership.workspaceID]?.memberships ?? []
      memberships.removeAll { $0.accountID == membership.accountID }
      keep([membership] + memberships, of: membership.workspaceID, &state)
      let name = state.name(of: membership.accountID)
      return [.say(isNew ? "\(name) was added as \(membership.role)." : "\(name) is \(membership.role) there now.")]
    case .addFailed(let problem):
      state.adding?.failure = problem
      state.adding?.stage = .form
    case .removed(let membership):
      state.removing = nil
      let left = (state.contents[membership.workspaceID]?.memberships ?? []).filter {
        $0.accountID != membership.accountID
      }
      keep(left, of: membership.workspaceID, &state)
      return [.say("\(state.name(of: membership.accountID)) was taken out of the workspace.")]
    case .removeFailed(let problem):
      (state.removing, state.failure) = (nil, problem)
    default: break
    }
    return []
  }

  private static func keep(
    _ memberships: [WorkspaceMembership], of id: ID<Workspace>, _ state: inout State
  ) {
    let limits = state.contents[id]?.limits
    state.rearrange { $0.contents[id] = Contents(memberships: memberships, limits: limits) }
    state.clampPage()
  }

  static func load(_ state: inout State) -> [Effect] {
    state.isLoading = true
    return [.load]
  }

  /// Opens the workspace that another view leads to, whatever the list is narrowed to.
  private static func show(_ state: inout State) -> [Effect] {
    guard let id = state.wanted else { return [] }
    (state.wanted, state.opened) = (nil, nil)
    state.rearrange { $0.filter.clear() }
    state.select(id.description)
    return state.selected?.id == id ? open(&state) : []
  }

  /// Opens the selected workspace; in an open one goes to what is selected.
  private static func open(_ state: inout State) -> [Effect] {
    if state.opened != nil { return state.target.map { [.go($0)] } ?? [] }
    guard let workspace = state.selected else { return [] }
    state.opened = Detail(workspace)
    return [.loadContents(of: workspace)]
  }
}

extension Workspaces.State {
  mutating func moveAnywhere(_ motion: Motion) {
    guard opened != nil else { return move(motion) }
    let (count, height) = (pageRows.count, pageHeight)
    opened?.table.move(motion, count: count, height: height)
  }

  mutating func turn(by step: Int) {
    let pages = Workspaces.Detail.Page.allCases
    guard let page = opened?.page else { return }
    opened?.page = pages[(page.rawValue + step + pages.count) % pages.count]
    opened?.table = Table()
  }

  /// A click chooses a page or a row of it.
  mutating func point(_ mouse: Mouse) {
    let (count, height) = (pageRows.count, pageHeight)
    switch mouse.action {
    case .wheelUp: opened?.table.scroll(by: -3, height: height, count: count)
    case .wheelDown: opened?.table.scroll(by: 3, height: height, count: count)
    case .click:
      guard let opened else { return }
      if mouse.position.row == 1 {
        if let tab = tabs(opened).tab(at: mouse.position.column, width: width) { turn(by: tab - opened.page.rawValue) }
      } else if case .row(let row) = opened.table.hit(
        mouse.position, columns: Workspaces.columns(of: opened.page), count: count, row: Workspaces.pageTop,
        width: width, height: height)
      {
        self.opened?.table.selected = row
      }
    }
  }

  mutating func clampPage() {
    let count = pageRows.count
    opened?.table.clamp(count: count)
  }

  /// Rows of an open page's table, its heading included.
  var pageHeight: Int { max(0, rows - Workspaces.pageTop) }

  var target: Workspaces.Target? {
    guard let opened else { return nil }
    let rows = pageRows
    return rows.indices.contains(opened.table.selected) ? rows[opened.table.selected].target : nil
  }

  /// The membership under the cursor of an open workspace's accounts, if it is one that can be changed.
  var selectedMembership: WorkspaceMembership? {
    guard let opened, opened.page == .accounts, case .account(let id) = target else { return nil }
    return contents[opened.workspace.id]?.memberships.first { $0.accountID == id }
  }
}
