/// The tagged identifiers of the platform, told by their prefix: these are compared byte for byte, other texts without
/// regard to case.
enum Identifier {
  /// Whether `value` is a known prefix and then letters and digits only; none of them too, as while it is typed.
  static func isOne(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let prefix = prefix(of: value) else { return false }
    return value.dropFirst(prefix.utf8CodeUnitCount).allSatisfy(\.isASCIIAlphanumeric)
  }

  /// What it names; nil for no identifier, and for one that no field is about.
  static func field(of value: UnsafeBufferPointer<UInt8>) -> ActivityField? {
    guard isOne(value) else { return nil }
    return switch value[0] {
    case UInt8(ascii: "s"): value.hasPrefix("svac_") ? .account : nil
    case UInt8(ascii: "f"): value.hasPrefix("fdrl_") ? .rule : value.hasPrefix("fdis_") ? .issuer : nil
    case UInt8(ascii: "w"): .workspace
    case UInt8(ascii: "a"): value.hasPrefix("activity_") ? nil : .key
    case UInt8(ascii: "r"): .request
    case UInt8(ascii: "u"): .actor
    default: nil
    }
  }

  /// By its first letter: this runs for every text of every activity.
  private static func prefix(of value: UnsafeBufferPointer<UInt8>) -> StaticString? {
    let candidates: (StaticString, StaticString?, StaticString?)
    switch value.first {
    case UInt8(ascii: "s"): candidates = ("svac_", "sess_", nil)
    case UInt8(ascii: "f"): candidates = ("fdrl_", "fdis_", "file_")
    case UInt8(ascii: "w"): candidates = ("wrkspc_", nil, nil)
    case UInt8(ascii: "a"): candidates = ("apikey_", "admin_key_", "activity_")
    case UInt8(ascii: "r"): candidates = ("req_", nil, nil)
    case UInt8(ascii: "u"): candidates = ("user_", nil, nil)
    case UInt8(ascii: "o"): candidates = ("org_", nil, nil)
    default: return nil
    }
    if value.hasPrefix(candidates.0) { return candidates.0 }
    if let second = candidates.1, value.hasPrefix(second) { return second }
    if let third = candidates.2, value.hasPrefix(third) { return third }
    return nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether this is an IP address, or the beginning of one.
  var isAddress: Bool {
    var marks = 0
    for byte in self {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: ":"): marks += 1
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: break
      default: return false
      }
    }
    return marks > 0
  }
}
