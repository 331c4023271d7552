import Console
import FoundationEssentials
import Glibc
import Operations
import Platform
import PlatformClient
import Storage
import Terminal

/// The checks of `doctor`, in the order in which one needs the other.
struct Examination {
  let options: GlobalOptions
  let environment: Environment

  func findings() async -> [Examined] {
    var findings = [version, memory, terminal, locale]
    let profile: ConnectionProfile
    do throws(Problem) {
      profile = try ConnectionProfile.chosen(options, environment)
      findings.append(
        Examined(
          what: "configuration", outcome: .fine, detail: "\(environment.configurationPath), profile \(profile.name)"))
    } catch {
      return findings + [wrong("configuration", error), store("default")]
    }
    do throws(Problem) {
      let session = try Session.open(profile, options, environment, .nothing)
      findings += await credentials(profile, session)
      findings += await platform(profile, session)
    } catch {
      findings.append(wrong("platform", error))
    }
    findings.append(store(profile.name))
    return findings
  }

  private var version: Examined {
    let libraries = [CurlTransport.libraryVersion, Storage.libraryVersion, Terminal.libraryVersion]
    return Examined(
      what: "gatehouse", outcome: .fine,
      detail: "\(Gatehouse.configuration.version), with \(libraries.joined(separator: ", "))")
  }

  /// Whether the system does what was asked of it at the start.
  private var memory: Examined {
    let isGuarded = MemoryGuard.isActive
    return Examined(
      what: "memory", outcome: isGuarded ? .fine : .wrong,
      detail: isGuarded
        ? "no core file, and closed to other programs" : "the system may write credentials to a core file",
      remedy: isGuarded ? nil : "Run ulimit -c 0 first.")
  }

  private var terminal: Examined {
    let name = environment["TERM"] ?? ""
    guard isatty(STDOUT_FILENO) == 1 else {
      return Examined(
        what: "terminal", outcome: .missing, detail: "standard output is none",
        remedy: "Subcommands work; the console needs a terminal.")
    }
    let isUsable = !name.isEmpty && name != "dumb"
    return Examined(
      what: "terminal", outcome: isUsable ? .fine : .wrong,
      detail: isUsable ? "TERM is \(name)" : "TERM is not set, or dumb",
      remedy: isUsable ? nil : "Set TERM, for example to xterm-256color, or use --plain.")
  }

  private var locale: Examined {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first ?? "C"
    let isUTF8 = name.lowercased().replacing("-", with: "").contains("utf8")
    return Examined(
      what: "locale", outcome: .fine,
      detail: isUTF8 ? name : "\(name), which is not UTF-8: borders and marks are drawn in ASCII")
  }

  /// Each credential, read as a request would read it.
  private func credentials(_ profile: ConnectionProfile, _ session: Session) async -> [Examined] {
    let (signIn, sources) = (profile.signIn, session.operations.client.credentials)
    let all: [(CredentialRole, CredentialOrigin?, (any CredentialSource)?, String)] = [
      (.token, signIn.token, sources.token, "Accounts, issuers and rules need it: run gatehouse login."),
      (.adminKey, signIn.adminKey, sources.adminKey, "The audit log, keys and usage need it: set ANTHROPIC_ADMIN_KEY."),
      (
        .complianceKey, signIn.complianceKey, sources.complianceKey,
        "Only for an audit log that no Admin API key reads."
      ),
    ]
    var findings: [Examined] = []
    for (role, origin, source, remedy) in all {
      guard let origin, let source else {
        findings.append(
          Examined(
            what: role.words, outcome: .missing, detail: signIn.remedy == nil ? "none" : "none that may be used",
            remedy: signIn.remedy ?? remedy))
        continue
      }
      do throws(Problem) {
        let credential = try await source.credential(insteadOf: nil)
        findings.append(examined(credential, role, origin))
      } catch {
        findings.append(wrong(role.words, error))
      }
    }
    return findings
  }

  private func examined(_ credential: Credential, _ role: CredentialRole, _ origin: CredentialOrigin) -> Examined {
    var facts = [origin.words]
    var remedy = credential.misuse(as: role)
    if role == .token, let kept = origin.kept(environment.values) {
      if let email = kept.email { facts.append("of \(email)") }
      if let scope = kept.scope {
        facts.append("scope \(scope)")
        if !scope.split(separator: " ").contains(Substring(Scope.admin)) {
          remedy = remedy ?? "It lacks the scope \(Scope.admin): run gatehouse login."
        }
      }
      if let date = kept.token.expiresAt { facts.append("good until \(date.columnText)") }
    }
    return Examined(
      what: role.words, outcome: remedy == nil ? .fine : .wrong, detail: facts.joined(separator: ", "), remedy: remedy)
  }

  private func platform(_ profile: ConnectionProfile, _ session: Session) async -> [Examined] {
    var findings: [Examined] = []
    do throws(Problem) {
      let organization = try await session.operations.organization()
      findings.append(
        Examined(what: "platform", outcome: .fine, detail: "\(profile.base) answers for \(organization.name)"))
    } catch {
      findings.append(wrong("platform", error))
    }
    findings.append(await clock(profile))
    if profile.signIn.adminKey != nil || profile.signIn.token != nil { findings.append(await feed(session)) }
    return findings
  }

  /// Tokens are refused by a clock that is more than 30 s off.
  private func clock(_ profile: ConnectionProfile) async -> Examined {
    let transport = CurlTransport(base: profile.base, certificates: environment["SSL_CERT_FILE"])
    let header = try? await transport.send(Request(.get, "/")).header("date")
    guard let date = header.flatMap(Date.init(httpDate:)) else {
      return Examined(what: "clock", outcome: .missing, detail: "the platform did not tell the time")
    }
    let skew = Int(Date().timeIntervalSince(date).rounded())
    return Examined(
      what: "clock", outcome: abs(skew) <= 30 ? .fine : .wrong, detail: "\(skew) s from the platform's",
      remedy: abs(skew) <= 30 ? nil : "Set this machine's clock: tokens are refused when it is more than 30 s off.")
  }

  private func feed(_ session: Session) async -> Examined {
    do throws(Problem) {
      let isEnabled = try await session.operations.client.isFeedEnabled()
      return Examined(
        what: "activity feed", outcome: isEnabled ? .fine : .wrong,
        detail: isEnabled ? "recorded" : "not being recorded",
        remedy: isEnabled
          ? nil : "Enable the Compliance API in the Console; what is not recorded now cannot be had later.")
    } catch {
      return wrong("activity feed", error)
    }
  }

  private func store(_ profile: String) -> Examined {
    let path = environment.storePath(profile)
    guard access(path, F_OK) == 0 else {
      return Examined(what: "store", outcome: .missing, detail: "\(path) is made when the audit log is first read")
    }
    do throws(Problem) {
      let storage = try Storage(path: path, access: .reading)
      let faults = try storage.integrityFaults()
      let count = try storage.statistics().activities
      return Examined(
        what: "store", outcome: faults.isEmpty ? .fine : .wrong,
        detail: faults.isEmpty
          ? "\(path) is whole, with \(count) activit\(count == 1 ? "y" : "ies")"
          : "\(path): \(faults.joined(separator: "; "))",
        remedy: faults.isEmpty
          ? nil
          : "gatehouse audit reindex makes the index again. If that does not mend it, move the store away and run "
            + "gatehouse audit sync: the feed has it all.")
    } catch {
      return wrong("store", error)
    }
  }

  private func wrong(_ what: String, _ problem: Problem) -> Examined {
    Examined(what: what, outcome: .wrong, detail: "\(problem.summary): \(problem.cause)", remedy: problem.remedy)
  }
}

extension Date {
  /// `Tue, 24 Nov 2026 09:14:07 GMT`, the form that HTTP sends (RFC 9110 §5.6.7).
  fileprivate init?(httpDate text: String) {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, let month = months.firstIndex(of: String(parts[2])), parts[1].count == 2 else { return nil }
    self.init(timestamp: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
  }
}
