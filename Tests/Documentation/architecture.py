#!/usr/bin/env python3
"""The arrows between the modules: as Package.swift draws them, as the sources follow them, as the page tells them.

`architecture.py` says where these differ; with `--write` it mends the page.
"""

import re
import sys

import pages

SOURCES = pages.TOP / "Sources"
PAGE = pages.GUIDES / "Architecture.md"

def declared():
    """What each target may import: the names in its dependencies, products of packages too."""
    text = (pages.TOP / "Package.swift").read_text()
    arrows = {name: set() for name in re.findall(r'\.target\(name: "(C\w+)"', text)}
    # Each target begins a line of its own in the manifest's list; those beside Sources are not of the program.
    blocks = re.split(r"^    (?=module\(|tests\(|\.|//)", text, flags=re.M)
    for block in blocks:
        target = re.match(r'(?:module|\.executableTarget)\(\s*(?:name: )?"(\w+)"(.*)', block, flags=re.S)
        if not target or "path:" in block:
            continue
        name, rest = target.groups()
        rest = re.sub(r"exclude: \[.*?\]", "", rest, flags=re.S)
        products = re.findall(r'\.product\(name: "(\w+)"', rest)
        rest = re.sub(r"\.product\(.*?\)", "", rest)
        arrows[name] = set(products) | set(re.findall(r'"(\w+)"', rest))
    return arrows

def imported(module):
    """What the module's sources import, by the file that does."""
    found = {}
    for file in sorted((SOURCES / module).rglob("*.swift")):
        for name in re.findall(r"^(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)", file.read_text(), flags=re.M):
            found.setdefault(name, file.relative_to(pages.TOP))
    return found

def told():
    """The rows of the page's table: module and what it may import."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", PAGE.read_text(), flags=re.M)
    return {module: set(re.findall(r"\w+", imports)) for module, imports in rows}

def faults():
    arrows, table = declared(), told()
    folders = {folder.name for folder in SOURCES.iterdir() if folder.is_dir()}
    if folders != set(arrows):
        yield f"Package.swift and Sources differ in {sorted(folders ^ set(arrows))}"
    outside = set().union(*arrows.values()) - folders
    for module, allowed in sorted(arrows.items()):
        used = imported(module)
        for name in sorted((set(used) & (folders | outside)) - allowed - {module}):
            yield f"{used[name]} imports {name}, which Package.swift does not give to {module}"
        for name in sorted(allowed - set(used)):
            yield f"Package.swift gives {name} to {module}, which imports it nowhere"
        if module not in table:
            yield f"{PAGE.name} has no row for {module}"
        elif table[module] != allowed:
            yield f"{PAGE.name} differs from Package.swift about {module}: {sorted(table[module] ^ allowed)}"
    for module in sorted(set(table) - set(arrows)):
        yield f"{PAGE.name} has a row for {module}, which is not there"


def mend():
    """Writes what Package.swift says into the rows that are there: our own modules first, then outside packages."""
    arrows = declared()

    def row(match):
        imports = arrows.get(match[2], [])
        return match[1] + ", ".join(sorted(imports, key=lambda name: (name not in arrows, name))) + " |"

    PAGE.write_text(re.sub(r"^(\| `(\w+)` \| [^|]* \| )[^|]*\|$", row, PAGE.read_text(), flags=re.M))


if __name__ == "__main__":
    if "--write" in sys.argv:
        mend()
    found = list(faults())
    print(*found, sep="\n")
    sys.exit(1 if found else 0)
