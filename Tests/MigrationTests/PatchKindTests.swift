import Foundation
import Migration
import Platform
import Testing
import Yams

/// The kinds of workload that the fixtures have no wanted result for. What a patch gives is compared with the text
/// before it line by line, and for YAML as data too.
@Suite("A patch of")
struct PatchKindTests: PatchTrying {
  // MARK: Compose

  @Test(
    "Compose takes the key out of environment and arguments, in each way of writing them",
    arguments: [
      "    environment:\n      - ANTHROPIC_API_KEY=${ANTHROPIC_API_KEY:?set it} # of ours\n      - PORT=8000\n",
      "    environment: [\"ANTHROPIC_API_KEY=${K}\", PORT=8000]\n",
      "    environment:\n      ANTHROPIC_API_KEY: ${ANTHROPIC_API_KEY}\n      PORT: 8000 # stays\n",
      "    environment: {PORT: '8000', ANTHROPIC_API_KEY: \"${K}\"}\n",
      "    environment:\n      - ANTHROPIC_API_KEY\n      - PORT=8000\n",
      "    build:\n      context: .\n      args: [ANTHROPIC_API_KEY]\n    environment: {PORT: 8000, ANTHROPIC_API_KEY: }\n",
    ])
  func compose(part: String) throws {
    let before = "name: x\nservices:\n  api:\n    image: a # theirs\n\(part)  other:\n    image: \"b\"\n"
    let after = patched("compose.yaml", before)
    #expect(!after.contains("ANTHROPIC_API_KEY"))
    let services = try #require((try Yams.load(yaml: after) as? [String: Any])?["services"] as? [String: Any])
    let api = try #require(services["api"] as? [String: Any])
    let environment =
      (api["environment"] as? [String]).map { Set($0.map { String($0.prefix { $0 != "=" }) }) }
      ?? Set((api["environment"] as? [String: Any])?.keys.map { $0 } ?? [])
    #expect(environment == Set(Self.identifiers + ["PORT", "ANTHROPIC_IDENTITY_TOKEN_FILE"]))
    #expect(api["volumes"] as? [String] == ["/run/anthropic:/run/anthropic:ro"])
    #expect((api["build"] as? [String: Any])?["args"] == nil)
    #expect(after.contains("image: a # theirs\n") && after.hasSuffix("  other:\n    image: \"b\"\n"))
    if part.contains("# stays") { #expect(after.contains("PORT: 8000 # stays\n")) }
    #expect(after.components(separatedBy: "ANTHROPIC_FEDERATION_RULE_ID").count == 2)
  }

  @Test("Compose waits for somebody who says where the token is from, and leaves what an anchor shares")
  func composeUndecided() {
    let before = "services:\n  api:\n    environment:\n      ANTHROPIC_API_KEY: ${K}\n"
    let patch = Self.patch(["compose.yaml": before], token: .unknown)
    #expect(
      patch.changes.isEmpty
        && patch.questions.contains { $0.text.contains("--token-file") && $0.line == 4 || $0.line == 3 })
    let shared =
      "x-env: &env\n  ANTHROPIC_API_KEY: ${K}\nservices:\n  a:\n    environment: *env\n  b:\n    environment:\n      <<: *env\n      ANTHROPIC_API_KEY: ${L}\n"
    #expect(patched("compose.yaml", shared) == shared)
    #expect(Self.patch(["compose.yaml": shared]).questions.contains { $0.text.contains("anchor") })
  }

  @Test("Compose is asked about a token that several share, and Terraform about a key beside the change")
  func beside() {
    let two = "services:\n  a:\n    environment: [ANTHROPIC_API_KEY]\n  b:\n    environment: [ANTHROPIC_API_KEY]\n"
    #expect(Self.patch(["compose.yaml": two]).questions.contains { $0.text.hasPrefix("2 services share") })
    let stored = "variable \"k\" {\n  default = \"\(Fixture.key())\"\n}\n"
    let read = "resource \"a\" \"b\" {\n  variables = {\n    ANTHROPIC_API_KEY = var.k\n  }\n}\n"
    let patch = Self.patch(["main.tf": stored + read])
    #expect(patch.changes.count == 1 && patch.questions.contains { $0.line == 2 && $0.text.hasPrefix("A stored key") })
  }

  @Test("Compose keeps line ends and says that a file of variables brings the key in too")
  func composeBytes() {
    let before = "services:\r\n  a:\r\n    env_file: .env\r\n    environment:\r\n      ANTHROPIC_API_KEY: ${K}\r\n"
    let after = patched("c/compose.yml", before)
    #expect(after.contains("\r\n") && !after.replacing("\r\n", with: "").contains("\n"))
    let patch = Self.patch(["c/compose.yml": before, "c/.env": "ANTHROPIC_API_KEY=x\n"])
    #expect(patch.questions.contains { $0.path == "c/compose.yml" && $0.text.hasPrefix(".env has the key") })
  }

  // MARK: Clouds

  @Test(
    "a function's template puts the identifiers where the key was",
    arguments: [
      "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          ANTHROPIC_API_KEY: '{{resolve:secretsmanager:c:SecretString:k}}' # why\n          TABLE: !Ref Table\n",
      "Globals:\n  Function:\n    Environment:\n      Variables: {ANTHROPIC_API_KEY: !Ref Key, TABLE: !Ref Table}\nResources: {}\n",
      "provider:\n  name: aws\nfunctions:\n  f:\n    handler: a.b\n    environment:\n      TABLE: t\n      ANTHROPIC_API_KEY: ${ssm:/claude}\n",
    ])
  func functions(before: String) throws {
    let after = patched("template.yaml", before)
    #expect(!after.contains("ANTHROPIC_API_KEY") && after.contains("ANTHROPIC_FEDERATION_RULE_ID: fdrl_1"))
    #expect(after.contains("ANTHROPIC_IDENTITY_TOKEN_FILE: /run/anthropic/token"))
    let (gone, new) = difference(before, after)
    #expect(gone.count == 1 && new.count == (before.contains("{ANTHROPIC") ? 1 : 4))
    #expect(Self.patch(["template.yaml": before], token: .unknown).changes.isEmpty)
  }

  @Test("a function's template in JSON stays JSON")
  func json() throws {
    let before = """
      {
        "Resources": { "F": { "Properties": { "Environment": { "Variables": {
          "A": "b",
          "ANTHROPIC_API_KEY": "{{resolve:ssm:k}}",
          "C": "d"
        } } } } }
      }

      """
    let after = patched("template.json", before, token: .code)
    let variables = try JSON(parsing: after).at("Resources.F.Properties.Environment.Variables")
    #expect(variables?.object?.keys == ["A"] + Self.identifiers + ["C"])
  }

  @Test("a build of Google's drops the secret with what made it available")
  func build() throws {
    let step = "- name: python\n  args: [\"-m\", \"evals\"]\n"
    let secrets =
      "availableSecrets:\n  secretManager:\n  - versionName: projects/a/secrets/c/versions/1\n    env: ANTHROPIC_API_KEY\n"
    let before = "steps:\n\(step)  secretEnv: ['ANTHROPIC_API_KEY']\n- name: other\n\(secrets)timeout: 60s\n"
    let after = patched("cloudbuild.yaml", before, token: .code)
    #expect(
      after == "steps:\n\(step)  env:\n"
        + "  - ANTHROPIC_FEDERATION_RULE_ID=fdrl_1\n  - ANTHROPIC_ORGANIZATION_ID=org-1\n"
        + "  - ANTHROPIC_SERVICE_ACCOUNT_ID=svac_1\n- name: other\ntimeout: 60s\n")
    let two = before.replacing("['ANTHROPIC_API_KEY']", with: "[A, ANTHROPIC_API_KEY]")
      .replacing("    env: ANTHROPIC_API_KEY\n", with: "    env: ANTHROPIC_API_KEY\n  - versionName: v\n    env: A\n")
    let rest = try #require(try Yams.load(yaml: patched("cloudbuild.yaml", two, token: .code)) as? [String: Any])
    #expect((rest["steps"] as? [[String: Any]])?[0]["secretEnv"] as? [String] == ["A"])
    #expect(
      ((rest["availableSecrets"] as? [String: Any])?["secretManager"] as? [[String: String]])?.map { $0["env"] } == [
        "A"
      ])
  }

  // MARK: Images

  @Test(
    "a Dockerfile loses the instruction, or the words of it",
    arguments: [
      (
        "FROM a\nARG ANTHROPIC_API_KEY\nENV ANTHROPIC_API_KEY=$ANTHROPIC_API_KEY\nWORKDIR /app\n",
        "FROM a\nWORKDIR /app\n"
      ),
      ("FROM a\nENV A=1 ANTHROPIC_API_KEY=$K B=\"2 3\"\n", "FROM a\nENV A=1 B=\"2 3\"\n"),
      ("FROM a\nENV A=1 \\\n    ANTHROPIC_API_KEY=x \\\n    B=2\n", "FROM a\nENV A=1 \\\n    B=2\n"),
      ("FROM a\nENV A=1 \\\n    B=2 \\\n    ANTHROPIC_API_KEY=x\nRUN x\n", "FROM a\nENV A=1 \\\n    B=2\nRUN x\n"),
      ("FROM a\r\nENV ANTHROPIC_API_KEY a b c\r\nRUN x\r\n", "FROM a\r\nRUN x\r\n"),
      (
        "FROM a\nARG ANTHROPIC_API_KEY\nRUN use $ANTHROPIC_API_KEY\n",
        "FROM a\nARG ANTHROPIC_API_KEY\nRUN use $ANTHROPIC_API_KEY\n"
      ),
    ])
  func image(before: String, after: String) { #expect(patched("Dockerfile", before) == after) }

  // MARK: Terraform

  @Test("Terraform changes what a workload reads, aligned, and leaves what stores the key")
  func terraform() {
    let before = """
      variable "anthropic_api_key" { sensitive = true }
      resource "aws_ssm_parameter" "claude" {
        name  = "/prod/claude" # stays
        value = var.anthropic_api_key
      }
      resource "aws_lambda_function" "f" {
        environment {
          variables = {
            ANTHROPIC_API_KEY = var.anthropic_api_key
            STAGE             = "prod"
          }
        }
        tags = { for k, v in var.tags : k => v }
        doc  = <<-EOT
          ANTHROPIC_API_KEY = not this }
        EOT
      }
      resource "kubernetes_secret" "claude" {
        data = { ANTHROPIC_API_KEY = var.anthropic_api_key }
      }

      """
    let after = patched("main.tf", before)
    let (gone, new) = difference(before, after)
    #expect(gone == ["ANTHROPIC_API_KEY = var.anthropic_api_key"])
    #expect(
      new == [
        "ANTHROPIC_IDENTITY_TOKEN_FILE = \"/run/anthropic/token\"", "ANTHROPIC_FEDERATION_RULE_ID  = \"fdrl_1\"",
        "ANTHROPIC_ORGANIZATION_ID     = \"org-1\"", "ANTHROPIC_SERVICE_ACCOUNT_ID  = \"svac_1\"",
      ])
    #expect(Self.patch(["main.tf": before], token: .unknown).changes.isEmpty)
    let line =
      "resource \"x\" \"y\" {\n  environment_variables = { A = 1, ANTHROPIC_API_KEY = var.k, B = { C = \"}\" } }\n}\n"
    #expect(
      patched("a.tf", line, token: .code)
        == line.replacing(
          "ANTHROPIC_API_KEY = var.k",
          with: "ANTHROPIC_FEDERATION_RULE_ID = \"fdrl_1\", ANTHROPIC_ORGANIZATION_ID = \"org-1\", "
            + "ANTHROPIC_SERVICE_ACCOUNT_ID = \"svac_1\""))
  }

  @Test("Terraform gives a pod its token where the variable was a block")
  func terraformPod() {
    let before = """
      resource "kubernetes_deployment" "d" {
        spec {
          template {
            spec {
              service_account_name = "api"
              container {
                image = "a"
                env {
                  name = "ANTHROPIC_API_KEY"
                  value_from {
                    secret_key_ref {
                      name = "claude"
                    }
                  }
                }
                env {
                  name  = "A"
                  value = "b"
                }
              }
            }
          }
        }
      }

      """
    let after = patched("k.tf", before, token: .unknown)
    #expect(!after.contains("ANTHROPIC_API_KEY") && !after.contains("secret_key_ref"))
    #expect(
      after.contains("value = \"/var/run/secrets/anthropic.com/token\"") && after.contains("service_account_token {"))
    #expect(after.contains("          env {\n            name  = \"A\"\n            value = \"b\"\n          }\n"))
    #expect(after.filter { $0 == "{" }.count == after.filter { $0 == "}" }.count)
  }

  // MARK: Helm

  static let template = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "api.fullname" . }}
      labels:
        {{- include "api.labels" . | nindent 4 }}
    spec:
      template:
        spec:
          serviceAccountName: {{ include "api.serviceAccountName" . }}
          containers:
            - name: {{ .Chart.Name }}
              image: "{{ .Values.image }}:{{ .Values.tag }}"
              env:
                {{- if .Values.anthropicKey }}
                - name: ANTHROPIC_API_KEY
                  valueFrom:
                    secretKeyRef:
                      name: {{ .Values.anthropicSecret }}
                      key: key
                {{- end }}
                - name: A
                  value: {{ .Values.a | quote }}
              {{- with .Values.resources }}
              resources: {{ toYaml . | nindent 12 }}
              {{- end }}

    """
  static let values = "# of the chart\nimage: x\ntag: \"1\"\nanthropicKey: true\nanthropicSecret: claude\na: b\n"

  @Test("a chart reads identifiers from its values, in which what nothing reads any more goes")
  func chart() throws {
    let (template, values) = ("chart/templates/deployment.yaml", "chart/values.yaml")
    let patch = Self.patch([template: Self.template, values: Self.values], token: .unknown)
    let after = Self.text(patch, template, else: "")
    #expect(!after.contains("ANTHROPIC_API_KEY") && !after.contains("anthropicKey") && !after.contains("secretKeyRef"))
    #expect(
      after.contains(
        "- name: ANTHROPIC_FEDERATION_RULE_ID\n              value: {{ .Values.anthropic.federationRuleId | quote }}\n")
    )
    #expect(after.contains("serviceAccountToken:") && after.contains("mountPath: /var/run/secrets/anthropic.com"))
    for kept in [
      "{{- with .Values.resources }}", "{{- include \"api.labels\" . | nindent 4 }}", "value: {{ .Values.a | quote }}",
    ] {
      #expect(after.contains(kept))
    }
    let given = Self.text(patch, values, else: "")
    #expect(
      given
        == "# of the chart\nimage: x\ntag: \"1\"\na: b\nanthropic:\n  federationRuleId: fdrl_1\n  organizationId: org-1\n"
        + "  serviceAccountId: svac_1\n")
    #expect(Self.patch([template: after, values: given], token: .unknown).changes.isEmpty)
  }

  @Test("a chart's lists of variables are changed in its values, with volumes where it has lists of them")
  func values() throws {
    let before = """
      env:
        - name: ANTHROPIC_API_KEY
          valueFrom: {secretKeyRef: {name: claude, key: key}}
        - name: A
          value: b
      extraVolumes: []
      extraVolumeMounts:
        - {name: tmp, mountPath: /tmp}

      """
    let after = patched("chart/values.yaml", before, token: .unknown)
    let document = try #require(try Yams.load(yaml: after) as? [String: Any])
    let names = (document["env"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names == ["ANTHROPIC_IDENTITY_TOKEN_FILE"] + Self.identifiers + ["A"])
    #expect((document["extraVolumes"] as? [[String: Any]])?.count == 1)
    #expect((document["extraVolumeMounts"] as? [[String: Any]])?.count == 2)
  }
}
