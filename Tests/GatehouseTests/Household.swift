import Foundation
import Platform
import Testing

/// One person's set-up with a secret in every place that can hold one, on a sandbox of the demonstration.
final class Household {
  let home: URL
  let sandbox: ServedSandbox
  var canaries = Canaries()
  /// Where each secret was put, and may be.
  private(set) var places: Set<String> = []
  /// A token of a workload at GitHub, and one of the sandbox's issuer.
  private(set) var workloadToken = ""
  private(set) var token = ""

  init(_ fault: String...) throws {
    home = FileManager.default.temporaryDirectory.appending(path: "gatehouse-canary-\(UUID().uuidString)")
      .resolvingSymlinksInPath()
    try FileManager.default.createDirectory(
      at: home.appending(path: "work"), withIntermediateDirectories: true)
    let plain = Program.isolated(home)
    sandbox = try ServedSandbox(
      arguments: ["--scenario", "demo"] + fault.flatMap { ["--fault", $0] }, in: plain)
    for (name, member) in [
      ("the token", "oauth_admin_token"), ("the refresh token", "oauth_admin_refresh_token"),
      ("the admin key", "admin_api_key"), ("the compliance key", "compliance_access_key"),
    ] { canaries.add(name, try sandbox.text(member)) }
    try putSecrets()
    try mint(plain)
  }

  /// Of the form of the platform's keys, without one being written here.
  static func keyShaped(_ text: String) -> String { ["sk", "ant", "api03", text].joined(separator: "-") }

  deinit { try? FileManager.default.removeItem(at: home) }

  private func putSecrets() throws {
    let pem = try sandbox.text("issuer.private_key_pem")
    canaries.add("the private key", pem: pem)
    try put("work/key.pem", pem)
    try put("work/admin.key", try sandbox.text("admin_api_key") + "\n")
    try put(
      "work/print.sh",
      "#!/bin/sh\nenv > \(home.path)/child-environment\necho \(try sandbox.text("compliance_access_key"))\n", 0o700)
    let profile: JSON = [
      "version": "1.0", "authentication": ["type": "user_oauth", "client_id": "c1"], "organization_id": "o1",
    ]
    try put(".config/anthropic/configs/canary.json", profile.pretty, 0o644)
    // Expired: the first call renews it, so that the refreshing is watched as well.
    let credentials: JSON = [
      "version": "1.0", "type": "oauth_token", "access_token": "CANARY-of-a-token-that-has-expired-long-ago",
      "refresh_token": .string(try sandbox.text("oauth_admin_refresh_token")), "expires_at": 1_000_000,
    ]
    canaries.add("the expired token", "CANARY-of-a-token-that-has-expired-long-ago")
    try put(".config/anthropic/credentials/canary.json", credentials.pretty)
    try put(
      ".config/gatehouse/config.toml",
      """
      [profiles.kept]
      token = { ant = "canary" }
      admin_key = { file = "\(home.path)/work/admin.key" }
      compliance_key = { command = ["\(home.path)/work/print.sh"] }
      """)
  }

  /// Writes a file that only its owner may read; what of the secrets is in it is there on purpose.
  @discardableResult
  func put(_ name: String, _ text: String, _ mode: Int = 0o600) throws -> String {
    let file = home.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    places.insert(file.path)
    return file.path
  }

  private func mint(_ program: Program) throws {
    func minted(_ claims: JSON) throws -> String {
      try program.run("sandbox", "mint", "--key", "\(home.path)/work/key.pem", "--kid", "k", "--claims", claims.compact)
        .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    token = try minted(["iss": .string(try sandbox.text("issuer.url")), "sub": "me", "aud": .string(serviceAudience)])
    workloadToken = try minted([
      "iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/site:ref:refs/heads/main",
      "aud": .string(serviceAudience), "repository": "acme/site", "repository_owner": "acme", "ref": "refs/heads/main",
    ])
    canaries.add("a token", token: token)
    canaries.add("a workload's token", token: workloadToken)
    try put("work/token.jwt", token)
    try put("work/workload.jwt", workloadToken)
  }

  /// The program with its credentials in the environment.
  var byEnvironment: Program {
    get throws {
      var program = Program.isolated(home)
      program.environment["ANTHROPIC_OAUTH_TOKEN"] = try sandbox.text("oauth_admin_token")
      program.environment["ANTHROPIC_ADMIN_KEY"] = try sandbox.text("admin_api_key")
      program.environment["ANTHROPIC_COMPLIANCE_KEY"] = try sandbox.text("compliance_access_key")
      return program
    }
  }

  /// What was renewed meanwhile is secret as well.
  func watchRenewedTokens() throws {
    let file = home.appending(path: ".config/anthropic/credentials/canary.json")
    let json = try JSON(parsing: Data(contentsOf: file))
    for member in ["access_token", "refresh_token"] {
      canaries.add("a renewed \(member)", try #require(json[member]?.string))
    }
  }

  /// No secret is in any file but those it was put into.
  func searchFiles() throws {
    for file in home.contents where !file.isDirectory && !places.contains(file.path) {
      #expect(canaries.found(in: try Data(contentsOf: file)).isEmpty, "\(file.path)")
    }
  }
}
