package import Interface
package import Platform

/// The static keys of the organization: which are still used, by what, and the way to turn them off.
package enum Keys {
  /// What a key did in the last seven days.
  package struct Usage: Equatable, Sendable {
    /// Nil where the platform does not count them.
    package var requests: Int?
    package var tokens: Int
    package init(requests: Int?, tokens: Int) { (self.requests, self.tokens) = (requests, tokens) }

    var isUsed: Bool { (requests ?? 0) > 0 || tokens > 0 }
    var text: String { requests.map { "\($0)" } ?? "\(tokens) tok" }
  }

  package enum Change: Equatable, Sendable {
    case disable, enable, archive

    var doing: String {
      switch self {
      case .disable: "Disabling"
      case .enable: "Enabling"
      case .archive: "Archiving"
      }
    }
  }

  /// A change that is asked about, or on its way.
  package struct Pending: Equatable, Sendable {
    package let key: APIKey
    package let change: Change
    /// Nil when nothing has to be asked.
    package var confirmation: Confirmation?
    package var isSending = false
  }

  package struct State: Equatable, Sendable {
    package var keys: [APIKey] = []
    /// By key; nil until it has come. A key that is not there was not used.
    package var usage: [ID<APIKey>: Usage]?
    package var usageFailure: Problem?
    /// Names of the accounts that keys act as.
    package var accountNames: [ID<ServiceAccount>: String] = [:]
    package var table = Table()
    package var filter = Filter()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var pending: Pending?
    package var isOpened = false
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// Rows of the screen that the view has; a page is as long.
    package var rows = 20

    package init() {}

    package var isTyping: Bool { pending?.confirmation != nil || filter.isTyping }
    package var isSending: Bool { pending?.isSending == true }

    package var shown: [APIKey] {
      guard filter.isActive else { return keys }
      return filter.rows(of: keys.count) { values(of: keys[$0]) }.map { keys[$0] }
    }

    package var selected: APIKey? {
      let shown = shown
      return shown.indices.contains(table.selected) ? shown[table.selected] : nil
    }

    static let fields = ["name", "status", "owner", "workspace", "hint", "used"]

    private func values(of key: APIKey) -> [Query.Value] {
      [
        Query.Value("name", key.name), Query.Value("status", key.status.rawValue),
        Query.Value("owner", owner(of: key)), Query.Value("workspace", key.workspaceID?.description ?? "all"),
        Query.Value("hint", key.hint ?? ""),
        Query.Value("used", usage?[key.id]?.isUsed == true ? "yes" : "no"),
      ]
    }

    /// Whom it acts as, by name where that is known.
    func owner(of key: APIKey) -> String {
      switch key.principal {
      case .account(let id): accountNames[id] ?? id.description
      case .user(let id): id
      case .unknown: "of an unknown kind"
      case nil: "the workspace"
      }
    }
  }
}
