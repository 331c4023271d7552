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

    var verb: String {
      switch self {
      case .disable: "Disable"
      case .enable: "Enable"
      case .archive: "Archive"
      }
    }

    /// What a key must be for it.
    var sources: [APIKey.Status] {
      switch self {
      case .disable: [.active]
      case .enable: [.inactive]
      case .archive: [.active, .inactive]
      }
    }

    var sourceWords: String { sources.map(\.rawValue).joined(separator: " or ") }
  }

  /// A change that is asked about, or on its way.
  package struct Pending: Equatable, Sendable {
    package let keys: [APIKey]
    package let change: Change
    /// Nil when nothing has to be asked.
    package var confirmation: Confirmation?
    package var isSending = false

    var subject: String { keys.count == 1 ? keys[0].name : "\(keys.count) keys" }
  }

  package struct State: Equatable, Listing {
    package internal(set) var keys: [APIKey] = []
    /// By key; nil until it has come. A key that is not there was not used.
    package var usage: [ID<APIKey>: Usage]?
    package var usageFailure: Problem?
    /// Names of the accounts that keys act as.
    package var accountNames: [ID<ServiceAccount>: String] = [:]
    package var list = List()
    package var isLoading = false
    package var hasLoaded = false
    package var failure: Problem?
    package var pending: Pending?
    /// The key that another view leads to, once it has come.
    var wanted: ID<APIKey>?
    package var isOpened = false
    /// Why nothing can be changed here, or nil.
    package var readOnlyReason: String?
    /// The view's extent on the screen; a page is as long.
    package var rows = 20
    package var width = 80

    package init() {}

    package var isTyping: Bool { pending?.confirmation != nil || isListTyping }
    package var isSending: Bool { pending?.isSending == true }

    package var all: [APIKey] { keys }
    package var isCovered: Bool { isOpened }
    package func identifier(of key: APIKey) -> String { key.id.description }

    package static let fields = ["name", "status", "owner", "workspace", "hint", "used"]

    package func values(of key: APIKey) -> [Query.Value] {
      [
        Query.Value("name", key.name), Query.Value("status", key.status.rawValue),
        Query.Value("owner", owner(of: key)), Query.Value("workspace", key.workspaceID?.description ?? "all"),
        Query.Value("hint", key.hint ?? ""),
        Query.Value("used", usage?[key.id]?.isUsed == true ? "yes" : "no"),
      ]
    }

    func owner(of key: APIKey) -> String { key.owner(accountNames) }
  }
}
