import Glibc
import Interface
import Platform

extension Session {
  /// Shows what will be sent and asks whether it may be; returns only when it may.
  ///
  /// - Parameter word: what must be typed for a change that cannot be undone; a plain yes when nil.
  /// - Throws: ``Problem`` of kind `.usage` when nobody can be asked, `.interrupted` when the answer is no.
  func confirm(_ what: String, requests: [Request] = [], typing word: String? = nil) throws(Problem) {
    if options.yes || options.dryRun { return }
    let word = word ?? self.word
    guard isatty(STDIN_FILENO) == 1 else {
      throw Problem(
        "\(what) was not done", because: "it needs a confirmation and standard input is no terminal",
        try: "Add --yes, or look first with --dry-run.", kind: .usage)
    }
    for request in requests { Output.error("  " + request.summary) }
    Output.error("\(Text.harmless(what))? " + (word.map { "Type \($0) to go on:" } ?? "[y/N]"))
    let answer = readLine() ?? ""
    guard word.map({ answer == $0 }) ?? ["y", "yes"].contains(answer.lowercased()) else {
      throw Problem(
        "\(what) was not done", because: "it was not confirmed", try: "Nothing was sent.", kind: .interrupted)
    }
  }
}

extension Request {
  /// `POST /v1/organizations/service_accounts {"name":"ci"}`: as it will be sent, without the credential.
  var summary: String {
    let body = body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
    return "\(method.rawValue) \(target)\(body)"
  }

  /// The same for programs.
  var json: JSON {
    var object: JSON.Object = ["method": .string(method.rawValue), "path": .string(target)]
    if let body { object["body"] = (try? JSON(parsing: body)) ?? .string(String(decoding: body, as: UTF8.self)) }
    return .object(object)
  }
}
