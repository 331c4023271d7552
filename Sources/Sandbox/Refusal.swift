import Platform

/// Why a request was not carried out: one of the platform's error classes, in one place (Admin API, error envelope).
struct Refusal: Error, Hashable, Sendable {
  let status: Int
  /// `error.type` of the envelope.
  let type: String
  let message: String
  /// `error.details.error_code`, where the platform gives one to branch on.
  var code: String?
  /// Seconds, for `retry-after`.
  var retryAfter: Int?

  private init(_ status: Int, _ type: String, _ message: String, code: String? = nil, retryAfter: Int? = nil) {
    (self.status, self.type, self.message) = (status, type, message)
    (self.code, self.retryAfter) = (code, retryAfter)
  }

  static func invalid(_ message: String, code: String? = nil) -> Refusal {
    Refusal(400, "invalid_request_error", message, code: code)
  }

  /// A validation message begins with the name of its field.
  static func field(_ name: String, _ fault: String) -> Refusal { invalid("\(name): \(fault)") }

  static func unauthenticated(_ message: String) -> Refusal { Refusal(401, "authentication_error", message) }

  /// What every refused token exchange answers: the reason is in the activity feed only.
  static let authenticationFailed = unauthenticated("Authentication failed")

  static func forbidden(_ message: String) -> Refusal { Refusal(403, "permission_error", message) }

  static let notFound = Refusal(404, "not_found_error", "The requested resource could not be found.")

  static let methodNotAllowed = Refusal(405, "invalid_request_error", "Method Not Allowed")

  static func conflict(_ message: String) -> Refusal { Refusal(409, "conflict_error", message) }

  static func tooLarge(limit: Int) -> Refusal {
    Refusal(413, "request_too_large", "Request exceeds the maximum size of \(limit) bytes.")
  }

  static func rateLimited(_ message: String, retryAfter: Int?) -> Refusal {
    Refusal(429, "rate_limit_error", message, retryAfter: retryAfter)
  }

  /// An injected fault: the class that belongs to `status`.
  static func fault(status: Int, retryAfter: Int?) -> Refusal {
    let type =
      switch status {
      case 400: "invalid_request_error"
      case 401: "authentication_error"
      case 402: "billing_error"
      case 403: "permission_error"
      case 404: "not_found_error"
      case 409: "conflict_error"
      case 413: "request_too_large"
      case 429: "rate_limit_error"
      case 504: "timeout_error"
      case 529: "overloaded_error"
      default: status < 500 ? "invalid_request_error" : "api_error"
      }
    return Refusal(status, type, "The sandbox was told to answer \(status).", retryAfter: retryAfter)
  }

  func answer(requestID: String) -> Answer {
    var error: JSON.Object = ["type": .string(type), "message": .string(message)]
    if let code { error["details"] = ["error_code": .string(code)] }
    var answer = Answer(["type": "error", "error": .object(error), "request_id": .string(requestID)], status: status)
    if let retryAfter { answer.headers.append(Request.Item("retry-after", String(retryAfter))) }
    return answer
  }
}

/// What a handler answers, before the headers that every answer has.
struct Answer: Sendable {
  var status: Int
  var headers: [Request.Item] = []
  var body: [UInt8]

  init(_ json: JSON, status: Int = 200) { (self.status, body) = (status, Array(json.compact.utf8)) }
  init(body: [UInt8]) { (status, self.body) = (200, body) }
}
