internal import FoundationEssentials
package import Platform

/// `credentials/<name>.json`: read with the checks that a secret asks for, and replaced in one step. Members that are
/// not ours are kept.
package struct CredentialsFile: Hashable, Sendable {
  package let path: String
  package init(path: String) { self.path = path }

  var directory: String { String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)) }

  /// What is in it.
  package struct Contents: Sendable {
    package var token: AccessToken
    package var refreshToken: Secret?
    /// The scopes the token really has, as far as is known.
    package var scope: String?
    package var email: String?
    /// All members as they were read, for writing them back.
    var members: JSON.Object
  }

  package func read() throws(Problem) -> Contents {
    let bytes: [UInt8]
    do throws(PrivateFile.Fault) { bytes = try PrivateFile.read(path, forbidden: 0o077) } catch {
      let remedy =
        switch error {
        case .missing: "Sign in with ant auth login --scope org:admin."
        case .exposed: "Run chmod 600 \(path). If others may have read it, sign in again."
        default: "Look at the file, or sign in again with ant auth login --scope org:admin."
        }
      throw problem("\(path): \(error.words)", try: remedy)
    }
    // What a parser says of the text could hold a part of it: it is not passed on.
    guard let members = (try? JSON(parsing: bytes, duplicates: .lastWins))?.object,
      members["type"]?.string ?? "oauth_token" == "oauth_token",
      let access = members["access_token"]?.string, !access.isEmpty
    else {
      throw problem("\(path) holds no token", try: "Sign in again with ant auth login --scope org:admin.")
    }
    let seconds = members["expires_at"].flatMap { $0.double ?? $0.string.flatMap { Double($0) } }
    return Contents(
      token: AccessToken(secret: Secret(access), expiresAt: seconds.map { Date(timeIntervalSince1970: $0) }),
      refreshToken: members["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) },
      scope: members["scope"]?.string, email: members["account_email"]?.string, members: members)
  }

  /// The text of the file with a grant's tokens in place of its own.
  func text(_ contents: Contents, after grant: TokenEndpoint.Grant) -> [UInt8] {
    var members = contents.members
    members["version"] = "1.0"
    members["type"] = "oauth_token"
    members["access_token"] = grant.token.secret.expose { .string($0) }
    if let refreshToken = grant.refreshToken { members["refresh_token"] = refreshToken.expose { .string($0) } }
    if let expiry = grant.token.expiresAt {
      members["expires_at"] = JSON(Int(expiry.timeIntervalSince1970.rounded(.down)))
    }
    return Array((JSON.object(members).pretty + "\n").utf8)
  }

  func problem(_ cause: String, try remedy: String) -> Problem {
    Problem("You are not signed in", because: cause, try: remedy, kind: .credential, code: "not_signed_in")
  }
}
