"""Issuers whose keys lie at an address: a provider on loopback that the sandbox really asks."""

import http.server
import json
import threading

import pytest
from conftest import Federation, public_jwk


class Provider(http.server.ThreadingHTTPServer):
    """An identity provider with a discovery document and a key set."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.keys, self.asked = [public_jwk("RS256", "key-RS256")], []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        documents = {
            "/.well-known/openid-configuration": {"issuer": self.server.url, "jwks_uri": self.server.url + "/keys"},
            "/keys": {"keys": self.server.keys},
        }
        body = json.dumps(documents.get(self.path, {})).encode()
        self.send_response(200 if self.path in documents else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    server = Provider()
    yield server
    server.shutdown()
    server.server_close()


def test_keys_are_discovered_and_kept(sandbox, provider):
    it = Federation(sandbox, issuer={"issuer_url": provider.url, "jwks": {"type": "discovery"}})
    for _ in range(2):
        assert it.exchange(it.token(it.claims(iss=provider.url)))[0] == 200
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]
    status = sandbox.admin.organization.federation.issuers.retrieve(it.issuer.id).poll_status
    assert status.consecutive_failures == 0 and status.last_fetched_at


def test_keys_may_have_an_address_of_their_own(sandbox, provider):
    it = Federation(sandbox, issuer={"jwks": {"type": "explicit_url", "url": provider.url + "/keys"}})
    assert it.exchange()[0] == 200
    assert provider.asked == ["/keys"]


def test_a_provider_that_does_not_answer_lets_nobody_in(sandbox, provider):
    it = Federation(sandbox, issuer={"jwks": {"type": "explicit_url", "url": provider.url + "/nothing"}})
    assert it.exchange()[0] == 401
    assert sandbox.last_exchange()["status"]["reason"] == "unknown_kid"
    status = sandbox.admin.organization.federation.issuers.retrieve(it.issuer.id).poll_status
    assert status.consecutive_failures == 1 and status.last_fetched_at is None
