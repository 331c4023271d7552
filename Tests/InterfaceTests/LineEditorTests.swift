import Interface
import Testing

@Suite("A line being edited")
struct LineEditorTests {
  @Test(
    "takes the keys that shells take",
    arguments: [
      ("abc", "abc|"), ("abc<left><left>x", "ax|bc"), ("abc<home>x", "x|abc"), ("abc<home><del>", "|bc"),
      ("abc<backspace>", "ab|"), ("one two<ctrl-w>", "one |"), ("one two<ctrl-u>", "|"),
      ("one two<alt-b><ctrl-k>", "one |"),
      ("one two<ctrl-a><alt-f>x", "onex| two"), ("one, two<alt-b><alt-b>x", "x|one, two"),
      ("<backspace><left><del>", "|"),
      ("ab<right><end>c", "abc|"), ("作者<left>x", "作x|者"),
    ])
  func editing(script: String, result: String) {
    var editor = LineEditor()
    for key in Key.script(script) { #expect(editor.press(key) == true) }
    var text = editor.text
    text.insert("|", at: text.index(text.startIndex, offsetBy: editor.cursor))
    #expect(text == result)
  }

  @Test(
    "takes a paste as one line, without its control characters",
    arguments: [
      ("a\nb\tc", "a b c"), ("  padded \n", "padded"), ("\u{1B}[31mred", "[31mred"), ("a\u{200B}b", "a\u{200B}b"),
      ("\n\n", ""),
    ])
  func pasting(text: String, result: String) {
    var editor = LineEditor()
    editor.press(.paste(text))
    #expect(editor.text == result)
  }

  @Test("leaves other keys alone", arguments: [.enter, .escape, .tab, .up, .function(1), .control("r")] as [Key])
  func others(key: Key) {
    var editor = LineEditor("abc")
    #expect(editor.press(key) == false)
    #expect(editor.text == "abc")
  }

  @Test("keeps the cursor in sight at any width", arguments: 1...12)
  func scrolling(width: Int) {
    var editor = LineEditor("abc作者defgh")
    for _ in 0...editor.text.count {
      var surface = Surface(Size(columns: width + 2, rows: 1))
      editor.render(into: &surface, row: 0, column: 1, width: width)
      let column = surface.cursor?.column ?? -1
      #expect((1...width).contains(column))
      #expect(surface.fault == nil)
      editor.press(.left)
    }
  }

  @Test("shows a secret as dots, one for each character") func masked() {
    var surface = Surface(Size(columns: 8, rows: 1))
    LineEditor("秘密ab").render(into: &surface, row: 0, column: 0, width: 8, isMasked: true)
    #expect(surface.text == "••••")
  }
}
