"""screen_bench.py - the console in a terminal: start, key to paint, bytes, memory, beside the ncurses floor and peers.

On the example organization, whose sandbox is in the same process; and as people run it: on a platform that is another
process, with --size accounts, a tenth as many rules and --stored events in the store. The figures are those of
tui_peers.py, whose table is printed too.
"""
import json
import os
import shutil
import statistics
import subprocess

import figures
import organization

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["less", "tig", "htop", "mutt", "mc"]
FLOOR, MARKER = "ncurses floor", "floor marker row"
READY = "What needs you"

# metric, path, unit, and the goal by peer
METRICS = [
    ("start to first screen", ("start", "median", "start", "paint_ms", "median"), "ms",
     {"mc": "<= 0.75", FLOOR: "<= 3"}),
    ("processor time until then", ("start", "median", "start", "cpu_ms", "median"), "ms", {"mc": "<= 0.7"}),
    ("bytes of the first screen", ("start", "median", "start", "bytes", "median"), "B", {FLOOR: "<= 1.3"}),
    ("start on a terminal that answers nothing", ("mute", "start", "paint_ms"), "ms", {}),
    ("cursor move, key to paint, median", ("keys", "phases", "move", "paint_p50_ms"), "ms", {"mutt": "<= 1"}),
    ("cursor move, key to paint, 95 %", ("keys", "phases", "move", "paint_p95_ms"), "ms", {}),
    ("cursor move, bytes", ("keys", "phases", "move", "bytes_p50"), "B", {"mc": "<= 0.5", MARKER: ""}),
    ("cursor move, processor time", ("keys", "phases", "move", "cpu_ms_per_event"), "ms", {"mutt": "<= 1"}),
    ("scroll by one, bytes", ("keys", "phases", "scroll", "bytes_p50"), "B", {"less": "<= 1"}),
    ("scroll by one, median", ("keys", "phases", "scroll", "paint_p50_ms"), "ms", {"mc": "<= 1"}),
    ("page down, median", ("keys", "phases", "page", "paint_p50_ms"), "ms", {"mc": "<= 1"}),
    ("page down, bytes a changed cell", ("keys", "phases", "page", "bytes_per_cell"), "B", {"mutt": ""}),
    ("held key, 200 at once, bytes", ("keys", "phases", "burst", "bytes_p50"), "B", {}),
    ("held key, 200 at once, until painted", ("keys", "phases", "burst", "paint_p50_ms"), "ms", {}),
    ("peak memory", ("keys", "hwm_kb"), "KB", {"mc": "<= 1"}),
]


def at(figures, *path):
    for step in path:
        figures = figures.get(step) if isinstance(figures, dict) else None
    return figures


def probe(a, names, command, keys, work, environment=None, fast=False):
    """What tui_peers.py finds of ours and the peers named; `keys` lead to a list."""
    out = os.path.join(work, "screen.json")
    subprocess.run(
        [a.python, os.path.join(HERE, "tui_peers.py"), "--only", ",".join(["gatehouse", *names]),
         "--add", f"gatehouse={a.binary} {command}", "--ready-of", READY, "--keys-before", keys,
         "--json", out, "--calm-wait", str(a.calm_wait), "--runs", str(a.runs)]
        + (["--fast"] if a.fast or fast else []), check=True, env=environment)
    with open(out) as file:
        return json.load(file)


def complete(a, command, text):
    """Milliseconds from the start to a text that only what was loaded can have brought."""
    command = [a.python, os.path.join(HERE, "pty_probe.py"), "--ready", text, "--timeout", "60", "--", a.binary,
               *command.split()]
    found = []
    for _ in range(3):
        done = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        found.append(at(done, "start", "ready_ms"))
    found = [ms for ms in found if ms is not None]
    return statistics.median(found) if found else None


def report(a, out, title, place, ours, peers):
    section = f"screen, {place}"
    out.section(title)
    for name, path, unit, goals in METRICS:
        mine = at(ours, *path)
        if mine is None:
            continue
        if FLOOR not in goals:
            goals = {FLOOR: "", **goals}
        for peer, goal in goals.items():
            if at(peers.get(peer), *path) is not None:
                out.add(section, name, mine, unit, peer, at(peers[peer], *path), goal)
    idle = (at(ours, "keys", "phases", "idle", "notes") or [{}])[0]
    out.add(section, "idle", idle.get("bytes_per_s"), "B/s")
    out.add(section, "idle, processor", idle.get("cpu_pct"), "%")
    for signal in ("SIGTERM", "SIGSEGV"):
        terminal = at(ours, signal, "terminal")
        if terminal:
            left = len(terminal["left_on"]) + terminal["cursor_hidden"] + (not terminal["termios_restored"])
            out.add(section, f"terminal modes not given back after {signal}", left, "")


def on_store(a, out, work, peers):
    raw = {}
    keys = "2 wait:account-0 settle:1"
    with organization.served(a, work, a.size, a.size // 10, a.stored) as (base, environment):
        title = f"Screen, {a.size:,} accounts, {a.size // 10:,} rules, {a.stored:,} events in the store"
        with organization.silent() as nowhere:
            raw["start"] = probe(a, [], f"console --base-url {nowhere}", "", work, environment, fast=True)["gatehouse"]
        raw["large"] = probe(a, [], f"console --base-url {base}", keys, work, environment, fast=True)["gatehouse"]
        raw["large"]["start"] = raw["start"]["start"]
        report(a, out, title, "large", raw["large"], peers)
    return raw


def growth(a, out, work, large):
    """The same with a hundredth of everything: no figure may follow the number of rows."""
    few = max(100, a.size // 100)
    with organization.served(a, work, few, few // 10, a.stored // 100) as (base, environment):
        small = probe(a, [], f"console --base-url {base}", "2 wait:account-0 settle:1", work, environment,
                      fast=True)["gatehouse"]
    out.section(f"Screen, {a.size:,} rows beside {few}")
    for name, path, unit, _ in METRICS:
        if path[0] == "keys" and path[-1] != "hwm_kb" and at(large, *path) is not None:
            out.add("screen, growth", name, at(large, *path), unit, f"{few} rows", at(small, *path), "<= 1.2")
    return small


def rows(a, out):
    """What a key costs inside, in a list of 10,000 and of a million."""
    counts = ("10000", "1000000")
    lines = [json.loads(line) for line in figures.run([a.program, "rows", *counts]).output.splitlines()]
    cost = {line["what"]: 1e6 / line["per_second"] for line in lines}
    for name in ("down", "scroll", "page", "ends"):
        few, many = (cost[f"{name}, {count} rows"] for count in counts)
        out.add("screen, growth", f"{name}, state, drawing and difference, processor", many, "µs", "10,000 rows", few,
                "<= 1.2")
    return cost


def main(a, out, work):
    found = probe(a, [FLOOR, MARKER] + PEERS, "demo", "2 wait:ci-deploy settle:0.3", work)
    report(a, out, "Screen, the example organization", "demo", found.get("gatehouse"), found)
    out.add("screen, demo", "start until all is loaded", complete(a, "demo", "strangers"), "ms")
    large = on_store(a, out, work, found)
    small = growth(a, out, work, large["large"])
    cost = rows(a, out)
    missing = [peer for peer in PEERS if not shutil.which(peer)]
    if missing:
        print("not installed, so not measured: " + ", ".join(missing) + " (make bench-peers)")
    return {"demo": found, "large": large, "small": small, "rows": cost}
