"""Every command line that is written anywhere, run or not: the commands and options it names are there."""

import re
import shlex

import manual
import pages


class Command:
    """A command of the program's help: what can follow its words."""

    def __init__(self, dumped):
        self.subcommands = {
            name: Command(each)
            for each in manual.visible(dumped.get("subcommands"))
            for name in [each["commandName"], *each.get("aliases", [])]
        }
        self.options = {
            ("--" if name["kind"] == "long" else "-") + name["name"]
            for argument in dumped.get("arguments") or []
            for name in argument.get("names", [])
        }
        # The fields of a provider are told in the text, for they are its template's.
        self.options |= set(re.findall(r"^  (--[a-z-]+):", dumped.get("discussion") or "", flags=re.M))


def texts(dumped):
    """What is said of a command and of those below it."""
    yield dumped.get("discussion") or ""
    for each in dumped.get("subcommands") or []:
        yield from texts(each)


def written(program):
    """Each command line with the place it stands in."""
    for page in pages.all():
        text = re.sub(r"\\\n\s*", "", page.read_text())
        spans = re.findall(r"`(gatehouse [^`]+)`", text)
        lines = re.findall(r"^\s*(?:\$ |- run: )?(gatehouse [^\n]+)$", text, flags=re.M)
        yield from ((page.name, line) for line in spans + lines)
    for page in sorted(manual.MANUAL.glob("*.1")):
        text = re.sub(r"\\e\n\s*", "", page.read_text())
        blocks = "".join(re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", text, flags=re.M | re.S))
        for line in re.findall(r"^\.Dl (gatehouse .+)$", text, flags=re.M) + re.findall(
            r"^(gatehouse .+)$", blocks, flags=re.M
        ):
            yield page.name, line.replace("\\-", "-").replace("\\(dq", '"').replace("\\e", "\\")
    for text in texts(manual.help_of(program)):
        for line in re.findall(r"Example[^:]*:  (gatehouse .*)", re.sub(r"\\\n\s*", "", text)):
            yield "the help", line


def faults(program):
    root = Command(manual.help_of(program))
    for place, line in written(program):
        # Up to where the shell begins something else.
        try:
            words = shlex.split(re.split(r" (?:[|<>&;]|2>)", line)[0])[1:]
        except ValueError:
            words = line.split()[1:]
        command = root
        while words and words[0] in command.subcommands:
            command = command.subcommands[words.pop(0)]
        if command.subcommands and words and re.fullmatch("[a-z][a-z-]*", words[0]) and words[0] != "help":
            yield f"{place}: there is no {words[0]} in: {line}"
        if command is root:
            continue
        for word in words:
            option = word.split("=")[0]
            if re.fullmatch(r"--?[a-z][a-z-]*", option) and option not in command.options and not command.subcommands:
                yield f"{place}: there is no {option} in: {line}"
