import Federation
import Interface
import Platform

extension Rules {
  static func render(_ connect: Connect, _ state: State, on surface: inout Surface) {
    let size = surface.size
    renderSteps(connect, on: &surface)
    let body = Size(columns: size.columns - 4, rows: max(0, size.rows - 4))
    switch connect.step {
    case .provider: renderProviders(connect, on: &surface, body: body)
    case .workload: renderWorkload(connect, on: &surface, body: body)
    case .account: renderAccount(connect, state, on: &surface, body: body)
    case .place:
      connect.place.render(into: &surface, row: 3, column: 2, width: body.columns, height: body.rows)
      if connect.isPlanning {
        surface.write("Looking what is there already…", row: size.rows - 2, column: 2, role: .accent)
      }
    case .review, .handover:
      connect.page.render(into: &surface, row: 2, column: 1, width: size.columns - 2, height: max(0, size.rows - 3))
    case .apply: renderProgress(connect, on: &surface)
    }
    surface.write(prompt(connect), row: size.rows - 1, role: .dim)
    if let failure = connect.failure { renderFailure(failure, prompt: prompt(connect), on: &surface) }
    connect.confirmation?.render(on: &surface)
  }

  /// `Connect  provider › workload › …` with the present one marked.
  private static func renderSteps(_ connect: Connect, on surface: inout Surface) {
    var column = surface.write("Connect", row: 0, role: .heading) + 2
    for step in Connect.Step.allCases {
      let isNow = step == connect.step
      let name = isNow ? "[\(word(step))]" : word(step)
      column += surface.write(name, row: 0, column: column, role: isNow ? .accent : step < connect.step ? .text : .dim)
      if step != .handover { column += surface.write(" › ", row: 0, column: column, role: .dim) }
    }
  }

  private static func word(_ step: Connect.Step) -> String {
    switch step {
    case .provider: "provider"
    case .workload: "workload"
    case .account: "account"
    case .place: "access"
    case .review: "review"
    case .apply: "apply"
    case .handover: "hand over"
    }
  }

  private static func prompt(_ connect: Connect) -> String {
    switch connect.step {
    case .provider:
      connect.token == nil ? "enter choose   t start from a real token   esc leave" : "enter read it   esc back"
    case .account where connect.grounds == nil: "ctrl-r read again   esc back"
    case .workload, .account: "enter next   tab and arrows move   ctrl-s go on   esc back"
    case .place: connect.isPlanning ? "esc stop looking" : "enter next   ctrl-s review   esc back"
    case .review: "enter create   j k scroll   y copy rule   esc back"
    case .apply: applyPrompt(connect)
    case .handover: "y copy file   w write it   e copy identifiers   j k scroll   esc done"
    }
  }

  private static func applyPrompt(_ connect: Connect) -> String {
    if connect.progress.isRunning { return "" }
    if !connect.aftermath.isEmpty { return "esc back to change something" }
    let isHalfMade = connect.plan?.journalNumber != nil
    return isHalfMade ? "r go on from here   u take back what was made   esc leave it" : "r try again   esc leave"
  }

  private static func renderProviders(_ connect: Connect, on surface: inout Surface, body: Size) {
    if let token = connect.token {
      surface.write("A token of the workload says best what to trust.", row: 2, column: 2)
      token.render(into: &surface, row: 4, column: 2, width: body.columns, height: max(1, body.rows - 2))
      return
    }
    surface.write("Where does the workload run?", row: 2, column: 2)
    connect.providers.render(
      columns: [Table.Column("PROVIDER", .fixed(24)), Table.Column("WHAT IT DOES", .flexible(minimum: 30))],
      count: ProviderTemplate.all.count, into: &surface, row: 4, column: 2, width: surface.size.columns - 4,
      height: max(0, surface.size.rows - 6)
    ) { [Table.Entry(ProviderTemplate.all[$0].title), Table.Entry(ProviderTemplate.all[$0].summary, role: .dim)] }
  }

  /// The form, and below it what it comes to so far.
  private static func renderWorkload(_ connect: Connect, on surface: inout Surface, body: Size) {
    let preview = connect.factLines(width: body.columns) + preview(connect.workload, width: body.columns)
    let height = max(1, body.rows - preview.count - 1)
    surface.write(ProviderTemplate.of(connect.workload.provider).title, row: 2, column: 2, role: .heading)
    connect.workload.form.render(into: &surface, row: 3, column: 2, width: body.columns, height: height)
    for (index, line) in preview.enumerated() {
      surface.write(line.text, row: surface.size.rows - 1 - preview.count + index, column: 2, role: line.role)
    }
  }

  private static func preview(_ form: WorkloadForm, width: Int) -> [Pager.Line] {
    guard let workload = form.workload else { return [] }
    var lines = Text.wrapped("Gets in: " + workload.words, to: width).map { Pager.Line($0, role: .accent) }
    let findings = form.findings.filter { $0.severity > .low }
    for finding in findings.prefix(2) {
      let text = "\(mark(finding.severity)) \(finding.severity.rawValue) \(finding.id)  \(finding.message)"
      lines.append(Pager.Line(Text.clipped(text, to: width), role: finding.severity >= .high ? .danger : .warning))
    }
    return lines
  }

  private static func renderAccount(_ connect: Connect, _ state: State, on surface: inout Surface, body: Size) {
    guard connect.grounds != nil else {
      if connect.failure == nil { surface.write("Reading the accounts and workspaces…", row: 3, column: 2, role: .dim) }
      return
    }
    connect.account.render(into: &surface, row: 3, column: 2, width: body.columns, height: min(body.rows, 8))
    guard let account = connect.chosenAccount else { return }
    let others = state.rules.filter { $0.accountID == account.id && !$0.isArchived }
    var lines = [Pager.Line("Who else becomes \(account.name)", role: .heading)]
    if others.isEmpty { lines.append(Pager.Line("  nobody: no live rule leads to it", role: .dim)) }
    lines += others.map { Pager.Line("  \($0.name): \(MatchWords.short(for: $0.match))") }
    if account.organizationRole == .admin {
      lines.append(Pager.Line("  ! It is an admin of the organization.", role: .warning))
    }
    for (index, line) in lines.prefix(max(0, body.rows - 9)).enumerated() {
      surface.write(line.text, row: 11 + index, column: 2, role: line.role)
    }
  }

  private static func renderProgress(_ connect: Connect, on surface: inout Surface) {
    guard connect.aftermath.isEmpty else {
      for (index, line) in connect.aftermath.enumerated() { surface.write(line, row: 3 + index, column: 2) }
      return
    }
    guard let plan = connect.plan else { return }
    if connect.progress.isTakingBack {
      surface.write("… taking back what was made", row: 3, column: 2, role: .accent)
      return
    }
    let remaining = plan.steps.filter { !connect.progress.done.contains($0) }
    var row = 3
    for step in connect.progress.done {
      surface.write("✓ \(Connect.words(step, plan))", row: row, column: 2, role: .good)
      row += 1
    }
    for step in remaining {
      let isNow = step == connect.progress.current
      surface.write(
        (isNow ? "… " : "  ") + Connect.words(step, plan), row: row, column: 2, role: isNow ? .accent : .dim)
      row += 1
    }
    if connect.failure != nil {
      let isHalfMade = plan.journalNumber != nil
      surface.write(
        isHalfMade
          ? "What is marked ✓ was made and stays. r goes on with the rest, u takes it back."
          : "Nothing was made. r tries again.", row: row + 1, column: 2)
    }
  }

  private static func renderFailure(_ failure: Problem, prompt: String, on surface: inout Surface) {
    let lines = Text.wrapped("✗ " + failure.line, to: max(1, surface.size.columns - 2))
    for (index, line) in lines.enumerated() {
      let row = surface.size.rows - 1 - lines.count + index
      surface.clear(row: row, column: 0, size: Size(columns: surface.size.columns, rows: 1))
      surface.write(line, row: row, column: 1, role: .danger)
    }
  }
}
