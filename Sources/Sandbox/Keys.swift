import FoundationEssentials
import Platform

/// API keys (Admin API, API keys): listed, renamed, switched off; made only in the Console, here by a scenario.
extension World {
  static let keyStatuses = ["active", "inactive", "archived", "expired"]

  func keys(_ call: Call) throws(Refusal) -> JSON {
    let query = try Query(
      call, ["limit", "after_id", "before_id", "status", "workspace_id", "created_by_user_id"])
    let (status, workspace, creator) = (
      query.text("status"), query.text("workspace_id"), query.text("created_by_user_id")
    )
    if let status, let fault = Check.word(Self.keyStatuses)(.string(status)) { throw .field("status", fault) }
    return try idPage(.keys, query) { key in
      (status == nil || keyStatus(key, at: call.now) == status)
        && (workspace == nil || key["scope"]?["workspace_id"]?.string == workspace)
        && (creator == nil || key["created_by"]?["id"]?.string == creator)
    } present: {
      present(key: $0, for: call)
    }
  }

  func key(_ call: Call) throws(Refusal) -> JSON { present(key: try find(.keys, call.parameters[0]), for: call) }

  mutating func updateKey(_ call: Call) throws(Refusal) -> JSON {
    let id = call.parameters[0]
    let old = try find(.keys, id)
    let body = try call.fields([
      Field("name", nullable: true, Check.text(1...500)),
      Field("status", nullable: true, Check.word(["active", "inactive", "archived"])),
    ])
    if let status = body["status"]?.string, status != old.text("status") {
      switch keyStatus(old, at: call.now) {
      case "archived": throw .field("status", "An archived API key cannot be changed")
      case "expired" where status != "archived": throw .field("status", "An expired API key cannot be changed")
      default: break
      }
    }
    var new = old
    new.take(["name", "status"], from: body)
    self[.keys][id] = new
    let updates = Change.list(from: old, to: new, ["name", "status"])
    if updates != [] { record("platform_api_key_updated", by: call, ["api_key_id": .string(id), "updates": updates]) }
    return present(key: new, for: call)
  }

  /// `expired` is not kept: it comes of itself.
  private func keyStatus(_ key: Document, at now: Date) -> String {
    let status = key.text("status")
    guard status != "archived", let end = JSON.object(key).optionalTime("expires_at"), end <= now else { return status }
    return "expired"
  }

  private func present(key: Document, for call: Call) -> JSON {
    var shown = key
    shown["status"] = .string(keyStatus(key, at: call.now))
    if call.version == .older {
      let workspace = key["scope"]?["workspace_id"]?.string
      shown["workspace_id"] = workspace == defaultWorkspace ? .null : JSON(workspace)
    }
    return .object(shown)
  }

  /// Whether a key opens anything: it is active, and its workspace, person or account is still there.
  func isUsable(key id: String, at second: Int) -> Bool {
    guard let key = self[.keys][id], keyStatus(key, at: Date(timeIntervalSince1970: Double(second))) == "active" else {
      return false
    }
    let workspace = key["scope"]?["workspace_id"]?.string
    if let workspace, self[.workspaces][workspace]?.isArchived != false { return false }
    if let user = key["principal"]?["user_id"]?.string { return self[.users].contains(user) }
    guard let account = key["principal"]?["service_account_id"]?.string else { return true }
    guard self[.accounts][account]?.isArchived == false else { return false }
    return workspace.map { membership(of: account, in: $0) != nil } ?? true
  }

  /// Whether a key acts in the whole organization for an administrator.
  func isAdministrative(key id: String) -> Bool {
    guard let key = self[.keys][id], key["scope"]?["type"] == "organization" else { return false }
    if let user = key["principal"]?["user_id"]?.string {
      return ["admin", "owner", "primary_owner"].contains(self[.users][user]?.text("role") ?? "")
    }
    return key["principal"]?["service_account_id"]?.string.map { self[.accounts][$0]?["organization_role"] == "admin" }
      ?? false
  }

  /// The text of every key, by identifier: only the sandbox tells, so that what a disabled key does can be tried.
  var keySecrets: JSON {
    var secrets = Document()
    for (text, row) in self[.credentials].rowsByKey where row["kind"] == "key" {
      secrets[row.text("id")] = .string(text)
    }
    return ["ok": true, "keys": .object(secrets)]
  }

  /// Makes a key, as the Console does, with the text that opens it.
  @discardableResult
  mutating func makeKey(
    named name: String, in workspace: String?, principal: JSON = .null, status: String = "active", by creator: JSON,
    at date: Date, expires: Date? = nil
  ) -> String {
    let id = random.identifier("apikey")
    let text = random.credential("api03")
    self[.keys][id] = [
      "id": .string(id), "type": "api_key", "name": .string(name), "status": .string(status), "created_at": JSON(date),
      "created_by": creator, "expires_at": JSON(expires),
      "partial_key_hint": .string("\(text.prefix(16))...\(text.suffix(4))"), "principal": principal,
      "scope": workspace.map { ["type": "workspace", "workspace_id": .string($0)] } ?? ["type": "organization"],
    ]
    self[.credentials][text] = ["kind": "key", "id": .string(id), "scope": ""]
    return id
  }
}
