"""The pages of documentation: what they link to, and what they show of the program."""

import dataclasses
import pathlib
import re
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
GUIDES = TOP / "Sources/gatehouse/Documentation.docc"


# A command, with the lines it goes on over or takes as input, and what is shown below it.
EXAMPLE = re.compile(r"^\$ (.*<<'END'\n(?:.*\n)*?END|.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", flags=re.M)


def all():
    return [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(GUIDES.glob("*.md"))]


def outside_code(text):
    """The text with blocks and spans of code blanked, line for line."""
    text = re.sub(r"^```.*?^```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.M | re.S)
    return re.sub(r"(`+).+?\1", "", text)


def anchors(path):
    """The names that headings get: small letters, hyphens for blanks, everything else but `_` and `-` dropped."""
    headings = re.findall(r"^#+ +(.*)$", re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def link_faults():
    for page in all():
        for number, line in enumerate(outside_code(page.read_text()).splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                goal = (page.parent / urllib.parse.unquote(path)).resolve() if path else page
                where = f"{page.relative_to(TOP)}:{number}: {target}"
                if not goal.exists() or TOP not in goal.parents and goal != TOP:
                    yield f"{where} leads nowhere"
                elif anchor and anchor not in anchors(goal):
                    yield f"{where}: no heading of that name"


@dataclasses.dataclass
class Example:
    place: str
    command: str
    expected: str
    status: int

    def fits(self, said):
        """`…` is anything, within a line or, alone on a line, any lines; what is not shown at all is anything too."""
        if not self.expected:
            return True
        lines = [
            r"(?:[^\n]*\n)*?" if line == "…" else re.escape(line).replace("…", r"[^\n]*") + r"\n"
            for line in self.expected.split("\n")
        ]
        return re.fullmatch("".join(lines), said.rstrip("\n") + "\n") is not None


def examples(page):
    """The commands of `console` blocks, each with the lines shown below it."""
    text = page.read_text()
    for block in re.finditer(r"^```console\n(.*?)^```$", text, flags=re.M | re.S):
        line = text.count("\n", 0, block.start(1)) + 1
        for part in EXAMPLE.finditer(block[1]):
            shown = part[2].rstrip("\n")
            status = re.search(r"\n?\[exit status (\d+)\]$", shown)
            yield Example(
                place=f"{page.relative_to(TOP)}:{line + block[1].count(chr(10), 0, part.start())}",
                command=part[1], expected=shown[: status.start()] if status else shown,
                status=int(status[1]) if status else 0)
