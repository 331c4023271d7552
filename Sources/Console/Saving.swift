import Interface
import Platform

extension App {
  /// A text about to be written to a file: asks where.
  package struct Saving: Equatable, Sendable {
    package enum Outcome: Equatable, Sendable { case write(path: String), closed, none }

    let text: String
    let what: String
    private(set) var form: Form
    var isWriting = false

    /// - Parameter path: proposed.
    package init(_ text: String, what: String, path: String) {
      (self.text, self.what) = (text, what)
      form = Form([
        .text(
          "path", label: "File", value: path,
          hint: "from where gatehouse was started, or from / or ~; nobody but you can read it")
      ])
    }

    mutating func press(_ key: Key) -> Outcome {
      guard !isWriting else { return .none }
      switch form.press(key) {
      case .cancelled: return .closed
      case .submitted:
        let path = form.value("path")
        if path.isEmpty || path.hasSuffix("/") {
          form.setProblem("path", "the name of a file is needed")
          return .none
        }
        isWriting = true
        return .write(path: path)
      case .changed, .moved, .ignored: return .none
      }
    }

    /// What was written already stays as it is; another name can be given.
    mutating func refuse(_ problem: Problem) {
      isWriting = false
      form.setProblem("path", "\(problem.cause). \(problem.remedy)")
    }

    func render(on surface: inout Surface) {
      let size = Size(columns: min(surface.size.columns, 76), rows: min(surface.size.rows, 9))
      var box = Surface(size)
      box.frame(row: 0, column: 0, size: size, title: "Write \(what) to a file")
      form.render(into: &box, row: 2, column: 2, width: size.columns - 4, height: max(0, size.rows - 5))
      box.write(isWriting ? "Writing…" : "enter write   esc back", row: size.rows - 2, column: 2, role: .dim)
      surface.place(box, row: (surface.size.rows - size.rows) / 2, column: (surface.size.columns - size.columns) / 2)
    }
  }
}
