import Federation
import FoundationEssentials
import Platform

/// What a sandbox has at its start.
package enum Scenario: Hashable, Sendable {
  /// An organization, its default workspace, one administrator and the credentials.
  case empty
  /// A believable organization with 30 days behind it, whose workloads go on while it runs.
  case demo
  /// About this many of each resource, and a hundred times as many activities.
  case size(Int)

  func fill(_ world: inout World, at now: Date, issuer: TestIssuer) throws(Problem) {
    world.found(at: now.addingTimeInterval(self == .empty ? -3600 : -400 * 86400))
    switch self {
    case .empty: break
    case .demo:
      do throws(Refusal) { try world.makeExample(at: now, seed: world.seed) } catch {
        throw Problem("The sandbox was not started", because: error.message, try: "Use another scenario.")
      }
      world.makeHistory(until: now)
    case .size(let number):
      world.makeMany(number, at: now, keys: ["type": "inline", "keys": [try issuer.key.publicJWK]])
    }
  }

  /// The keys of identity providers that exist only in this scenario.
  static func lendKeys(to keys: inout KeySource, in world: World) {
    for provider in Example.providers {
      guard case let id? = world[.issuers].holder(of: provider.name),
        let key = Example.key(of: provider.name, seed: world.seed), let set = try? KeySet(json: key.publicKeySet)
      else { continue }
      keys.own(set, for: id)
    }
  }
}

extension World {
  /// The organization, its default workspace, one administrator and what opens it all.
  mutating func found(at date: Date) {
    let user = random.identifier("user")
    let workspace = random.identifier("wrkspc")
    organization = [
      "id": .string(random.uuid()), "name": "Acme Sandbox", "_tag": .string(random.identifier("org")),
      "_default_workspace": .string(workspace), "_recording": true,
    ]
    self[.workspaces][workspace] = [
      "id": .string(workspace), "type": "workspace", "name": "Default", "display_color": "#6C5BB9",
      "compartment_id": .string(random.uuid()), "created_at": JSON(date), "archived_at": .null,
      "data_residency": Self.defaultResidency, "external_key_id": .null, "tags": [:], "user_profile_id": .null,
    ]
    self[.users][user] = [
      "id": .string(user), "type": "user", "email": "ada@acme.example", "name": "Ada Admin", "role": "admin",
      "added_at": JSON(date), "_uuid": .string(random.uuid()),
    ]
    setUpLimits()
    handOver(to: user)
  }

  private mutating func handOver(to user: String) {
    let access = random.credential("oat01")
    let refresh = random.credential("ort01")
    let admin = random.credential("admin01")
    let compliance = random.credential("api01")
    // No end: a sandbox that stands overnight should still open in the morning.
    self[.credentials][access] = ["kind": "person", "user": .string(user), "scope": .string(Scope.admin)]
    self[.credentials][refresh] = [
      "kind": "refresh", "user": .string(user), "scope": .string(Scope.admin), "access": .string(access),
    ]
    self[.credentials][admin] = [
      "kind": "admin_key", "id": .string(random.identifier("admin_key")), "scope": .string(Scope.readActivities),
    ]
    self[.credentials][compliance] = [
      "kind": "scoped_key", "id": .string(random.identifier("apikey")), "scope": .string(Scope.readActivities),
    ]
    self[.settings]["handed over"] = [
      "oauth": .string(access), "refresh": .string(refresh), "admin": .string(admin), "compliance": .string(compliance),
    ]
  }
}
