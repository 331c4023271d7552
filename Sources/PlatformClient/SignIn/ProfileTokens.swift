internal import FoundationEssentials
internal import Platform

/// The token of a person's profile, which other programs refresh too, without any lock that all of them know
/// (Admin API, refresh). Refresh tokens rotate: of two that turn in the same one, the second is refused. So the file
/// is looked at before, and after a refusal, and whoever was first is believed.
struct ProfileTokens: TokenOrigin {
  let name: String
  let file: CredentialsFile
  let clientID: String?
  let endpoint: TokenEndpoint
  let clock: any Clock<Duration>

  func token(insteadOf rejected: Secret?) async throws(Problem) -> AccessToken {
    let contents = try file.read()
    if isGood(contents.token, rejected) { return contents.token }
    let lock = await turn()
    defer { lock?.release() }
    // Another may have been at it while we waited.
    let current = try file.read()
    if isGood(current.token, rejected) { return current.token }
    guard let refreshToken = current.refreshToken, let clientID else {
      // Someone else rotates this one. What is left of it is used up.
      if current.token.left(at: endpoint.now()) > 0, current.token.secret != rejected { return current.token }
      throw signedOut("the token has expired, and there is nothing here to renew it with")
    }
    return try await refreshed(current, refreshToken, clientID)
  }

  private func isGood(_ token: AccessToken, _ rejected: Secret?) -> Bool {
    token.secret != rejected && token.left(at: endpoint.now()) > AccessToken.earlyRenewal
  }

  /// Turns in the refresh token. The file for its successor is opened before: with the disk full or read-only there
  /// would be no place for it, and it would be lost.
  private func refreshed(
    _ contents: CredentialsFile.Contents, _ refreshToken: Secret, _ clientID: String
  ) async throws(Problem) -> AccessToken {
    var replacement: PrivateFile.Replacement
    do throws(PrivateFile.Fault) { replacement = try .init(for: file.path) } catch { throw unwritable(error) }
    let body: JSON = [
      "grant_type": "refresh_token", "refresh_token": refreshToken.expose { .string($0) },
      "client_id": .string(clientID),
    ]
    let grant: TokenEndpoint.Grant
    do throws(TokenEndpoint.Failure) {
      grant = try await endpoint.grant(body, betas: [Headers.oauthBeta])
    } catch {
      return try await othersToken(contents, after: error)
    }
    let text = file.text(contents, after: grant)
    do throws(PrivateFile.Fault) { try replacement.place(text) } catch { throw unwritable(error) }
    return grant.token
  }

  /// After a failure: the token of a program that was faster, if there is one. It has had its answer, perhaps, and
  /// is about to write it down, so it is waited for.
  private func othersToken(
    _ contents: CredentialsFile.Contents, after failure: TokenEndpoint.Failure
  ) async throws(Problem) -> AccessToken {
    for pause in [0, 50, 200, 500, 1000, 2000] {
      guard (try? await clock.sleep(for: .milliseconds(pause))) != nil else { break }
      let current = try file.read()
      if current.token != contents.token, current.token.left(at: endpoint.now()) > 0 { return current.token }
      guard case .refused = failure else { break }
    }
    if case .refused = failure { throw signedOut("the sign-in was not renewed: \(failure.cause)") }
    throw Problem(
      "The sign-in was not renewed", because: failure.cause, try: "Check the network and try again.",
      kind: .unavailable, code: "refresh_failed")
  }

  /// Waits for this program's turn, ten seconds at most: the lock keeps only programs apart that know it, and all
  /// is looked at again in any case.
  private func turn() async -> PrivateFile.Lock? {
    for _ in 1...500 {
      if let lock = PrivateFile.Lock(directory: file.directory) { return lock }
      guard (try? await clock.sleep(for: .milliseconds(20))) != nil else { return nil }
    }
    return nil
  }

  private func signedOut(_ cause: String) -> Problem {
    file.problem(cause, try: "Run ant auth login --profile \(name) --scope org:admin.")
  }

  private func unwritable(_ fault: PrivateFile.Fault) -> Problem {
    Problem(
      "The sign-in was not renewed", because: "\(file.path) cannot be written: \(fault.words)",
      try: "Make room or mend its permissions, then try again.", kind: .local, code: "credentials_unwritable")
  }
}
