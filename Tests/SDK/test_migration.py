"""A static key on its way out, with a workload played by the SDK itself, and with the program killed on the way."""

import json
import os
import pty
import signal
import subprocess

import pytest
from conftest import OLD
from migration import Team


@pytest.fixture
def team(tmp_path):
    team = Team(tmp_path)
    yield team
    team.gate.close()
    team.assert_key_is_nowhere()
    assert team.box.stop() == 0


def in_use(team):
    """The workload runs once a day with its key."""
    team.write_workload()
    for _ in range(2):
        assert team.run(team.file, ANTHROPIC_API_KEY=team.secret)
        team.pass_days(1)


def federated(team, days):
    """It is patched, and then runs without the key."""
    team.patch()
    assert "api_key" not in team.file.read_text()
    for _ in range(0, days, 2):
        assert team.run_federated()
        team.pass_days(2)


def test_a_key_in_use_is_federated_disabled_watched_and_archived(team):
    in_use(team)
    assert team.state() == "IN-USE"
    assert json.loads(team.verify("-1d", status=1).stdout)["cut_over"] is False
    federated(team, days=2)

    # It federates, but two days of silence are not the seven that a daily rhythm asks for.
    seen = json.loads(team.verify().stdout)
    assert seen["proven"] and seen["exchanges"] == 1 and seen["account_tokens"] > 0
    assert seen["subjects"] == ["repo:acme/api:ref:refs/heads/main"]
    assert team.state() == "SOAKING"
    refused = team.gatehouse("disable", team.id, "--copy-kept", "--yes", status=1)
    assert "asks for 7" in refused.stderr and team.status() == "active"

    for _ in range(3):
        assert team.run_federated()
        team.pass_days(2)
    seen = json.loads(team.verify().stdout)
    assert seen["volume"]["moved"] > 0.5 and seen["volume"]["key_tokens_after"] == 0
    assert team.state() == "READY-TO-DISABLE"
    team.gatehouse("disable", team.id, "--copy-kept", "--yes")
    assert team.status() == "inactive" and not team.run_with_key()
    assert team.run_federated()

    # Not in the same sitting, and not before the watch is over.
    assert "the watch is 7" in team.gatehouse("archive", team.id, "--yes", status=1).stderr
    for days in (1, 6):
        team.pass_days(days)
        assert team.run_federated()
    after = json.loads(team.verify().stdout)["aftermath"]
    assert after["account_tokens_a_day_after"] > 0 and after["denials"] == 0
    assert team.state() == "WATCHED"
    team.gatehouse("archive", team.id, "--yes")
    assert team.status() == "archived" and team.state() == "RETIRED"

    report = json.loads(team.gatehouse("report", team.id, "--json").stdout)
    steps = [step["step"] for step in report["keys"][0]["steps"]]
    assert steps == ["verify", "patch", "verify", "verify", "disable", "verify", "archive"]
    assert report["totals"] == {"RETIRED": 1}


def test_a_hidden_second_user_is_found_by_the_soak_and_what_broke_is_rolled_back(team):
    in_use(team)
    federated(team, days=4)
    # Somebody else has the same key, and uses it in the middle of the soak.
    assert team.run_with_key()
    team.pass_days(1)
    assert team.run_federated()
    team.pass_days(3)
    seen = json.loads(team.verify().stdout)
    assert seen["proven"] and seen["volume"]["key_tokens_after"] > 0 and len(seen["volume"]["key_used_on"]) == 1
    assert "Something still uses the key" in team.gatehouse("verify", team.id, "--rule", team.federation.rule.id, "--since", team.patched).stdout
    assert team.state() == "SOAKING"
    team.gatehouse("disable", team.id, "--copy-kept", "--yes", status=1)
    assert team.status() == "active"

    # A person thinks to know better, and learns otherwise.
    team.gatehouse("disable", team.id, "--copy-kept", "--waive", "an old laptop", "--yes")
    assert not team.run_with_key() and team.run_federated()
    team.gatehouse("rollback", team.id, "--yes")
    assert team.run_with_key() and team.state() == "ROLLED-BACK"
    # What was seen before proves nothing any more.
    assert "Nothing was verified" in team.gatehouse("disable", team.id, "--copy-kept", "--yes", status=1).stderr
    assert "an old laptop" in team.gatehouse("report", team.id).stdout


def test_a_brown_out_turns_the_key_on_again_at_its_end_and_when_it_is_interrupted(team):
    in_use(team)
    federated(team, days=2)
    team.verify()
    words = ["brownout", team.id, "--copy-kept", "--yes"]
    team.gatehouse(*words, "--for", "1s")
    assert team.status() == "active" and team.state() == "SOAKING"
    process = team.start(*words, "--for", "1h")
    for line in process.stderr:
        if "is off until" in line:
            break
    assert team.status() == "inactive" and team.state() == "BROWN-OUT" and not team.run_with_key()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert team.status() == "active" and team.run_with_key() and team.state() == "SOAKING"
    assert team.outcomes()[-2:] == [("brownout", "done"), ("restore", "done")]


def test_a_watch_ends_when_it_is_proven_at_its_deadline_and_when_it_is_interrupted(team):
    in_use(team)
    words = ["verify", team.id, "--rule", team.federation.rule.id, "--since", "-1h", "--watch", "--interval", "1"]
    assert "No exchange was seen" in team.gatehouse(*words, "--for", "0s", status=1).stdout
    team.patch()
    process = team.start(*words, "--for", "1h")
    assert " 0 exchanges" in process.stderr.readline()
    assert team.run_federated()
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and "The workload federates" in output and errors.endswith(": proven\n")
    process = team.start(*words[:4], "--since", "-0m", "--watch", "--interval", "1", "--for", "1h")
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "in the journal" in errors
    assert [step for step, _ in team.outcomes()].count("verify") == 3


STEPS = {
    "verify": ("active", []),
    "disable": ("inactive", ["--copy-kept", "--yes"]),
    "brownout": ("active", ["--copy-kept", "--yes", "--for", "1s"]),
    "rollback": ("active", ["--yes"]),
    "archive": ("archived", ["--yes"]),
}


def is_change(request):
    return request.startswith("POST /v1/organizations/api_keys/")


PLACES = {
    "the first request": lambda requests: len(requests) == 1,
    "one before the change": lambda requests: len(requests) == 4 and not any(map(is_change, requests)),
    "the change": lambda requests: is_change(requests[-1]),
    "what reads it back": lambda requests: len(requests) > 1 and is_change(requests[-2]),
}


@pytest.mark.skipif(OLD, reason="nothing of it depends on the SDK")
@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_it_is_done_or_not_done_and_goes_on_or_back(team, step):
    """The real process is killed with a request not passed on yet, or with its answer not read yet: before the change,
    at the change itself, and behind it."""
    in_use(team)
    federated(team, days=8)
    team.verify()
    after, options = STEPS[step]
    words = [step, team.id, *options]
    if step == "verify":
        words += ["--rule", team.federation.rule.id, "--since", team.patched]
    gate, seen = team.gate, set()
    places = [(name, when) for name in PLACES for when in ("before", "after")]
    for turn, (name, when) in enumerate(places[:4] if step == "verify" else places):
        # The key is brought to where the step begins.
        is_off = team.status() == "inactive"
        if step in ("rollback", "archive"):
            if not is_off:
                if team.state() != "READY-TO-DISABLE":
                    team.verify()
                team.gatehouse("disable", team.id, "--copy-kept", "--yes")
                if step == "archive":
                    team.pass_days(8)
        elif is_off or team.state() != "READY-TO-DISABLE":
            if is_off:
                team.gatehouse("rollback", team.id, "--yes")
            team.verify()

        gate.hold_at(PLACES[name], when)
        process = team.start(*words)
        while not gate.reached.wait(0.05) and process.poll() is None:
            pass
        assert gate.reached.is_set(), (name, when, process.communicate())
        process.kill()
        process.communicate(timeout=60)
        gate.release()

        # Half a step there is not: what the platform says and what the journal says agree, and nothing is left open.
        status, course = team.status(), team.course()
        seen.add(status)
        assert all(taken["outcome"] != "open" for taken in course["steps"]), course
        states = {
            "inactive": ("WATCHING", "WATCHED", "BROWN-OUT"), "active": ("READY-TO-DISABLE", "ROLLED-BACK"),
            "archived": ("RETIRED",),
        }
        assert course["state"] in states[status], (name, when, course)
        if status == "archived":
            break
        if turn in (1, 5) and step != "verify":
            team.gatehouse("rollback", team.id, "--yes")
            assert team.status() == "active" and team.state() == "ROLLED-BACK"
        elif step != "archive":
            team.gatehouse(*words)
            assert team.status() == after
    # It was killed on both sides of the change.
    assert len(seen) == (1 if step == "verify" else 2)
    if step == "archive":
        team.gatehouse(*words)
        assert team.status() == "archived" and team.state() == "RETIRED"


@pytest.mark.skipif(OLD, reason="nothing of it depends on the SDK")
def test_what_a_file_holds_is_exact_in_a_pipe_and_harmless_on_a_terminal(tmp_path):
    evil = "\x1b]0;owned\x07 # \x1b[2J"
    file = tmp_path / "repo" / ".github" / "workflows" / "a.yml"
    file.parent.mkdir(parents=True)
    file.write_text(
        f"on: push # {evil}\npermissions: {{contents: read}}\njobs:\n  a:\n    runs-on: x # {evil}\n    steps:\n"
        "      - uses: anthropics/claude-code-action@v1\n        with: {anthropic_api_key: '${{ secrets.A }}'}\n"
    )
    words = [
        os.environ["GATEHOUSE"], "migrate", "patch", str(tmp_path / "repo"), "--rule", "fdrl_1", "--organization", "o",
        "--account", "svac_1",
    ]
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    piped = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    assert evil in piped
    done = subprocess.run(["git", "apply", "-"], cwd=tmp_path / "repo", input=piped, text=True, env=environment)
    assert done.returncode == 0 and evil in file.read_text() and "anthropic_federation_rule_id" in file.read_text()
    subprocess.run(["git", "apply", "-R", "-"], cwd=tmp_path / "repo", input=piped, text=True, env=environment, check=True)

    ours, theirs = pty.openpty()
    process = subprocess.Popen(words, env=environment, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert b"\x1b" not in shown and b"\x07" not in shown and b"+    permissions: {contents: read, id-token: write}" in shown
