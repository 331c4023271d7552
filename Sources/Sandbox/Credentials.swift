package import Federation
package import Platform
import Synchronization

extension Sandbox {
  /// What opens the sandbox, as its person would have them.
  package struct Credentials: Sendable {
    package let organizationID: String
    package let defaultWorkspaceID: String
    /// A person's token with `org:admin`, and what renews it.
    package let oauthToken, refreshToken: Secret
    package let adminKey, complianceKey: Secret

    init(in world: World) {
      organizationID = world.organization.text("id")
      defaultWorkspaceID = world.defaultWorkspace
      func secret(_ kind: String) -> Secret { Secret(world[.settings]["handed over"]?.text(kind) ?? "") }
      (oauthToken, refreshToken) = (secret("oauth"), secret("refresh"))
      (adminKey, complianceKey) = (secret("admin"), secret("compliance"))
    }
  }
}

/// The sandbox's own identity provider: a key pair, and an address that nobody has to answer, for its key set is
/// registered inline.
package struct TestIssuer: Sendable {
  package let url = "https://issuer.sandbox.example"
  private let seed: UInt64

  /// - Parameter seed: the sandbox's.
  package init(seed: UInt64) { self.seed = seed }

  /// Made when it is first asked for: an RSA key takes a tenth of a second, which is all that a console's start may.
  package var key: SigningKey {
    get throws(Problem) {
      do throws(UnusableKey) {
        return try Self.made.withLock { (made) throws(UnusableKey) in
          if let key = made[seed] { return key }
          let key = try SigningKey(.rs256, id: "sandbox-test-key", seed: "gatehouse sandbox \(seed)")
          made[seed] = key
          return key
        }
      } catch {
        throw error.problem
      }
    }
  }
  /// The same seed gives the same key.
  private static let made = Mutex<[UInt64: SigningKey]>([:])
}

extension Sandbox {
  /// The line that `gatehouse sandbox serve` prints: where it is and what opens it. It holds secrets, of this
  /// sandbox only.
  /// - Parameter key: that of its ``issuer``.
  package nonisolated func handover(baseURL: String, key: SigningKey) -> JSON {
    func plain(_ secret: Secret) -> JSON { secret.expose { .string($0) } }
    return [
      "base_url": .string(baseURL), "organization_id": .string(credentials.organizationID),
      "oauth_admin_token": plain(credentials.oauthToken),
      "oauth_admin_refresh_token": plain(credentials.refreshToken),
      "admin_api_key": plain(credentials.adminKey), "compliance_access_key": plain(credentials.complianceKey),
      "default_workspace_id": .string(credentials.defaultWorkspaceID),
      "issuer": [
        "url": .string(issuer.url), "jwks": key.publicKeySet, "private_key_pem": plain(key.privatePEM),
        "kid": .string(key.id),
      ],
    ]
  }
}
