import Console
import FoundationEssentials
import Glibc
import Platform
import PlatformClient
import Storage

/// What a supporter needs to know about one installation, as one document for people and programs. No secret is put
/// into it; what might be one all the same is masked on the way out.
struct SupportBundle {
  private let options: GlobalOptions
  private let environment: Environment

  init(_ examination: Examination) { (options, environment) = (examination.options, examination.environment) }

  /// - Parameter findings: what the doctor found.
  func document(_ findings: [Examined]) async -> JSON {
    let profile = try? ConnectionProfile.chosen(options, environment)
    let net = SecretNet(await knownSecrets(profile))
    return net.masked([
      "made_at": JSON(Date()), "version": .string(Gatehouse.configuration.version), "system": system,
      "terminal": terminal,
      "environment": variables, "configuration": configuration, "checks": .array(findings.map(\.json)),
      "store": store(profile?.name ?? "default"), "log": log(net),
    ])
  }

  /// Everything that is known here to be secret, to be looked for in all that goes out.
  private func knownSecrets(_ profile: ConnectionProfile?) async -> [Secret] {
    var secrets = environment.secrets
    guard let profile, let session = try? Session.open(profile, options, environment, .nothing) else { return secrets }
    let credentials = session.operations.client.credentials
    for source in [credentials.token, credentials.adminKey, credentials.complianceKey] {
      if let credential = try? await source?.credential(insteadOf: nil) { secrets.append(credential.secret) }
    }
    if let kept = profile.signIn.token?.kept(environment.values) {
      secrets += [kept.token.secret] + (kept.refreshToken.map { [$0] } ?? [])
    }
    return secrets
  }

  private var system: JSON {
    var names = utsname()
    uname(&names)
    func text<Field>(_ field: Field) -> JSON {
      withUnsafeBytes(of: field) { .string(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) }
    }
    let release = (try? InputFile.text("/etc/os-release"))?.split(separator: "\n")
      .first { $0.hasPrefix("PRETTY_NAME=") }?.dropFirst(12)
    return [
      "name": .string(release.map { String($0.filter { $0 != "\"" }) } ?? "unknown"), "kernel": text(names.release),
      "machine": text(names.machine), "processors": JSON(ProcessInfo.processInfo.activeProcessorCount),
    ]
  }

  private var terminal: JSON {
    var size = winsize()
    let isTerminal = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return [
      "is_terminal": .bool(isTerminal), "columns": JSON(Int(size.ws_col)), "rows": JSON(Int(size.ws_row)),
    ]
  }

  /// Of the variables that decide anything here the names, and the values of those that are no secret by what they are.
  private var variables: JSON {
    let harmless: Set<String> = [
      "TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "NO_COLOR", "SSL_CERT_FILE", "TMUX", "STY", "GATEHOUSE_CONFIG_HOME",
      "GATEHOUSE_DATA_HOME", "GATEHOUSE_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
      "ANTHROPIC_PROFILE", "ANTHROPIC_CONFIG_DIR", "ANTHROPIC_BASE_URL",
    ]
    var object = JSON.Object()
    for (name, value) in environment.values.sorted(by: { $0.key < $1.key }) {
      if harmless.contains(name) || name.hasPrefix("LC_") {
        object[name] = .string(value)
      } else if ["ANTHROPIC_", "GATEHOUSE_", "SSH_"].contains(where: name.hasPrefix)
        || name.lowercased().hasSuffix("_proxy")
      {
        object[name] = .string(value.isEmpty ? "empty" : "set")
      }
    }
    return .object(object)
  }

  /// What is set, in our words: the file itself may hold what does not belong there, such as a key in a command.
  private var configuration: JSON {
    let path = environment.configurationPath
    var object: JSON.Object = ["path": .string(path), "mode": mode(path)]
    do throws(Problem) {
      let settings = try Settings(path: path)
      object["profile"] = JSON(settings.profile)
      object["theme"] = JSON(settings.theme)
      var keys = JSON.Object()
      for (action, names) in settings.keys.sorted(by: { $0.key < $1.key }) {
        keys[action] = .array(names.map(JSON.string))
      }
      object["keys"] = .object(keys)
      var profiles = JSON.Object()
      for (name, _) in settings.profiles.sorted(by: { $0.key < $1.key }) {
        var options = options
        options.profile = name
        do throws(Problem) { profiles[name] = try ConnectionProfile.chosen(options, environment).json } catch {
          profiles[name] = error.json
        }
      }
      object["profiles"] = .object(profiles)
    } catch {
      object["problem"] = .string(error.line)
    }
    return .object(object)
  }

  private func store(_ profile: String) -> JSON {
    let path = environment.storePath(profile)
    var object: JSON.Object = [
      "path": .string(path), "mode": mode(path), "bytes": size(path), "log_bytes": size(path + "-wal"),
      "free_bytes": freeBytes(path),
    ]
    // Opening makes the file, and there is nothing to tell of one that is not there.
    guard access(path, F_OK) == 0 else { return .object(object) }
    do throws(Problem) {
      let storage = try Storage(path: path, access: .reading)
      object["statistics"] = try storage.statistics().json
      object["open_changes"] = JSON(try storage.openChanges().count)
      object["latest_changes"] = .array(
        try storage.journal(limit: 20).map { entry in
          ["at": JSON(entry.change.at), "action": .string(entry.change.action)]
        })
    } catch {
      object["problem"] = .string(error.line)
    }
    return .object(object)
  }

  /// The last lines of the log of `--verbose`, masked as one text: a private key has several lines.
  private func log(_ net: SecretNet) -> JSON {
    let path = LogFile.path(environment)
    let limit: off_t = 64 << 10
    var bytes: [UInt8] = []
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if file >= 0 {
      defer { close(file) }
      let end = lseek(file, 0, SEEK_END)
      bytes = [UInt8](repeating: 0, count: Int(min(max(0, end), limit)))
      let count = pread(file, &bytes, bytes.count, max(0, end - limit))
      bytes.removeLast(bytes.count - max(0, count))
    }
    // The first of them may have lost its beginning, and with it what a mask would know a secret by.
    let whole = bytes.count < limit ? bytes[...] : bytes.drop { $0 != 0x0A }
    let lines = net.masked(String(decoding: whole, as: UTF8.self)).split(separator: "\n").suffix(300)
      .map { JSON.string(String($0)) }
    return ["path": .string(path), "mode": mode(path), "bytes": size(path), "tail": .array(lines)]
  }

  private func mode(_ path: String) -> JSON {
    var status = stat()
    return lstat(path, &status) == 0 ? .string(String(status.st_mode & 0o7777, radix: 8)) : .null
  }

  private func size(_ path: String) -> JSON {
    var status = stat()
    return lstat(path, &status) == 0 ? JSON(Int(status.st_size)) : .null
  }

  private func freeBytes(_ path: String) -> JSON {
    var status = statvfs()
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return statvfs(directory, &status) == 0 ? JSON(Int(status.f_bavail) * Int(status.f_frsize)) : .null
  }
}
