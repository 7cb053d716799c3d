"""``make report``: make up a municipality, look for patterns, say what was found, and open the report."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from pathlib import Path

from schakel.cli import run

PLACE = Path("demo-output")


def main() -> int:
    """Run the commands; return the exit code of the first command that fails."""
    PLACE.mkdir(exist_ok=True)
    commands = [
        f"synthetic {PLACE} --areas 60 --signals 12000 --weeks 104 --planted 3 --planted-minimum 30 --seed 8",
        f"detect {PLACE}/signals.csv --areas {PLACE}/areas.geojson --json {PLACE}/result.json "
        f"--report {PLACE}/report.html",
    ]
    for command in commands:
        print(f"\n$ schakel {command}", flush=True)
        sys.argv = ["schakel", *command.split()]
        if code := run(sys.argv[1:]):
            return code
    print(f"\n{_found()}")
    report = (PLACE / "report.html").resolve()
    print(f"The report: {report}")
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(report.as_uri())
    return 0


def _found() -> str:
    """How many of the hidden questions a team would be shown."""
    truth = json.loads((PLACE / "truth.json").read_text(encoding="utf-8"))
    planted = truth["planted"] if isinstance(truth, dict) else truth
    patterns = json.loads((PLACE / "result.json").read_text(encoding="utf-8"))["patterns"]
    shown = [pattern for pattern in patterns if not pattern["withheld"]]
    hits = [
        question
        for question in planted
        if any(p["theme"] == question["theme"] and set(p["areas"]) & set(question["areas"]) for p in shown)
    ]
    return (
        f"{len(planted)} shared questions were hidden in the last weeks; {len(hits)} of them were found, "
        f"and {len(shown)} patterns are shown in all."
    )


if __name__ == "__main__":
    sys.exit(main())
