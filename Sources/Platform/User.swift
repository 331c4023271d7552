package import FoundationEssentials

/// A person of the organization (Admin API, users).
package struct User: Identified, WireObject, Hashable {
  package static let idPrefix = "user"

  package let id: ID<User>
  package var email, name: String
  /// `user`, `developer`, `billing`, `admin`, `owner`… Open set.
  package var role: String
  package let addedAt: Date

  package init(id: ID<User>, email: String, name: String, role: String, addedAt: Date) {
    (self.id, self.email, self.name, self.role, self.addedAt) = (id, email, name, role, addedAt)
  }

  package init(json: JSON) throws(Undecodable) {
    id = try json.id("id")
    email = try json.text("email")
    name = json["name"]?.string ?? ""
    role = json["role"]?.string ?? ""
    addedAt = try json.time("added_at")
  }

  package var json: JSON {
    [
      "id": JSON(id), "type": "user", "email": .string(email), "name": .string(name), "role": .string(role),
      "added_at": JSON(addedAt),
    ]
  }
}
