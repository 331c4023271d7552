import ArgumentParser
import Console
import FoundationEssentials
import Glibc
import Operations
import Platform
import PlatformClient
import Storage

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check terminal, configuration, credentials, platform and store.",
    discussion: "Each line is fine or says what to do. Exit status 1 when something is wrong.")
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let findings = await Examination(options: options, environment: .current).findings()
    if options.json {
      for finding in findings { Output.json(finding.json) }
    } else {
      for finding in findings { Output.line(finding.text) }
    }
    if findings.contains(where: { $0.outcome == .wrong }) { throw ExitCode(1) }
  }
}

/// What the doctor looked at, and what came of it.
struct Examined {
  enum Outcome: String { case fine, missing, wrong }
  let what: String
  let outcome: Outcome
  let detail: String
  var remedy: String?

  var text: String {
    let mark = outcome == .fine ? "✓" : outcome == .missing ? "–" : "✗"
    return "\(mark) \(what): \(detail)" + (remedy.map { "\n    \($0)" } ?? "")
  }

  var json: JSON {
    [
      "check": .string(what), "outcome": .string(outcome.rawValue), "detail": .string(detail), "remedy": JSON(remedy),
    ]
  }
}

/// The checks of `doctor`, in the order in which one needs the other.
private struct Examination {
  let options: GlobalOptions
  let environment: Environment

  func findings() async -> [Examined] {
    var findings = [version, terminal, locale]
    let profile: ConnectionProfile
    do throws(Problem) {
      profile = try ConnectionProfile.chosen(options, environment)
      findings.append(
        Examined(
          what: "configuration", outcome: .fine, detail: "\(environment.configurationPath), profile \(profile.name)"))
    } catch {
      return findings + [wrong("configuration", error), store("default")]
    }
    findings += credentials(profile)
    findings += await platform(profile)
    findings.append(store(profile.name))
    return findings
  }

  private var version: Examined {
    Examined(what: "gatehouse", outcome: .fine, detail: Gatehouse.configuration.version)
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

  private func credentials(_ profile: ConnectionProfile) -> [Examined] {
    let all = [
      ("token", profile.signIn.token, "accounts, issuers and rules need it: run gatehouse login"),
      ("admin key", profile.signIn.adminKey, "the audit log, keys and usage need it: set ANTHROPIC_ADMIN_KEY"),
      ("compliance key", profile.signIn.complianceKey, "only for an audit log that no Admin API key reads"),
    ]
    return all.map { name, origin, remedy in
      Examined(
        what: name, outcome: origin == nil ? .missing : .fine, detail: origin?.words ?? "none",
        remedy: origin == nil ? remedy : nil)
    }
  }

  private func platform(_ profile: ConnectionProfile) async -> [Examined] {
    let session: Session
    do throws(Problem) { session = try Session.open(profile, options, environment, .nothing) } catch {
      return [wrong("platform", error)]
    }
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
      let faults = try Storage(path: path, access: .reading).integrityFaults()
      return Examined(
        what: "store", outcome: faults.isEmpty ? .fine : .wrong,
        detail: faults.isEmpty ? "\(path) is whole" : "\(path): \(faults.joined(separator: "; "))",
        remedy: faults.isEmpty ? nil : "Move it away and run gatehouse audit sync: the feed has it all.")
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
