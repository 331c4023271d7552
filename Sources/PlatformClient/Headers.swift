internal import Platform

/// The headers of every call beside the credential.
enum Headers {
  /// The feed's newest description is of the older version; everything else speaks the newer one.
  private static func version(_ area: Area) -> String { area == .feed ? "2023-06-01" : "2026-10-21" }

  static func common(_ area: Area, _ credential: Credential, betas: [String]) -> [Request.Item] {
    var betas = betas
    // As the official clients do with tokens; the Admin API takes it and does not ask for it.
    if case .bearer = credential { betas.append(oauthBeta) }
    var headers = [
      Request.Item("anthropic-version", version(area)), Request.Item("accept", "application/json"), userAgent,
    ]
    if !betas.isEmpty { headers.append(Request.Item("anthropic-beta", betas.joined(separator: ","))) }
    return headers
  }

  static let userAgent = Request.Item("user-agent", "gatehouse/\(gatehouseVersion)")
  static let oauthBeta = "oauth-2025-04-20"
}
