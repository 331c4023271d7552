internal import Platform

/// Whether the issuer's address is written as the `iss` of its tokens is.
extension Inspection {
  mutating func judgeIssuerAddress() {
    if provider == .okta, !isCustomServer { report("OK002", in: "issuer_url") }
    if !isCanonical { report("GEN010", in: "issuer_url") }
  }

  private var isCustomServer: Bool {
    let segments = Address(candidate.issuerURL).segments
    return segments.count >= 2 && segments[0] == "oauth2"
  }

  private var isCanonical: Bool {
    let url = candidate.issuerURL
    let address = Address(url)
    guard !url.contains("/.well-known/"), !Inspection.isMistyped(url), !url.contains(" ") else { return false }
    guard !address.path.contains("//"), !address.path.contains("?"), !address.path.contains("#") else { return false }
    switch address.scheme {
    case "https": break
    // A cluster, a trust domain and an unknown issuer may call themselves anything that is no address.
    case "": return [.kubernetes, .spiffe].contains(provider)
    default: return false
    }
    guard address.host == address.host.lowercased() else { return false }
    if let endsInSlash = needsSlash(address), endsInSlash != url.hasSuffix("/") { return false }
    return hasPathOfProvider(address)
  }

  /// Whether tokens have a slash at the end of `iss`; nil where that is not known.
  private func needsSlash(_ address: Address) -> Bool? {
    switch provider {
    case .entra: address.host == "sts.windows.net"
    case .kubernetes where address.host.hasSuffix("oic.prod-aks.azure.com"): true
    case .generic: address.host.hasSuffix(".auth0.com") ? true : nil
    case .spiffe: nil
    default: false
    }
  }

  private func hasPathOfProvider(_ address: Address) -> Bool {
    let segments = address.segments
    switch provider {
    case .gitHub:
      if address.host.hasPrefix("token.actions.") { return segments.count <= 1 }
      return segments == ["_services", "token"]
    case .gitLab: return address.host != "gitlab.com" || segments.isEmpty
    case .google: return segments.isEmpty && address.host == "accounts.google.com"
    case .buildkite: return segments.isEmpty && address.host == "agent.buildkite.com"
    case .aws: return segments.isEmpty
    case .terraform: return segments.isEmpty
    case .circleCI: return segments.isEmpty || segments.count == 2 && segments[0] == "org"
    case .entra:
      return address.host == "sts.windows.net" ? segments.count == 1 : segments.count == 2 && segments[1] == "v2.0"
    case .kubernetes:
      // The id of an EKS cluster is written in capitals, and compared so.
      guard address.host.hasPrefix("oidc.eks"), let id = segments.last else { return true }
      return id == id.uppercased()
    case .okta, .spiffe, .generic: return true
    }
  }
}
