"""judging_bench.py - how fast conditions, tokens and rules are judged.

Inside, by `bench judge`, in processor time of one thread, against openssl's own verifying in the same run; and from
outside, by `gatehouse condition eval --batch` and `rules lint --input` on many lines, less the start of the program.
"""
import json
import os
import re
import subprocess

import figures

CORPUS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                      "FederationTests", "Fixtures", "rules-corpus.jsonl")
# A second, from the project's goals.
GOALS = {
    "condition evaluated": 1_000_000, "condition explained": 100_000, "condition parsed and checked": 10_000,
    "rule linted, plain": 10_000, "rule linted, with a condition": 200,
}


def openssl():
    """Signatures verified a second, by algorithm."""
    output = subprocess.run(["openssl", "speed", "-seconds", "1", "rsa2048", "ecdsap256"], check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    return {"RS256": float(re.search(r"rsa 2048 bits.*\s([\d.]+)\s*$", output, re.M).group(1)),
            "ES256": float(re.search(r"256 bits ecdsa.*\s([\d.]+)\s*$", output, re.M).group(1))}


def inside(a, out):
    judged = [json.loads(line) for line in figures.run([a.program, "judge", CORPUS]).output.splitlines()]
    rates = {row["what"]: row["per_second"] for row in judged}
    verified = openssl()
    for name, rate in rates.items():
        algorithm = name.rsplit(" ", 1)[-1]
        if name.startswith("verdict"):
            out.add("judging", name, rate, "/s", f"openssl verifying {algorithm}", verified[algorithm])
        elif name.startswith("pattern"):
            out.add("judging", name, 1000 / rate, "ms")
        else:
            out.add("judging", name, rate, "/s", "goal", GOALS.get(name), ">= 1" if name in GOALS else "")
    long, short = (1 / rates[f"pattern on {size} KB"] for size in (1000, 100))
    out.add("judging", "pattern on a text ten times as long", long * 1000, "ms", "ten times the short one",
            short * 10_000, "<= 1.2")
    return {"inside": judged, "openssl": verified}


def outside(a, out, work):
    """Lines a second of whole commands: reading, judging and writing JSON."""
    start = figures.best(5, [a.binary, "--version"]).cpu
    with open(CORPUS) as file:
        rules = [line for line in file if line.strip()]
    claims = {"repository": "acme/app", "ref": "refs/heads/main", "actor": "octocat", "event_name": "push"}
    condition = 'claims.repository == "acme/app" && claims.ref.startsWith("refs/heads/")'
    batches = [
        ("rules lint --input", ["rules", "lint", "--json", "--input"], rules * 20),
        ("condition eval --batch", ["condition", "eval", "--batch"],
         [json.dumps({"id": str(n), "expr": condition, "claims": claims}) + "\n" for n in range(20_000)]),
    ]
    for name, arguments, lines in batches:
        path = os.path.join(work, "batch.jsonl")
        with open(path, "w") as file:
            file.writelines(lines)
        done = figures.best(2, [a.binary, *arguments, path])
        if len(done.output.splitlines()) != len(lines):
            raise RuntimeError(f"{name} did not answer every line")
        out.add("judging", f"{name}, whole lines", len(lines) / (done.cpu - start), "/s")


def main(a, out, work):
    out.section("Judging (processor time of one core)")
    raw = inside(a, out)
    outside(a, out, work)
    return raw
