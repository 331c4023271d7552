import CEL

/// What the cases take for granted about each provider's tokens.
extension Vocabulary {
  init(provider: String) throws {
    self.init()
    switch provider {
    case "github":
      let names: [String: String?] = [
        "repository": "repository_id", "repository_owner": "repository_owner_id", "actor": "actor_id", "sub": nil,
        "repository_id": nil, "repository_owner_id": nil, "actor_id": nil, "ref": nil, "ref_type": nil,
        "ref_protected": nil, "event_name": nil, "workflow_ref": nil, "job_workflow_ref": nil, "run_attempt": nil,
        "runner_environment": nil, "repository_visibility": nil,
      ]
      let tenants = ["repository", "repository_owner", "repository_id", "repository_owner_id"]
      for (name, lasting) in names {
        claims[[name]] = Claim(
          pinsTenant: tenants.contains(name), lastingClaim: lasting,
          isLowerCase: ["repository", "repository_owner"].contains(name))
      }
      claims[["environment"]] = Claim(isOptional: true)
      isShared = true
      tenantSubject = try Pattern("^repo:[^/]+/")
      singleFormSubject = try Pattern("^repo:[^/@]+/")
      strangerEvents = (["event_name"], ["pull_request", "pull_request_target"])
    case "gitlab":
      for name in ["namespace_path", "namespace_id", "project_id", "project_path"] {
        claims[[name]] = Claim(pinsTenant: true)
      }
      claims[["groups_direct"]] = Claim([.list], isOptional: true)
      isShared = true
    case "aws":
      let url = "https://sts.amazonaws.com/"
      claims[[url, "aws_account"]] = Claim(pinsTenant: true)
      claims[[url, "request_tags"]] = Claim([.map], isOptional: true)
    case "gcp":
      claims[["google"]] = Claim([.map], isOptional: true)
      claims[["email_verified"]] = Claim([.bool])
    case "kubernetes": claims[["aud"]] = Claim([.list])
    case "buildkite": claims[["organization_slug"]] = Claim(pinsTenant: true)
    case "terraform": claims[["terraform_organization_name"]] = Claim(pinsTenant: true)
    case "azure": claims[["tid"]] = Claim(pinsTenant: true)
    default: break
    }
  }
}
