"""screen_bench.py - the console in a terminal: start, key to paint, bytes, memory, beside the ncurses floor and peers.

On the example organization and on one of --size accounts. The figures are those of tui_peers.py, whose table is
printed too.
"""
import json
import os
import shutil
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ["less", "tig", "htop", "mutt", "mc"]
FLOOR, MARKER = "ncurses floor", "floor marker row"
# The regular expression of the first frame, what is typed to come to a list, and the command's arguments.
PLACES = {
    "demo": ("What needs you", "2 wait:ci-deploy settle:0.3", "demo"),
    "large": ("What needs you", "2 wait:account-[0-9]+ settle:1", "demo --size {size}"),
}

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


def probe(a, names, place, work):
    ready, keys, command = PLACES[place]
    out = os.path.join(work, f"screen-{place}.json")
    subprocess.run(
        [a.python, os.path.join(HERE, "tui_peers.py"), "--only", ",".join(names),
         "--add", f"gatehouse={a.binary} {command.format(size=a.size)}", "--ready-of", ready, "--keys-before", keys,
         "--json", out, "--calm-wait", str(a.calm_wait), "--runs", str(a.runs)] + (["--fast"] if a.fast else []),
        check=True)
    with open(out) as file:
        return json.load(file)


def complete(a, place, text, work):
    """Milliseconds from the start to a text that only what was loaded can have brought."""
    command = [a.python, os.path.join(HERE, "pty_probe.py"), "--ready", text, "--timeout", "60", "--"]
    command += [a.binary] + PLACES[place][2].format(size=a.size).split()
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


def main(a, out, work):
    found = probe(a, [FLOOR, MARKER, "gatehouse"] + PEERS, "demo", work)
    report(a, out, "Screen, the example organization", "demo", found.get("gatehouse"), found)
    out.add("screen, demo", "start until all is loaded", complete(a, "demo", "strangers", work), "ms")
    large = probe(a, ["gatehouse"], "large", work)
    report(a, out, f"Screen, {a.size} accounts and rules", "large", large.get("gatehouse"), found)
    missing = [peer for peer in PEERS if not shutil.which(peer)]
    if missing:
        print("not installed, so not measured: " + ", ".join(missing) + " (make bench-peers)")
    return {"demo": found, "large": large}
