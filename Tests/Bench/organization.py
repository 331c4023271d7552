"""organization.py - a large organization in a sandbox process of its own, and a console's store that has seen it.

What the goals of the screen are held to: 10,000 service accounts, 1000 rules, and millions of events in the store.
"""
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys

import figures
import sandbox_bench

HERE = os.path.dirname(os.path.abspath(__file__))


class Filled:
    """A sandbox with so many accounts and rules, made over HTTP as an administrator would."""

    def __init__(self, handover, accounts, rules):
        self.base, self.token = handover["base_url"], handover["oauth_admin_token"]
        self.handover = handover
        host, port = self.base.split("//")[1].split(":")
        self.line = http.client.HTTPConnection(host, int(port))
        issuer = self.make("federation_issuers", {
            "name": "github", "issuer_url": "https://token.actions.githubusercontent.com",
            "jwks": {"type": "discovery"}})
        made = [self.make("service_accounts", {"name": f"account-{n:05}", "description": f"deploys service {n}"})
                for n in range(accounts)]
        for n in range(rules):
            self.make("federation_rules", {
                "name": f"rule-{n:04}", "issuer_id": issuer,
                "match": {"subject_prefix": f"repo:acme/service-{n}:ref:refs/heads/main",
                          "audience": "https://api.anthropic.com"},
                "target": {"type": "service_account", "service_account_id": made[n * accounts // rules]},
                "oauth_scope": "workspace:developer", "workspace_id": handover["default_workspace_id"]})
        self.line.close()

    def make(self, path, body):
        self.line.request("POST", f"/v1/organizations/{path}", json.dumps(body), {
            "authorization": f"Bearer {self.token}", "anthropic-version": sandbox_bench.VERSION,
            "content-type": "application/json"})
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]}")
        return json.loads(text)["id"]


@contextlib.contextmanager
def silent():
    """An address on loopback that takes connections and never answers: a platform out of reach."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def environment(home, handover):
    """One whose store, settings and log are in a directory of their own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANTHROPIC")}
    return dict(kept, GATEHOUSE_DATA_HOME=home, GATEHOUSE_CONFIG_HOME=home, GATEHOUSE_STATE_HOME=home,
                ANTHROPIC_OAUTH_TOKEN=handover["oauth_admin_token"], ANTHROPIC_ADMIN_KEY=handover["admin_api_key"])


@contextlib.contextmanager
def served(a, work, accounts, rules, events):
    """Gives the address of a sandbox, and an environment whose store holds its lists and so many events."""
    command = [a.binary, "sandbox", "serve", "--scenario", "empty"]
    with sandbox_bench.server(command) as (_, line, _):
        sandbox = Filled(json.loads(line), accounts, rules)
        home = os.path.join(work, f"store-{accounts}-{events}")
        os.makedirs(home)
        ours = environment(home, sandbox.handover)
        if events:
            log = os.path.join(work, f"events-{events}.jsonl")
            if not os.path.exists(log):
                subprocess.run([sys.executable, os.path.join(HERE, "gen_audit.py"), "-n", str(events), "-o", log],
                               check=True)
            figures.run([a.binary, "audit", "import", log, "--json"], env=ours)
            os.remove(log)
        # Once through every list, so that each is kept as it was last seen.
        keys = "wait:audit%20log%20read 2 wait:account-0 settle:0.5 3 wait:rule-0 settle:0.5 6 settle:0.5 1 settle:0.5"
        seen = figures.run(
            [a.python, os.path.join(HERE, "pty_probe.py"), "--ready", "Overview", "--keys", keys, "--timeout", "60",
             "--", a.binary, "console", "--base-url", sandbox.base], env=ours)
        if json.loads(seen.output).get("exit") != 0:
            raise RuntimeError("the console did not get through its lists")
        yield sandbox.base, ours
