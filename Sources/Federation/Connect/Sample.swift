import Platform

extension SampleToken {
  /// A token with the service's audience unless `claims` says otherwise.
  init(_ who: String, issuer: String, _ claims: JSON.Object) {
    var all: JSON.Object = ["iss": .string(issuer), "aud": .string(serviceAudience)]
    for (name, value) in claims { all[name] = value }
    self.init(who, claims: .object(all))
  }
}

extension HandoverIdentifiers {
  /// Lines of a shell script that set the four, and the file that the token is in.
  func exports(tokenFile: String) -> String {
    let lines = environment + [("ANTHROPIC_IDENTITY_TOKEN_FILE", tokenFile)]
    return """
      # They win over the identity token, also when they are empty.
      unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN
      \(lines.map { "export \($0.0)=\(Shell.quoted($0.1))" }.joined(separator: "\n"))
      """
  }

  /// A list of `name` and `value` as pods have it.
  func podEnvironment(tokenFile: String, indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    return (environment + [("ANTHROPIC_IDENTITY_TOKEN_FILE", tokenFile)]).map {
      "\(blanks)- name: \($0.0)\n\(blanks)  value: \(YAML.quoted($0.1))"
    }.joined(separator: "\n")
  }
}

enum Shell {
  /// One word for a POSIX shell; left as it is where nothing in it means anything.
  static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-._/:@+=,%".utf8.contains($0) }
    return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

enum YAML {
  /// A JSON string is a YAML one (YAML 1.2 §5.7).
  static func quoted(_ text: String) -> String { JSON.string(text).compact }
}
