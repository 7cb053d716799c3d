"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)  # the first example may compile a kernel
settings.load_profile("here")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data sets with published answers; the test skips where it is absent."""
    folder = Path(os.environ.get("SCHAKEL_PUBLIC_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "README.md").exists():
        pytest.skip("the public data sets are not here: set SCHAKEL_PUBLIC_DATA to their folder")
    return folder
