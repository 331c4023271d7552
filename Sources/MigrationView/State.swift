package import FoundationEssentials
package import Interface
package import Migration
package import Platform

/// The way off static keys: a board of the keys by how far each is, and a page that leads one key through.
package enum Migrating {
  /// A key with what is known of its use, and how far it is on its way out.
  package struct Line: Equatable, Sendable {
    package var course: Course
    /// Nil when it was not used in the history.
    package let use: KeyUse?
    /// Days of usage that were read, or that the key has existed.
    package let history: Int
    /// What it used in the last 31 days; nil when nothing.
    package let month: Month?
    /// Whether another key has the same hint.
    package let isAmbiguous: Bool

    package init(course: Course, use: KeyUse?, history: Int, month: Month? = nil, isAmbiguous: Bool = false) {
      (self.course, self.use, self.history) = (course, use, history)
      (self.month, self.isAmbiguous) = (month, isAmbiguous)
    }

    package var key: APIKey { course.key }
  }

  package struct Month: Equatable, Sendable {
    package let tokens: Int
    /// `12.34 USD`; nil where the platform tells no cost by key.
    package let cost: String?
    package init(tokens: Int, cost: String?) { (self.tokens, self.cost) = (tokens, cost) }

    var text: String { cost ?? "\(tokens) tok" }
  }

  /// Everything that is shown, as it was at one time.
  package struct Board: Equatable, Sendable {
    package var lines: [Line] = []
    /// Those that a workload can federate by, for proof.
    package var rules: [FederationRule] = []
    package var rulesFailure: Problem?
    /// Names of the accounts that keys act as.
    package var accountNames: [ID<ServiceAccount>: String] = [:]
    package var at = Date.distantPast
    package init() {}
  }

  package struct State: Equatable, Listing {
    package internal(set) var board = Board()
    package var list = List()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    /// The key whose page is open.
    package var opened: ID<APIKey>?
    /// The line at the top of the page, or of the report.
    package var top = 0
    /// What auditors get, as Markdown.
    package var report: String?
    package var isReporting = false
    package var asking: Asking?
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// The view's extent on the screen; a page is as long.
    package var rows = 20
    package var width = 80

    package init() {}

    package var isTyping: Bool { asking.map { !$0.isSending } ?? isListTyping }
    package var isSending: Bool { asking?.isSending == true }

    package var all: [Line] { board.lines }
    package var isCovered: Bool { opened != nil || report != nil }
    package func identifier(of line: Line) -> String { line.key.id.description }

    /// The key of the open page, or the one under the cursor.
    package var current: Line? {
      guard let opened else { return selected }
      return board.lines.first { $0.key.id == opened }
    }

    package static let fields = ["name", "state", "owner", "used", "hint"]

    package func values(of line: Line) -> [Query.Value] {
      [
        Query.Value("name", line.key.name), Query.Value("state", line.course.state(at: board.at).word),
        Query.Value("owner", line.key.owner(board.accountNames)), Query.Value("used", line.use == nil ? "no" : "yes"),
        Query.Value("hint", line.key.hint ?? ""),
      ]
    }

    /// By how far they are, then the costliest first, unless a person sorts them otherwise.
    mutating func show(_ board: Board) {
      let places = Dictionary(uniqueKeysWithValues: Course.State.allCases.enumerated().map { ($1, $0) })
      rearrange { state in
        state.board = board
        state.board.lines.sort { left, right in
          let (first, second) = (left.course.state(at: board.at), right.course.state(at: board.at))
          if first != second { return places[first] ?? 0 < places[second] ?? 0 }
          let (less, more) = (left.month?.tokens ?? 0, right.month?.tokens ?? 0)
          return less == more ? left.key.name < right.key.name : less > more
        }
      }
    }
  }
}

extension Course.State {
  /// As the board says it.
  var word: String {
    switch self {
    case .inUse: "in use"
    case .planned: "planned"
    case .soaking: "soaking"
    case .brownOut: "brown-out"
    case .readyToDisable: "ready"
    case .watching: "watching"
    case .watched: "watched"
    case .rolledBack: "rolled back"
    case .retired: "retired"
    }
  }
}

extension Migrating.Line {
  /// What stands against the next step that changes the key: disabling, and after that archiving.
  func refusals(at now: Date) -> [Guard.Refusal] {
    let guarded = Guard(key: key, evidence: course.evidence, soak: course.soak, now: now)
    return switch course.state(at: now) {
    case .brownOut, .watching, .watched: guarded.againstArchiving(disabledAt: course.disabledAt)
    case .retired: []
    // Whether the stored copy is still there is asked when it matters.
    default: guarded.againstDisabling(isCopyKept: true)
    }
  }

  /// The first of them in a few words; empty when nothing does.
  func block(at now: Date) -> String {
    guard let first = refusals(at: now).first else { return "" }
    switch first.code {
    case "no_evidence": return course.state(at: now) == .inUse ? "no plan yet" : "not verified"
    case "not_cut_over": return "not seen to federate"
    case "soak": return "silent \(course.evidence?.silentDays ?? 0) of \(course.soak.silence) days"
    case "expires_in_watch": return "expires in the watch"
    case "denied": return "last exchange refused"
    case "volume": return "volume is missing"
    case "watch": return "until \(course.watchEnd?.columnText.prefix(10) ?? "it was watched")"
    case "not_disabled": return course.brownOutEnd == nil ? "not disabled by this program" : "brown-out"
    default: return first.code
    }
  }
}

extension Course {
  /// Until when it is watched after it was disabled here.
  var watchEnd: Date? { disabledAt?.addingTimeInterval(Double(soak.watch) * 86400) }
}
