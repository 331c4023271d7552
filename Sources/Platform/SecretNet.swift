internal import RegexBuilder

/// The second net below ``Secret``, for text that leaves the machine: masks known secrets wherever they stand, and
/// whatever reads like one. It would rather mask too much.
package struct SecretNet: Sendable {
  private let known: [Secret]

  /// - Parameter known: secrets to look for; one shorter than 6 bytes would be found in any text, and is not.
  package init(_ known: [Secret]) { self.known = known }

  package func masked(_ text: String) -> String {
    var text = text
    for secret in known {
      secret.expose { plain in
        if plain.utf8.count >= 6 { text = text.replacing(plain, with: secret.description) }
      }
    }
    return SecretNet.tokensMasked(SecretNet.formsMasked(text))
  }

  /// Where the text around it says what it is; that stays.
  private static func formsMasked(_ text: String) -> String {
    let mask = "••••••"
    let key = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)/
    let scheme = /(?i:((?:bearer|basic|digest|token)\s+))[A-Za-z0-9._~+\/=\-]{16,}/
    // The user's part of an address.
    let user = /(:\/\/)[^\/\s@"']+@/
    let name = /(?i:((?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api[_\-]?key|auth)[A-Za-z_\-]*))/
    let value = /(["']?\s*[=:]\s*["']?)[^\s"',;&{}]{6,}/
    let assignment = Regex {
      name
      value
    }
    return text.replacing(key, with: mask)
      .replacing(scheme) { "\($0.1)\(mask)" }
      .replacing(user) { "\($0.1)\(mask)@" }
      .replacing(assignment) { "\($0.1)\($0.2)\(mask)" }
  }

  /// What its own form gives away.
  private static func tokensMasked(_ text: String) -> String {
    let mask = "••••••"
    // A signed token (RFC 7519), its signature perhaps cut off.
    let token = /ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?/
    let known = /\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|hvs\.|AKIA|ASIA|npm_|AIza)[A-Za-z0-9_\-.]{10,}/
    // A long run of letters in both cases and digits, as nothing but a key or a digest has it.
    let random = /(?=[a-z0-9_\-+=]*[A-Z])(?=[A-Z0-9_\-+=]*[a-z])(?=[A-Za-z_\-+=]*[0-9])[A-Za-z0-9_\-+=]{40,}/
    // A line of a key whose frame is elsewhere.
    let line = /(?m:^[A-Za-z0-9+\/=]{40,}\r?$)/
    return text.replacing(line, with: mask).replacing(/sk-ant-[A-Za-z0-9_\-]+/, with: mask).replacing(token, with: mask)
      .replacing(known, with: mask).replacing(random, with: mask)
  }

  /// The same for every text in it, the names of members included.
  package func masked(_ json: JSON) -> JSON {
    switch json {
    case .null, .bool, .number: return json
    case .string(let text): return .string(masked(text))
    case .array(let values): return .array(values.map { masked($0) })
    case .object(let object):
      var result = JSON.Object()
      for (key, value) in object { result[masked(key)] = masked(value) }
      return .object(result)
    }
  }
}
