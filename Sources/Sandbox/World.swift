import FoundationEssentials
import Platform

/// All that an organization has: a value, changed by one request at a time.
struct World: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case accounts, memberships, issuers, rules, workspaces, members, users, invites, keys, limits, overrides
    /// What opens the sandbox, by the text that is sent. They open nothing else, so they may be kept.
    case credentials
    /// `issuer|jti` of accepted tokens, with the second until which they are remembered.
    case accepted
    /// The organization itself, its settings, and the state of the random source.
    case settings
  }

  private var tables = [Table](repeating: Table(), count: Kind.allCases.count)
  var random: Randomness
  var feed = Feed()
  var ledger = Ledger()

  init(seed: UInt64) {
    random = Randomness(seed: seed)
    self[.settings]["seed"] = ["seed": .string(String(seed))]
  }

  /// What everything repeatable was made from.
  var seed: UInt64 { self[.settings]["seed"].flatMap { UInt64($0.text("seed")) } ?? 0 }

  subscript(kind: Kind) -> Table {
    get { tables[Self.order[kind] ?? 0] }
    _modify { yield &tables[Self.order[kind] ?? 0] }
  }
  private static let order = Dictionary(uniqueKeysWithValues: Kind.allCases.enumerated().map { ($1, $0) })

  /// The organization's own document: `id`, `name`, `_tag` (its `org_…`), `_default_workspace`, `_compliance`.
  var organization: Document {
    get { self[.settings]["organization"] ?? [:] }
    set { self[.settings]["organization"] = newValue }
  }

  var defaultWorkspace: String { organization.text("_default_workspace") }

  /// - Throws: 404 when there is none with this identifier.
  func find(_ kind: Kind, _ id: String) throws(Refusal) -> Document {
    guard let document = self[kind][id] else { throw .notFound }
    return document
  }
}

/// One request on its way through a handler.
struct Call: Sendable {
  let request: Request
  let caller: Caller
  /// What stands for each `{…}` of the route's pattern, in order.
  var parameters: [String] = []
  let version: Version
  let now: Date
  let requestID: String
  /// Things made later than this are not seen yet, as on the platform for some seconds.
  var visibleUntil: Date = .distantFuture
  let address: String
  let userAgent: String

  /// The two values of `anthropic-version` (Admin API, the two API versions).
  enum Version: String, Sendable { case older = "2023-06-01", newer = "2026-10-21" }

  func header(_ name: String) -> String? { request.header(name) }

  /// `created_at` and `updated_at` of what this call makes.
  var timestamp: JSON { JSON(now) }
}

extension Request {
  /// The first header called `name` in lower case, however it was sent.
  func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}
