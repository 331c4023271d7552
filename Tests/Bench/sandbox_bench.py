"""sandbox_bench.py - the sandbox under load, against its HTTP server answering a constant (`bench serve`).

Requests a second by wrk, in turns on the two servers; and the server's processor time a request, which holds on a
busy machine too. Tokens are exchanged at an issuer that does not check `jti`, so that one token serves all along.
"""
import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request

import figures

VERSION = "2026-10-21"


@contextlib.contextmanager
def server(command):
    """Gives the process and its first line, and the seconds until that line."""
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            line = child.stdout.readline()
            yield child, line, time.monotonic() - begun
        finally:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                raise RuntimeError(f"{' '.join(command)} did not end when it was asked to")


class Organization:
    """The administrator of a running sandbox."""

    def __init__(self, handover):
        self.base, self.token = handover["base_url"], handover["oauth_admin_token"]
        self.identifier = handover["organization_id"]
        self.workspace = handover["default_workspace_id"]

    def make(self, path, body):
        request = urllib.request.Request(
            f"{self.base}/v1/organizations/{path}", json.dumps(body).encode(),
            {"authorization": f"Bearer {self.token}", "anthropic-version": VERSION, "content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["id"]

    def rule(self, name, issuer_url, key, account):
        issuer = self.make("federation_issuers", {
            "name": name, "issuer_url": issuer_url, "check_jti": False, "jwks": {"type": "inline", "keys": [key]}})
        return self.make("federation_rules", {
            "name": name, "issuer_id": issuer, "match": {"subject_prefix": "job:*", "claims": {"env": "prod"}},
            "target": {"type": "service_account", "service_account_id": account},
            "oauth_scope": "workspace:developer", "workspace_id": self.workspace})

    def exchange(self, rule, account, token):
        return json.dumps({
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": token,
            "federation_rule_id": rule, "organization_id": self.identifier, "service_account_id": account})


def ec_key(work):
    """A new P-256 key: its file, and its public half as a JWK."""
    path = os.path.join(work, "ec.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path],
                   check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"],
                            check=True, stdout=subprocess.PIPE).stdout[-64:]
    x, y = (base64.urlsafe_b64encode(half).rstrip(b"=").decode() for half in (public[:32], public[32:]))
    return path, {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "ec", "x": x, "y": y}


def mint(binary, issuer_url, *more):
    claims = {"iss": issuer_url, "sub": "job:deploy", "aud": "https://api.anthropic.com", "env": "prod",
              "exp": int(time.time()) + 3000}
    return figures.run([binary, "sandbox", "mint", "--claims", json.dumps(claims), *more]).output.decode().strip()


def wrk(url, seconds, connections, work, headers=(), body=None):
    """Requests a second, and how many were refused or failed."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    for header in headers:
        command += ["-H", header]
    if body is not None:
        script = os.path.join(work, "post.lua")
        with open(script, "w") as file:
            file.write(f"wrk.method = 'POST'\nwrk.body = [==[{body}]==]\n"
                       "wrk.headers['Content-Type'] = 'application/json'\n")
        command += ["-s", script]
    output = figures.run(command + [url]).output.decode()
    bad = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", output))
    count = int(re.search(r"(\d+) requests in", output).group(1))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), count, bad


def load(a, out, raw, work, sandbox, handover, floor, port):
    organization = Organization(handover)
    account = organization.make("service_accounts", {"name": "bench"})
    for index in range(30):
        organization.make("service_accounts", {"name": f"account-{index}"})
    pem, public = ec_key(work)
    ours, other = handover["issuer"]["url"], "https://ec.example.com"
    rs = organization.rule("rs", ours, handover["issuer"]["jwks"]["keys"][0], account)
    es = organization.rule("es", other, public, account)
    admin = [f"Authorization: Bearer {organization.token}", f"anthropic-version: {VERSION}"]
    base = handover["base_url"]
    works = [
        ("list of 20", f"{base}/v1/organizations/service_accounts?limit=20", admin, None),
        ("exchange, RS256", f"{base}/v1/oauth/token", [], organization.exchange(rs, account, mint(a.binary, ours))),
        ("exchange, ES256", f"{base}/v1/oauth/token", [], organization.exchange(
            es, account, mint(a.binary, other, "--key", pem, "--kid", "ec", "--alg", "ES256"))),
    ]
    for connections in (1, 8):
        for name, url, headers, body in works:
            rates = {}
            for who, process, target in (("floor", floor, f"http://127.0.0.1:{port}/"), ("ours", sandbox, url)):
                before = figures.cpu_of(process.pid)
                rate, count, bad = wrk(target, a.seconds, connections, work, headers, body)
                if bad:
                    raise RuntimeError(f"{name}: {bad} of {count} requests were refused")
                rates[who] = (rate, (figures.cpu_of(process.pid) - before) / count * 1e6)
            at = f"{name}, {connections} at a time"
            raw[at] = rates
            out.add("sandbox", at, rates["ours"][0], "req/s", "bare FlyingFox", rates["floor"][0])
            out.add("sandbox", f"{at}, processor", rates["ours"][1], "µs/req", "bare FlyingFox", rates["floor"][1])


def main(a, out, work):
    raw = {}
    out.section("Sandbox")
    for options in (["--scenario", "empty"], ["--scenario", "demo"], ["--size", str(a.size)]):
        starts = []
        for _ in range(3 if "--scenario" in options else 1):
            with server([a.binary, "sandbox", "serve", *options]) as (child, line, seconds):
                json.loads(line)
                starts.append((seconds * 1000, figures.cpu_of(child.pid) * 1000, figures.peak_of(child.pid)))
        wall, cpu, peak = sorted(starts)[len(starts) // 2]
        name = " ".join(options).replace("--scenario ", "")
        raw[name] = starts
        out.add("sandbox", f"start of {name}", wall, "ms")
        out.add("sandbox", f"start of {name}, processor", cpu, "ms")
        out.add("sandbox", f"memory of {name}", peak, "MB")
    if not shutil.which("wrk"):
        print("requests a second were not measured: wrk is not installed (make bench-peers)")
        return raw
    with server([a.binary, "sandbox", "serve"]) as (sandbox, line, _), \
            server([a.program, "serve"]) as (floor, port, _):
        load(a, out, raw, work, sandbox, json.loads(line), floor, int(port))
        out.add("sandbox", "memory after that", figures.peak_of(sandbox.pid), "MB", "bare FlyingFox",
                figures.peak_of(floor.pid))
    return raw
