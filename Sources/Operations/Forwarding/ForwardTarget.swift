internal import FoundationEssentials
package import Platform
internal import PlatformClient

/// Where activities are forwarded to, as `--to` says it: `loki+https://logs.acme.example`.
package struct ForwardTarget: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable { case syslog, elasticsearch, loki, splunk, otlp }

  enum Way: Hashable, Sendable {
    case http(BaseURL)
    case stream(host: String, port: Int, isTLS: Bool)
    case datagrams(host: String, port: Int)
  }

  package let kind: Kind
  let way: Way
  /// Of Elasticsearch: an index, an alias or a data stream.
  let index: String
  /// As it was given; the position is kept under it.
  package let text: String

  /// - Throws: ``Problem`` that says which part is not understood. HTTP without TLS is for loopback only.
  package init(_ text: String) throws(Problem) {
    self.text = text
    guard let separator = text.firstRange(of: "://") else {
      throw Self.refused(text, "it has no ://", "Write it like loki+https://logs.acme.example.")
    }
    let scheme = text[..<separator.lowerBound].split(separator: "+", omittingEmptySubsequences: false)
    guard let kind = Kind(rawValue: String(scheme[0])), scheme.count <= 2 else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Self.refused(text, "it begins with none of \(known)", "Write it like loki+https://logs.acme.example.")
    }
    self.kind = kind
    var rest = text[separator.upperBound...]
    if kind == .syslog {
      way = try Self.syslog(text, scheme.count > 1 ? String(scheme[1]) : "tls", rest)
      index = ""
      return
    }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    var index = ""
    if kind == .elasticsearch {
      index = "gatehouse-audit"
      if let slash = rest.lastIndex(of: "/") {
        index = String(rest[rest.index(after: slash)...])
        rest = rest[..<slash]
      }
    }
    self.index = index
    do throws(TransportFailure) {
      way = .http(try BaseURL("\(scheme.count > 1 ? scheme[1] : "https")://\(rest)"))
    } catch {
      throw Self.refused(text, "the address is none that may be used", "Use https, or http on loopback.")
    }
  }

  private static func syslog(_ text: String, _ way: String, _ rest: Substring) throws(Problem) -> Way {
    let ports = ["tls": 6514, "tcp": 601, "udp": 514]
    guard let usual = ports[way] else {
      throw refused(text, "syslog goes by tls, tcp or udp", "Write it like syslog+tcp://logs.acme.example:601.")
    }
    // Judged as an address of the web would be: host and port, and no more.
    guard !rest.contains("/"), (try? BaseURL("https://\(rest)")) != nil else {
      throw refused(text, "it names no host", "Write it like syslog+\(way)://logs.acme.example:\(usual).")
    }
    var (host, port) = (String(rest), usual)
    if let colon = rest.lastIndex(of: ":"), let number = Int(rest[rest.index(after: colon)...]), !rest.hasSuffix("]") {
      (host, port) = (String(rest[..<colon]), number)
    }
    return way == "udp" ? .datagrams(host: host, port: port) : .stream(host: host, port: port, isTLS: way == "tls")
  }

  private static func refused(_ text: String, _ cause: String, _ remedy: String) -> Problem {
    Problem(
      "Nothing was forwarded to \(text.debugDescription)", because: cause, try: remedy, kind: .usage,
      code: "invalid_target")
  }

  /// What takes batches there.
  /// - Parameters:
  ///   - credential: of the receiver; nil where it asks for none.
  ///   - certificates: a PEM file of authorities to trust in place of the system's.
  ///   - host: the name of this machine.
  package func receiver(credential: Credential?, certificates: String?, host: String) -> any Receiver {
    switch way {
    case .stream(let name, let port, let isTLS):
      return SyslogStream(
        stream: CurlStream(host: name, port: port, isTLS: isTLS, certificates: certificates),
        form: SyslogForm(host: host), to: text)
    case .datagrams(let name, let port):
      return SyslogDatagrams(datagrams: Datagrams(host: name, port: port), form: SyslogForm(host: host), to: text)
    case .http(let base):
      let post = Post(
        transport: CurlTransport(base: base, certificates: certificates), credential: credential, to: text)
      return switch kind {
      case .elasticsearch: Elasticsearch(post: post, index: index)
      case .loki: Loki(post: post)
      case .splunk: Splunk(post: post, host: host)
      case .otlp, .syslog: OpenTelemetry(post: post)
      }
    }
  }

  /// A secret in the form in which this kind of receiver takes it.
  /// - Parameter user: for those that know people by name and password.
  package func credential(_ secret: Secret, user: String?) -> Credential {
    if let user {
      return .authorization(
        scheme: "Basic", secret.expose { Secret(Data("\(user):\($0)".utf8).base64EncodedString()) })
    }
    return switch kind {
    case .elasticsearch: .authorization(scheme: "ApiKey", secret)
    case .splunk: .authorization(scheme: "Splunk", secret)
    case .loki, .otlp, .syslog: .bearer(secret)
    }
  }
}
