/// Everything a rule's matchers together leave open: subject, claims and the clean parts of the condition, joined
/// by AND, so that a loose subject closed by an exact claim is not loose.
struct Reach: Sendable {
  let provider: Provider
  /// Whether the issuer serves other customers too.
  let isShared: Bool
  private(set) var extents: [Field: Extent] = [:]
  /// The part of the rule that pins each field best, as a finding names it.
  private(set) var origins: [Field: String] = [:]
  /// Fields that a condition constrains, but badly.
  var flawed: Set<Field> = []
  /// The names in the subject, in order, where it is made of pairs.
  var subjectKeys: [String] = []
  /// Where a subject was given: by `subject_prefix`, or by a claim or condition on `sub`.
  var hasSubject = false
  /// Parts that no one token satisfies together.
  private(set) var conflicts: [(field: Field, first: String, second: String)] = []

  init(provider: Provider, isShared: Bool) { (self.provider, self.isShared) = (provider, isShared) }

  subscript(field: Field) -> Extent { extents[field] ?? .open }

  func isPinned(_ fields: Field...) -> Bool { fields.contains { self[$0].isPinned } }
  func begins(_ fields: Field...) -> Bool { fields.contains { self[$0].beginning != nil } }
  func isOpen(_ fields: Field...) -> Bool { fields.allSatisfy { self[$0].isOpen } }
  /// Whether a claim or a condition says something about it, and not only the subject.
  func isClaimed(_ field: Field) -> Bool { !self[field].isOpen && origins[field] != "subject_prefix" }
  func values(_ field: Field) -> Set<String> { self[field].named }

  mutating func add(_ reading: Reading, from origin: String) {
    for (field, extent) in reading.extents where !extent.isOpen {
      let before = self[field]
      guard let both = field.isCollective && !before.isOpen ? before : before.narrowed(by: extent) else {
        conflicts.append((field, origins[field] ?? origin, origin))
        continue
      }
      if both != before || before.isOpen || origins[field] == "issuer_url" { origins[field] = origin }
      extents[field] = both
    }
  }

  /// Whether one token may fit both, as far as what they pin tells.
  func meets(_ other: Reach) -> Bool {
    var both = self
    both.add(Reading(other.extents), from: "")
    return conflicts.isEmpty && other.conflicts.isEmpty && both.conflicts.isEmpty
  }
}
