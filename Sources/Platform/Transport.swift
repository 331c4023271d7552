/// How a request proves who sends it. `sk-ant-oat…` tokens and, with current clients, API keys too travel as
/// `Authorization: Bearer`; `x-api-key` is the documented way for keys.
package enum Credential: Hashable, Sendable {
  case bearer(Secret)
  case apiKey(Secret)
  /// Of another system, which has a scheme of its own: `Authorization: Splunk …`.
  case authorization(scheme: String, Secret)
}

package enum Method: String, Sendable { case get = "GET", post = "POST", delete = "DELETE" }

/// One HTTP request to the platform, before anyone decides where the platform is.
package struct Request: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package let name, value: String
    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  package var method: Method
  /// Begins with `/`, percent-encoded, without the query.
  package var path: String
  /// Not encoded; in the order they are sent. A name may repeat.
  package var query: [Item]
  /// Without the credential, which has a member of its own so that no log can print it by accident.
  package var headers: [Item]
  package var credential: Credential?
  package var body: [UInt8]?

  package init(
    _ method: Method, _ path: String, query: [Item] = [], headers: [Item] = [], credential: Credential? = nil,
    body: [UInt8]? = nil
  ) {
    (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
    (self.credential, self.body) = (credential, body)
  }

  /// A change with a JSON body.
  package init(_ method: Method, _ path: String, json: JSON) {
    self.init(method, path, headers: [Item("content-type", "application/json")], body: Array(json.compact.utf8))
  }

  /// The path with its encoded query: `/v1/organizations/api_keys?limit=20`.
  package var target: String {
    query.isEmpty
      ? path
      : path + "?" + query.map { "\(Request.encoded($0.name))=\(Request.encoded($0.value))" }.joined(separator: "&")
  }

  /// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
  package static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if byte.isASCIIAlphanumeric || "-._~".utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What came back. Any status is an answer; no answer at all is a ``TransportFailure``.
package struct Response: Hashable, Sendable {
  package var status: Int
  /// Names in lower case.
  package var headers: [Request.Item]
  package var body: [UInt8]

  package init(status: Int, headers: [Request.Item] = [], body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  /// The first header called `name`, in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why there was no answer.
package enum TransportFailure: Error, Hashable, Sendable {
  /// Nothing listens there, or the connection was refused or could not be made. The request was not handled.
  case unreachable(String)
  case unknownHost(String)
  /// The certificate is not trusted, or is for another host.
  case untrusted(String)
  /// No answer in time: the request may have been handled.
  case timedOut
  /// The connection ended before the whole answer: the request may have been handled.
  case lost(String)
  case cancelled
  /// The address is none that may be used: not https, or not an address.
  case refusedAddress(String)
  /// Only a change was asked for, and changes are off.
  case readOnly

  /// Whether the platform can have handled the request, so that one must look before trying again.
  package var mayHaveBeenHandled: Bool {
    switch self {
    case .timedOut, .lost, .cancelled: true
    case .unreachable, .unknownHost, .untrusted, .refusedAddress, .readOnly: false
    }
  }
}

/// A request in, a response out: libcurl implements it, and so does the sandbox in memory.
package protocol Transport: Sendable {
  func send(_ request: Request) async throws(TransportFailure) -> Response
}
