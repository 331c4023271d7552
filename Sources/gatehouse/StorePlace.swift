import Glibc
import Platform
import PlatformClient
import Storage

/// Which file keeps what is read of a platform.
///
/// It is `<profile>.sqlite`. Where that is already of another platform, because `--base-url` names a second one, the
/// second has a file of its own beside it, `<profile>@<host>.sqlite`: nothing in an activity would tell them apart.
enum StorePlace {
  /// - Parameter isAsking: whether what follows is asked of the platform, which is then the one of the store.
  static func open(
    _ profile: ConnectionProfile, _ options: GlobalOptions, _ environment: Environment, access: Storage.Access,
    isAsking: Bool
  ) throws(Problem) -> Storage {
    let storage = try Storage(path: environment.storePath(profile.name), access: access)
    let base = profile.base.description
    guard let owner = try storage.platform() else {
      if isAsking { try storage.belong(to: base) }
      return storage
    }
    guard owner != base else { return storage }
    let other = environment.storePath("\(profile.name)@\(name(of: base))")
    // A search that names no address goes where the last reading went, if there is no better place.
    guard isAsking || options.baseURL != nil || Glibc.access(other, F_OK) == 0 else { return storage }
    let second = try Storage(path: other, access: access)
    if isAsking { try second.belong(to: base) }
    return second
  }

  /// `127.0.0.1_8080` of `http://127.0.0.1:8080`.
  private static func name(of base: String) -> String {
    let address = base.split(separator: "://").last ?? ""
    return String(address.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) ? $0 : "_" })
  }
}
