"""scan_bench.py - looking for keys in a large tree: gatehouse against grep with the same pattern, ripgrep, and
detect-secrets, which has no rule of its own for these keys and is told ours.

The tree is the sources of the packages that gatehouse is built from, over again until it is large, with keys of the
full shape in known places: plain, before signs that end other scanners' patterns, and in base64. None was ever issued.
"""
import base64
import json
import os
import random
import shutil
import subprocess
import sys

import figures

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PREFIX = "sk-" + "ant-"
PATTERN = PREFIX + "(api03|admin01)-[A-Za-z0-9_-]{93}AA"
LEAST = 200e6
# How a key stands in a line, and whether a pattern of the plain text can find it there.
PLACES = [("KEY={}\n", True), ('{{"key": "{}", "a": 1}}\n', True), ("f({})\n", True), ("a<b>{}</b>\n", True),
          ("k: {}\\\n", True), ("secret: {}\n", False)]


def plugin(work):
    """Our pattern as a plugin of detect-secrets, as its documentation has them."""
    path = os.path.join(work, "plugin.py")
    with open(path, "w") as file:
        file.write("import re\nfrom detect_secrets.plugins.base import RegexBasedDetector\n\n\n"
                   "class ClaudeKey(RegexBasedDetector):\n    secret_type = 'Claude key'\n"
                   f"    denylist = [re.compile({PATTERN!r})]\n")
    return path


def grow(work):
    """Gives the folder, its size, its files, and each planted key with the file it is in."""
    sources = next((path for path in (os.path.join(TOP, ".build", "checkouts"), os.path.join(TOP, "Sources"))
                    if os.path.isdir(path)))
    tree, size, copies = os.path.join(work, "tree"), 0, 0
    while size < LEAST:
        shutil.copytree(sources, os.path.join(tree, str(copies)), symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "*.zip", "*.gz"))
        copies += 1
        files = [os.path.join(folder, name) for folder, _, names in os.walk(tree) for name in names]
        size = sum(os.lstat(path).st_size for path in files)
        if copies == 1 and size == 0:
            raise RuntimeError(f"there is nothing in {sources}")
    dice, planted = random.Random(7), {}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    texts = sorted(path for path in files if path.endswith((".swift", ".md", ".c", ".h", ".json", ".yml"))
                   and not os.path.islink(path))
    for number in range(120):
        key = f"{PREFIX}api03-" + "".join(dice.choices(letters, k=93)) + "AA"
        line, is_plain = PLACES[number % len(PLACES)]
        path = dice.choice(texts)
        with open(path, "ab") as file:
            file.write(("\n// " + line.format(key if is_plain else base64.b64encode(key.encode()).decode())).encode())
        planted[key] = (path, is_plain)
    return tree, size, len(files), planted


def digest(key):
    import hashlib
    return hashlib.sha256(key.encode()).hexdigest()


def main(a, out, work):
    tree, size, files, planted = grow(work)
    megabytes = size / 1e6
    out.section(f"Scan ({files} files, {megabytes:.0f} MB, {len(planted)} keys in them)")
    plain = {key for key, (_, is_plain) in planted.items() if is_plain}

    def found_in(output):
        text = output.decode(errors="replace")
        return len({key for key in planted if key in text})

    figures.run(["grep", "-rE", PATTERN, tree], check=False)  # so that all is read once before anything is measured
    ours = min((figures.run([a.binary, "migrate", "scan", tree, "--json"], check=False) for _ in range(3)),
               key=lambda run: run.wall)
    finds = [json.loads(line) for line in ours.output.splitlines()]
    digests = {find.get("sha256") for find in finds}
    caught = sum(digest(key) in digests for key in planted)
    if any(key.encode() in ours.output for key in planted):
        raise RuntimeError("a key was shown")
    grep = min((figures.run(["grep", "-rE", PATTERN, tree], check=False) for _ in range(3)), key=lambda run: run.wall)
    # Two cores read for us and one for grep, so the processor's time is told too.
    out.add("scan", "whole tree, clock", ours.wall, "s", "grep -rE", grep.wall, "<= 1.5")
    out.add("scan", "whole tree, processor", ours.cpu, "s", "grep -rE", grep.cpu)
    out.add("scan", "speed", megabytes / ours.wall, "MB/s", "grep -rE", megabytes / grep.wall)
    out.add("scan", "files", files / ours.wall, "/s", "grep -rE", files / grep.wall)
    out.add("scan", "peak memory", ours.peak, "MB", "grep -rE", grep.peak)
    out.add("scan", "keys found", caught, f"of {len(planted)}", "grep -rE", found_in(grep.output), ">= 1")
    out.add("scan", "keys found, of all that are there", caught, "", "planted", len(planted), ">= 1")
    raw = {"files": files, "megabytes": megabytes, "found": caught, "plain": len(plain)}
    if shutil.which("rg"):
        peer = min((figures.run(["rg", "-uu", PATTERN, tree], check=False) for _ in range(3)), key=lambda run: run.wall)
        out.add("scan", "whole tree, clock", ours.wall, "s", "rg -uu", peer.wall)
    scanner = os.path.join(os.path.dirname(a.python), "detect-secrets")
    if not os.path.exists(scanner):
        print("detect-secrets is not installed: make bench-peers", file=sys.stderr)
        return raw
    # As it comes it is far slower, for it judges the entropy of every word; with our pattern alone it is what it can be.
    part = os.path.join(tree, "0")
    share = sum(os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(part) for name in names)
    command = [scanner, "scan", "--all-files", "--plugin", plugin(work), "--no-verify"]
    for name in subprocess.run([scanner, "scan", "--list-all-plugins"], capture_output=True, text=True).stdout.split():
        command += ["--disable-plugin", name]
    theirs = figures.run(command + [part], cwd=part, check=False)
    results = json.loads(theirs.output or b"{}").get("results", {})
    here = {key for key, (path, _) in planted.items() if path.startswith(part + os.sep)}
    one = figures.run([a.binary, "migrate", "scan", part, "--json"], check=False)
    mine = {json.loads(line).get("sha256") for line in one.output.splitlines()}
    out.add("scan", f"one copy ({share / 1e6:.0f} MB), clock", one.wall, "s", "detect-secrets", theirs.wall, "<= 1")
    out.add("scan", "keys found in it", sum(digest(key) in mine for key in here), f"of {len(here)}", "detect-secrets",
            sum(len(found) for found in results.values()), ">= 1")
    return raw
