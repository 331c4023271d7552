import Foundation
import Platform
import PlatformClient

/// A home directory of one test, with an `ant` profile in it, gone with the last who knows it.
final class Home: Sendable {
  let path: String
  var directory: String { "\(path)/anthropic" }
  var credentialsPath: String { "\(directory)/credentials/default.json" }
  var environment: [String: String] { ["HOME": path, "ANTHROPIC_CONFIG_DIR": directory, "PATH": "/usr/bin:/bin"] }

  init() throws {
    path = NSTemporaryDirectory() + "gatehouse-\(UUID().uuidString)"
    for name in ["configs", "credentials"] {
      try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  func writeProfile(_ authentication: JSON = ["type": "user_oauth", "client_id": "c1"], mode: Int = 0o644) throws {
    let json: JSON = ["version": "1.0", "authentication": authentication, "organization_id": "org1", "later": 7]
    try write("anthropic/configs/default.json", json.pretty, mode: mode)
  }

  /// - Parameter expiry: Unix seconds.
  func writeCredentials(
    access: String = "a1", refresh: String? = "r1", expiry: Int, mode: Int = 0o600
  ) throws {
    var json: JSON.Object = [
      "version": "1.0", "access_token": .string(access), "expires_at": JSON(expiry), "later": ["kept": true],
    ]
    if let refresh { json["refresh_token"] = .string(refresh) }
    // As the other programs do it: in one step.
    try write("anthropic/credentials/new", JSON.object(json).pretty, mode: mode)
    rename("\(directory)/credentials/new", credentialsPath)
  }

  var credentials: JSON {
    get throws { try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: credentialsPath))) }
  }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: "\(directory)/credentials").sorted() }
  }

  /// A second program's token source, as this one's.
  func source(
    _ transport: any Transport, clock: any Clock<Duration> = QuickClock(), now: @escaping @Sendable () -> Date
  ) throws -> TokenCache {
    let profile = try AntProfile("default", in: directory, environment: environment)
    return TokenCache(profile.tokens(transport, clock: clock, now: now), now: now)
  }
}

/// The time of these tests: 1 000 000 seconds after 1970.
let testTime = Date(timeIntervalSince1970: 1_000_000)
