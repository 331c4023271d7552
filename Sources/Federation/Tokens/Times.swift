package import FoundationEssentials
internal import Platform

extension Claims {
  /// Seconds that an issuer's clock may be off the platform's, for `exp`, `iat` and `nbf` alike.
  package static let leeway = 30.0
  /// The platform's default for the greatest `exp - iat`, in seconds.
  package static let usualLifetimeLimit = 3600

  /// `sub`, `iat`, `exp`, `nbf` if there is one, and `lifetime`.
  /// - Parameter lifetimeLimit: the issuer's greatest `exp - iat` in seconds.
  package func timeChecks(now: Date, lifetimeLimit: Int) -> [Check] {
    let now = now.timeIntervalSince1970
    var checks = [subjectPresence]
    checks.append(
      instantCheck("iat", expected: "not in the future", reason: .notYetValid) { issued in
        issued <= now + Claims.leeway
          ? nil : "issued \(Span.text(issued - now)) in the future: one of the two clocks is wrong"
      })
    checks.append(
      instantCheck("exp", expected: "in the future", reason: .expired) { expiry in
        expiry + Claims.leeway > now
          ? nil : "expired \(Span.text(now - expiry)) ago: fetch a new token for every exchange"
      })
    if self["nbf"] != nil {
      checks.append(
        instantCheck("nbf", expected: "not in the future", reason: .notYetValid) { start in
          start <= now + Claims.leeway ? nil : "it becomes valid in \(Span.text(start - now))"
        })
    }
    if let issued = seconds("iat"), let expiry = seconds("exp") {
      checks.append(lifetimeCheck(expiry - issued, limit: lifetimeLimit))
    }
    return checks
  }

  private var subjectPresence: Check {
    let value = self["sub"]
    let note: String? =
      if let value, value.string == nil { "sub is \(value.kind), not a string" } else { nil }
    return Check(
      "sub", value?.string != nil, expected: "a string", actual: value?.plainText, note: note, reason: .missingClaim)
  }

  /// A claim that must be a time. `fault` says what is wrong with it, in seconds since 1970.
  private func instantCheck(
    _ name: String, expected: String, reason: DenialReason, fault: (Double) -> String?
  ) -> Check {
    guard let instant = seconds(name) else {
      let note =
        self[name].map { "\(name) is \($0.kind); it must be seconds since 1970, as a number" }
        ?? "the token has no \(name)"
      return Check(
        name, false, expected: "seconds since 1970", actual: self[name]?.plainText, note: note, reason: .missingClaim)
    }
    var note = fault(instant)
    let holds = note == nil
    // No clock is wrong by centuries; a thousand times too much is.
    if instant > 100_000_000_000 { note = "this is milliseconds; it must be seconds" }
    return Check(name, holds, expected: expected, actual: Claims.written(instant), note: note, reason: reason)
  }

  private func lifetimeCheck(_ lifetime: Double, limit: Int) -> Check {
    let holds = lifetime <= Double(limit)
    let note =
      holds ? nil : "exp - iat is more than the issuer's max_jwt_lifetime_seconds: raise it, or ask for a shorter token"
    return Check(
      "lifetime", holds, expected: "at most \(limit) s", actual: "\(Claims.digits(lifetime)) s", note: note,
      reason: .lifetimeExceeded)
  }

  /// RFC 3339 where a date can have it, else the digits.
  private static func written(_ seconds: Double) -> String {
    (0..<253_402_300_800).contains(seconds) ? Date(timeIntervalSince1970: seconds).timestampToSecond : digits(seconds)
  }

  private static func digits(_ seconds: Double) -> String { Int(exactly: seconds).map(String.init) ?? "\(seconds)" }
}
