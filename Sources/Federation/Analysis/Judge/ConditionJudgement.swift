extension Inspection {
  mutating func judgeCondition() {
    guard let condition else { return }
    for fault in condition.faults {
      report(fault.id, in: "condition", detail: fault.excerpt.isEmpty ? nil : fault.words)
    }
    for path in condition.comparedClaims where path.names.count == 1 && isOfOtherVersion(path.names[0]) {
      report("AZ006", in: "condition")
    }
  }
}
