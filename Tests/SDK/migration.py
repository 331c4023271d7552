"""What the stories of keys on their way out need: the program with its own store and a clock that can be moved, a
workload whose file the program patches, and a gate that requests can be held at."""

import datetime
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.parse
from pathlib import Path

from conftest import Federation, Sandbox

DAY = 86400
WORKLOAD = '''"""Says hello once."""
import os

from anthropic import Anthropic

key = os.environ["ANTHROPIC_API_KEY"]
client = Anthropic(api_key=key, max_retries=0)
message = client.messages.create(
    model="claude-sonnet-5", max_tokens=64, messages=[{"role": "user", "content": "hello"}]
)
print(message.content[0].text)
'''


class Team:
    """An organization with a static key that nothing uses yet, and whoever migrates it."""

    def __init__(self, folder):
        self.folder, self.ahead, self.said = Path(folder), 0, []
        self.box = Sandbox("--scenario", "demo", "--seed", "11")
        # Always by this address, for the program keeps what it knows of each platform apart.
        self.gate = Gate(self.box.url)
        self.federation = Federation(self.box, rule={"name": "main-of-the-story"})
        self.clock = self.folder / "clock.so"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.clock, source, "-ldl"], check=True)
        records = [json.loads(line) for line in self.gatehouse("inventory", "--json").stdout.splitlines()]
        record = next(
            record for record in records
            if record["key"]["status"] == "active" and record["use"] is None and record["key"]["principal"] is None
            and record["key"]["scope"]["type"] == "workspace" and record["history_days"] >= 90
        )
        self.key = record["key"]
        self.id = self.key["id"]
        self.secret = self.box.request("/_sandbox/keys")[2]["keys"][self.id]

    def environment(self, **more):
        home = str(self.folder)
        return {
            "HOME": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "XDG_DATA_HOME": home + "/data",
            "XDG_CONFIG_HOME": home + "/config", "XDG_STATE_HOME": home + "/state", "SWIFT_BACKTRACE": "enable=no",
        } | more

    def start(self, *words):
        """A step of the migration, as a process that goes on."""
        handover = self.box.handover
        environment = self.environment(
            ANTHROPIC_OAUTH_TOKEN=handover["oauth_admin_token"], ANTHROPIC_ADMIN_KEY=handover["admin_api_key"],
            LD_PRELOAD=str(self.clock), CLOCK_AHEAD=str(self.ahead),
        )
        if not self.clock.exists():
            environment.pop("LD_PRELOAD")
        return subprocess.Popen(
            [os.environ["GATEHOUSE"], "migrate", *words, "--base-url", self.gate.url],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def gatehouse(self, *words, status=0):
        process = self.start(*words)
        process.stdout_text, process.stderr_text = process.communicate(timeout=120)
        result = subprocess.CompletedProcess(words, process.returncode, process.stdout_text, process.stderr_text)
        self.said.append(result.stdout + result.stderr)
        assert status is None or result.returncode == status, (words, result)
        return result

    def course(self):
        return json.loads(self.gatehouse("status", self.id, "--json").stdout)

    def state(self):
        return self.course()["state"]

    def outcomes(self):
        return [(step["step"], step["outcome"]) for step in self.course()["steps"]]

    def status(self):
        return self.box.request(f"/v1/organizations/api_keys/{self.id}", key=self.box.handover["admin_api_key"])[2]["status"]

    def pass_days(self, days):
        self.ahead += round(days * DAY)
        self.box.request("/_sandbox/clock", {"advance_seconds": round(days * DAY)})

    def verify(self, since=None, **options):
        since = since or self.patched
        return self.gatehouse("verify", self.id, "--rule", self.federation.rule.id, "--since", since, "--json", **options)

    # The workload

    def write_workload(self):
        folder = self.folder / "workload"
        folder.mkdir()
        self.file = folder / "hello.py"
        self.file.write_text(WORKLOAD)
        for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"]):
            subprocess.run(["git", "-C", folder, *words], check=True)
        return folder

    def run(self, file, **variables):
        """Runs a workload in a process of its own; gives whether it got its answer."""
        environment = self.environment(ANTHROPIC_BASE_URL=self.box.url, **variables)
        done = subprocess.run([sys.executable, file], env=environment, capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) == ("canned" in done.stdout), done
        return done.returncode == 0

    def run_with_key(self):
        hello = self.folder / "key-in-hand.py"
        hello.write_text(WORKLOAD)
        return self.run(hello, ANTHROPIC_API_KEY=self.secret)

    def run_federated(self):
        now = int(self.now().timestamp())
        token = self.folder / "identity-token"
        token.write_text(self.federation.token(self.federation.claims(iat=now, exp=now + 300)))
        return self.run(
            self.file, ANTHROPIC_FEDERATION_RULE_ID=self.federation.rule.id,
            ANTHROPIC_ORGANIZATION_ID=self.box.organization, ANTHROPIC_SERVICE_ACCOUNT_ID=self.federation.account.id,
            ANTHROPIC_IDENTITY_TOKEN_FILE=str(token),
        )

    def now(self):
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.ahead)

    def patch(self):
        self.patched = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        words = [
            "patch", str(self.file.parent), "--rule", self.federation.rule.id, "--organization", self.box.organization,
            "--account", self.federation.account.id, "--key", self.id, "--write",
        ]
        self.gatehouse(*words)

    def assert_key_is_nowhere(self):
        """Neither in anything that was said, nor in any file of the program's."""
        text = self.secret.encode()
        assert not any(self.secret in words for words in self.said)
        for place in ("data", "state", "config"):
            for file in (self.folder / place).rglob("*"):
                assert not file.is_file() or text not in file.read_bytes(), file


class Gate:
    """Stands between the program and the sandbox, counts requests, and holds one of them: before it is passed on, or
    when it was answered and the answer is not yet given."""

    def __init__(self, url):
        gate, target = self, urllib.parse.urlparse(url).netloc
        self.requests, self.held_at, self.lock = [], (lambda _: False, ""), threading.Lock()
        self.reached, self.go_on = threading.Event(), threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                with gate.lock:
                    gate.requests.append(f"{self.command} {self.path.split('?')[0]}")
                    is_meant, when = gate.held_at[0](gate.requests), gate.held_at[1]
                if is_meant and when == "before":
                    return gate.hold(self)
                connection = http.client.HTTPConnection(target, timeout=30)
                connection.request(self.command, self.path, body or None, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                if is_meant and when == "after":
                    return gate.hold(self)
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = handle_one

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self, handler):
        self.reached.set()
        self.go_on.wait(60)
        handler.close_connection = True

    def hold_at(self, place, when):
        """place tells from the requests so far whether the last one is meant."""
        self.requests, self.held_at = [], (place, when)
        self.reached.clear()
        self.go_on.clear()

    def release(self):
        self.held_at = (lambda _: False, "")
        self.go_on.set()

    def close(self):
        self.release()
        self.server.shutdown()
        self.server.server_close()
