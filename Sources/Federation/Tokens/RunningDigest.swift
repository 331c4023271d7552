internal import CCrypto
internal import Platform

/// The SHA-256 of bytes that come in portions.
package final class RunningDigest {
  private let digest: OpaquePointer?
  private var isSound: Bool

  package init() {
    digest = gh_digest_start()
    isSound = digest != nil
  }

  deinit { gh_digest_free(digest) }

  package func add(_ bytes: [UInt8]) {
    isSound = isSound && gh_digest_add(digest, bytes, bytes.count)
  }

  /// In hexadecimal, 64 digits; nil when libcrypto could not do it. Called once, at the end.
  package func finish() -> String? {
    var bytes = [UInt8](repeating: 0, count: 32)
    guard isSound, gh_digest_finish(digest, &bytes) else { return nil }
    return bytes.hexadecimal
  }
}
