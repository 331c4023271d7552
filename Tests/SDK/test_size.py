"""Pages of every list, forward and, where the style has it, backward, over a sandbox with 45 of each thing."""

import pytest
from conftest import Sandbox


@pytest.fixture(scope="module")
def many():
    box = Sandbox("--size", "45")
    yield box
    box.stop()


LISTS = {
    "accounts": lambda it: it.service_accounts,
    "issuers": lambda it: it.federation.issuers,
    "rules": lambda it: it.federation.rules,
    "workspaces": lambda it: it.workspaces,
    "users": lambda it: it.users,
    "keys": lambda it: it.api_keys,
}


@pytest.mark.parametrize("name", LISTS)
def test_pages_have_neither_gap_nor_repeat(many, name):
    resource = LISTS[name](many.admin.organization)
    page = resource.list(limit=20)
    pages = [page]
    while page.has_next_page():
        page = page.get_next_page()
        pages.append(page)
    ids = [row.id for page in pages for row in page.data]
    assert len(ids) == len(set(ids)) and len(ids) in (45, 46) and [len(page.data) for page in pages[:2]] == [20, 20]
    if name in ("workspaces", "users", "keys"):
        back, cursor = list(pages[-1].data), pages[-1].first_id
        while True:
            page = resource.list(limit=20, before_id=cursor)
            back, cursor = page.data + back, page.first_id
            if not page.has_more:
                break
        assert [row.id for row in back] == ids


def test_the_feed_has_a_hundred_times_as_many(many):
    assert len(many.feed(**{"exclude_activity_types[]": "compliance_api_accessed", "created_at.gte": "2020-01-01T00:00:00Z"})) == 4500
