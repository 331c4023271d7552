"""audit_bench.py - the audit log's store against the sqlite3 program's own import and text index of the same log.

Import, size, memory, and the first page of a filter, a word and a time; then the console on a full store beside the
console on an empty one. The peers' side is done by log_peers.py, on the same file in the same run.
"""
import json
import os
import shutil
import subprocess
import sys

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
ADA = "ada.root@example.com"


def peers(events, work, only):
    out = os.path.join(work, "peers.json")
    subprocess.run([sys.executable, os.path.join(HERE, "log_peers.py"), "--sizes", str(events), "--only", only,
                    "--work", work, "--keep", "--json", out], check=True, stdout=subprocess.DEVNULL)
    with open(out) as file:
        return json.load(file)[str(events)]


def store(work, name):
    """An environment whose store is in a directory of its own, with no credentials."""
    home = os.path.join(work, name)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANTHROPIC")}
    return home, dict(kept, HOME=home, GATEHOUSE_DATA_HOME=home, GATEHOUSE_CONFIG_HOME=home, GATEHOUSE_STATE_HOME=home)


def size(home):
    return sum(os.path.getsize(os.path.join(home, name)) for name in os.listdir(home) if ".sqlite" in name)


def queries(a, out, environment, truth, theirs):
    """The first page of whole commands: start of the program, opening the store, answer, JSON."""
    start = figures.best(5, [a.binary, "audit", "query", "--json", "--limit", "1"], env=environment).cpu
    out.add("audit", "the newest activity, whole command, processor", start * 1000, "ms")
    for name, arguments, peer in (
            ("by actor", ["--filter", f"actor:{ADA}"], "last 40 of actor ms"),
            ("a word, one in 1000", ["--search", "quokka"], "FTS 1 in 1000, last 40 ms"),
            ("from a time", ["--until", "2026-01-02T00:00:00Z"], "jump to time, 40 rows ms")):
        done = figures.best(5, [a.binary, "audit", "query", "--json", "--limit", "40", *arguments], env=environment)
        if len(done.output.splitlines()) != 40:
            raise RuntimeError(f"{name}: not 40 activities")
        out.add("audit", f"first page {name}, over that", max(0, done.cpu - start) * 1000, "ms",
                "sqlite3, query alone", theirs.get(peer))
    count = figures.run([a.binary, "audit", "query", "--count", "--json", "--filter", f"actor:{ADA}"], env=environment)
    if json.loads(count.output)["count"] != truth["actor_ada"]:
        raise RuntimeError("an actor was counted wrongly")


def console(a, environment, keys=""):
    """The console on a platform that is not there, so that only the store speaks."""
    command = [a.python, os.path.join(HERE, "pty_probe.py"), "--ready", "Overview", "--keys", keys, "--timeout", "20",
               "--repeat", "1" if keys else str(a.runs), "--", a.binary, "console", "--base-url", "http://127.0.0.1:9"]
    return json.loads(figures.run(command, env=dict(environment, ANTHROPIC_AUTH_TOKEN="none"), check=False).output)


def screen(a, out, full, empty, raw):
    starts = {}
    for name, environment in (("full", full), ("empty", empty)):
        starts[name] = raw[f"console, {name}"] = console(a, environment)
    paint = {name: done["median"]["start"]["paint_ms"]["median"] for name, done in starts.items()}
    out.add("audit", "console starts on the full store", paint["full"], "ms", "on an empty one", paint["empty"], "<= 1.2")
    filtering = f"mark:open 4 settle:0.3 mark:filter / text:actor:{ADA} Enter settle:0.5 mark:page PgUp*200 mark:end"
    done = raw["console, filtered"] = console(a, full, filtering)
    phases = done.get("phases", {})

    def since(phase):
        notes = phases.get(phase, {}).get("notes") or [{}]
        return notes[-1].get("since_key_ms")
    out.add("audit", "key to the audit log's first page", since("open"), "ms")
    out.add("audit", "key to the first page of a filter, count and all", since("filter"), "ms")
    out.add("audit", "page through what was filtered", phases.get("page", {}).get("paint_p50_ms"), "ms")
    out.add("audit", "memory after 200 pages", done["hwm_kb"] / 1024, "MB")


def main(a, out, work):
    raw = {}
    for events in a.events:
        out.section(f"Audit, {events:,} activities")
        only = "sqlite" + (",lnav" if shutil.which("lnav") and events <= 1_000_000 else "")
        raw[str(events)] = theirs = peers(events, work, only)
        log = os.path.join(work, f"audit-{events}.jsonl")
        with open(f"{log}.truth") as file:
            truth = json.load(file)
        home, environment = store(work, f"store-{events}")
        os.makedirs(home)
        done = figures.run([a.binary, "audit", "import", log, "--json"], env=environment)
        counts = json.loads(done.output)
        if counts["added"] != events:
            raise RuntimeError(f"not all were imported: {counts}")
        sqlite = theirs["sqlite3 3.40"]
        cpu = sqlite["import + 2 indexes CPU s"] + sqlite["FTS5 build CPU s"]
        wall = sqlite["import + 2 indexes s"] + sqlite["FTS5 build s"]
        out.add("audit", "imported, by processor time", events / done.cpu, "/s", "sqlite3 import + FTS5", events / cpu,
                ">= 1.5")
        out.add("audit", "imported, by the clock", events / done.wall, "/s", "sqlite3 import + FTS5", events / wall)
        if "lnav" in theirs and "index CPU s" in theirs["lnav"]:
            out.add("audit", "imported, by processor time", events / done.cpu, "/s", "lnav, without a text index",
                    events / theirs["lnav"]["index CPU s"])
        out.add("audit", "memory of the import", done.peak, "MB")
        out.add("audit", "size of the store", size(home) / 1e6, "MB", "the log", os.path.getsize(log) / 1e6)
        queries(a, out, environment, truth, sqlite)
        empty, environment_of_empty = store(work, f"empty-{events}")
        os.makedirs(empty)
        console_raw = raw[f"{events}, console"] = {}
        screen(a, out, environment, environment_of_empty, console_raw)
        if "lnav" in theirs and "MB" in theirs["lnav"]:
            out.add("audit", "memory after 200 pages", console_raw["console, filtered"]["hwm_kb"] / 1024, "MB", "lnav",
                    theirs["lnav"]["MB"], "<= 0.1")
        shutil.rmtree(home)
        os.remove(log)
    return raw
