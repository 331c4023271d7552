extension Ladder {
  static let aws = Ladder(
    who: [
      Rung("AWS002", .principal) { !$0.pinsPrincipal && $0[.principal] == .begins("role/") },
      Rung("AWS004", .principal) { !$0.pinsPrincipal && $0.beginsRole && $0[.principal].beginning?.last == "/" },
      Rung("AWS003", .principal) { !$0.pinsPrincipal && $0.beginsRole },
      Rung("AWS001", .principal, .accountNumber) {
        !$0.pinsPrincipal && $0.begins(.principal) && !$0.isPersonal
      },
      Rung("AWS008", .requestTags) { !$0.pinsPrincipal && !$0.isPersonal && !$0.isOpen(.requestTags) },
      Rung("AWS005", .tags) { !$0.pinsPrincipal && !$0.isPersonal && !$0.isOpen(.tags) },
      Rung("AWS001", .accountNumber, .principal) { !$0.pinsPrincipal && !$0.isPersonal },
    ],
    whoFields: [.subject, .principal, .function, .instance, .accountNumber],
    always: [
      Rung("AWS007", .principal) { $0.isPersonal },
      Rung("AWS009", .principal) { $0.values(.principal).contains("root") },
    ])

  static let google = Ladder(
    who: [
      Rung("GCP002", .subject) { !$0.isPinned(.subject, .email) && $0.begins(.subject) },
      Rung("GCP005", .email, .emailDomain, .machineProject) { reach in
        !reach.isPinned(.subject, .email) && (!reach.isOpen(.emailDomain) || !reach.isOpen(.machineProject))
      },
      Rung("GCP001", .subject, .email) { !$0.isPinned(.subject, .email) },
      Rung("GCP004", .email) { reach in reach.values(.email).contains { !$0.hasSuffix(".gserviceaccount.com") } },
      Rung("GCP006", .email) { $0.values(.email).contains(where: isDefaultAccount) },
      Rung("GCP003", .email) { !$0.isPinned(.subject) },
    ],
    whoFields: [.subject, .email, .emailDomain, .machineProject])

  /// The accounts that Compute Engine, App Engine and the build service run as when none is named.
  private static func isDefaultAccount(_ email: String) -> Bool {
    ["-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com", "@cloudbuild.gserviceaccount.com"]
      .contains { email.hasSuffix($0) }
  }

  static let kubernetes = Ladder(
    who: [
      Rung("K8S002", .namespace) { !$0.isPinned(.accountUID, .namespace) && $0.begins(.namespace) },
      Rung("K8S001", .namespace, .account) { $0.isOpen(.namespace, .account) && !$0.isPinned(.accountUID) },
      Rung("K8S007", .account) { $0.isOpen(.namespace) && !$0.isPinned(.accountUID) },
      Rung("K8S003", .account, .namespace) { $0.isOpen(.account) && !$0.isPinned(.accountUID) },
      Rung("K8S004", .account) { $0.begins(.account) && !$0.isPinned(.accountUID) },
    ],
    whoFields: [.subject, .namespace, .account, .accountUID],
    always: [
      Rung("K8S005", .account) { $0[.account].values?.contains("default") ?? false },
      Rung("K8S006", .issuer) { reach in
        reach.values(.issuer).contains { Address($0).host.hasPrefix("kubernetes.default.svc") }
      },
    ])

  static let entra = Ladder(
    who: [
      Rung("AZ001", .issuer) { $0.values(.issuer).contains(where: isNoTenant) },
      Rung("AZ003", .object) { !$0.isPinned(.object, .subject) && $0.begins(.object, .subject) },
      Rung("AZ005", .client) { !$0.isPinned(.object, .subject) && $0.isPinned(.client) },
      Rung("AZ004", .personName) { !$0.isPinned(.object, .subject) && !$0.isOpen(.personName) },
      Rung("AZ002", .object, .tenant) { !$0.isPinned(.object, .subject) },
    ],
    whoFields: [.subject, .object, .client, .personName])

  /// The tenant of personal accounts (Microsoft, access token claims).
  private static let personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

  /// Whether this address is every tenant's, nobody's, or a template that was never filled in.
  private static func isNoTenant(_ issuer: String) -> Bool {
    guard let tenant = Address(issuer).segments.first?.lowercased() else { return true }
    return ["common", "organizations", "consumers", personalTenant].contains(tenant)
      || tenant.contains(where: { "{}<>$%".contains($0) })
  }

  static let okta = Ladder(
    who: [
      Rung("OK003", .subject, .client) { !$0.isPinned(.subject, .client) && $0.begins(.subject, .client) },
      Rung("OK001", .subject, .client) { !$0.isPinned(.subject, .client) },
    ],
    whoFields: [.subject, .client])

  static let spiffe = Ladder(
    who: [
      Rung("SP002", .trustDomain) { !$0.isPinned(.trustDomain) && $0.begins(.trustDomain) },
      Rung("SP001", .trustDomain) { $0.isOpen(.path) || $0.isOpen(.trustDomain) },
      Rung("SP003", .path) { $0[.path].beginning?.last == "/" },
      Rung("SP004", .path) { $0.begins(.path) },
    ],
    whoFields: [.subject, .trustDomain, .path])

  static let generic = Ladder(
    who: [
      Rung("GEN011", .subject) { $0[.subject].beginning.map(Extent.endsName) ?? false },
      Rung("GEN009", .subject) { $0.begins(.subject) },
    ],
    whoFields: [.subject])
}

extension Reach {
  fileprivate var pinsPrincipal: Bool { isPinned(.principal, .function, .instance) }
  fileprivate var beginsRole: Bool { self[.principal].beginning?.hasPrefix("role/") ?? false }

  /// An IAM user, or a role that single sign-on makes for people.
  fileprivate var isPersonal: Bool {
    values(.principal).contains { $0.hasPrefix("user/") || $0.hasPrefix("role/aws-reserved/sso.amazonaws.com") }
  }
}

extension Extent {
  /// Whether a text ends where a name does, so that nothing can continue the name.
  static func endsName(_ text: String) -> Bool { text.last.map { "/:@.|#".contains($0) } ?? false }
}
