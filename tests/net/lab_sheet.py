"""Works through the sheet of a lab as a student would: lab_sheet.py SHEET LOPING.... Each block of commands under "Do" must
say what the block under "What you should see" promises, in which "..." stands for anything; then the answer is judged.
"""

import re
import subprocess
import sys

MARK = "@@ block"
SECTIONS = ["Goal", "Predict", "Do", "What you should see", "Why", "Question", "Answer", "How it is made"]


def sections_of(text):
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def fences_of(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def is_as_promised(promise, got):
    """Where a line is broken differs with the length of its numbers."""
    pattern = ".*?".join(re.escape(part) for part in " ".join(promise.split()).split("..."))
    return re.fullmatch(pattern, " ".join(got.split())) is not None


def run_lab(loping, name, script):
    done = subprocess.run(
        [*loping, "lab", name],
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    return done.stdout


def answer_of(sheet, name):
    answer = re.match(r"\s*\*\*(.*?)\*\*", sheet["Answer"])
    assert answer is not None, f"{name}: the answer is not in front of its section, in bold"
    return answer[1]


def work_through(loping, path):
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    sheet = sections_of(text)
    assert list(sheet) == SECTIONS, f"{name}: the sections are {list(sheet)}"
    assert subprocess.run([*loping, "lab", name, "--sheet"], stdout=subprocess.PIPE, check=True).stdout.decode() == text
    commands, promises = fences_of(sheet["Do"], "sh"), fences_of(sheet["What you should see"], "")
    assert commands and len(commands) == len(promises), f"{name}: {len(commands)} blocks, {len(promises)} promises"
    script = "exec 2>&1\n" + "".join(f"{block}echo '{MARK}'\n" for block in commands)
    answer = answer_of(sheet, name)
    # What differs from lab to lab is judged within the sheet.
    if answer != "measured":
        script += f"loping lab --check '{answer}'; "
    script += "loping lab --check confined\n"
    said = run_lab(loping, name, script)
    head, _, rest = said.partition("exit ends it.\n")
    task = text.partition("## What you should see")[0]
    got = rest.split(f"{MARK}\n")
    assert len(got) == len(commands) + 1, f"{name}: it ended early:\n{said}"
    for block, promise, output in zip(commands, promises, got):
        assert is_as_promised(promise, output), f"{name}:\n{block}promised:\n{promise}\nsaid:\n{output}"
    right = "" if answer == "measured" else "right: .*\n"
    assert re.fullmatch(right + "(no, it is not|'confined' is no(ne|)).*\n", got[-1]), f"{name}: judged\n{got[-1]}"
    assert head.partition("---\n")[0].split() == task.split(), f"{name}: the task on the screen is not the sheet's\n{head}"


work_through(sys.argv[2:], sys.argv[1])
