package import FoundationEssentials

/// Who a workload acts as (Admin API, service accounts). What it may do comes from rules and workspace roles.
package struct ServiceAccount: Identified, WireObject, Hashable {
  package static let idPrefix = "svac"

  /// `developer` or `admin`; `admin` is needed before a rule may grant `org:admin`. Open set.
  package struct Role: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package static let developer = Role(rawValue: "developer")
    package static let admin = Role(rawValue: "admin")
  }

  package let id: ID<ServiceAccount>
  /// A slug; it never changes.
  package let name: String
  package var description: String?
  package var organizationRole: Role
  package let createdAt: Date
  package var updatedAt: Date
  /// `user_…` or `svac_…`.
  package var createdBy, updatedBy, archivedBy: String?
  package var archivedAt: Date?

  package var isArchived: Bool { archivedAt != nil }

  package init(
    id: ID<ServiceAccount>, name: String, description: String?, organizationRole: Role, createdAt: Date,
    createdBy: String?
  ) {
    (self.id, self.name, self.description, self.organizationRole) = (id, name, description, organizationRole)
    (self.createdAt, self.updatedAt, self.createdBy, self.updatedBy) = (createdAt, createdAt, createdBy, createdBy)
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    name = try json.text("name")
    description = json["description"]?.string
    organizationRole = Role(rawValue: try json.text("organization_role"))
    createdAt = try json.time("created_at")
    updatedAt = json.optionalTime("updated_at") ?? createdAt
    createdBy = json["created_by_actor_id"]?.string
    updatedBy = json["updated_by_actor_id"]?.string
    archivedBy = json["archived_by_actor_id"]?.string
    archivedAt = json.optionalTime("archived_at")
  }

  package var json: JSON {
    [
      "id": JSON(id), "type": "service_account", "name": .string(name), "description": JSON(description),
      "organization_role": .string(organizationRole.rawValue),
      "created_at": JSON(createdAt), "created_by_actor_id": JSON(createdBy),
      "updated_at": JSON(updatedAt), "updated_by_actor_id": JSON(updatedBy),
      "archived_at": JSON(archivedAt), "archived_by_actor_id": JSON(archivedBy),
    ]
  }
}

/// A slug, as the names of accounts, issuers and rules must be: `^[a-z0-9-]+$`, 1 to 255 characters.
package enum Slug {
  /// What is wrong with `text`, or nil when it may be a name.
  package static func fault(in text: String) -> String? {
    if text.isEmpty { return "a name is needed" }
    if text.utf8.count > 255 { return "at most 255 characters" }
    let allowed = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
    return allowed ? nil : "only small letters a-z, digits and hyphens"
  }

  /// The nearest slug to `text`: small letters, everything else a hyphen, none doubled or at an end.
  package static func from(_ text: String) -> String {
    let parts = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return String(parts.joined(separator: "-").prefix(255))
  }
}
