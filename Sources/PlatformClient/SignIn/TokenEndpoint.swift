internal import FoundationEssentials
internal import Platform

/// `POST /v1/oauth/token`: the one request that carries its secrets in the body, and no credential.
struct TokenEndpoint {
  let transport: any Transport
  let now: @Sendable () -> Date

  /// What it answers when all went well.
  struct Grant {
    let token: AccessToken
    /// Takes the place of the one sent; nil leaves that in force.
    let refreshToken: Secret?
  }

  enum Failure: Error {
    /// Refused for good: RFC 6749's `invalid_grant` and its kin, or 401.
    case refused(ErrorAnswer)
    /// Anything else; the request may have been handled.
    case broken(String)
    case unanswered(TransportFailure)

    var cause: String {
      switch self {
      case .refused(let answer): "the platform refused it (\(answer.message ?? answer.code ?? String(answer.status)))"
      case .broken(let text): text
      case .unanswered(let failure): Refusal.problem("", failure, isChange: false).cause
      }
    }
  }

  /// - Parameter betas: see the Admin API's table of flags; the wrong ones send the request elsewhere.
  func grant(_ body: JSON, betas: [String]) async throws(Failure) -> Grant {
    var request = Request(.post, "/v1/oauth/token", json: body)
    request.headers += [
      Request.Item("anthropic-beta", betas.joined(separator: ",")), Request.Item("accept", "application/json"),
      Headers.userAgent,
    ]
    let response: Response
    do throws(TransportFailure) { response = try await transport.send(request) } catch { throw .unanswered(error) }
    guard response.status == 200 else {
      let answer = ErrorAnswer(response)
      if response.status == 400 || response.status == 401 { throw .refused(answer) }
      throw .broken("the platform answered \(response.status)")
    }
    return try read(response.body)
  }

  private func read(_ body: [UInt8]) throws(Failure) -> Grant {
    // The message of a parser could hold the token: it is not passed on.
    guard body.count <= 1 << 20, let json = try? JSON(parsing: body, duplicates: .lastWins), json.object != nil else {
      throw .broken("the answer is none that the platform gives")
    }
    guard let access = json["access_token"]?.string, !access.isEmpty else {
      throw .broken("the answer has no access token in it")
    }
    guard json["token_type"]?.string.map({ $0.lowercased() == "bearer" }) ?? true else {
      throw .broken("the answer has a token of an unknown type")
    }
    // An hour where it is not said, as the official clients take it.
    let lifetime = json["expires_in"].flatMap { $0.int ?? $0.string.flatMap { Int($0) } } ?? 3600
    let expiry = now().addingTimeInterval(Double(lifetime))
    let refreshToken = json["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    return Grant(token: AccessToken(secret: Secret(access), expiresAt: expiry), refreshToken: refreshToken)
  }
}
