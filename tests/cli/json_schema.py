"""Holds JSON against the schemas of loping and lopong.

    json_schema.py schemas LOPING LOPONG             are the schemas schemas?
    json_schema.py files LOPING LOPONG FILE...       each line of each file, and which kinds there were
    json_schema.py folder LOPING LOPONG FOLDER       as TAP, one test: what run-tests.sh kept, in a folder for each test;
                                                     not what a test copied from tests/golden, results of older versions

Prints what is wrong. Which kind of object a line is meant to be is known by the fields that no other has: so what is
wrong with it can be said, and a field that the schema lacks is found. Python has the validator where `import jsonschema`
does.
"""
import collections
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys

# A field, its value (None: any), and the kind that it shows.
MARKS = (
    ("event", "interval", "interval_event"),
    ("event", "result", "result_event"),
    ("event", "began", "watch_began"),
    ("event", "new", "watch_change"),
    ("event", "gone", "watch_change"),
    ("event", "unexpected", "watch_change"),
    ("event", "unused", "watch_unused"),
    ("event", "ended", "watch_ended"),
    ("runs", None, "result"),
    ("sockets", None, "ports"),
    ("comparisons", None, "compare"),
    ("explanations", None, "explain"),
    ("waited_ns", None, "wait"),
    ("points_not_looked_into", None, "grade"),
    ("closed_left_out", None, "check"),
)


def schema_of(*command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def kind_of(document, servers):
    """The kind's name, and whether it is the server's."""
    if document.get("event") in servers["$defs"]:
        return document["event"], True
    for field, value, kind in MARKS:
        if field in document and (value is None or document[field] == value):
            return kind, False
    return None, False


class Judge:
    def __init__(self, loping, lopong):
        from jsonschema import Draft202012Validator

        self.make = Draft202012Validator
        self.clients, self.servers = schema_of(loping, "schema"), schema_of(lopong, "--schema")
        self.validators = {}

    def check_schemas(self):
        for schema in (self.clients, self.servers):
            self.make.check_schema(schema)

    def validator(self, kind, is_servers):
        key = kind, is_servers
        if key not in self.validators:
            schema = self.servers if is_servers else self.clients
            self.validators[key] = self.make({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})
        return self.validators[key]

    def judge(self, line):
        """The kind of the line's object, and what is wrong with it."""
        try:
            document = json.loads(line)
        except ValueError as error:
            return None, [f"no JSON: {error}: {line[:200]}"]
        kind, is_servers = kind_of(document, self.servers)
        if kind is None:
            return None, [f"no kind of object that is known: {line[:200]}"]
        wrong = []
        for error in self.validator(kind, is_servers).iter_errors(document):
            errors = [error] + list(error.context or [])
            wrong.append("; ".join(f"{kind}{each.json_path[1:]}: {each.message[:300]}" for each in errors))
        return kind, wrong

    def judge_file(self, path):
        kinds, wrong = collections.Counter(), []
        for number, line in enumerate(pathlib.Path(path).read_text(errors="surrogateescape").splitlines(), 1):
            if not line.startswith("{"):
                continue
            kind, what = self.judge(line)
            kinds[kind] += 1
            wrong += [f"line {number}: {each}" for each in what]
        return kinds, wrong


judge = None
old_results = []


def begin(loping, lopong):
    global judge
    judge = Judge(loping, lopong)
    golden = pathlib.Path(__file__).resolve().parent.parent / "golden"
    old_results.extend(path.read_bytes() for path in golden.rglob("*.json"))


def judge_folder_of_test(folder):
    """What is wrong in it, each with the name of the test."""
    name = (folder / "test").read_text().strip()
    found = []
    kinds = collections.Counter()
    for path in sorted(folder.iterdir()):
        if path.name == "test" or path.read_bytes() in old_results:
            continue
        more, wrong = judge.judge_file(path)
        kinds += more
        found += [f"{name}: {path.name}, {each}" for each in wrong]
    return kinds, found


def judge_all(loping, lopong, root):
    folders = sorted(path.parent for path in pathlib.Path(root).glob("*/test"))
    with multiprocessing.Pool(min(os.cpu_count() or 1, 8), begin, (loping, lopong)) as pool:
        answers = pool.map(judge_folder_of_test, folders, chunksize=4)
    kinds = sum((kinds for kinds, _ in answers), collections.Counter())
    wrong = [each for _, found in answers for each in found]
    what = f"{sum(kinds.values())} objects that the tests made are as their schemas say"
    print("1..1", f"{'not ok' if wrong else 'ok'} 1 - {what}", sep="\n")
    for each in wrong[:40]:
        print("#", each)
    if len(wrong) > 40:
        print(f"# and {len(wrong) - 40} more")
    return 1 if wrong else 0


def main():
    # What is wrong may quote anybody's bytes.
    sys.stdout.reconfigure(encoding="ascii", errors="backslashreplace")
    what, loping, lopong, *paths = sys.argv[1:]
    if what == "folder":
        return judge_all(loping, lopong, paths[0])
    begin(loping, lopong)
    judge.check_schemas()
    all_kinds = collections.Counter()
    is_fine = True
    for path in paths:
        kinds, wrong = judge.judge_file(path)
        all_kinds += kinds
        is_fine = is_fine and not wrong
        for each in wrong:
            print(f"{path}: {each}")
    if is_fine:
        print(*sorted(map(str, all_kinds)), sep="\n")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
