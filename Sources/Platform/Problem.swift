/// A failure as a person reads it: what did not happen, why, and one thing to try.
package struct Problem: Error, Hashable, Sendable {
  /// What kind of failure it is: decides the exit status of a command and what a screen offers.
  package enum Kind: String, Sendable {
    /// The command line, or what was typed into a form, is wrong.
    case usage
    /// No credential, or the platform refused it (401, 403).
    case credential
    /// The platform refused the request (other 4xx), or answered nonsense.
    case refused
    /// The platform could not be reached, or kept failing (network, 429, 5xx).
    case unavailable
    /// A local file, or the local store, failed.
    case local
    case interrupted
  }

  package let summary, cause, remedy: String
  package let kind: Kind
  /// A stable word for programs: the platform's `error.type` or `details.error_code`, or one of ours.
  package var code: String
  /// The HTTP status of the answer, where there was one.
  package var status: Int?
  /// The platform's `request-id`, shown so that its support can find the request.
  package var requestID: String?
  /// Whether the change it tells of may have been made all the same: its answer was lost.
  package var isUncertain = false

  package init(
    _ summary: String, because cause: String, try remedy: String, kind: Kind = .refused, code: String? = nil,
    status: Int? = nil, requestID: String? = nil
  ) {
    (self.summary, self.cause, self.remedy, self.kind) = (summary, cause, remedy, kind)
    (self.code, self.status, self.requestID) = (code ?? kind.rawValue, status, requestID)
  }

  /// On one line, for the message line of a screen: `summary: cause. remedy`, then the `request-id` if any.
  package var line: String {
    let id = requestID.map { " (request-id \($0))" } ?? ""
    return "\(summary): \(cause). \(remedy)\(id)"
  }

  /// `{"error":{…}}` with absent members left out, as programs read it.
  package var json: JSON {
    var error = JSON.Object()
    error["code"] = .string(code)
    error["message"] = .string("\(summary): \(cause).")
    error["remedy"] = .string(remedy)
    if let status { error["status"] = JSON(status) }
    if let requestID { error["request_id"] = .string(requestID) }
    return .object(["error": .object(error)])
  }
}
