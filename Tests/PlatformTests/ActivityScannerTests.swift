import Foundation
import Platform
import Testing

@Suite("Reading activities in bulk")
struct ActivityScannerTests {
  static let start = #"{"id":"activity_01","created_at":"2026-01-01T00:00:00.5Z","type":"t""#

  @Test(
    "takes only what the other reader takes, with the same text",
    arguments: [
      start + "}", start + #","actor":{"type":"user_actor","ip_address":"1.2.3.4"}}"#,
      start + #","actor":{"type":"system_actor"},"list":[1,-2.5e3,[],{},null,true,false,"x",["y"]]}"#,
      start + #","s":"a\u0000b\n\"\\ \ud83d\udc69 Z\u00fcrich 漢字","sub":"repo:A@1/b@2:c"}"#, " " + start + " } \r",
      start + #","k":1,"k":2}"#, start + #","k":1,"\u006b":2}"#, start + #","k":01}"#, start + #","k":1.}"#,
      start + #","k":tru}"#, start + #","k":"\x"}"#, start + #","k":"\ud83d"}"#, start + #","k":"a"#, start, "",
      start + #","k":[1,]}"#, start + #","k":[1}"#, start + "}x", start + ",}", "[]", "null", "{}",
      #"{"id":"activity_","created_at":"2026-01-01T00:00:00Z","type":"t"}"#,
      #"{"id":"user_01","created_at":"2026-01-01T00:00:00Z","type":"t"}"#,
      #"{"id":"activity_01","created_at":"2026-01-01","type":"t"}"#, #"{"id":"activity_01","type":"t"}"#,
      #"{"id":"activity_01","created_at":"2026-01-01T00:00:00Z","type":null}"#,
      #"{"id":"activity_01","created_at":"2026-01-01T00:00:00Z","type":""}"#,
      start + ",\"k\":\"tab\there\"}", start + ",\"k\":" + String(repeating: "[", count: 500) + "}",
      start + #","created_by":{"type":"user_actor","id":"svac_01A","updates":[{"current_value":"fdrl_9"}]}}"#,
    ])
  func agrees(_ line: String) throws {
    var scanner = ActivityScanner()
    let isTaken = Array(line.utf8).withUnsafeBufferPointer { scanner.scan($0) }
    let activity = (try? JSON(parsing: line)).flatMap { try? Activity(json: $0) }
    guard isTaken else { return }
    let taken = try #require(activity)
    #expect(String(decoding: scanner.id, as: UTF8.self) == taken.id.description)
    #expect(String(decoding: scanner.type, as: UTF8.self) == taken.type)
    #expect(scanner.microseconds == taken.createdAt.microseconds)
    #expect(scanner.text == ActivityText(taken))
  }

  @Test("is not put off by bytes that are no text")
  func rubbish() {
    var random = SystemRandomNumberGenerator()
    var scanner = ActivityScanner()
    for _ in 0..<2000 {
      var bytes = Array(#"{"id":"activity_01","created_at":"2026-01-01T00:00:00Z","type":"t","x":[1,"é\n",{}]}"#.utf8)
      for _ in 0..<3 { bytes[.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random) }
      if bytes.withUnsafeBufferPointer({ scanner.scan($0) }) {
        let activity = (try? JSON(parsing: bytes)).flatMap { try? Activity(json: $0) }
        #expect(activity.map(ActivityText.init) == scanner.text, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }
}
