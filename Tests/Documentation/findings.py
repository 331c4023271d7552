#!/usr/bin/env python3
"""The page of findings, made from the catalogue that the program judges by.

`findings.py PROGRAM` says whether it differs; with `--write` it mends it. What stands above the mark is kept.
"""

import subprocess
import sys

import pages

PAGE = pages.GUIDES / "Findings.md"
MARK = "<!-- From here on made from the program by Tests/Documentation/findings.py. -->\n"


def wanted(program):
    catalogue = subprocess.run(
        [program, "rules", "lint", "--explain", "all"], capture_output=True, text=True, check=True).stdout
    return PAGE.read_text().partition(MARK)[0] + MARK + "\n" + catalogue


def faults(program):
    if PAGE.read_text() != wanted(program):
        yield f"{PAGE.name} is not what the program has: run Tests/Documentation/findings.py PROGRAM --write"


def main(program, *flags):
    if "--write" in flags:
        PAGE.write_text(wanted(program))
        return 0
    found = list(faults(program))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
