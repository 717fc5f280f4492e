"""Usage: report.py SAMPLES.TSV ROWS.TSV MACHINE.JSON RESULTS.JSON CHART.SVG

Makes of what scripts/bench.sh measured a table (on stdout), a JSON file and a chart. Exit status: 3 if a measurement
failed, else 1 if a goal is missed, else 0. What could not be measured is said, and is no miss.

samples: round, row, side (ours or theirs), status (ok, failed or absent), the number or the reason
rows:    row, label, ours, theirs ("-": the goal is a figure of its own), unit, <= or >=, goal ("-": none)"""

import json
import math
import re
import statistics
import sys
from html import escape

MET, MISSED, NOT_MEASURED, FAILED, NO_GOAL = "met", "MISSED", "not measured", "failed", "no goal"

# Steps of each unit, the largest first.
STEPS = {
    "ns": ((1e6, "ms"), (1e3, "us"), (1, "ns")),
    "bit/s": ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1, "bit/s")),
    "/s": ((1e6, "M/s"), (1e3, "k/s"), (1, "/s")),
    "B": ((1024 * 1024, "MiB"), (1024, "KiB"), (1, "B")),
}


def read_table(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def show(value, unit):
    if value is None:
        return "-"
    for size, name in STEPS.get(unit, ()):
        if abs(value) >= size:
            return f"{value / size:.3g} {name}" if value < 100 * size else f"{value / size:.0f} {name}"
    return f"{value:.3g} {unit}"


def printable(text):
    """What programs colour their messages with is not allowed in an SVG."""
    text = re.sub("\x1b\\[[0-9;]*m", "", text)
    return "".join(letter for letter in text if letter.isprintable()).strip()


def shorten(text):
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


def to_number(text):
    """A figure that is not a positive number is a failed measurement, whatever the program's status said."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def collect(row_samples):
    """Of one row's samples: values by side and round, the reason why it is not measured, and what failed."""
    values = {"ours": {}, "theirs": {}}
    absent, failures = None, []
    for round_number, _, side, status, said in row_samples:
        said = printable(said)
        value = to_number(said) if status == "ok" else None
        if status == "absent":
            absent = said
        elif value is None:
            failures.append(f"round {round_number}, {side}: {said or 'it printed no figure'}")
        else:
            values[side][int(round_number)] = value
    return values, absent, failures


def judge(row, row_samples):
    identity, label, ours, theirs, unit, better, goal_text = row
    values, absent, failures = collect(row_samples)
    goal = None if goal_text == "-" else float(goal_text)
    alone = theirs == "-"
    ratios = {
        number: value / values["theirs"][number]
        for number, value in sorted(values["ours"].items())
        if values["theirs"].get(number)
    }
    figures = list(values["ours"].values()) if alone else list(ratios.values())
    verdict, reason = verdict_of(figures, goal, better, absent, failures)
    median = {side: statistics.median(each.values()) if each else None for side, each in values.items()}
    figure = statistics.median(figures) if figures else None
    return {
        "id": identity,
        "label": label,
        "ours_measured_by": ours,
        "theirs_measured_by": None if alone else theirs,
        "unit": unit,
        "better": better,
        "goal": goal,
        "samples": {side: {str(number): value for number, value in each.items()} for side, each in values.items()},
        "median": median,
        "ratios": list(ratios.values()),
        "ratio": None if alone else figure,
        "figure": figure,
        "figure_min": min(figures) if figures else None,
        "figure_max": max(figures) if figures else None,
        "verdict": verdict,
        "reason": reason,
        "failures": failures,
    }


def verdict_of(figures, goal, better, absent, failures):
    if failures:
        return FAILED, failures[0]
    if absent is not None:
        return NOT_MEASURED, absent
    if not figures:
        return FAILED, "there are no samples"
    if goal is None:
        return NO_GOAL, None
    middle = statistics.median(figures)
    return (MET if (middle <= goal if better == "<=" else middle >= goal) else MISSED), None


# --- the table --------------------------------------------------------------------------------------------------------


def figure_text(value, result):
    if value is None:
        return "-"
    return show(value, result["unit"]) if result["theirs_measured_by"] is None else f"{value:.3f}"


def spread_text(result):
    if result["figure"] is None:
        return "-"
    return f"{figure_text(result['figure_min'], result)} .. {figure_text(result['figure_max'], result)}"


def goal_text(result):
    return "-" if result["goal"] is None else f"{result['better']} {figure_text(result['goal'], result)}"


def verdict_text(result):
    return result["verdict"] + (f" ({result['reason']})" if result["reason"] else "")


def print_table(results, rounds, about):
    head = ("row", "ours", "theirs", "ratio", "min .. max", "goal", "verdict")
    table = [head] + [
        (
            result["label"],
            show(result["median"]["ours"], result["unit"]),
            show(result["median"]["theirs"], result["unit"]),
            "-" if result["ratio"] is None else f"{result['ratio']:.3f}",
            spread_text(result),
            goal_text(result),
            verdict_text(result),
        )
        for result in results
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(head) - 1)]
    for line in table:
        print("  ".join([text.ljust(width) for text, width in zip(line, widths)] + [line[-1]]).rstrip())
    print()
    print(about)
    counts = [(sum(r["verdict"] == v for r in results), v) for v in (MET, MISSED, NOT_MEASURED, FAILED, NO_GOAL)]
    print(f"Medians of {rounds} rounds: " + ", ".join(f"{count} {verdict}" for count, verdict in counts if count) + ".")


def machine_text(description):
    machine = description.get("machine", {})
    steal = machine.get("steal_percent")
    return (
        f"{machine.get('cpu_model') or 'unknown CPU'}, {machine.get('cpu_count')} CPUs, {machine.get('kernel')}, "
        f"{machine.get('tcp_congestion_control')}, load {machine.get('load_1m_before')} before and "
        f"{machine.get('load_1m_after')} after, " + ("steal unknown" if steal is None else f"steal {steal:.1f} %")
    )


# --- the chart --------------------------------------------------------------------------------------------------------

LABEL_WIDTH, BAR_WIDTH, TEXT_WIDTH, ROW_HEIGHT, TOP, MARGIN = 430, 320, 560, 26, 78, 16
LONGEST_REASON = 60
SCALE_END = 2.0  # twice as good as the goal; longer bars are cut there, and their text says the figure
STYLE = """
  text { font: 13px sans-serif; fill: #24292f } .small { font-size: 12px; fill: #57606a } .title { font-size: 16px }
  .page { fill: #ffffff } .track { fill: #eaeef2 } .line { stroke: #24292f; stroke-width: 1.5 }
  .met { fill: #2da44e } .missed { fill: #cf222e } .none { fill: #8c959f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9aa4af } .page { fill: #0d1117 } .track { fill: #21262d }
    .line { stroke: #e6edf3 } .met { fill: #3fb950 } .missed { fill: #f85149 } .none { fill: #6e7681 }
  }
"""


def goodness(result):
    """1 at the goal, more is better, whichever way the row counts."""
    figure, goal = result["figure"], result["goal"]
    if figure is None:
        return None
    if result["better"] == ">=":
        return figure / goal
    return goal / figure if figure > 0 else math.inf


def draw_row(result, top):
    good = goodness(result)
    colour = {MET: "met", MISSED: "missed"}.get(result["verdict"], "none")
    text = f"{figure_text(result['figure'], result)}, goal {goal_text(result)}: {result['verdict']}"
    text += f" ({shorten(result['reason'])})" if result["reason"] else ""
    right = MARGIN + LABEL_WIDTH + BAR_WIDTH
    middle = top + ROW_HEIGHT * 0.5 + 4
    lines = [
        f'<text x="{MARGIN + LABEL_WIDTH - 10}" y="{middle}" text-anchor="end">{escape(result["label"])}</text>',
        f'<rect class="track" x="{MARGIN + LABEL_WIDTH}" y="{top + 4}" width="{BAR_WIDTH}" height="{ROW_HEIGHT - 8}"/>',
    ]
    if good is not None:
        width = BAR_WIDTH * min(good, SCALE_END) / SCALE_END
        lines.append(
            f'<rect class="{colour}" x="{MARGIN + LABEL_WIDTH}" y="{top + 4}" width="{width:.1f}" '
            f'height="{ROW_HEIGHT - 8}"/>'
        )
    lines.append(f'<text class="small" x="{right + 10}" y="{middle}">{escape(text)}</text>')
    return lines


def draw_chart(results, rounds, about):
    shown = [result for result in results if result["goal"] is not None]
    width = MARGIN * 2 + LABEL_WIDTH + BAR_WIDTH + TEXT_WIDTH
    bottom = TOP + ROW_HEIGHT * len(shown)
    left = MARGIN + LABEL_WIDTH
    goal_x = left + BAR_WIDTH / SCALE_END
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + 34}" '
        f'viewBox="0 0 {width} {bottom + 34}" role="img">',
        "<title>lopong and loping beside others: figures and goals</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{width}" height="{bottom + 34}"/>',
        f'<text class="title" x="{MARGIN}" y="26">lopong and loping beside others</text>',
        f'<text class="small" x="{MARGIN}" y="46">{escape(about)}</text>',
        f'<text class="small" x="{goal_x}" y="{TOP - 8}" text-anchor="middle">goal</text>',
        f'<text class="small" x="{left + BAR_WIDTH}" y="{TOP - 8}" text-anchor="end">twice as good</text>',
    ]
    for index, result in enumerate(shown):
        lines += draw_row(result, TOP + ROW_HEIGHT * index)
    lines += [
        f'<line class="line" x1="{goal_x}" y1="{TOP - 4}" x2="{goal_x}" y2="{bottom + 4}"/>',
        f'<text class="small" x="{MARGIN}" y="{bottom + 22}">Medians of {rounds} rounds, ours : theirs. Bars that reach '
        "the line meet their goal.</text>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def main():
    samples_path, rows_path, machine_path, json_path, svg_path = sys.argv[1:]
    samples = read_table(samples_path)
    samples = [line + [""] * (5 - len(line)) for line in samples]
    rows = [row for row in read_table(rows_path) if row[0] != "id"]
    with open(machine_path, encoding="utf-8") as file:
        description = json.load(file)
    rounds = max((int(line[0]) for line in samples), default=0)
    results = [judge(row, [line for line in samples if line[1] == row[0]]) for row in rows]
    about = machine_text(description)
    print_table(results, rounds, about)
    with open(json_path, "w", encoding="utf-8") as file:
        json.dump({**description, "rounds": rounds, "rows": results}, file, indent=1)
        file.write("\n")
    with open(svg_path, "w", encoding="utf-8") as file:
        file.write(draw_chart(results, rounds, about))
    verdicts = [result["verdict"] for result in results]
    sys.exit(1 if MISSED in verdicts else 3 if FAILED in verdicts else 0)


main()
