internal import Platform

/// What each matcher is worth by itself: whether any token can have such a value.
extension Inspection {
  mutating func judgeMatchers() {
    if let subject = match.subjectPrefix { judgeSubject(subject) }
    if let audience = match.audience, Inspection.isMistyped(audience) { report("GEN013", in: "audience") }
    for (name, value) in match.claims.sorted(by: { $0.key < $1.key }) { judgeClaim(name, value) }
  }

  private mutating func judgeSubject(_ subject: String) {
    let field = "subject_prefix"
    guard subject != "*" else { return report("GEN001", in: field) }
    if Inspection.isMistyped(subject) { return report("GEN013", in: field) }
    if subject.dropLast().contains("*") || subject.contains("?") { return report("GEN005", in: field) }
    if subject.hasSuffix(":") || subject.hasSuffix("/") { return report("GEN006", in: field) }
    guard !subject.isEmpty else { return report("GEN007", in: field) }
    let isPrefix = subject.hasSuffix("*")
    let text = SubjectText(isPrefix ? subject.dropLast() : subject[...], isPrefix: isPrefix)
    if let risk = form.subject(text).impossibility { report(risk, in: field) }
  }

  private mutating func judgeClaim(_ name: String, _ value: String) {
    let field = "claims.\(name)"
    if Inspection.isMistyped(name) || Inspection.isMistyped(value) { return report("GEN013", in: field) }
    if isNeverText(name) { return report("GEN008", in: field) }
    if value.contains("*") { return report("GEN005", in: field) }
    if isOfOtherVersion(name) { return report("AZ006", in: field) }
    if name == "sub", value.hasSuffix(":") || value.hasSuffix("/") { return report("GEN006", in: field) }
    if name == "sub" || name == "repository" || name == "project_path",
      let risk = form.reading(of: ClaimPath([name]), value, isPrefix: false)?.impossibility
    {
      report(risk, in: field)
    }
  }

  private func isNeverText(_ name: String) -> Bool {
    if let kind = form.kind(of: ClaimPath([name])), kind != .text { return true }
    if provider == .aws, Form.awsNested.contains(name) { return true }
    // Tokens that have these beside each other are of the kind that never expires, and refused.
    if provider == .kubernetes, name.hasPrefix("kubernetes.io/") { return true }
    return form.objects.contains { name.hasPrefix($0 + ".") || $0.hasSuffix("/") && name.hasPrefix($0) }
  }

  /// Whether only tokens of the other version of Entra's have this claim.
  func isOfOtherVersion(_ claim: String) -> Bool {
    guard provider == .entra else { return false }
    return claim == "appid" && isVersion2 || claim == "azp" && !isVersion2
  }

  var isVersion2: Bool { Address(candidate.issuerURL).segments.contains("v2.0") }

  /// Whether a value has what a paste leaves behind: blanks at an end, characters that are not seen, or letters that
  /// only look like the ones meant.
  static func isMistyped(_ text: String) -> Bool {
    let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\u{A0}"]
    if let first = text.first, let last = text.last, blanks.contains(first) || blanks.contains(last) { return true }
    return text.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
      case .spaceSeparator: scalar != " "
      default: !scalar.isASCII && scalar.properties.isAlphabetic || scalar.properties.isDefaultIgnorableCodePoint
      }
    }
  }
}

// MARK: Audience

extension Inspection {
  mutating func judgeAudience() {
    guard let audience = match.audience else {
      let isPinnedElsewhere = reach.isPinned(.audience) || condition?.pinsAudience ?? false
      let isWorse = provider == .kubernetes || provider == .spiffe
      if !isPinnedElsewhere { report("GEN003", in: "audience", severity: isWorse ? .high : nil) }
      return
    }
    if provider == .entra, audience.hasPrefix("api://"), isVersion2, !audience.hasPrefix("api://AzureAD") {
      report("AZ006", in: "audience")
    }
    if isOthersAudience(audience) { report("GEN004", in: "audience") }
  }

  /// Audiences that providers hand out unasked, or that another service asks for.
  private static let othersAudiences: Set<String> = [
    "sts.amazonaws.com", "sts.amazonaws.com.cn", "api://AzureADTokenExchange", "sigstore", "pypi", "testpypi", "vault",
    "32555940559.apps.googleusercontent.com", "https://kubernetes.default.svc",
    "https://kubernetes.default.svc.cluster.local", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
  ]

  func isOthersAudience(_ audience: String) -> Bool {
    let address = Address(audience)
    if Inspection.othersAudiences.contains(audience) || audience == candidate.issuerURL { return true }
    if audience.hasSuffix(".workload.identity") || address.host == "iam.googleapis.com" { return true }
    if audience.hasPrefix("//iam.googleapis.com/") { return true }
    if ["github.com", "buildkite.com"].contains(address.host) { return address.segments.count <= 1 }
    switch provider {
    case .gitHub: return address.host == Address(candidate.issuerURL).host
    case .circleCI: return audience.isUUID
    default: return false
    }
  }
}
