"""The example organization, read whole through the SDK's strict models."""

import pytest
from conftest import OLD, Sandbox


@pytest.fixture(scope="module")
def demo():
    box = Sandbox("--scenario", "demo", "--seed", "3")
    yield box
    box.stop()


def test_everything_in_it_is_as_the_platform_would_write_it(demo):
    organization = demo.admin.organization
    accounts = list(organization.service_accounts.list(include_archived=True))
    issuers = list(organization.federation.issuers.list(include_archived=True))
    rules = list(organization.federation.rules.list(include_archived=True))
    keys = list(organization.api_keys.list())
    assert (len(accounts), len(issuers), len(rules), len(keys)) == (12, 8, 20, 25)
    for account in accounts:
        list(organization.service_accounts.workspaces.list(account.id))
    for rule in rules:
        list(organization.federation.rules.workspaces.list(rule.id))
    for workspace in organization.workspaces.list(include_archived=True):
        list(organization.workspaces.members.list(workspace.id))
    assert {user.email for user in organization.users.list()} >= {"ada@acme.example"}
    assert [invite.status for invite in organization.invites.list()] == ["pending", "pending"]
    assert {issuer.name for issuer in issuers if issuer.jwks_polling_disabled_at} == {"okta-staff"}


def test_keys_are_renamed_switched_off_and_archived_for_good(demo):
    keys = demo.admin.organization.api_keys
    key = next(key for key in keys.list(status="active") if key.name == "backend-prod")
    assert (key.scope.type, key.principal) == ("workspace", None)
    _, _, secrets = demo.request("/_sandbox/keys")
    client = demo.client(api_key=secrets["keys"][key.id])
    assert client.models.list().data
    assert keys.update(key.id, name="old", status="inactive").status == "inactive"
    with pytest.raises(Exception, match="401"):
        client.models.list()
    keys.update(key.id, status="active")
    assert client.models.list().data
    keys.update(key.id, status="archived")
    with pytest.raises(Exception, match="400"):
        keys.update(key.id, status="active")
    assert keys.retrieve(key.id).status == "archived"
    assert ("workspace_id" in keys.retrieve(key.id).to_dict()) == OLD


def test_users_and_members(demo):
    organization = demo.admin.organization
    user = next(user for user in organization.users.list() if user.email == "emi@acme.example")
    workspace = next(one for one in organization.workspaces.list() if one.name == "Production")
    members = organization.workspaces.members
    assert members.add(workspace.id, user_id=user.id, workspace_role="workspace_user").user_id == user.id
    assert members.update(user.id, workspace_id=workspace.id, workspace_role="workspace_admin").workspace_role == "workspace_admin"
    assert members.retrieve(user.id, workspace_id=workspace.id).workspace_id == workspace.id
    assert [member.user_id for member in members.list(workspace.id)] == [user.id]
    assert members.remove(user.id, workspace_id=workspace.id).type == "workspace_member_deleted"
    assert organization.users.update(user.id, role="user").role == "user"
    assert organization.users.retrieve(user.id).role == "user"
    laptop = next(key for key in organization.api_keys.list() if key.name == "emi-laptop")
    assert organization.users.remove(user.id).type == "user_deleted"
    assert organization.api_keys.retrieve(laptop.id).status == "archived"


def test_api_keys_come_in_pages(demo):
    page = demo.admin.organization.api_keys.list(limit=20)
    assert (len(page.data), page.has_more) == (20, True)
    rest = page.get_next_page()
    assert (len(rest.data), rest.has_more) == (5, False)
    back = demo.admin.organization.api_keys.list(limit=20, before_id=rest.first_id)
    assert [key.id for key in back.data] == [key.id for key in page.data] and not back.has_more
