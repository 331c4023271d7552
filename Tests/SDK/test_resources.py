"""Every method of `client.organization` that concerns the resources, with strict validation of what is answered."""

import pytest
from anthropic import BadRequestError, ConflictError, NotFoundError, PermissionDeniedError
from conftest import OLD, Federation, public_jwk

NUMBERS = range(45)


def walk(list_page, **query):
    """All rows of a list in pages of 20, with the sizes of the pages."""
    page = list_page(limit=20, **query)
    rows, sizes = list(page.data), [len(page.data)]
    while page.has_next_page():
        page = page.get_next_page()
        rows += page.data
        sizes.append(len(page.data))
    return rows, sizes


def test_the_organization_names_itself(sandbox, admin):
    assert admin.organization.retrieve().id == sandbox.organization


def test_accounts(admin):
    accounts = admin.organization.service_accounts
    made = [accounts.create(name=f"account-{number}") for number in NUMBERS]
    rows, sizes = walk(accounts.list)
    assert [row.id for row in rows] == [row.id for row in reversed(made)] and sizes == [20, 20, 5]
    changed = accounts.update(made[0].id, description="first", organization_role="admin")
    assert (changed.description, changed.organization_role) == ("first", "admin")
    assert accounts.update(made[0].id, description=None).description == ""
    assert accounts.retrieve(made[0].id).updated_at > made[0].updated_at
    first = accounts.archive(made[0].id)
    assert accounts.archive(made[0].id) == first
    assert len(walk(accounts.list)[0]) == 44 and len(walk(accounts.list, include_archived=True)[0]) == 45
    with pytest.raises(BadRequestError):
        accounts.update(made[0].id, description="late")
    with pytest.raises(ConflictError):
        accounts.create(name="account-0")


def test_memberships_from_both_sides(sandbox, admin):
    account = admin.organization.service_accounts.create(name="ci")
    mine = admin.organization.service_accounts.workspaces
    theirs = admin.organization.workspaces.service_accounts
    assert [(row.workspace_id, row.implicit) for row in mine.list(account.id).data] == [(sandbox.workspace, True)]
    other = admin.organization.workspaces.create(name="Other")
    assert theirs.add(other.id, service_account_id=account.id, workspace_role="workspace_user").implicit is False
    assert theirs.update(account.id, workspace_id=other.id, workspace_role="workspace_admin").workspace_role == "workspace_admin"
    assert theirs.retrieve(account.id, workspace_id=other.id).workspace_role == "workspace_admin"
    assert [row.service_account_id for row in theirs.list(other.id).data] == [account.id]
    assert mine.add(account.id, workspace_id=other.id, workspace_role="workspace_user").workspace_role == "workspace_user"
    assert mine.remove(other.id, service_account_id=account.id).workspace_id == other.id
    assert theirs.remove(account.id, workspace_id=other.id).service_account_id == account.id
    with pytest.raises(NotFoundError):
        theirs.update(account.id, workspace_id=sandbox.workspace, workspace_role="workspace_admin")
    made = [admin.organization.workspaces.create(name=f"w{number}") for number in NUMBERS]
    for workspace in made:
        mine.add(account.id, workspace_id=workspace.id, workspace_role="workspace_user")
    rows, sizes = walk(lambda **query: mine.list(account.id, **query))
    assert len({row.workspace_id for row in rows}) == len(rows) == 46 and sizes[0] == 21


def test_issuers(admin):
    issuers = admin.organization.federation.issuers
    keys = {"type": "inline", "keys": [public_jwk("ES256", "k")]}
    made = [issuers.create(name=f"idp-{number}", issuer_url=f"https://idp{number}.example.com", jwks=keys) for number in NUMBERS]
    rows, sizes = walk(issuers.list)
    assert len({row.id for row in rows}) == 45 and sizes == [20, 20, 5]
    plain = issuers.create(name="plain", issuer_url="https://login.example.com")
    assert (plain.jwks.type, plain.check_jti, plain.max_jwt_lifetime_seconds) == ("discovery", True, 3600)
    changed = issuers.update(
        plain.id, name="other", check_jti=False, max_jwt_lifetime_seconds=60,
        jwks={"type": "explicit_url", "url": "https://login.example.com/keys"},
    )
    assert (changed.name, changed.jwks.type, changed.check_jti) == ("other", "explicit_url", False)
    assert issuers.update(plain.id, jwks_polling_disabled=False).jwks_polling_disabled_at is None
    with pytest.raises(BadRequestError):
        issuers.update(plain.id, jwks_polling_disabled=True)
    assert issuers.archive(plain.id).archived_at == issuers.archive(plain.id).archived_at
    assert issuers.retrieve(plain.id).archived_at
    with pytest.raises(ConflictError):
        issuers.create(name=made[0].name, issuer_url="https://x.example.com", jwks=keys)


@pytest.mark.parametrize(
    "issuer, field",
    [
        ({"issuer_url": "http://idp.example.com"}, "issuer_url"),
        ({"issuer_url": "https://10.0.0.1"}, "issuer_url"),
        ({"issuer_url": "https://idp.example.com:8443"}, "issuer_url"),
        ({"jwks": {"type": "explicit_url", "url": "http://idp.example.com/keys"}}, "jwks.url"),
        ({"jwks": {"type": "discovery", "discovery_base": "ftp://x.example.com"}}, "jwks.discovery_base"),
        ({"jwks": {"type": "inline", "keys": []}}, "jwks.keys"),
        ({"max_jwt_lifetime_seconds": 0}, "max_jwt_lifetime_seconds"),
        ({"max_jwt_lifetime_seconds": 176401}, "max_jwt_lifetime_seconds"),
        ({"name": "Not A Slug"}, "name"),
    ],
)
def test_bad_issuers_are_refused_with_the_field_in_front(admin, issuer, field):
    with pytest.raises(BadRequestError) as refused:
        admin.organization.federation.issuers.create(**({"name": "idp", "issuer_url": "https://idp.example.com"} | issuer))
    assert refused.value.body["error"]["message"].startswith(field + ": ")


def test_rules(sandbox, admin, federation):
    rules = admin.organization.federation.rules
    base = {
        "issuer_id": federation.issuer.id, "match": {"subject_prefix": "x"}, "oauth_scope": "workspace:inference",
        "target": {"type": "service_account", "service_account_id": federation.account.id},
    }
    made = [rules.create(name=f"rule-{number}", workspace_id=sandbox.workspace, **base) for number in NUMBERS]
    rows, sizes = walk(rules.list, issuer_id=federation.issuer.id)
    assert len({row.id for row in rows}) == 46 and sizes == [20, 20, 6]
    one = rules.retrieve(made[0].id)
    assert (one.issuer_name, one.target.service_account_name) == ("idp", "ci")
    assert ("attributes" in one.to_dict()) == OLD
    assert rules.update(one.id, description="d", token_lifetime_seconds=60, name="renamed").token_lifetime_seconds == 60
    assert rules.update(one.id, match={"claims": {"a": "b"}}).match.subject_prefix is None
    other = admin.organization.workspaces.create(name="Other")
    assert rules.workspaces.add(one.id, workspace_id=other.id).workspace_name is None
    assert {row.workspace_name for row in rules.workspaces.list(one.id).data} == {"Default", "Other"}
    with pytest.raises(BadRequestError):
        rules.update(one.id, workspace_id=other.id)
    assert rules.workspaces.remove(other.id, federation_rule_id=one.id).workspace_id == other.id
    archived = rules.archive(one.id)
    assert archived.workspace_ids == [] and rules.archive(one.id) == archived
    for late in (lambda: rules.update(one.id, description="x"), lambda: rules.workspaces.add(one.id, workspace_id=other.id)):
        with pytest.raises(BadRequestError):
            late()
    with pytest.raises(BadRequestError):
        admin.organization.service_accounts.archive(federation.account.id)
    with pytest.raises(BadRequestError):
        admin.organization.federation.issuers.archive(federation.issuer.id)


@pytest.mark.parametrize(
    "rule, kind, field",
    [
        ({"match": {"audience": "a"}}, BadRequestError, "match"),
        ({"match": {"subject_prefix": "*"}}, BadRequestError, "match"),
        ({"match": {"condition": "true"}}, BadRequestError, "match.condition"),
        ({"match": {"condition": "claims.a == 'x' || 1 == 1"}}, BadRequestError, "match.condition"),
        ({"match": {"condition": "request.a == 'x'"}}, BadRequestError, "match.condition"),
        ({"match": {"condition": "claims.a ="}}, BadRequestError, "match.condition"),
        ({"match": {"condition": "size(claims)"}}, BadRequestError, "match.condition"),
        ({"issuer_id": "fdis_01aaaaaaaaaaaaaaaaaaaaaa"}, BadRequestError, "issuer_id"),
        ({"workspace_id": "wrkspc_01aaaaaaaaaaaaaaaaaaaaaa"}, BadRequestError, "workspace_id"),
        ({"workspace_id": None}, BadRequestError, "workspace_id"),
        ({"token_lifetime_seconds": 59}, BadRequestError, "token_lifetime_seconds"),
        ({"token_lifetime_seconds": 86401}, BadRequestError, "token_lifetime_seconds"),
        ({"oauth_scope": "org:admin"}, PermissionDeniedError, "Rules with scope org"),
        ({"name": "main"}, ConflictError, "A federation rule named 'main'"),
    ],
)
def test_bad_rules_are_refused(sandbox, admin, federation, rule, kind, field):
    with pytest.raises(kind) as refused:
        admin.organization.federation.rules.create(
            **(
                {
                    "name": "other", "issuer_id": federation.issuer.id, "match": {"subject_prefix": "x"},
                    "oauth_scope": "workspace:inference", "workspace_id": sandbox.workspace,
                    "target": {"type": "service_account", "service_account_id": federation.account.id},
                }
                | rule
            )
        )
    assert refused.value.body["error"]["message"].startswith(field)


@pytest.mark.parametrize(
    "url, match, isPinned",
    [
        ("https://token.actions.githubusercontent.com", {"subject_prefix": "repo:acme/*"}, True),
        ("https://token.actions.githubusercontent.com", {"subject_prefix": "repo:*"}, False),
        ("https://token.actions.githubusercontent.com", {"subject_prefix": "repo:acme*"}, False),
        ("https://token.actions.githubusercontent.com", {"claims": {"ref": "refs/heads/main"}}, False),
        ("https://token.actions.githubusercontent.com", {"claims": {"repository_owner": "acme"}}, True),
        ("https://token.actions.githubusercontent.com", {"condition": "claims.repository_owner == 'acme'"}, True),
        ("https://token.actions.githubusercontent.com", {"condition": "claims.ref == 'claims.repository_owner'"}, False),
        ("https://gitlab.com", {"subject_prefix": "project_path:acme/*"}, True),
        ("https://gitlab.com", {"claims": {"ref": "main"}}, False),
        ("https://accounts.google.com", {"subject_prefix": "1088"}, True),
        ("https://accounts.google.com", {"subject_prefix": "1088*"}, False),
        ("https://app.terraform.io", {"subject_prefix": "organization:acme:*"}, True),
        ("https://agent.buildkite.com", {"claims": {"organization_slug": "acme"}}, True),
    ],
)
def test_rules_on_shared_issuers_name_their_tenant(sandbox, url, match, isPinned):
    def make():
        return Federation(sandbox, issuer={"issuer_url": url}, rule={"match": match})

    if isPinned:
        assert make().rule.id
    else:
        with pytest.raises(BadRequestError):
            make()


def test_workspaces(sandbox, admin):
    workspaces = admin.organization.workspaces
    made = [workspaces.create(name=f"w{number}", tags={"n": str(number)}) for number in NUMBERS]
    rows, sizes = walk(workspaces.list)
    assert [row.id for row in rows] == [row.id for row in reversed(made)] and sizes == [20, 20, 5]
    oldest = workspaces.list(limit=20, before_id=rows[44].id)
    assert [row.id for row in oldest.data] == [row.id for row in rows[24:44]] and oldest.has_more
    changed = workspaces.update(made[0].id, name="renamed", display_color="#00ff00", tags={"n": None, "team": "x"})
    assert (changed.name, changed.tags) == ("renamed", {"team": "x"})
    assert workspaces.retrieve(sandbox.workspace).name == "Default"
    assert len(workspaces.list(include_default=True, limit=1000).data) == 46
    if not OLD:
        assert [row.id for row in workspaces.list(ids=[made[3].id]).data] == [made[3].id]
    assert workspaces.archive(made[0].id).archived_at
    for forbidden in (lambda: workspaces.archive(sandbox.workspace), lambda: workspaces.update(sandbox.workspace, name="x")):
        with pytest.raises(BadRequestError):
            forbidden()


def test_people(sandbox):
    invites = sandbox.admin.organization.invites
    made = [invites.create(email=f"p{number}@acme.example", role="developer") for number in NUMBERS]
    rows, sizes = walk(invites.list)
    assert [row.id for row in rows] == [row.id for row in reversed(made)] and sizes == [20, 20, 5]
    assert invites.retrieve(made[0].id).status == "pending"
    assert invites.delete(made[0].id).id == made[0].id
    with pytest.raises(BadRequestError) as again:
        invites.create(email="P1@acme.example", role="user")
    assert again.value.body["error"]["details"]["error_code"] == "invite_already_exists"
    sandbox.request("/_sandbox/clock", {"advance_seconds": 22 * 86400})
    assert {row.status for row in invites.list(statuses=["expired"]).data} == {"expired"}
    users = sandbox.admin.organization.users
    assert [user.role for user in users.list().data] == ["admin"]
    with pytest.raises(BadRequestError):
        users.remove(users.list().data[0].id)
    assert users.list(email="nobody@acme.example").data == []


def test_compliance_settings_switch_the_feed(sandbox, admin):
    settings = admin.organization.compliance_settings
    assert settings.retrieve().state.type == "enabled"
    assert settings.update(state={"type": "disabled"}).state.type == "disabled"
    admin.organization.service_accounts.create(name="unseen")
    settings.update(state={"type": "enabled"})
    types = [row["type"] for row in sandbox.feed(**{"exclude_activity_types[]": "compliance_api_accessed"})]
    assert types == ["org_compliance_api_settings_updated"] * 2


def test_rate_limits(admin):
    page = admin.organization.rate_limits.list(group_type="model_group")
    assert page.data and all(row.group.type == "model_group" for row in page.data)
    workspace = admin.organization.workspaces.create(name="Limited")
    limits = admin.organization.workspaces.rate_limits
    assert limits.list(workspace.id, group_type="model_group").data == []
    assert len(limits.list(workspace.id, group_type="model_group", include_inherited=True).data) == len(page.data)
    with pytest.raises(NotFoundError):
        admin.organization.rate_limits.list(group_type="model_group", model="claude-unknown")


@pytest.mark.skipif(OLD, reason="came with 2.12.0")
def test_rate_limits_can_be_overridden(admin):
    limit = admin.organization.rate_limits.list(group_type="batch").data[0]
    workspace = admin.organization.workspaces.create(name="Limited")
    limits = admin.organization.workspaces.rate_limits
    row = limits.update(limit.id, workspace_id=workspace.id, limits=[{"type": "requests_per_minute", "value": 5}])
    assert [(one.value, one.source.type) for one in row.limits] == [(5, "workspace")]
    assert len(limits.list(workspace.id, group_type="batch").data) == 1
    limits.update(limit.id, workspace_id=workspace.id, limits=[{"type": "requests_per_minute", "value": None}])
    assert limits.list(workspace.id, group_type="batch").data == []


@pytest.mark.parametrize("path", ["service_accounts", "federation_issuers", "federation_rules", "workspaces", "users", "api_keys", "invites"])
def test_bad_limits_and_cursors_are_refused(sandbox, path):
    token = {"authorization": "Bearer " + sandbox.handover["oauth_admin_token"]}
    for query, field in [("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("page=zzz&after_id=zzz", ""), ("colour=red", "")]:
        status, headers, body = sandbox.request(f"/v1/organizations/{path}?{query}", headers=token)
        assert status == 400 and body["error"]["type"] == "invalid_request_error"
        assert body["error"]["message"].startswith(field) and body["request_id"] == headers["request-id"]
