/// A rule's `subject_prefix`: the whole subject, or its beginning when the last character is `*`. Case and every byte
/// count; a `*` anywhere else is a character like others.
struct SubjectPattern {
  let text: String
  let isPrefix: Bool
  /// Without the star that ends a prefix.
  let fixed: String

  init(_ text: String) {
    self.text = text
    isPrefix = text.utf8.last == UInt8(ascii: "*")
    fixed = isPrefix ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text
  }

  func fits(_ subject: String) -> Bool {
    isPrefix ? subject.utf8.starts(with: fixed.utf8) : subject.isExactly(fixed)
  }

  /// Why `subject` does not fit, with the nearest miss; nil when it fits.
  func miss(_ subject: String) -> String? {
    guard !fits(subject) else { return nil }
    var notes: [String] = []
    let (mine, theirs) = (GitHubSubject(fixed), GitHubSubject(subject))
    if let mine, let theirs, let forms = mine.formNote(theirs, isPrefix: isPrefix) {
      notes.append(forms)
      if SubjectPattern(mine.plain + (isPrefix ? "*" : "")).fits(theirs.plain) { return notes.joined(separator: "; ") }
      Difference.note(expected: mine.plain, isPrefix: isPrefix, actual: theirs.plain).map { notes.append($0) }
    } else {
      Difference.note(expected: fixed, isPrefix: isPrefix, actual: subject).map { notes.append($0) }
    }
    if let mine, let theirs, let kinds = mine.kindNote(theirs) { notes.append(kinds) }
    if fixed.utf8.contains(UInt8(ascii: "*")) {
      notes.append("a `*` that is not the last character stands for itself")
    } else if !isPrefix, subject.utf8.starts(with: fixed.utf8) {
      notes.append("without a `*` at its end the rule takes this subject only")
    }
    return notes.joined(separator: "; ")
  }
}

/// A subject of GitHub Actions, or the beginning of one: `repo:OWNER/REPO:…`, or in the immutable form that newer
/// repositories have, `repo:OWNER@ID/REPO@ID:…`. Neither name can hold an `@`.
struct GitHubSubject {
  /// The form without ids.
  let plain: String
  /// What stands between `repo:` and the next colon, ids included.
  let place: String
  let hasIDs: Bool
  /// What follows the repository: `ref:refs/heads/main`; empty where the text ends earlier.
  private let context: Substring

  init?(_ text: String) {
    guard text.utf8.starts(with: "repo:".utf8) else { return nil }
    let rest = text.dropFirst(5)
    let place = rest.prefix { $0 != ":" }
    let names = place.split(separator: "/", omittingEmptySubsequences: false).map { part in
      part.prefix { $0 != "@" }
    }
    self.place = String(place)
    hasIDs = place.contains("@")
    plain = "repo:" + names.joined(separator: "/") + rest.dropFirst(place.count)
    context = rest.dropFirst(place.count + 1)
  }

  /// That the rule (this) and a token's subject are of different forms, or of one form with different ids.
  func formNote(_ token: GitHubSubject, isPrefix: Bool) -> String? {
    switch (hasIDs, token.hasIDs) {
    // A prefix that ends before the first `@` says nothing about the form.
    case (false, true) where !place.isEmpty && !(isPrefix && token.place.hasPrefix(place)):
      "the token has GitHub's immutable form of the subject, repo:\(Difference.excerpt(token.place)):…; "
        + "the rule has the form without ids, which this repository no longer sends"
    case (true, false):
      "the rule has GitHub's immutable form of the subject, with ids; this repository sends the form without, "
        + "repo:\(Difference.excerpt(token.place)):…"
    case (true, true) where plainPlace == token.plainPlace && place != token.place && !token.place.hasPrefix(place):
      "the names are the same and the ids are not: another owner or repository has taken the name"
    default: nil
    }
  }

  /// That a job of another kind than the rule speaks of sent the token.
  func kindNote(_ token: GitHubSubject) -> String? {
    guard let mine = kind, let theirs = token.kind, mine != theirs else { return nil }
    return switch theirs {
    case .environment: "the job names an environment, and its subject then ends in that and not in \(mine.phrase)"
    case .pullRequest: "a pull request sent it, and its subject then names no \(mine.rawValue)"
    case .branch, .tag: "a \(theirs.rawValue) sent it, and the rule is for \(mine.phrase)"
    }
  }

  private var plainPlace: Substring { plain.dropFirst(5).prefix { $0 != ":" } }

  private enum Kind: String {
    case environment
    case pullRequest = "pull request"
    case branch, tag

    var phrase: String { (self == .environment ? "an " : "a ") + rawValue }
  }

  private var kind: Kind? {
    if context == "pull_request" || context.hasPrefix("pull_request:") { return .pullRequest }
    if context.hasPrefix("environment:") { return .environment }
    if context.hasPrefix("ref:refs/heads/") { return .branch }
    return context.hasPrefix("ref:refs/tags/") ? .tag : nil
  }
}
