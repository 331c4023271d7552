// What `Tests/Fuzz/run` gives random bytes to. Nothing here may crash, hang, leak or contradict itself.
import CEL
import Federation
import FoundationEssentials
import Platform

/// The environment variable `FUZZ` chooses one.
private enum Target: String {
  case token, keys, subject, condition, pattern
}

private let target = ProcessInfo.processInfo.environment["FUZZ"].flatMap(Target.init) ?? .token
private let key = Result { try SigningKey(.es256, id: "k", seed: "fuzz") }
private let keys = Result { try KeySet(json: key.get().publicKeySet) }
private let now = Date(timeIntervalSince1970: 1_790_000_000)
private let matcher = Matcher(
  .init(
    subjectPrefix: "repo:acme@1/b*:x*", claims: ["kubernetes.io.namespace": "a", "sub": "repo:"],
    condition: "claims.sub == 'a' && claims.list.exists(x, x > 3)"))

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let text = String(decoding: bytes, as: UTF8.self)
  switch target {
  case .token: read(text, bytes)
  case .keys: readKeys(bytes)
  case .subject: match(text)
  case .condition: evaluate(text)
  case .pattern: search(text)
  }
  return 0
}

/// As a whole token, and as the claims of one.
private func read(_ text: String, _ claims: [UInt8]) {
  guard let keys = try? keys.get() else { return }
  let parts = [Array(#"{"alg":"ES256","kid":"k"}"#.utf8), claims, [1]].map { Base64URL.encode($0) }
  for text in [text, parts.joined(separator: ".")] {
    guard let token = try? Token(pasted: Secret(text)) else { continue }
    precondition(!token.verdict(keys: keys, issuerURL: "https://idp", now: now).isAccepted, "a forged token passed")
    let checks = matcher.checks(of: token.claims)
    precondition(matcher.accepts(token.claims) == checks.allSatisfy(\.passed), "two answers to one question")
    _ = checks.map(\.json.compact)
  }
}

private func readKeys(_ bytes: [UInt8]) {
  guard let keys = try? KeySet(parsing: bytes), let token = try? key.get().sign(["sub": "a"]),
    let token = try? Token(token)
  else { return }
  let isVerified = keys.checks(of: token).allSatisfy(\.passed)
  let own = try? key.get().publicJWK
  let isThere = keys.keys.contains { $0.json["x"] == own?["x"] && $0.json["y"] == own?["y"] }
  precondition(!isVerified || isThere, "another key verified the token")
}

/// A rule's subject, a line end, a token's.
private func match(_ text: String) {
  let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  guard lines.count == 2 else { return }
  let (pattern, subject) = (Array(lines[0].utf8), Array(lines[1].utf8))
  let fits = pattern.last == UInt8(ascii: "*") ? subject.starts(with: pattern.dropLast()) : subject == pattern
  let checks = Matcher(.init(subjectPrefix: lines[0])).checks(of: Claims(["sub": .string(lines[1])]))
  precondition(checks.first?.passed == fits && (checks.first?.note == nil) == fits, "a wrong answer")
}

private func evaluate(_ text: String) {
  _ = Expression.issues(inCondition: text).map(\.rendering)
  guard let expression = try? Expression(parsing: text) else { return }
  let claims = Claims(["sub": "repo:a/b", "n": 7, "list": [1, "a", nil], "map": ["k": .number("1.5")]]).value(.double)
  let (decision, explanation) = (expression.decide(claims: claims), expression.explain(claims: claims))
  precondition(decision.isSuccess(true) == explanation.outcome.isSuccess(true), "two answers to one question")
}

/// A pattern, a line end, a text.
private func search(_ text: String) {
  let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  guard let pattern = try? Pattern(lines[0]) else { return }
  _ = pattern.matches(lines.count > 1 ? lines[1] : lines[0])
}
