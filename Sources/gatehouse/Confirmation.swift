import Glibc
import Platform

extension Session {
  /// Shows what will be sent and asks whether it may be; returns only when it may.
  ///
  /// - Parameter word: what must be typed for a change that cannot be undone; a plain yes when nil. A profile that
  ///   says so has its own name typed as well, which `--yes` does not do, for scripts have it out of habit.
  /// - Throws: ``Problem`` of kind `.usage` when nobody can be asked, `.interrupted` when the answer is no.
  func confirm(_ what: String, requests: [Request] = [], typing word: String? = nil) throws(Problem) {
    if let name = options.confirm, name != profile {
      throw Problem(
        "\(what) was not done", because: "--confirm names \(name), and the profile is \(profile)",
        try: "Look which of them you mean.", kind: .usage, code: "other_profile")
    }
    if options.dryRun { return }
    let asksForName = isProduction && options.confirm == nil
    let words = (options.yes ? [] : [word].compactMap(\.self)) + (asksForName ? [profile] : [])
    // Typed in advance, the name is a yes to all but what asks for a word of its own.
    if words.isEmpty, options.yes || (isProduction && word == nil) { return }
    guard isatty(STDIN_FILENO) == 1 else {
      throw Problem(
        "\(what) was not done", because: "it needs a confirmation and standard input is no terminal",
        try: "Add --yes\(asksForName ? " --confirm \(profile)" : ""), or look first with --dry-run.", kind: .usage,
        code: "not_confirmed")
    }
    for request in requests { Output.error("  " + request.summary) }
    if words.isEmpty {
      try ask("\(what)? [y/N]", what) { ["y", "yes"].contains($0.lowercased()) }
    }
    for word in words { try ask("\(what)? Type \(word) to go on:", what) { $0 == word } }
  }

  private func ask(_ question: String, _ what: String, isYes: (String) -> Bool) throws(Problem) {
    Output.error(question)
    guard isYes(readLine() ?? "") else {
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
