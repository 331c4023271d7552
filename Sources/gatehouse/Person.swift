import Glibc

/// Who works here, for the journal: no request tells whom a credential belongs to.
enum Person {
  /// `ana@build-7 (profile prod)`.
  static func name(with profile: String) -> String {
    let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
    var bytes = [CChar](repeating: 0, count: 256)
    let host =
      gethostname(&bytes, bytes.count - 1) == 0
      ? String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    return "\(user)\(host.isEmpty ? "" : "@" + host) (profile \(profile))"
  }
}
