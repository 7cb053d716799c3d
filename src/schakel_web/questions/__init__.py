"""From many signals to one shared question: runs, patterns, questions, the weekly meeting (S020, S021, S036)."""
