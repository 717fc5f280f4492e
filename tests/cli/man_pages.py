"""Holds the man page of a program against its option tables, as `--help-all` prints them.

man_pages.py PAGE KNOWN PROGRAM [COMMAND...]   prints what is wrong, a line each. KNOWN are programs whose options the
page may name as well.

An option stands as the tag of a paragraph (.TP), with its letter and its argument: in OPTIONS, or in the section of its
command, which begins with ".B loping COMMAND". And the page names no option that no table has.
"""

import os
import re
import subprocess
import sys

OPTION_LINE = re.compile(r"^  (?:-(.), |    )--([a-z][a-z-]*)(?: (\S+))?(?:  |$)")


def help_options(program, command):
    """The options of one table, as the page should write them: "-s, --size SIZE"."""
    words = [program, *([command] if command else []), "--help-all"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    options = []
    for line in text.splitlines():
        found = OPTION_LINE.match(line)
        if found:
            letter, name, argument = found.groups()
            options.append((f"-{letter}, " if letter else "") + f"--{name}" + (f" {argument}" if argument else ""))
    assert len(options) >= 3, words
    return options


def plain(line):
    """A line of roff as text."""
    macro = re.match(r"^\.[BIR]{1,2} (.*)", line)
    if macro:
        parts = re.findall(r'"([^"]*)"|(\S+)', macro.group(1))
        between = "" if len(line.split(" ", 1)[0]) == 3 else " "
        line = between.join(quoted or bare for quoted, bare in parts)
    line = re.sub(r"\\f.", "", line)
    return line.replace("\\-", "-").replace("\\(aq", "'").replace("\\(dq", '"').replace("\\&", "")


def sections_of(page):
    """(title, [lines as text], [tags]) of each."""
    sections, is_tag = [], False
    for line in open(page, encoding="utf-8").read().splitlines():
        if line.startswith(".SH "):
            sections.append((line[4:], [], []))
        elif sections:
            if is_tag:
                sections[-1][2].append(plain(line))
            sections[-1][1].append(plain(line))
        is_tag = line in (".TP", ".TQ")
    return sections


def is_tagged(option, tags):
    return any(re.search(r"(^|, )" + re.escape(option) + r"($|, )", tag) for tag in tags)


def main():
    page, known, program, *commands = sys.argv[1:]
    name = os.path.basename(program)
    sections = sections_of(page)
    names = set()
    for command in ["", *commands]:
        begins = f"{name} {command}"
        tags = [tag for title, lines, own in sections for tag in own
                if title == "OPTIONS" or (command and lines[0].strip() == begins)]
        for option in help_options(program, command):
            names.update(re.findall(r"--[a-z-]+", option))
            if not is_tagged(option, tags):
                print(f"{name} {command}: no paragraph of the page has the tag: {option}")
    for other in known.split():
        for option in help_options(other, ""):
            names.update(re.findall(r"--[a-z-]+", option))
    text = "\n".join(line for _, lines, _ in sections for line in lines)
    for option in sorted(set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", text)) - names):
        print(f"the page names {option}, which no table has")


main()
