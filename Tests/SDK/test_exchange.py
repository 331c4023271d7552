"""The whole table of what an exchange accepts and refuses, by the SDK's own credentials."""

import time

import jwt
import pytest
from anthropic import AuthenticationError, PermissionDeniedError
from anthropic.lib.credentials import WorkloadIdentityError
from conftest import AUDIENCE, Federation, key_for
from cryptography.hazmat.primitives.asymmetric import rsa


def test_a_good_token_is_exchanged_and_what_it_gives_works(federation):
    message = federation.use()
    assert "canned" in message.content[0].text
    event = federation.sandbox.last_exchange()
    assert event["status"]["outcome"] == "success"
    assert event["event_data"]["oidc_token"]["claims"]["sub"] == "repo:acme/api:ref:refs/heads/main"
    assert event["event_data"]["requested_service_account_id"] == federation.account.id


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"sub": "repo:acme/site:ref:refs/heads/main"}, "match_subject_prefix"),
        ({"sub": "REPO:acme/api:ref:refs/heads/main"}, "match_subject_prefix"),
        ({"sub": None}, "missing_claim"),
        ({"aud": "https://api.example"}, "match_audience"),
        ({"aud": None}, "match_audience"),
        ({"env": "test"}, "match_claims"),
        ({"env": True}, "match_claims"),
        ({"env": None}, "match_claims"),
        ({"iss": "https://idp.acme.example/"}, "issuer_mismatch"),
        ({"iat": None}, "missing_claim"),
        ({"exp": None}, "missing_claim"),
        ({"exp": -31, "iat": -300}, "expired"),
        ({"iat": 35}, "not_yet_valid"),
        ({"nbf": 35}, "not_yet_valid"),
        ({"exp": 3700}, "lifetime_exceeded"),
    ],
)
def test_a_single_wrong_claim_is_refused_and_the_feed_says_why(federation, changes, reason):
    times = {name: int(time.time()) + value if type(value) is int else value for name, value in changes.items()}
    with pytest.raises(WorkloadIdentityError) as refused:
        federation.use(token=federation.token(federation.claims(**times)))
    assert refused.value.status_code == 401
    event = federation.sandbox.last_exchange()
    assert (event["status"]["outcome"], event["status"]["reason"]) == ("denied", reason)
    assert event["request_id"] == refused.value.request_id


def test_an_audience_may_be_one_of_several(federation):
    federation.use(token=federation.token(federation.claims(aud=["other", AUDIENCE])))


def test_a_clock_may_be_29_seconds_off(federation):
    now = int(time.time())
    assert federation.exchange(federation.token(federation.claims(iat=now + 27, nbf=now + 27)))[0] == 200
    status, answer = federation.exchange(federation.token(federation.claims(iat=now - 300, exp=now - 27)))
    assert (status, answer["expires_in"]) == (200, 60)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"])
def test_every_algorithm_of_the_table_works(sandbox, algorithm):
    Federation(sandbox, algorithm).use()


def stranger(federation):
    return federation.token(key=rsa.generate_private_key(public_exponent=65537, key_size=2048))


def tampered(federation):
    header, claims, signature = federation.token().split(".")
    other = federation.token(federation.claims(env="prod", sub="repo:acme/api:admin")).split(".")[1]
    return ".".join([header, other, signature])


@pytest.mark.parametrize(
    "make, reason",
    [
        (stranger, "bad_signature"),
        (tampered, "bad_signature"),
        (lambda it: it.token(kid="other"), "unknown_kid"),
        (lambda it: jwt.encode(it.claims(), key_for("RS256"), algorithm="RS256"), "missing_kid"),
        (lambda it: it.token(algorithm="HS256", key="0123456789abcdef0123456789abcdef"), "unsupported_alg"),
        (lambda it: jwt.encode(it.claims(), None, algorithm="none", headers={"kid": it.kid}), "unsupported_alg"),
        (lambda it: "not.a.token", "malformed_token"),
    ],
    ids=["stranger", "tampered", "kid", "no kid", "HS256", "none", "malformed"],
)
def test_a_token_that_cannot_be_verified_is_refused_and_nothing_of_it_is_kept(federation, make, reason):
    status, answer = federation.exchange(make(federation))
    assert (status, answer["error"]) == (401, {"type": "authentication_error", "message": "Authentication failed"})
    event = federation.sandbox.last_exchange()
    assert event["status"]["reason"] == reason
    assert event["event_data"]["oidc_token"]["claims"] is None


def test_a_key_of_one_kind_does_not_verify_the_algorithm_of_another(federation):
    assert federation.exchange(federation.token(algorithm="RS512", key=key_for("RS256")))[0] == 401


def test_a_jti_is_good_once_for_an_issuer(federation):
    token = federation.token()
    assert federation.exchange(token)[0] == 200
    assert federation.exchange(token)[0] == 401
    assert federation.sandbox.last_exchange()["status"]["reason"] == "jti_reused"


def test_without_replay_protection_it_is_good_again(sandbox):
    it = Federation(sandbox, issuer={"check_jti": False})
    token = it.token()
    assert [it.exchange(token)[0] for _ in range(2)] == [200, 200]


def test_the_lifetime_has_a_floor_and_a_ceiling(sandbox):
    it = Federation(sandbox, rule={"token_lifetime_seconds": 900})
    now = int(time.time())
    assert it.exchange(it.token(it.claims(exp=now + 3000)))[1]["expires_in"] == 900
    assert it.exchange(it.token(it.claims(exp=now + 10)))[1]["expires_in"] == 60
    assert 195 <= it.exchange(it.token(it.claims(exp=now + 100)))[1]["expires_in"] <= 200


def test_a_minted_token_ends(federation):
    status, answer = federation.exchange()
    client = federation.sandbox.client(auth_token=answer["access_token"])
    assert len(client.models.list().data) > 0
    federation.sandbox.request("/_sandbox/clock", {"advance_seconds": answer["expires_in"] + 1})
    with pytest.raises(AuthenticationError):
        client.models.list()


def test_messages_stream_and_tokens_are_counted(federation):
    ask = {"model": "claude-sonnet-5", "messages": [{"role": "user", "content": "hello"}]}
    with federation.sandbox.client(credentials=federation.credentials()) as client:
        with client.messages.stream(max_tokens=64, **ask) as stream:
            text = "".join(stream.text_stream)
            assert "canned" in text and stream.get_final_message().content[0].text == text
        assert client.messages.count_tokens(**ask).input_tokens > 0


def test_a_workspace_token_is_none_for_administration(federation):
    with federation.sandbox.client(credentials=federation.credentials()) as client:
        with pytest.raises(PermissionDeniedError):
            client.organization.service_accounts.list()


def test_the_workspace_is_chosen_as_rule_and_request_say(federation, admin):
    other = admin.organization.workspaces.create(name="Other")
    third = admin.organization.workspaces.create(name="Third")

    def outcome(**changes):
        status, _ = federation.exchange(**changes)
        return status if status == 200 else federation.sandbox.last_exchange()["status"]["reason"]

    assert outcome() == 200
    assert outcome(workspace_id="default") == 200
    assert outcome(workspace_id=other.id) == "workspace_not_enabled"
    admin.organization.federation.rules.workspaces.add(federation.rule.id, workspace_id=other.id)
    assert outcome() == "workspace_id_required"
    assert outcome(workspace_id=other.id) == "not_workspace_member"
    admin.organization.service_accounts.workspaces.add(
        federation.account.id, workspace_id=other.id, workspace_role="workspace_developer"
    )
    assert outcome(workspace_id=other.id) == 200
    admin.organization.federation.rules.update(federation.rule.id, applies_to_all_workspaces=True)
    assert outcome(workspace_id=third.id) == "not_workspace_member"


def test_archived_rule_and_other_account_are_refused(federation, admin):
    other = admin.organization.service_accounts.create(name="other")
    assert federation.exchange(service_account_id=other.id)[0] == 401
    assert federation.sandbox.last_exchange()["status"]["reason"] == "service_account_mismatch"
    admin.organization.federation.rules.archive(federation.rule.id)
    assert federation.exchange()[0] == 401
    assert federation.sandbox.last_exchange()["status"]["reason"] == "rule_archived"


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"assertion": None}, "assertion"),
        ({"assertion": "a" * 16385}, "assertion"),
        ({"federation_rule_id": "main"}, "federation_rule_id"),
        ({"organization_id": None}, "organization_id"),
        ({"service_account_id": None}, "service_account_id"),
        ({"workspace_id": "prod"}, "workspace_id"),
        ({"grant_type": "password"}, "grant_type"),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong_and_leaves_no_trace(federation, changes, field):
    status, answer = federation.exchange(**changes)
    assert status == 400 and answer["error"]["message"].startswith(field + ": ")
    assert federation.sandbox.last_exchange() is None


def test_an_unknown_rule_or_organization_leaves_no_trace(federation):
    assert federation.exchange(federation_rule_id="fdrl_01aaaaaaaaaaaaaaaaaaaaaa")[0] == 401
    assert federation.exchange(organization_id="00000000-0000-4000-8000-000000000000")[0] == 401
    assert federation.sandbox.last_exchange() is None


def test_a_condition_decides(sandbox):
    it = Federation(sandbox, rule={"match": {"condition": "claims.env == 'prod' && claims.run_attempt < 3"}})
    assert it.exchange(it.token(it.claims(run_attempt=1)))[0] == 200
    assert it.exchange(it.token(it.claims(run_attempt=3)))[0] == 401
    assert sandbox.last_exchange()["status"]["reason"] == "match_condition"
    assert it.exchange()[0] == 401
