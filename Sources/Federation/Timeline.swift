package import FoundationEssentials
package import Platform

/// What an identity did, in sessions: an exchange, what the account did while the token lived, what it used meanwhile.
///
/// No event names the token it was done with, and a static key may act as an account too. That an account did
/// something is therefore known, but with which token only inferred: from the time it lived, the address and the
/// program (Compliance Activity Feed, activities and pivots).
package struct Timeline: Hashable, Sendable {
  /// How sure it is that something belongs to its session.
  package enum Tie: String, Hashable, Sendable {
    /// The event says so itself.
    case known
    /// Only one token fits.
    case probable
    /// More than one token fits, or none with the same address.
    case possible
    /// No exchange is known that it could come from.
    case none

    package var word: String {
      switch self {
      case .known: "known"
      case .probable: "probably"
      case .possible: "possibly"
      case .none: "unknown"
      }
    }
  }

  package struct Step: Hashable, Sendable {
    package let activity: Activity
    package let tie: Tie
    /// What the tie rests on.
    package let because: String
  }

  /// What the account used in a span of the usage report, which tells no requests apart.
  package struct Use: Hashable, Sendable {
    package let account: String
    package let start, end: Date
    package let tokens: Int
    /// Nil where the platform does not count them.
    package let requests: Int?
    package init(account: String, start: Date, end: Date, tokens: Int, requests: Int?) {
      (self.account, self.start, self.end) = (account, start, end)
      (self.tokens, self.requests) = (tokens, requests)
    }
  }

  package struct Session: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
      case exchange, refused
      /// An exchange of which it is not recorded how it ended.
      case unclear
      /// What an account did that no exchange is known of.
      case unattributed
    }
    package let kind: Kind
    package let account: String?
    /// The exchange first, where there is one.
    package fileprivate(set) var steps: [Step]
    /// When the token ended, if its rule's lifetime was then what it is now; nil where no token is known.
    package let endsAt: Date?
    /// Spans of usage while the token lived, each with whether other tokens of the account lived then too.
    package fileprivate(set) var uses: [(use: Use, tie: Tie)] = []

    package var startsAt: Date { steps[0].activity.createdAt }

    package static func == (left: Session, right: Session) -> Bool {
      left.kind == right.kind && left.steps == right.steps && left.endsAt == right.endsAt
        && left.uses.map(\.use) == right.uses.map(\.use) && left.uses.map(\.tie) == right.uses.map(\.tie)
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(steps) }
  }

  /// By the time of their first step.
  package let sessions: [Session]

  /// Seconds without anything after which what no exchange is known of counts as another session.
  package static let gap: Double = 1800
  /// Seconds that a token of a rule is taken to live that is not known: as long as the platform allows by default.
  package static let unknownLifetime = 3600

  /// - Parameters:
  ///   - activities: of the accounts, in any order: their exchanges, and what they did.
  ///   - lifetimes: of tokens, in seconds, by rule.
  ///   - uses: of the accounts.
  ///   - isWanted: which exchanges the story is about; those of others are only told apart.
  package init(
    _ activities: [Activity], lifetimes: [String: Int] = [:], uses: [Use] = [],
    of isWanted: (Activity) -> Bool = { _ in true }
  ) {
    let ordered = activities.sorted { ($0.createdAt, $0.id.description) < ($1.createdAt, $1.id.description) }
    var sessions: [Session] = []
    var (open, wanted): ([String: [Int]], Set<Int>) = ([:], [])
    for activity in ordered {
      if activity.type == Activity.exchangeType {
        let session = Timeline.opened(by: activity, lifetimes)
        if isWanted(activity) { wanted.insert(sessions.count) }
        if session.kind == .exchange, let account = session.account {
          open[account, default: []].append(sessions.count)
        }
        sessions.append(session)
      } else if let account = activity.json.at("actor.service_account_id")?.string {
        let place = Timeline.place(activity, among: open[account] ?? [], &sessions)
        if place.isNew {
          open[account, default: []].append(place.index)
          // Whether it was the identity asked for cannot be told, so it is not left out.
          wanted.insert(place.index)
        }
      }
    }
    for use in uses { Timeline.add(use, to: &sessions) }
    self.sessions = sessions.indices.filter(wanted.contains).map { sessions[$0] }
  }

  private static func opened(by exchange: Activity, _ lifetimes: [String: Int]) -> Session {
    let account = exchange.json.at("event_data.requested_service_account_id")?.string
    let step = Step(activity: exchange, tie: .known, because: "the exchange is recorded")
    guard exchange.outcome != nil, !exchange.isDenied else {
      return Session(kind: exchange.isDenied ? .refused : .unclear, account: account, steps: [step], endsAt: nil)
    }
    let rule = exchange.json.at("event_data.federation_rule_id")?.string
    let lifetime = rule.flatMap { lifetimes[$0] } ?? unknownLifetime
    return Session(
      kind: .exchange, account: account, steps: [step],
      endsAt: exchange.createdAt.addingTimeInterval(Double(lifetime)))
  }

  /// Adds what an account did to the session it came from, or to one without an exchange.
  private static func place(
    _ activity: Activity, among places: [Int], _ sessions: inout [Session]
  ) -> (index: Int, isNew: Bool) {
    let alive = places.filter {
      sessions[$0].kind == .exchange && sessions[$0].endsAt ?? .distantPast > activity.createdAt
    }
    let alike = alive.filter { hasSameOrigin(activity, sessions[$0].steps[0].activity) }
    if let index = alike.last ?? alive.last {
      let (tie, because) = reason(alive: alive.count, alike: alike.count)
      sessions[index].steps.append(Step(activity: activity, tie: tie, because: because))
      return (index, false)
    }
    let step = Step(
      activity: activity, tie: .none,
      because: "no exchange is known whose token lived then: a static key, or an exchange that is not in the store")
    // Another exchange in between begins anew, so that all stands in order.
    if let index = places.last, sessions[index].kind == .unattributed, let last = sessions[index].steps.last,
      activity.createdAt.timeIntervalSince(last.activity.createdAt) <= gap
    {
      sessions[index].steps.append(step)
      return (index, false)
    }
    let account = activity.json.at("actor.service_account_id")?.string
    sessions.append(Session(kind: .unattributed, account: account, steps: [step], endsAt: nil))
    return (sessions.count - 1, true)
  }

  private static func reason(alive: Int, alike: Int) -> (Tie, String) {
    switch (alive, alike) {
    case (1, 1): (.probable, "the only token of the account that lived then, from the same address and program")
    case (1, _): (.possible, "the only token of the account that lived then, but from another address or program")
    case (_, 1): (.probable, "of \(alive) tokens that lived then, the only one from the same address and program")
    case (_, 0): (.possible, "the newest of \(alive) tokens that lived then, none from the same address and program")
    default: (.possible, "the newest of \(alike) tokens that lived then, from the same address and program")
    }
  }

  /// Address and program; what neither tells is not alike.
  private static func hasSameOrigin(_ left: Activity, _ right: Activity) -> Bool {
    guard let address = left.json.at("actor.ip_address")?.string else { return false }
    return address == right.json.at("actor.ip_address")?.string
      && left.json.at("actor.user_agent")?.string == right.json.at("actor.user_agent")?.string
  }

  /// To each session whose token lived in the span; the report does not tell them apart.
  private static func add(_ use: Use, to sessions: inout [Session]) {
    let places = sessions.indices.filter {
      sessions[$0].kind == .exchange && sessions[$0].account == use.account && sessions[$0].startsAt < use.end
        && sessions[$0].endsAt ?? .distantPast > use.start
    }
    for place in places { sessions[place].uses.append((use, places.count == 1 ? .probable : .possible)) }
  }
}

extension Timeline.Session {
  /// As `gatehouse audit timeline --json` prints it.
  package var json: JSON {
    [
      "kind": .string(kind.rawValue), "service_account_id": JSON(account), "started_at": JSON(startsAt),
      "expires_at": JSON(endsAt),
      "steps": .array(
        steps.map { step in
          [
            "activity_id": JSON(step.activity.id), "created_at": JSON(step.activity.createdAt),
            "type": .string(step.activity.type), "tie": .string(step.tie.rawValue), "because": .string(step.because),
          ]
        }),
      "usage": .array(
        uses.map { use, tie in
          [
            "starting_at": JSON(use.start), "ending_at": JSON(use.end), "total_tokens": JSON(use.tokens),
            "requests": use.requests.map { JSON($0) } ?? .null, "tie": .string(tie.rawValue),
          ]
        }),
    ]
  }
}

extension Timeline.Session {
  /// What it is, in one line.
  package var title: String {
    let who = account ?? "no account"
    switch kind {
    case .exchange:
      let end = endsAt.map { ", token until \($0.columnText)" } ?? ""
      return "\(startsAt.columnText)  session of \(who)\(end)"
    case .refused: return "\(startsAt.columnText)  refused, no token for \(who)"
    case .unclear: return "\(startsAt.columnText)  exchange for \(who), its outcome is not recorded"
    case .unattributed: return "\(startsAt.columnText)  \(who), no exchange known"
    }
  }
}

extension Timeline.Use {
  package func words(_ tie: Timeline.Tie) -> String {
    let requests = requests.map { " in \($0) requests" } ?? ""
    let doubt =
      tie == .probable ? "by the account while only this token lived" : "by the account, shared with other tokens"
    return "\(start.columnText)  used \(tokens) model tokens\(requests) until \(end.columnText): \(tie.word), \(doubt)"
  }
}
