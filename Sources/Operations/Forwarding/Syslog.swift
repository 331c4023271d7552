internal import Platform
internal import PlatformClient

/// RFC 5424. The message is the activity as JSON, in ASCII, so that no receiver needs to guess its encoding.
struct SyslogForm: Sendable {
  /// The name of this machine; `-` where it has none that may stand here.
  private let host: String

  init(host: String) {
    let name = host.utf8.filter { (0x21...0x7E).contains($0) }.prefix(255)
    self.host = name.isEmpty ? "-" : String(decoding: name, as: UTF8.self)
  }

  /// Facility 13, "log audit"; a warning for what was refused, else informational.
  func message(_ activity: Activity) -> [UInt8] {
    let priority = 13 * 8 + (activity.isWarning ? 4 : 6)
    // At most 32 printable characters.
    let type = activity.type.utf8.filter { (0x21...0x7E).contains($0) }.prefix(32)
    let name = type.isEmpty ? "-" : String(decoding: type, as: UTF8.self)
    let head =
      "<\(priority)>1 \(activity.createdAt.timestamp) \(host) gatehouse - \(name) "
      + "[origin software=\"gatehouse\" swVersion=\"\(gatehouseVersion)\"] "
    return Array(head.utf8) + SyslogForm.ascii(activity.json.compact)
  }

  /// What is not ASCII stands in a string, where JSON has an escape for it.
  private static func ascii(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    let digits = Array("0123456789abcdef".utf8)
    for unit in text.utf16 {
      if unit < 0x80 {
        bytes.append(UInt8(unit))
      } else {
        bytes += "\\u".utf8
        for shift in [12, 8, 4, 0] as [UInt16] { bytes.append(digits[Int(unit >> shift & 15)]) }
      }
    }
    return bytes
  }
}

/// Over TCP or TLS, each message behind its length (RFC 6587 §3.4.1, RFC 5425).
struct SyslogStream: Receiver {
  let stream: CurlStream
  let form: SyslogForm
  let to: String

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    var bytes: [UInt8] = []
    for activity in activities {
      let message = form.message(activity)
      bytes += "\(message.count) ".utf8
      bytes += message
    }
    do throws(TransportFailure) { try await stream.deliver(bytes) } catch { throw Post.failure(to, error) }
    return Delivery()
  }
}

/// Over UDP (RFC 5426): nobody says whether they came.
struct SyslogDatagrams: Receiver {
  let datagrams: Datagrams
  let form: SyslogForm
  let to: String

  func deliver(_ activities: [Activity]) async throws(DeliveryFailure) -> Delivery {
    // One that is longer than a datagram can be is cut: its beginning says what and where.
    let messages = activities.map { Array(form.message($0).prefix(Datagrams.limit)) }
    do throws(TransportFailure) { try datagrams.send(messages) } catch { throw Post.failure(to, error) }
    return Delivery()
  }
}
