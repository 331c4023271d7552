"""A sandbox for each test, and clients for it as a team's automation would have them."""

import json
import os
import select
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import anthropic
import jwt
import pytest
from anthropic import Anthropic
from anthropic.lib.credentials import WorkloadIdentityCredentials
from cryptography.hazmat.primitives.asymmetric import ec, rsa

OLD = anthropic.__version__.startswith("1.")
AUDIENCE = "https://api.anthropic.com"
KINDS = {
    "RS": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ES512": lambda: ec.generate_private_key(ec.SECP521R1()),
}
_keys = {}


def key_for(algorithm):
    """Keys are slow to make, so each kind is made once."""
    kind = algorithm if algorithm in KINDS else "RS"
    if kind not in _keys:
        _keys[kind] = KINDS[kind]()
    return _keys[kind]


def public_jwk(algorithm, kid):
    make = jwt.algorithms.ECAlgorithm if algorithm.startswith("ES") else jwt.algorithms.RSAAlgorithm
    jwk = json.loads(make.to_jwk(key_for(algorithm).public_key()))
    jwk.pop("key_ops", None)
    return jwk | {"kid": kid, "use": "sig", "alg": algorithm}


class Sandbox:
    """One running `gatehouse sandbox serve`."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [os.environ["GATEHOUSE"], "sandbox", "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.process.kill()
            raise RuntimeError(f"the sandbox did not start: {self.process.stderr.read().decode()}")
        self.handover = json.loads(line)
        self.url = self.handover["base_url"]
        self.organization = self.handover["organization_id"]
        self.workspace = self.handover["default_workspace_id"]

    def client(self, **options):
        options = {"base_url": self.url, "max_retries": 0, "_strict_response_validation": True} | options
        return Anthropic(**options)

    @property
    def admin(self):
        return self.client(auth_token=self.handover["oauth_admin_token"])

    def request(self, path, body=None, method=None, key=None, headers={}, version="2023-06-01"):
        """Plain HTTP, for what the SDK does not have. Gives status, headers and JSON."""
        request = urllib.request.Request(self.url + path, method=method or ("POST" if body is not None else "GET"))
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        if version:
            request.add_header("anthropic-version", version)
        if key:
            request.add_header("x-api-key", key)
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, json.loads(error.read() or b"null")

    def feed(self, **query):
        """All activities that match, newest first, page by page."""
        rows, after = [], None
        while True:
            pairs = [(name, value) for name, values in query.items() for value in ([values] if isinstance(values, str) else values)]
            pairs += [("limit", "20")] + ([("after_id", after)] if after else [])
            status, _, page = self.request(
                "/v1/compliance/activities?" + urllib.parse.urlencode(pairs), key=self.handover["admin_api_key"]
            )
            assert status == 200, page
            rows += page["data"]
            after = page["last_id"]
            if not page["has_more"]:
                return rows

    def last_exchange(self):
        rows = self.feed(**{"activity_types[]": "platform_federated_authentication"})
        return rows[0] if rows else None

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()
        return status


@pytest.fixture
def sandbox():
    box = Sandbox()
    yield box
    assert box.stop() == 0


@pytest.fixture
def admin(sandbox):
    with sandbox.admin as client:
        yield client


class Federation:
    """An issuer with a key of the test, an account, and a rule between them."""

    url = "https://idp.acme.example"

    def __init__(self, sandbox, algorithm="RS256", issuer={}, rule={}):
        self.sandbox, self.algorithm, self.kid = sandbox, algorithm, f"key-{algorithm}"
        organization = sandbox.admin.organization
        self.account = organization.service_accounts.create(name="ci")
        self.issuer = organization.federation.issuers.create(
            **({"name": "idp", "issuer_url": self.url, "jwks": {"type": "inline", "keys": [public_jwk(algorithm, self.kid)]}} | issuer)
        )
        self.rule = organization.federation.rules.create(
            **(
                {
                    "name": "main",
                    "issuer_id": self.issuer.id,
                    "match": {"subject_prefix": "repo:acme/api:*", "audience": AUDIENCE, "claims": {"env": "prod"}},
                    "target": {"type": "service_account", "service_account_id": self.account.id},
                    "oauth_scope": "workspace:developer",
                    "workspace_id": sandbox.workspace,
                }
                | rule
            )
        )

    def claims(self, **changes):
        now = int(time.time())
        claims = {
            "iss": self.url, "sub": "repo:acme/api:ref:refs/heads/main", "aud": AUDIENCE, "env": "prod",
            "iat": now, "exp": now + 300, "jti": str(uuid.uuid4()),
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, claims=None, algorithm=None, key=None, **header):
        algorithm = algorithm or self.algorithm
        headers = {name: value for name, value in ({"kid": self.kid} | header).items() if value is not None}
        return jwt.encode(claims or self.claims(), key or key_for(algorithm), algorithm=algorithm, headers=headers)

    def credentials(self, token=None, **changes):
        token = token or self.token()
        return WorkloadIdentityCredentials(
            **(
                {
                    "identity_token_provider": lambda: token,
                    "federation_rule_id": self.rule.id,
                    "organization_id": self.sandbox.organization,
                    "service_account_id": self.account.id,
                }
                | changes
            )
        )

    def exchange(self, token=None, **changes):
        """One exchange over plain HTTP: status and body."""
        body = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": token or self.token(),
            "federation_rule_id": self.rule.id,
            "organization_id": self.sandbox.organization,
            "service_account_id": self.account.id,
        } | changes
        body = {name: value for name, value in body.items() if value is not None}
        status, _, answer = self.sandbox.request("/v1/oauth/token", body)
        return status, answer

    def use(self, **options):
        """A client that signs in by exchange, and one request with it."""
        with self.sandbox.client(credentials=self.credentials(**options)) as client:
            return client.messages.create(
                model="claude-sonnet-5", max_tokens=64, messages=[{"role": "user", "content": "hello"}]
            )


@pytest.fixture
def federation(sandbox):
    return Federation(sandbox)
