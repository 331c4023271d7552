"""The SDK's ways to sign in, and which credential opens what."""

import json
import time

import pytest
from anthropic import (
    Anthropic,
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)
from conftest import Sandbox

CREDENTIALS = [
    "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_FEDERATION_RULE_ID",
    "ANTHROPIC_ORGANIZATION_ID", "ANTHROPIC_SERVICE_ACCOUNT_ID", "ANTHROPIC_IDENTITY_TOKEN",
    "ANTHROPIC_IDENTITY_TOKEN_FILE", "ANTHROPIC_WORKSPACE_ID", "ANTHROPIC_BASE_URL",
]


@pytest.fixture
def environment(monkeypatch, tmp_path):
    for name in CREDENTIALS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("ANTHROPIC_CONFIG_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return monkeypatch


def options(sandbox):
    return {"base_url": sandbox.url, "max_retries": 0, "_strict_response_validation": True}


def test_the_environment_is_enough(federation, environment, tmp_path):
    (tmp_path / "token").write_text(federation.token())
    environment.setenv("ANTHROPIC_FEDERATION_RULE_ID", federation.rule.id)
    environment.setenv("ANTHROPIC_ORGANIZATION_ID", federation.sandbox.organization)
    environment.setenv("ANTHROPIC_SERVICE_ACCOUNT_ID", federation.account.id)
    environment.setenv("ANTHROPIC_IDENTITY_TOKEN_FILE", str(tmp_path / "token"))
    with Anthropic(**options(federation.sandbox)) as client:
        assert client.models.list().data


def test_a_key_in_the_environment_wins_over_federation(federation, environment):
    environment.setenv("ANTHROPIC_FEDERATION_RULE_ID", federation.rule.id)
    environment.setenv("ANTHROPIC_ORGANIZATION_ID", federation.sandbox.organization)
    environment.setenv("ANTHROPIC_IDENTITY_TOKEN", federation.token())
    environment.setenv("ANTHROPIC_API_KEY", federation.sandbox.handover["admin_api_key"])
    with Anthropic(**options(federation.sandbox)) as client:
        assert client.organization.retrieve().id == federation.sandbox.organization
        with pytest.raises(PermissionDeniedError):
            client.organization.service_accounts.list()
    assert federation.sandbox.last_exchange() is None


def profile(directory, sandbox, expires_at):
    for name, content, mode in [
        (
            "configs/default.json",
            {
                "version": "1.0", "organization_id": sandbox.organization, "base_url": sandbox.url,
                "authentication": {"type": "user_oauth", "client_id": "41077d10-94b8-4194-be48-d251e9eb21b4", "scope": "org:admin"},
            },
            0o644,
        ),
        (
            "credentials/default.json",
            {
                "version": "1.0", "type": "oauth_token", "access_token": "stale", "expires_at": expires_at,
                "refresh_token": sandbox.handover["oauth_admin_refresh_token"],
            },
            0o600,
        ),
    ]:
        path = directory / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(json.dumps(content))
        path.chmod(mode)
    return directory / "credentials/default.json"


def test_a_profile_is_refreshed_and_its_refresh_token_rotates(sandbox, environment, tmp_path):
    environment.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    file = profile(tmp_path, sandbox, int(time.time()) - 10)
    for _ in range(2):
        before = json.loads(file.read_text())["refresh_token"]
        with Anthropic(**options(sandbox)) as client:
            assert client.organization.service_accounts.list().data == []
        kept = json.loads(file.read_text())
        assert kept["refresh_token"] != before and kept["expires_at"] > time.time() + 3600
        file.write_text(json.dumps(kept | {"expires_at": int(time.time()) - 10}))
    status, _, body = sandbox.request(
        "/v1/oauth/token", {"grant_type": "refresh_token", "refresh_token": before, "client_id": "x"}
    )
    assert (status, body["error"]) == (400, "invalid_grant")


ADMIN = "/v1/organizations/"


@pytest.mark.parametrize(
    "path, oauth, admin_key, compliance_key",
    [
        (ADMIN + "me", 200, 200, 403),
        (ADMIN + "service_accounts", 200, 403, 403),
        (ADMIN + "federation_issuers", 200, 403, 403),
        (ADMIN + "federation_rules", 200, 403, 403),
        (ADMIN + "workspaces", 200, 200, 403),
        (ADMIN + "users", 200, 200, 403),
        (ADMIN + "invites", 200, 200, 403),
        (ADMIN + "api_keys", 200, 200, 403),
        (ADMIN + "rate_limits", 200, 200, 403),
        (ADMIN + "usage_report/messages?starting_at=2026-11-01T00:00:00Z", 200, 200, 403),
        (ADMIN + "cost_report?starting_at=2026-11-01T00:00:00Z", 200, 200, 403),
        ("/v1/compliance/activities", 401, 200, 200),
        ("/v1/models", 403, 403, 403),
        (ADMIN + "nothing", 404, 404, 404),
    ],
)
def test_each_path_takes_its_credentials_and_no_others(sandbox, path, oauth, admin_key, compliance_key):
    bearer = {"authorization": "Bearer " + sandbox.handover["oauth_admin_token"]}
    assert sandbox.request(path, headers=bearer)[0] == oauth
    for key, status in [("admin_api_key", admin_key), ("compliance_access_key", compliance_key)]:
        assert sandbox.request(path, key=sandbox.handover[key])[0] == status
        assert sandbox.request(path, headers={"authorization": "Bearer " + sandbox.handover[key]})[0] == status
    assert sandbox.request(path)[0] == 401
    assert sandbox.request(path, key="sk-unknown")[0] == 401


def test_the_version_must_be_one_of_the_two(sandbox):
    key = {"x-api-key": sandbox.handover["admin_api_key"]}
    for version, status in [("2023-06-01", 200), ("2026-10-21", 200), ("2024-01-01", 400), ("", 400)]:
        assert sandbox.request(ADMIN + "me", headers=key | {"anthropic-version": version})[0] == status
    for path, status in [(ADMIN + "me", 400), ("/v1/compliance/activities", 200)]:
        assert sandbox.request(path, headers=key, version=None)[0] == status


@pytest.mark.parametrize(
    "fault, error",
    [
        ("status=400", BadRequestError), ("status=401", AuthenticationError), ("status=403", PermissionDeniedError),
        ("status=404", NotFoundError), ("status=409", ConflictError), ("status=429,retry-after=1", RateLimitError),
        ("status=500", InternalServerError), ("status=529", APIStatusError), ("drop=before", APIConnectionError),
        ("drop=after", APIConnectionError), ("truncate", APIConnectionError),
    ],
)
def test_every_class_of_failure_can_be_made(sandbox, admin, fault, error):
    assert sandbox.request("/_sandbox/faults", {"faults": [fault + ",path=/v1/organizations/service_accounts"]})[2]["ok"]
    with pytest.raises(error) as failure:
        admin.organization.service_accounts.create(name="once")
    if isinstance(failure.value, RateLimitError):
        assert failure.value.response.headers["retry-after"] == "1"
    sandbox.request("/_sandbox/faults", {"faults": []})
    made = admin.organization.service_accounts.list().data
    assert [row.name for row in made] == (["once"] if fault in ("drop=after", "truncate") else [])


def test_a_rate_leaves_some_requests_alone(sandbox, admin):
    sandbox.request("/_sandbox/faults", {"faults": ["status=529,rate=0.5"]})
    outcomes = []
    for _ in range(60):
        try:
            admin.organization.retrieve()
            outcomes.append(True)
        except APIStatusError:
            outcomes.append(False)
    assert 10 < sum(outcomes) < 50


def test_control_paths_are_for_this_machine_only(sandbox):
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert sandbox.request("/_sandbox/clock", {"advance_seconds": 1}, headers=headers)[0] == 403
    port = sandbox.url.rsplit(":", 1)[1]
    assert sandbox.request("/_sandbox/clock", {"advance_seconds": 1}, headers={"host": "localhost:" + port})[0] == 200


def test_only_loopback_is_listened_on():
    with pytest.raises(RuntimeError, match="loopback"):
        Sandbox("--listen", "0.0.0.0:0")


def test_the_same_seed_gives_the_same_sandbox():
    boxes = [Sandbox("--seed", seed) for seed in ("5", "5", "6")]
    try:
        first, second, third = [{name: value for name, value in box.handover.items() if name != "base_url"} for box in boxes]
        assert first == second != third
    finally:
        for box in boxes:
            box.stop()
