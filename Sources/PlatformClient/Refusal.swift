internal import Platform

/// Words for what the platform, or the way to it, answered in place of what was asked.
enum Refusal {
  /// Tries that make sense after no answer. A timeout has cost long enough; a connection refused twice will be again.
  static func attempts(_ failure: TransportFailure) -> Int {
    switch failure {
    case .lost: .max
    case .unreachable, .unknownHost: 3
    case .timedOut: 2
    case .untrusted, .cancelled, .refusedAddress, .readOnly: 1
    }
  }

  static func problem(_ summary: String, _ failure: TransportFailure, isChange: Bool) -> Problem {
    let doubt = isChange ? " It may have been done all the same: look before trying again." : ""
    func unavailable(_ cause: String, _ remedy: String, _ code: String) -> Problem {
      Problem(summary, because: cause, try: remedy, kind: .unavailable, code: code)
    }
    switch failure {
    case .unreachable(let text):
      return unavailable(
        "the platform could not be reached (\(text))", "Check the network, the proxy variables and the base URL.",
        "unreachable")
    case .unknownHost(let text):
      return unavailable(
        "the platform's name is not known (\(text))", "Check the network and the base URL.", "unknown_host")
    case .untrusted(let text):
      return unavailable(
        "the other end could not prove that it is the platform: \(text). Nothing was sent",
        "Find out why before you go on. For a private authority, name its file in SSL_CERT_FILE.", "untrusted")
    case .timedOut: return unavailable("no answer came in time", "Try again.\(doubt)", "timed_out")
    case .lost(let text):
      return unavailable("the connection ended before the whole answer (\(text))", "Try again.\(doubt)", "answer_lost")
    case .cancelled:
      return Problem(
        summary, because: "it was interrupted", try: "Try again when you are ready.\(doubt)", kind: .interrupted)
    case .refusedAddress(let text):
      return Problem(
        summary, because: text, try: "Give the platform's address, https://api.anthropic.com.", kind: .usage,
        code: "refused_address")
    case .readOnly:
      return Problem(
        summary, because: "this is read-only, and nothing that changes anything is sent",
        try: "Leave out --read-only, or set read_only = false in the profile.", kind: .usage, code: "read_only")
    }
  }

  /// An answer that came, and cannot be one of the platform's.
  static func nonsense(_ summary: String, _ what: String, requestID: String?) -> Problem {
    Problem(
      summary, because: "the answer is none that the platform gives: \(what)",
      try: "Check the base URL and any proxy on the way, then try again.", code: "invalid_answer", requestID: requestID)
  }

  /// An answer other than 2xx.
  static func failure(
    _ summary: String, _ response: Response, _ area: Area, _ credential: Credential
  ) -> CallFailure {
    let answer = ErrorAnswer(response)
    var problem = words(summary, answer, area, credential)
    problem.code = answer.code ?? problem.code
    (problem.status, problem.requestID) = (response.status, answer.requestID)
    let mayBeDone = [408, 500, 502, 503, 504].contains(response.status)
    let isTransient =
      response.header("x-should-retry").map { $0 == "true" } ?? (mayBeDone || [429, 529].contains(response.status))
    let seconds = response.header("retry-after").flatMap { Double($0) }.flatMap { $0 > 0 && $0 < 1e6 ? $0 : nil }
    return CallFailure(
      problem: problem, mayBeDone: mayBeDone, attempts: isTransient ? .max : 1,
      retryAfter: seconds.map { .seconds($0) })
  }

  private static func words(
    _ summary: String, _ answer: ErrorAnswer, _ area: Area, _ credential: Credential
  ) -> Problem {
    let said = answer.message.map { ": \($0)" } ?? ""
    switch answer.status {
    case 300..<400:
      return Problem(
        summary,
        because: "the address answers with a redirect (\(answer.status)), which is not followed, for the "
          + "credential would go along",
        try: "Give the base URL of the platform itself.", code: "redirected")
    case 401:
      return Problem(
        summary, because: "the platform did not accept the \(credential.kind) (401)\(said)",
        try: remedy401(area, credential), kind: .credential)
    case 403:
      return Problem(
        summary, because: "the platform does not allow it (403)\(said)", try: remedy403(area, credential),
        kind: .credential)
    case 404:
      return Problem(
        summary, because: "the platform has no such thing (404)\(said)",
        try: "Check the identifier and the organization. What was made a moment ago may need half a minute.")
    case 409:
      return Problem(
        summary, because: "it conflicts with what is there (409)\(said)",
        try: "Choose another name: archived ones keep theirs.")
    case 429:
      let wait = answer.retryAfter.map { "Wait \($0) s" } ?? "Wait a minute"
      return Problem(
        summary, because: "there were too many requests (429)\(said)",
        try: "\(wait) and try again. Other programs of the organization share the limit.", kind: .unavailable)
    case 529:
      return Problem(
        summary, because: "the platform is overloaded for everyone (529)", try: "Wait a few minutes and try again.",
        kind: .unavailable)
    case 408, 500...:
      return Problem(
        summary, because: "the platform failed (\(answer.status))\(said)",
        try: "Try again. If it lasts, its support can find the request by its request-id.", kind: .unavailable)
    default:
      return Problem(
        summary, because: "the platform refused it (\(answer.status))\(said)",
        try: "Change what it names, then try again.")
    }
  }

  private static func remedy401(_ area: Area, _ credential: Credential) -> String {
    switch (area, credential) {
    case (_, .bearer): "Run gatehouse login to sign in again, or set a new ANTHROPIC_OAUTH_TOKEN."
    case (.feed, _) where credential.isModelKey:
      "This is a key for the model. The feed takes an Admin API key or a Compliance Access Key."
    case (_, .apiKey), (_, .authorization):
      "It may have been deleted, disabled or expired: make a new key and set it in its place."
    }
  }

  private static func remedy403(_ area: Area, _ credential: Credential) -> String {
    switch (area, credential) {
    case (.federation, .bearer):
      "The token needs the scope org:admin (gatehouse login). Roles and rules that grant more than workspace:developer "
        + "or workspace:inference are changed in the web Console."
    case (.federation, _): "Service accounts, issuers and rules take an OAuth token: run gatehouse login."
    case (.feed, .apiKey) where credential.isAdminKey:
      "The key was made while the Compliance API was off. Enable it in the Console, then make a new Admin API key."
    case (.feed, _): "The key lacks read:compliance_activities. Scopes are fixed: make another key."
    case (_, .bearer): "Sign in with the scope org:admin (gatehouse login), or set ANTHROPIC_ADMIN_KEY."
    case (_, .apiKey), (_, .authorization): "Set an Admin API key in ANTHROPIC_ADMIN_KEY."
    }
  }
}

/// The platform's error body, in each of its shapes: `{"error":{"type","message","details"}}`, with or without an
/// envelope, and `{"error","error_description"}` (RFC 6749 §5.2).
struct ErrorAnswer {
  let status: Int
  let code: String?
  /// Clipped; harmless only once drawn or printed, like all text from outside.
  let message: String?
  let requestID: String?
  let retryAfter: Int?

  init(_ response: Response) {
    let json = try? JSON(parsing: response.body, duplicates: .lastWins)
    let error = json?["error"]
    status = response.status
    code = json?.at("error.details.error_code")?.string ?? error?["type"]?.string ?? error?.string
    let text = error?["message"]?.string ?? json?["error_description"]?.string
    // Masked before it is clipped: some servers say which token they did not take.
    message = text?.withSecretsMasked.withoutStop
    requestID = response.header("request-id") ?? json?["request_id"]?.string
    retryAfter = response.header("retry-after").flatMap { Int($0) }
  }
}

extension String {
  /// Without the full stop at its end, and at most 400 characters; nil when nothing is left.
  fileprivate var withoutStop: String? {
    let text = (hasSuffix(".") ? dropLast() : self[...]).prefix(400)
    return text.isEmpty ? nil : String(text)
  }
}

/// What a credential is used as.
package enum CredentialRole: Hashable, Sendable {
  case token, adminKey, complianceKey

  package var words: String {
    switch self {
    case .token: "token"
    case .adminKey: "admin key"
    case .complianceKey: "compliance key"
    }
  }
}

extension Credential {
  /// What is wrong with it in that place as far as its beginning tells, as advice; nil when nothing is.
  package func misuse(as role: CredentialRole) -> String? {
    switch role {
    case .token where isModelKey || isAdminKey:
      "This is a key, and an OAuth token belongs here: run gatehouse login."
    case .adminKey where isModelKey: "This is a key for the model: make an Admin API key in the Console."
    case .adminKey where isToken: "This is a token, and an Admin API key belongs here."
    case .complianceKey where isModelKey: "This is a key for the model: make a Compliance Access Key in the Console."
    default: nil
    }
  }

  var isToken: Bool { secret.expose { $0.hasPrefix("sk-ant-oat") } }
  var isModelKey: Bool { secret.expose { $0.hasPrefix("sk-ant-api03-") } }
  var isAdminKey: Bool { secret.expose { $0.hasPrefix("sk-ant-admin") } }
  var kind: String {
    switch self {
    case .bearer: "token"
    case .apiKey, .authorization: "key"
    }
  }
}
