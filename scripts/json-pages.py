"""Writes the fields' part of the man pages on JSON, which is made from the schemas that the programs print.

    scripts/json-pages.py BUILD             rewrites client/loping-json.5 and server/lopong-json.5
    scripts/json-pages.py BUILD --check     changes nothing, prints what differs, and ends with status 1 where something does

What stands above and below the two marks of a page is written by hand.
"""
import difflib
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = '.\\" fields: begin (scripts/json-pages.py)', '.\\" fields: end'

# A page, and its sections: a title, and the command whose schema it is made from.
PAGES = {
    "client/loping-json.5": [
        ("RESULTS", "loping", "schema", "result"),
        ("CHECK", "loping", "schema", "check"),
        ("WAIT", "loping", "schema", "wait"),
        ("GRADE", "loping", "schema", "grade"),
        ("PORTS", "loping", "schema", "ports"),
        ("PORTS \\-\\-WATCH", "loping", "schema", "watch"),
        ("EXPLAIN", "loping", "schema", "explain"),
        ("COMPARE", "loping", "schema", "compare"),
        ("\\-\\-JSON\\-STREAM", "loping", "schema", "events"),
    ],
    "server/lopong-json.5": [("EVENTS", "lopong", "--schema")],
}


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def one_type(value):
    """What a value may be, in words."""
    if "$ref" in value:
        return value["$ref"].split("/")[-1]
    if "anyOf" in value:
        return " or ".join(map(one_type, value["anyOf"]))
    if "enum" in value:
        return " or ".join("null" if word is None else f'"{word}"' for word in value["enum"])
    types = value.get("type", "anything")
    names = types if isinstance(types, list) else [types]
    if value.get("format") == "date-time":
        names = ["time" if name == "string" else name for name in names]
    if "items" in value:
        several = "pair" if value.get("maxItems") == 2 else "list"
        names = [f"{several} of {one_type(value['items'])}" if name == "array" else name for name in names]
    return " or ".join(names)


def describe(kind, definition):
    lines = [f".SS {kind}", roff(definition["description"])]
    for name, value in definition["properties"].items():
        lines += [".TP", f'.BR {name} " ({roff(one_type(value)).replace(chr(34), chr(34) * 2)})"', roff(value["description"])]
    return lines


def fields_of(build, sections):
    lines, seen = [], set()
    for title, program, *arguments in sections:
        text = subprocess.run([build / program, *arguments], check=True, capture_output=True, text=True).stdout
        lines.append(f".SH {title}")
        for kind, definition in json.loads(text)["$defs"].items():
            if kind not in seen:
                lines += describe(kind, definition)
                seen.add(kind)
    return lines


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    is_fine = True
    for name, sections in PAGES.items():
        page = TOP / name
        old = page.read_text()
        before, _, after = re.split(f"(?s)(?<={re.escape(BEGIN)}\n)(.*?)(?={re.escape(END)}\n)", old)
        new = before + "".join(line + "\n" for line in fields_of(build, sections)) + after
        if "--check" not in sys.argv:
            page.write_text(new)
        elif new != old:
            is_fine = False
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, "the schema", n=0))
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
