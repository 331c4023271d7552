import Platform

extension ProviderTemplate {
  /// Kubernetes service accounts, wherever the cluster runs (Kubernetes, Managing Service Accounts).
  package static let kubernetes = ProviderTemplate(
    id: .kubernetes,
    title: "Kubernetes",
    summary:
      "A pod's projected service account token: EKS, GKE, AKS, or a cluster of one's own with its keys given here.",
    fields: [
      Field(
        "namespace", label: "Namespace", hint: "where the pod runs", example: "prod",
        fault: { Kubernetes.labelFault(in: $0) }),
      Field(
        "service-account", label: "Service account", hint: "the pod's; one of its own, not default",
        example: "claude-worker",
        fault: { Kubernetes.accountFault(in: $0) }),
      Field(
        "issuer-url", label: "Issuer", hint: "kubectl get --raw /.well-known/openid-configuration, its issuer, exactly",
        example: "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E",
        fault: { Kubernetes.issuerFault(in: $0) }),
      Field(
        "cluster", label: "Cluster", hint: "optional: a name for the issuer, when there are several",
        example: "prod-eu",
        isRequired: false, fault: { Slug.fault(in: $0) }),
      .issuerKeys(hint: "for a cluster nobody outside can reach: kubectl get --raw /openid/v1/jwks"),
    ],
    tokenLifetime: 600,
    lifetimeReason: "the manifest asks for tokens of 600 s, and kubelet replaces them before they expire",
    relations: { values in
      let isInternal = values["issuer-url"].hasPrefix("https://kubernetes.default.svc")
      guard isInternal, values["jwks"].isEmpty else { return [] }
      return [
        FieldFault(
          "jwks", "no one outside the cluster can read keys there: give them, from kubectl get --raw /openid/v1/jwks")
      ]
    },
    trust: Kubernetes.trust,
    files: Kubernetes.files,
    recognise: { claims in
      guard let issuer = claims["iss"]?.string,
        let parts = claims["sub"]?.string?.after("system:serviceaccount:")?.split(separator: ":"), parts.count == 2
      else { return nil }
      return ["issuer-url": issuer, "namespace": String(parts[0]), "service-account": String(parts[1])]
    })
}

enum Kubernetes {
  static func labelFault(in text: String) -> String? {
    Grammar.matches(text, /[a-z0-9](?:[\-a-z0-9]{0,61}[a-z0-9])?/)
      ? nil : "small letters, digits and inner hyphens, at most 63"
  }

  static func accountFault(in text: String) -> String? {
    if text == "default" { return "every pod of the namespace that names none is default: make one for this workload" }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return labels.compactMap(labelFault).first ?? Grammar.lengthFault(in: text, most: 253)
  }

  /// AKS writes a slash at the end, the others none.
  static func issuerFault(in text: String) -> String? {
    let isAKS = text.contains(".oic.prod-aks.azure.com/")
    let isKnown =
      text.contains("https://oidc.eks.") || text.contains("https://container.googleapis.com/")
      || text.contains("https://kubernetes.default.svc")
    return Grammar.issuerFault(in: text, slash: isAKS ? true : isKnown ? false : nil)
  }

  static func trust(_ values: ProviderTemplate.Values) -> Trust {
    let (namespace, account, issuer) = (values["namespace"], values["service-account"], values["issuer-url"])
    func token(
      _ who: String, _ namespace: String, _ account: String, audience: JSON = [.string(serviceAudience)]
    ) -> SampleToken {
      SampleToken(
        who, issuer: issuer,
        [
          "sub": .string("system:serviceaccount:\(namespace):\(account)"), "aud": audience,
          "kubernetes.io": ["namespace": .string(namespace), "serviceaccount": ["name": .string(account)]],
        ])
    }
    let cluster = values["cluster"].isEmpty ? "kubernetes" : values["cluster"]
    return Trust(
      // A pod whose processes each exchange the mounted token brings the same one again.
      issuer: IssuerDraft(name: cluster, issuerURL: issuer, keys: KeyDocument.source(values["jwks"]), checksJTI: false),
      match: FederationRule.Match(
        subjectPrefix: "system:serviceaccount:\(namespace):\(account)", audience: serviceAudience),
      ruleName: String(Slug.from("k8s-\(values["cluster"])-\(namespace)-\(account)").prefix(80)),
      sample: token("a pod with the account \(account) in \(namespace)", namespace, account),
      others: [
        token("the same account name in another namespace", "sandbox", account),
        token("a namespace whose name begins alike", namespace + "-dev", account),
        token("a pod without an account of its own in \(namespace)", namespace, "default"),
        token("the pod's token for the cluster itself", namespace, account, audience: [.string(issuer)]),
      ])
  }

  static func files(_ values: ProviderTemplate.Values, _ identifiers: HandoverIdentifiers) -> [HandoverFile] {
    let (namespace, account) = (values["namespace"], values["service-account"])
    let mount = "/var/run/secrets/anthropic.com"
    let manifest = """
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: \(YAML.quoted(account))
        namespace: \(YAML.quoted(namespace))

      """
    let patch = """
      # kubectl --namespace \(namespace) patch deployment NAME --patch-file claude-patch.yaml
      # The container's name must be that of your Deployment.
      spec:
        template:
          spec:
            serviceAccountName: \(YAML.quoted(account))
            containers:
              - name: app
                env:
      \(identifiers.podEnvironment(tokenFile: mount + "/token", indent: 12))
                volumeMounts:
                  - name: anthropic-identity
                    mountPath: \(mount)
                    readOnly: true
            volumes:
              - name: anthropic-identity
                projected:
                  sources:
                    - serviceAccountToken:
                        audience: \(serviceAudience)
                        expirationSeconds: 600
                        path: token

      """
    return [
      HandoverFile(path: "claude-serviceaccount.yaml", text: manifest),
      HandoverFile(path: "claude-patch.yaml", text: patch),
    ]
  }
}
