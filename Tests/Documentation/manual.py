#!/usr/bin/env python3
"""The manual pages' lists of commands and options, made from the program's own help.

`manual.py PROGRAM` says which pages differ; with `--write` it mends them. In each page only what stands between the
two marks is made; the rest is written by hand and kept. A command without a page gets one.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import textwrap

MANUAL = pathlib.Path(__file__).resolve().parents[2] / "Sources/gatehouse/Manual"
BEGIN = '.\\" Made from the program\'s help by Tests/Documentation/manual.py:'
END = '.\\" From here on by hand.'


def help_of(program):
    dump = subprocess.run([program, "--experimental-dump-help"], capture_output=True, text=True, check=True)
    return json.loads(dump.stdout)["command"]


def visible(things):
    return [thing for thing in things or [] if thing.get("shouldDisplay", True)]


def escaped(text):
    """Plain text as roff: hyphens of options stay what one types."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"(?<=[a-z])\\-(?=[a-z])", "-", text)
    return "\\&" + text if text[:1] in (".", "'") else text


def prose(text):
    """Sentences, each on a line of its own, as mdoc wants them."""
    sentences = re.split(r"(?<=[.:])\s+(?=[A-Z])", " ".join(text.split()))
    return [
        escaped(line)
        for sentence in sentences
        for line in textwrap.wrap(sentence, 72, break_long_words=False, break_on_hyphens=False)
    ]


def verbatim(lines):
    return [".Bd -literal -offset indent", *(escaped(line) for line in lines), ".Ed"]


def option_key(argument):
    return argument.get("preferredName", {}).get("name") or argument["valueName"]


def item(argument):
    if argument["kind"] == "positional":
        return f".It Ar {argument['valueName']}"
    names = ", ".join(
        "Fl " + ("-" if name["kind"] == "long" else "") + name["name"] for name in argument["names"])
    value = f" Ar {argument['valueName']}" if argument["kind"] == "option" else ""
    return f".It {names.replace(', ', ' , ')}{value}"


def described(argument):
    text = argument.get("abstract", "")
    if argument.get("defaultValue"):
        text += f" The default is {argument['defaultValue']}."
    if argument.get("isRepeating") and "repeat" not in text:
        text += " May be repeated."
    return prose(text)


def options(arguments):
    if not arguments:
        return []
    lines = [".Bl -tag -width Ds"]
    for argument in arguments:
        lines += [item(argument), *described(argument)]
    return lines + [".El"]


def discussion(text):
    """Paragraphs; lines of `--field: words` become a list, and examples stand for themselves."""
    lines, paragraph, fields = [], [], []

    def close():
        nonlocal paragraph, fields
        if paragraph:
            lines.extend([".Pp", *prose(" ".join(paragraph))])
        if fields:
            lines.append(".Bl -tag -width Ds")
            for name, words in fields:
                lines.extend([f".It Fl -{name}", *prose(words)])
            lines.append(".El")
        paragraph, fields = [], []

    # A command that goes on over several lines is one.
    for line in re.sub(r"\\\n\s*", "", text or "").splitlines():
        example = re.match(r"(Example[^:]*|Try it[^:]*):  (.*)", line)
        field = re.match(r"  --([a-z-]+): (.*)", line)
        if example:
            close()
            lines.extend([".Pp", escaped(example[1]) + ":", *verbatim([example[2]])])
        elif field:
            fields.append((field[1], field[2]))
        elif line.strip():
            paragraph.append(line.strip())
        else:
            close()
    close()
    return lines


def usage(words, command, own):
    lines = [f".Nm gatehouse {' '.join(words)}"]
    for argument in own:
        if argument["kind"] == "positional":
            lines.append(f".{'Op ' if argument.get('isOptional') else ''}Ar {argument['valueName']}")
    if [a for a in own if a["kind"] != "positional"] or "--" in (command.get("discussion") or ""):
        lines.append(".Op Ar options")
    return lines


def own_arguments(command, shared):
    return [a for a in visible(command.get("arguments")) if option_key(a) not in shared]


def group_page(command, shared):
    name = command["commandName"]
    subcommands = visible(command.get("subcommands"))
    subcommands = [s for s in subcommands if s["commandName"] != "help"]
    lines = [".Sh NAME", f".Nm gatehouse-{name}", f".Nd {escaped(command['abstract'].rstrip('.'))}", ".Sh SYNOPSIS"]
    for each in subcommands or [command]:
        words = [name, each["commandName"]] if subcommands else [name]
        lines += usage(words, each, own_arguments(each, shared))
    lines += [".Sh DESCRIPTION", *prose(command["abstract"]), *discussion(command.get("discussion"))]
    if not subcommands:
        lines += options(own_arguments(command, shared))
    lines += [".Pp", "It takes the options of", ".Xr gatehouse 1", "too."]
    if subcommands:
        lines += [".Sh COMMANDS"]
    lists = [own_arguments(each, shared) for each in subcommands]
    # What all have in common is said once.
    common = [a for a in lists[0] if all(a in others for others in lists)] if len(lists) > 1 else []
    for each, own in zip(subcommands, lists):
        lines += [f".Ss {each['commandName']}", *prose(each["abstract"]), *discussion(each.get("discussion"))]
        lines += options([a for a in own if a not in common])
    if common:
        lines += [".Sh OPTIONS", "Each of these commands takes them.", *options(common)]
    return lines


def main_page(root, shared_options):
    lines = [".Sh COMMANDS", ".Bl -tag -width Ds"]
    for command in visible(root["subcommands"]):
        if command["commandName"] != "help":
            lines += [f".It Xr gatehouse-{command['commandName']} 1", *prose(command["abstract"])]
    return lines + [".El", ".Sh OPTIONS", "Every command takes these.", *options(shared_options)]


def page(path, title, made):
    """The page with its made part exchanged; a new one when there is none."""
    if path.exists():
        head, _, rest = path.read_text().partition(BEGIN + "\n")
        tail = rest.partition(END + "\n")[2]
    else:
        today = datetime.date.today()
        head = f".Dd {today:%B} {today.day}, {today.year}\n.Dt {title} 1\n.Os\n"
        tail = ".Sh SEE ALSO\n.Xr gatehouse 1\n"
    return head + BEGIN + "\n" + "\n".join(made) + "\n" + END + "\n" + tail


def pages(program):
    """Every page as it should be, by path."""
    root = help_of(program)
    commands = [c for c in visible(root["subcommands"]) if c["commandName"] != "help"]
    console = next(c for c in commands if c["commandName"] == "console")
    shared_options = visible(console["arguments"])
    shared = {option_key(argument) for argument in shared_options}
    made = {"gatehouse": main_page(root, shared_options)}
    made |= {f"gatehouse-{c['commandName']}": group_page(c, shared) for c in commands}
    return {MANUAL / f"{name}.1": page(MANUAL / f"{name}.1", name.upper(), lines) for name, lines in made.items()}


def differing(program):
    wanted = pages(program)
    stray = sorted(set(MANUAL.glob("*.1")) - set(wanted))
    return [path for path, text in wanted.items() if not path.exists() or path.read_text() != text] + stray


def main(program, *flags):
    if "--write" in flags:
        for path, text in pages(program).items():
            path.write_text(text)
        return 0
    for path in differing(program):
        print(f"{path.name} is not what the program's help says; run {sys.argv[0]} {program} --write")
    return 1 if differing(program) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
