import FoundationEssentials
import Platform

/// One member of a request's body and what it may be. A resource's fields are a table of these.
struct Field: Sendable {
  let name: String
  var isRequired = false
  var isNullable = false
  /// What is wrong with a value that is there and not null; nil when nothing is.
  let fault: @Sendable (JSON) -> String?

  init(
    _ name: String, required: Bool = false, nullable: Bool = false, _ fault: @escaping @Sendable (JSON) -> String?
  ) {
    (self.name, isRequired, isNullable, self.fault) = (name, required, nullable, fault)
  }
}

/// What a value may be, as functions that say what is wrong with it.
enum Check {
  /// Lengths are in Unicode scalars, as the platform's validator counts them.
  static func text(_ lengths: ClosedRange<Int>) -> @Sendable (JSON) -> String? {
    { value in
      guard let text = value.string else { return "Input should be a valid string" }
      let count = text.unicodeScalars.count
      if count < lengths.lowerBound { return "String should have at least \(characters(lengths.lowerBound))" }
      if count > lengths.upperBound { return "String should have at most \(characters(lengths.upperBound))" }
      return nil
    }
  }

  private static func characters(_ count: Int) -> String { count == 1 ? "1 character" : "\(count) characters" }

  static let slug: @Sendable (JSON) -> String? = { value in
    if let fault = text(1...255)(value) { return fault }
    return Slug.fault(in: value.string ?? "") == nil ? nil : "String should match pattern '^[a-z0-9-]+$'"
  }

  static func number(_ range: ClosedRange<Int>) -> @Sendable (JSON) -> String? {
    { value in
      guard let number = value.int else { return "Input should be a valid integer" }
      if number < range.lowerBound { return "Input should be greater than or equal to \(range.lowerBound)" }
      if number > range.upperBound { return "Input should be less than or equal to \(range.upperBound)" }
      return nil
    }
  }

  static let flag: @Sendable (JSON) -> String? = { $0.bool == nil ? "Input should be a valid boolean" : nil }
  static let object: @Sendable (JSON) -> String? = { $0.object == nil ? "Input should be a valid dictionary" : nil }

  static func word(_ words: [String]) -> @Sendable (JSON) -> String? {
    { value in
      if let word = value.string, words.contains(word) { return nil }
      let quoted = words.map { "'\($0)'" }
      let list =
        quoted.count > 1 ? "\(quoted.dropLast().joined(separator: ", ")) or \(quoted[quoted.count - 1])" : quoted[0]
      return "Input should be \(list)"
    }
  }

  static func identifier(_ prefix: String) -> @Sendable (JSON) -> String? {
    { value in
      guard let text = value.string else { return "Input should be a valid string" }
      return isIdentifier(text, prefix) ? nil : "Input should be an identifier that begins \(prefix)_"
    }
  }

  static func isIdentifier(_ text: String, _ prefix: String) -> Bool {
    guard text.hasPrefix(prefix + "_") else { return false }
    let tail = text.utf8.dropFirst(prefix.utf8.count + 1)
    return (1...64).contains(tail.count) && tail.allSatisfy(\.isASCIIAlphanumeric)
  }

  static let colour: @Sendable (JSON) -> String? = { value in
    guard let text = value.string else { return "Input should be a valid string" }
    let digits = text.utf8.dropFirst()
    let isColour =
      text.hasPrefix("#") && digits.count == 6 && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    return isColour ? nil : "String should match pattern '^#[0-9A-Fa-f]{6}$'"
  }

  static let email: @Sendable (JSON) -> String? = { value in
    guard let text = value.string else { return "Input should be a valid string" }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let isAddress = parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !text.contains(" ")
    return isAddress ? nil : "value is not a valid email address"
  }

  static func list(
    _ counts: ClosedRange<Int>, of fault: @escaping @Sendable (JSON) -> String?
  ) -> @Sendable (JSON) -> String? {
    { value in
      guard let items = value.array else { return "Input should be a valid list" }
      if items.count < counts.lowerBound { return "List should have at least \(counts.lowerBound) item" }
      if items.count > counts.upperBound { return "List should have at most \(counts.upperBound) items" }
      return items.lazy.compactMap(fault).first
    }
  }
}

extension Call {
  /// The body's members, each checked by its field.
  /// - Throws: 400, prefixed with the name of the field, for the first that is missing, wrong or unknown.
  func fields(_ table: [Field]) throws(Refusal) -> Document {
    let body = try object()
    for (key, _) in body where !table.contains(where: { $0.name == key }) {
      throw .field(key, "Extra inputs are not permitted")
    }
    try Self.check(body, table)
    return body
  }

  static func check(_ object: Document, _ table: [Field], within parent: String = "") throws(Refusal) {
    for field in table {
      let name = parent + field.name
      switch object[field.name] {
      case nil: if field.isRequired { throw .field(name, "Field required") }
      case .null?: if !field.isNullable { throw .field(name, field.fault(.null) ?? "Input should not be null") }
      case let value?: if let fault = field.fault(value) { throw .field(name, fault) }
      }
    }
  }

  /// The body as an object; an empty body is an empty one.
  func object() throws(Refusal) -> Document {
    guard let bytes = request.body, !bytes.isEmpty else { return [:] }
    let json: JSON
    do {
      json = try JSON(parsing: bytes)
    } catch {
      throw .invalid("The request body is not valid JSON: \(error.reason)")
    }
    guard let object = json.object else { throw .invalid("The request body must be a JSON object") }
    return object
  }
}

extension Document {
  /// Takes over the members of `changes` called `names` that are there; null only where `nullable` says so.
  mutating func take(_ names: [String], from changes: Document, nullable: Set<String> = []) {
    for name in names {
      guard let value = changes[name], !value.isNull || nullable.contains(name) else { continue }
      self[name] = value
    }
  }
}
