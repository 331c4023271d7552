"""The activity feed, its reports and the ledger behind them."""

import time
import urllib.parse

import pytest
from conftest import OLD

CHANGES = {"exclude_activity_types[]": "compliance_api_accessed"}


def page(sandbox, **query):
    status, headers, body = sandbox.request(
        "/v1/compliance/activities?" + urllib.parse.urlencode(query, doseq=True), key=sandbox.handover["admin_api_key"]
    )
    assert status == 200, body
    return body


def test_every_change_is_told_with_who_made_it(sandbox, admin):
    account = admin.organization.service_accounts.create(name="ci")
    admin.organization.service_accounts.update(account.id, description="x", organization_role="admin")
    admin.organization.service_accounts.archive(account.id)
    archived, updated, created = sandbox.feed(**CHANGES)
    assert created["type"] == "platform_service_account_created" and created["service_account_id"] == account.id
    assert {change["type"]: (change["previous_value"], change["current_value"]) for change in updated["updates"]} == {
        "description": ("", "x"), "organization_role": ("developer", "admin"),
    }
    assert archived["actor"]["type"] == "user_actor" and archived["actor"]["user_id"] == account.created_by_actor_id
    assert archived["organization_uuid"] == sandbox.organization


def test_walks_both_ways_in_both_orders(sandbox, admin):
    for number in range(45):
        admin.organization.service_accounts.create(name=f"account-{number}")
    newest = [row["id"] for row in sandbox.feed(**CHANGES)]
    assert len(newest) == len(set(newest)) == 45

    def walk(order, towards):
        edge = "last_id" if towards == "after_id" else "first_id"
        seen, cursor = [], None
        if towards == "before_id":
            start = page(sandbox, **CHANGES, order=order, limit=45)
            seen, cursor = [start["data"][-1]["id"]], start["last_id"]
        while True:
            answer = page(sandbox, **CHANGES, order=order, limit=20, **({towards: cursor} if cursor else {}))
            ids = [row["id"] for row in answer["data"]]
            seen = seen + ids if towards == "after_id" else ids + seen
            cursor = answer[edge] or cursor
            if not answer["has_more"]:
                return seen

    assert walk("desc", "after_id") == newest
    assert walk("asc", "after_id") == newest[::-1]
    assert walk("desc", "before_id") == newest
    assert walk("asc", "before_id") == newest[::-1]
    assert page(sandbox, after_id=newest[0], **CHANGES)["data"][0]["id"] == newest[1]


def test_a_late_arrival_is_behind_the_cursor_and_in_the_ledger(sandbox, admin):
    admin.organization.service_accounts.create(name="first")
    cursor = page(sandbox, **CHANGES)["first_id"]
    late = {"type": "platform_workspace_created", "created_at": "2026-01-01T00:00:00Z"}
    assert sandbox.request("/_sandbox/activities", {"activities": [late]})[2]["added"] == 1
    assert page(sandbox, before_id=cursor, **CHANGES)["data"] == []
    assert [row["type"] for row in page(sandbox, order="asc", **CHANGES)["data"]][0] == late["type"]


def test_reading_the_feed_is_told_too_but_not_in_its_own_answer(sandbox):
    first = page(sandbox)
    assert first["data"] == [] and first["first_id"] is None
    second = page(sandbox)
    assert [row["type"] for row in second["data"]] == ["compliance_api_accessed"]
    assert second["data"][0]["organization_id"] is None and second["data"][0]["actor"]["type"] == "api_actor"


@pytest.mark.parametrize(
    "query, message",
    [
        ({"limit": 5001}, "The limit parameter must be between 1 and 5000, inclusive. Got 5001."),
        ({"limit": 0}, "The limit parameter must be between 1 and 5000, inclusive. Got 0."),
        ({"after_id": "activity_invalid123"}, 'Invalid `after_id`. No activity found for `after_id` "activity_invalid123"'),
        ({"created_at.gte": "2024-01-01"}, "The `created_at.gte` parameter contains an invalid timestamp format."),
        ({"activity_type": "x"}, "Unknown query parameter: activity_type. Did you mean activity_types[]?"),
        ({"activity_types[]": "a", "exclude_activity_types[]": "b"}, "`activity_types[]` and"),
        ({"actor_ids[]": "svac_01"}, "actor_ids: "),
    ],
)
def test_what_is_asked_wrongly_is_refused(sandbox, query, message):
    status, headers, body = sandbox.request(
        "/v1/compliance/activities?" + urllib.parse.urlencode(query), key=sandbox.handover["admin_api_key"]
    )
    assert status == 400 and body["error"]["message"].startswith(message)
    assert headers["anthropic-ratelimit-requests-limit"] == "600"


def test_times_and_people_narrow_it(sandbox, admin):
    admin.organization.service_accounts.create(name="one")
    row = page(sandbox, **CHANGES)["data"][0]
    at = row["created_at"]
    assert len(page(sandbox, **CHANGES, **{"created_at.gte": at, "created_at.lte": at})["data"]) == 1
    assert page(sandbox, **CHANGES, **{"created_at.gt": at})["data"] == []
    assert page(sandbox, **CHANGES, **{"created_at.lt": at})["data"] == []
    assert len(page(sandbox, **CHANGES, **{"user_ids[]": row["actor"]["user_id"]})["data"]) == 1
    assert page(sandbox, **CHANGES, **{"actor_ids[]": "user_01other"})["data"] == []
    assert page(sandbox, **CHANGES, **{"organization_ids[]": "org_other"})["data"] == []
    assert len(page(sandbox, **CHANGES, **{"organization_ids[]": sandbox.organization})["data"]) == 1


def test_six_hundred_a_minute(sandbox):
    key = sandbox.handover["admin_api_key"]
    for _ in range(600):
        assert sandbox.request("/v1/compliance/activities?limit=1", key=key)[0] == 200
    status, headers, body = sandbox.request("/v1/compliance/activities?limit=1", key=key)
    assert (status, body["error"]["type"]) == (429, "rate_limit_error") and 1 <= int(headers["retry-after"]) <= 60
    sandbox.request("/_sandbox/clock", {"advance_seconds": 61})
    assert sandbox.request("/v1/compliance/activities?limit=1", key=key)[0] == 200


def test_use_is_counted_once_and_all_reports_agree(federation):
    for _ in range(3):
        message = federation.use(token=federation.token())
    sandbox, start = federation.sandbox, time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime())
    key = sandbox.handover["admin_api_key"]
    _, _, usage = sandbox.request(
        f"/v1/organizations/usage_report/messages?starting_at={start}&group_by[]=service_account_id", key=key
    )
    (row,) = usage["data"][-1]["results"]
    assert row["service_account_id"] == federation.account.id and row["workspace_id"] is None
    assert row["output_tokens"] == 3 * message.usage.output_tokens
    _, _, cost = sandbox.request(f"/v1/organizations/cost_report?starting_at={start}&group_by[]=description", key=key)
    amounts = [float(row["amount"]) for row in cost["data"][-1]["results"]]
    flag = {"anthropic-beta": "analytics-usage-cost-2026-08-24"}
    _, _, by = sandbox.request(
        f"/v1/organizations/analytics/cost?starting_at={start}&group_by[]=actor&group_by[]=api_key_id", key=key, headers=flag
    )
    (row,) = by["data"]
    assert row["group"]["actor"] == {"type": "service_account_actor", "service_account_id": federation.account.id}
    assert row["group"]["api_key_id"] is None and row["cost"]["requests"] == 3
    assert float(row["cost"]["amount"]) == pytest.approx(sum(amounts))


@pytest.mark.skipif(OLD, reason="came with 2.2.0")
def test_the_sdk_reads_the_reports_by_identity(federation):
    federation.use()
    client = federation.sandbox.client(api_key=federation.sandbox.handover["admin_api_key"])
    start = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime())
    analytics = client.beta.organization.analytics
    (row,) = analytics.usage.list(starting_at=start, group_by=["actor", "model"]).data
    assert (row.group.actor.type, row.group.model, row.usage.requests) == ("service_account_actor", "claude-sonnet-5", 1)
    kinds = {row.group.token_type for row in analytics.cost.list(starting_at=start, group_by=["token_type"]).data}
    assert kinds == {"uncached_input_tokens", "output_tokens"}
