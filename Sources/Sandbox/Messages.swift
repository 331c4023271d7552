import FoundationEssentials
import Platform

/// Messages and models, far enough to see that a credential works and that its use is counted. The answer says that
/// it is canned.
extension World {
  static let models = [
    ("claude-sonnet-5", "Claude Sonnet 5"), ("claude-opus-4-8", "Claude Opus 4.8"),
    ("claude-opus-4-6", "Claude Opus 4.6"),
    ("claude-haiku-4-5", "Claude Haiku 4.5"),
  ]

  mutating func createMessage(_ call: Call) throws(Refusal) -> Answer {
    // The body has many more members, which a canned answer need not know.
    let body = try call.object()
    try Call.check(
      body,
      [
        Field("model", required: true, Check.text(1...256)),
        Field("max_tokens", required: true, Check.number(1...1_000_000)),
        Field("messages", required: true, Check.list(1...100_000, of: Check.object)), Field("stream", Check.flag),
      ])
    guard Self.models.contains(where: { $0.0 == body.text("model") }) else { throw .notFound }
    let text = "This is a canned answer of the gatehouse sandbox. No model was called."
    // About four bytes are a token.
    let tokens = Tokens(uncachedInput: max(1, (call.request.body?.count ?? 0) / 4), output: text.utf8.count / 4)
    let workspace = countUse(of: body.text("model"), tokens, by: call)
    let message: Document = [
      "id": .string(random.identifier("msg")), "type": "message", "role": "assistant", "model": body["model"] ?? .null,
      "content": [["type": "text", "text": .string(text)]], "stop_reason": "end_turn", "stop_sequence": .null,
      "usage": [
        "input_tokens": JSON(tokens.uncachedInput), "output_tokens": JSON(tokens.output),
        "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
      ],
    ]
    var answer = body["stream"] == true ? Self.stream(message, text: text) : Answer(.object(message))
    answer.headers.append(Request.Item("anthropic-workspace-id", workspace))
    return answer
  }

  /// The same message as server-sent events, all at once.
  private static func stream(_ message: Document, text: String) -> Answer {
    var start = message
    (start["content"], start["stop_reason"]) = ([], .null)
    let events: [JSON] = [
      ["type": "message_start", "message": .object(start)],
      ["type": "content_block_start", "index": 0, "content_block": ["type": "text", "text": ""]],
      ["type": "content_block_delta", "index": 0, "delta": ["type": "text_delta", "text": .string(text)]],
      ["type": "content_block_stop", "index": 0],
      [
        "type": "message_delta", "delta": ["stop_reason": "end_turn", "stop_sequence": .null],
        "usage": ["output_tokens": message["usage"]?["output_tokens"] ?? 0],
      ], ["type": "message_stop"],
    ]
    let lines = events.map { "event: \($0["type"]?.string ?? "")\ndata: \($0.compact)\n\n" }
    var answer = Answer(body: Array(lines.joined().utf8))
    answer.headers = [Request.Item("content-type", "text/event-stream")]
    return answer
  }

  /// About as many as a message with this body would be counted with.
  func countTokens(_ call: Call) throws(Refusal) -> JSON {
    let body = try call.object()
    try Call.check(
      body,
      [
        Field("model", required: true, Check.text(1...256)),
        Field("messages", required: true, Check.list(1...100_000, of: Check.object)),
      ])
    return ["input_tokens": JSON(max(1, (call.request.body?.count ?? 0) / 4))]
  }

  /// Puts a request into the ledger under whoever made it.
  /// - Returns: the workspace it counts toward.
  private mutating func countUse(of model: String, _ tokens: Tokens, by call: Call) -> String {
    var use = Use(
      minute: Int(call.now.timeIntervalSince1970) / 60, workspace: defaultWorkspace, account: nil, key: nil, user: nil,
      model: model, tokens: tokens)
    switch call.caller {
    case .workload(let account, _, let workspace, _):
      (use.account, use.workspace) = (account, workspace ?? defaultWorkspace)
    case .key(let id):
      let key = self[.keys][id] ?? [:]
      use.key = id
      use.account = key["principal"]?["service_account_id"]?.string
      use.user = key["principal"]?["user_id"]?.string
      use.workspace = key["scope"]?["workspace_id"]?.string ?? defaultWorkspace
    case .person(let user, _): use.user = user
    default: break
    }
    ledger.add(use)
    return use.workspace
  }

  func listModels(_ call: Call) throws(Refusal) -> JSON {
    _ = try Query(call, ["limit", "after_id", "before_id"])
    let rows = Self.models.map(Self.modelDocument)
    return [
      "data": .array(rows), "has_more": false, "first_id": rows.first?["id"] ?? .null,
      "last_id": rows.last?["id"] ?? .null,
    ]
  }

  func model(_ call: Call) throws(Refusal) -> JSON {
    guard let model = Self.models.first(where: { $0.0 == call.parameters[0] }) else { throw .notFound }
    return Self.modelDocument(model)
  }

  private static func modelDocument(_ model: (id: String, name: String)) -> JSON {
    [
      "type": "model", "id": .string(model.id), "display_name": .string(model.name),
      "created_at": "2026-05-01T00:00:00Z",
      "lifecycle": "active", "line": .null, "capabilities": .null, "max_input_tokens": 200_000, "max_tokens": 64_000,
      "deprecated_at": .null, "retires_at": .null,
    ]
  }
}
