package import FoundationEssentials
package import Platform

/// A token that stands for whoever signed in.
package struct AccessToken: Hashable, Sendable {
  package let secret: Secret
  /// Nil when it is not known; then it is used until it is refused.
  package let expiresAt: Date?

  package init(secret: Secret, expiresAt: Date?) { (self.secret, self.expiresAt) = (secret, expiresAt) }

  /// Seconds of it left at a time.
  func left(at date: Date) -> Double { expiresAt?.timeIntervalSince(date) ?? .infinity }

  /// From this many seconds before its end a new one is tried for, as the official clients do.
  static let earlyRenewal: Double = 120
  /// From this many, one is needed.
  static let lateRenewal: Double = 30
}

/// Where tokens are had: a profile that is refreshed, or an exchange.
package protocol TokenOrigin: Sendable {
  /// A token with more than ``AccessToken/earlyRenewal`` left, where one can be had.
  /// - Parameter rejected: what the platform has just refused.
  func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken
}

/// Keeps one token, or one key, and renews it ahead of time, once however many ask.
package actor TokenCache: CredentialSource {
  private let origin: any TokenOrigin
  private let form: @Sendable (Secret) -> Credential
  private let now: @Sendable () -> Date
  private var token: AccessToken?
  private var renewal: Task<Result<AccessToken, Problem>, Never>?
  /// After an early renewal failed: the next is not tried before.
  private var pauseUntil = Date.distantPast

  /// - Parameter form: how the credential travels.
  package init(
    _ origin: any TokenOrigin, form: @escaping @Sendable (Secret) -> Credential = Credential.bearer,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    (self.origin, self.form, self.now) = (origin, form, now)
  }

  package func credential(insteadOf rejected: Credential?) async throws(Problem) -> Credential {
    form(try await secret(insteadOf: rejected?.secret))
  }

  private func secret(insteadOf rejected: Secret?) async throws(Problem) -> Secret {
    guard let token, rejected != token.secret else { return try await renewed(insteadOf: rejected).secret }
    let left = token.left(at: now())
    if left > AccessToken.earlyRenewal || (left > AccessToken.lateRenewal && now() < pauseUntil) { return token.secret }
    do throws(Problem) { return try await renewed(insteadOf: nil).secret } catch {
      guard left > AccessToken.lateRenewal else { throw error }
      pauseUntil = now().addingTimeInterval(5)
      return token.secret
    }
  }

  /// The work is a task of its own: a caller that goes away must not stop a renewal half way, for a refresh token
  /// that was turned in and whose successor was not kept is lost.
  private func renewed(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
    let task = renewal ?? Task { [origin] in await TokenCache.result(origin, rejected) }
    renewal = task
    let result = await task.value
    if renewal == task {
      renewal = nil
      if case .success(let token) = result { self.token = token }
    }
    return try result.get()
  }

  private static func result(
    _ origin: any TokenOrigin, _ rejected: Secret?
  ) async -> Result<AccessToken, Problem> {
    do throws(Problem) { return .success(try await origin.token(insteadOf: rejected)) } catch { return .failure(error) }
  }
}
