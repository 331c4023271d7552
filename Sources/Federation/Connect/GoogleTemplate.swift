import Platform

extension ProviderTemplate {
  /// Google Cloud service accounts (Google, verifying VM identity).
  package static let gcp = ProviderTemplate(
    id: .gcp,
    title: "Google Cloud",
    summary: "A service account attached to a machine, Cloud Run, or a GKE pod asks the metadata server for a token.",
    fields: [
      Field(
        "service-account", label: "Service account",
        hint: "its address; a dedicated one, not the default of the project",
        example: "claude-worker@acme-prod.iam.gserviceaccount.com", fault: { Google.addressFault(in: $0) }),
      Field(
        "unique-id", label: "Unique id",
        hint: "gcloud iam service-accounts describe ADDRESS --format='value(uniqueId)'; the address can be taken again",
        example: "104857600000000000001",
        fault: { Grammar.matches($0, /[0-9]{15,30}/) ? nil : "about 21 digits, such as 104857600000000000001" }),
    ],
    tokenLifetime: 600,
    lifetimeReason: "the metadata server gives another token at any time, so a short life costs nothing",
    relations: { _ in [] },
    trust: Google.trust,
    files: Google.files,
    recognise: { claims in
      guard claims["iss"]?.string == Google.issuer, let subject = claims["sub"]?.string else { return nil }
      var values = ["unique-id": subject]
      if let address = claims["email"]?.string { values["service-account"] = address }
      return values
    })
}

enum Google {
  static let issuer = "https://accounts.google.com"

  static func addressFault(in text: String) -> String? {
    let name =
      /[a-z][a-z0-9\-]{4,28}[a-z0-9]@[a-z][a-z0-9\-]{4,28}[a-z0-9](?:\.[a-z0-9.\-]+)?\.iam\.gserviceaccount\.com/
    let isDefault =
      Grammar.matches(text, /[0-9]+-compute@developer\.gserviceaccount\.com/)
      || Grammar.matches(text, /[a-z][a-z0-9\-.]+@appspot\.gserviceaccount\.com/)
    if isDefault {
      return "this is the project's default account, which everything in the project uses: make one for this workload"
    }
    return Grammar.matches(text, name) ? nil : "NAME@PROJECT.iam.gserviceaccount.com, in small letters"
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (address, id) = (values["service-account"], values["unique-id"])
    let name = String(address.prefix { $0 != "@" })
    func token(_ who: String, id: String, address: String) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        ["sub": .string(id), "azp": .string(id), "email": .string(address), "email_verified": true])
    }
    return Trust(
      issuer: IssuerDraft(name: "google", issuerURL: issuer, keys: .discovery(base: nil, certificate: nil)),
      match: FederationRule.Match(subjectPrefix: id, audience: serviceAudience, claims: ["email": address]),
      ruleName: String(Slug.from("gcp-" + name).prefix(80)),
      sample: token("\(address) (\(id))", id: id, address: address),
      others: [
        token(
          "a service account of another customer", id: "999999999999999999999",
          address: "x@mallory-1.iam.gserviceaccount.com"),
        token("an account made again under the same address", id: "888888888888888888888", address: address),
        token(
          "another account of the project", id: "777777777777777777777",
          address: address.replacing(name + "@", with: "batch-jobs@")),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let address = values["service-account"]
    let project = String(address.drop { $0 != "@" }.dropFirst().prefix { $0 != "." })
    let script = """
      #!/bin/sh
      # Run it before every exchange, on what \(address) is attached to:
      #   gcloud run services update SERVICE --service-account \(address) --project \(project)
      set -eu
      umask 077
      # Others of the machine may write to /tmp: what one of them put there first is not used.
      folder=/tmp/claude-identity
      mkdir -p -m 700 "$folder"
      test -O "$folder"
      file="$folder/token"
      curl --fail --silent --show-error --header 'Metadata-Flavor: Google' \\
        'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity?audience=\(serviceAudience)&format=full' \\
        > "$file.new"
      test -s "$file.new"
      mv "$file.new" "$file"

      """
    return [
      HandoverFile(path: "claude-token.sh", text: script),
      HandoverFile(path: "claude.env.sh", text: identifiers.exports(tokenFile: "/tmp/claude-identity/token") + "\n"),
    ]
  }
}
