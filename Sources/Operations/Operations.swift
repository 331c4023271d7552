package import FoundationEssentials
package import Platform
package import PlatformClient
package import Storage

/// The verbs of the program, the same for screen and command line: how an answer becomes both shown and kept.
package struct Operations: Sendable {
  package let client: PlatformClient
  package let storage: Storage
  /// Who is signed in, as the journal names them: an e-mail address, or the profile.
  let who: String
  /// Where the platform is: lists of one address are not taken for those of another.
  let address: String
  let now: @Sendable () -> Date

  /// - Parameter storage: also where every change is journaled; for a dry run one in memory.
  package init(
    client: PlatformClient, storage: Storage, who: String = "default", address: String = "",
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    (self.client, self.storage, self.who, self.address, self.now) = (client, storage, who, address, now)
  }

  package func organization() async throws(Problem) -> Organization { try await client.organization() }
}

extension Operations {
  /// The one among `items` that a person means: by identifier, else by name, which is compared byte for byte. A live
  /// thing goes before an archived one of the same name.
  /// - Parameters:
  ///   - what: `service account`.
  ///   - list: the command that lists what there is.
  static func one<Item>(
    _ what: String, _ reference: String, among items: [Item], id: (Item) -> String, name: (Item) -> String,
    isArchived: (Item) -> Bool, list: String
  ) throws(Problem) -> Item {
    if let item = items.first(where: { id($0) == reference }) { return item }
    let named = items.filter { name($0) == reference }
    let live = named.filter { !isArchived($0) }
    let candidates = live.isEmpty ? named : live
    if candidates.count > 1 {
      throw Problem(
        "No \(what) was chosen", because: "\(candidates.count) are called \(reference.debugDescription)",
        try: "Give one of the identifiers \(candidates.map(id).joined(separator: ", ")).", kind: .usage,
        code: "ambiguous")
    }
    guard let item = candidates.first else {
      throw Problem(
        "No \(what) was found", because: "none is called \(reference.debugDescription)",
        try: "\(list) shows their names and identifiers.", code: "not_found_error")
    }
    return item
  }

  /// - Throws: a ``Problem`` that proposes a better name, when `name` cannot be one.
  static func checkName(_ name: String, summary: String) throws(Problem) {
    guard let fault = Slug.fault(in: name) else { return }
    let slug = Slug.from(name)
    throw Problem(
      summary, because: "\(name.debugDescription) cannot be a name: \(fault)",
      try: "Try \(slug.isEmpty ? "a name like ci-deploy" : slug).", kind: .usage)
  }
}
