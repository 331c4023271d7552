package import Platform

/// A place in a file that holds a credential, looks like it, or reads, stores or passes one on. The credential itself
/// is never part of it.
package struct Find: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case apiKey = "api-key"
    case adminKey = "admin-key"
    case accessToken = "oauth-access-token"
    case refreshToken = "oauth-refresh-token"
    case sessionID = "session-id"
    case complianceKey = "compliance-key"
    case githubSecret = "github-secret-ref"
    case gitlabVariable = "gitlab-variable-ref"
    case kubernetesSecret = "k8s-secret-ref"
    case composeInterpolation = "compose-interpolation"
    case composeEnvironmentFile = "compose-env-file"
    case composeBuildArgument = "compose-build-arg"
    case dockerfileArgument = "dockerfile-arg"
    case dockerfileEnvironment = "dockerfile-env"
    case terraformVariable = "terraform-var"
    case awsSecret = "aws-secret-ref"
    case gcpSecret = "gcp-secret-ref"
    case lambdaEnvironment = "lambda-env"
    case environmentRead = "env-read"
    case configurationRead = "config-read"
    case n8nCredential = "n8n-credential-ref"
    case keyHelper = "api-key-helper"
    case keySuffix = "api-key-suffix"
    case onePassword = "onepassword-ref"
    case profilePointer = "sdk-profile-pointer"
    case sdkTooOld = "sdk-too-old"
  }

  package enum Class: String, Sendable {
    /// The full shape of a credential: to be treated as a live secret.
    case real
    /// Mentions the shape, or stands where a key would stand, and is none.
    case placeholder
    /// No secret here, but a place that reads, stores or passes one on.
    case reference
  }

  /// Relative to the folder that was scanned.
  package var file = ""
  /// From 1; columns count bytes of UTF-8, a byte order mark not counted.
  package var line = 0, column = 0
  package let kind: Kind
  package let `class`: Class
  /// The variable, secret, attribute or package, as the file names it.
  package var name: String?
  /// Further secrets that the same place falls back to.
  package var also: [String] = []
  /// The way to it in its document: job, container, resource.
  package var place: String?
  /// `step-input`, `step`, `job`, `workflow` or `pipeline`.
  package var level: String?
  /// The Secret and its key, where a cluster keeps it.
  package var secret: String?
  /// The first sixteen and the last four characters, as the key list shows them.
  package var hint: String?
  /// SHA-256 of the credential in lower-case hexadecimal.
  package var digest: String?
  /// `base64` when it is so written.
  package var encoding: String?
  /// How many pieces of text it is made of, when more than one.
  package var parts: Int?
  /// Why it matters, in one sentence.
  package var note: String?
  /// Where it begins, in bytes from the beginning of the file.
  var offset: Int

  init(_ kind: Kind, _ class: Class, at offset: Int, name: String? = nil, place: String? = nil, level: String? = nil) {
    (self.kind, self.class, self.offset) = (kind, `class`, offset)
    (self.name, self.place, self.level) = (name, place, level)
  }

  package var json: JSON {
    var object: JSON.Object = [
      "file": .string(file), "line": JSON(line), "column": JSON(column), "kind": .string(kind.rawValue),
      "class": .string(`class`.rawValue),
    ]
    let texts = [
      ("name", name), ("where", place), ("level", level), ("secret", secret), ("hint", hint), ("sha256", digest),
      ("encoding", encoding), ("note", note),
    ]
    for (key, text) in texts { if let text { object[key] = .string(text) } }
    if !also.isEmpty { object["also"] = .array(also.map(JSON.string)) }
    if let parts { object["parts"] = JSON(parts) }
    return .object(object)
  }
}
