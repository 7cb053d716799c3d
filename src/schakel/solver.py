"""HiGHS without a word: its constructor names its makers on the screen before an option can forbid it."""

from __future__ import annotations

from collections.abc import Mapping

import highspy

SILENT = {"output_flag": False, "threads": 1}


class Solver(highspy.Highs):
    """A solver that prints nothing, on one thread, with more options where given."""

    def __init__(self, options: Mapping[str, bool | float | str] | None = None) -> None:
        super(highspy.Highs, self).__init__()  # not that of `Highs`, which also sets up callbacks
        for name, value in (SILENT | dict(options or {})).items():
            self.setOptionValue(name, value)
