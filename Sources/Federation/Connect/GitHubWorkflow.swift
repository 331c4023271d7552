import Platform

extension GitHub {
  /// A workflow that runs as it stands: it fetches a token for each job and asks Claude one thing.
  static func workflow(_ values: Values, _ identifiers: HandoverIdentifiers) -> String {
    let repository = GitHubRepository(values["repository"]) ?? GitHubRepository(owner: "", name: "")
    let run = GitHubSamples.run(of: subject(values), in: repository)
    var environment = ""
    if case .environment(let name) = run { environment = "\n    environment: \(JSON.string(name).compact)" }
    return """
      # Nothing here is secret. Unset ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN where this runs, also empty ones:
      # they win over the identity token.
      name: Claude
      on:
      \(triggers(of: run))
      permissions: {}
      jobs:
        claude:
          runs-on: ubuntu-latest\(environment)
          permissions:
            id-token: write
            contents: read
          env:
      \(identifiers.yaml(indent: 6))
          steps:
            - uses: actions/checkout@v5
            # Once for each exchange: GitHub's token lives five minutes and is accepted once.
            - name: Fetch an identity token
              run: |
                set -euo pipefail
                umask 077
                file="$RUNNER_TEMP/anthropic-identity-token"
                curl --fail --silent --show-error --retry 3 \\
                  --header "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
                  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=\(serviceAudience)" \\
                  | jq --exit-status --raw-output .value > "$file"
                echo "ANTHROPIC_IDENTITY_TOKEN_FILE=$file" >> "$GITHUB_ENV"
            - name: Ask Claude
              run: |
                pip install --quiet anthropic
                python - <<'PYTHON'
                import anthropic
                reply = anthropic.Anthropic().messages.create(
                    model="claude-sonnet-5", max_tokens=64,
                    messages=[{"role": "user", "content": "Say hello to the reader of this log."}])
                print(reply.content[0].text)
                PYTHON

      """
  }

  /// Events whose token carries the subject that the rule wants.
  private static func triggers(of run: GitHubRun) -> String {
    switch run {
    case .branch(let name): "  push:\n    branches: [\(JSON.string(name).compact)]\n  workflow_dispatch:"
    case .tag(let name): "  push:\n    tags: [\(JSON.string(name).compact)]"
    case .pullRequest: "  pull_request:"
    case .environment, .other: "  workflow_dispatch:"
    }
  }
}
