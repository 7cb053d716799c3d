"""Make ``.venv`` with everything that is locked, on a machine that has only Python ≥ 3.11 (and make).

Debian and Ubuntu ship Python without pip and without the means to put it into a virtual environment. Then a pip
wheel is fetched from the same package index that pip would use, and does the rest.
"""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".venv"
PYTHON = PLACE / "bin" / "python"
UV = "uv==0.13.9"
DEFAULT_INDEX = "https://pypi.org/simple"


def main() -> None:
    """Make the environment, or bring it up to date."""
    if sys.version_info < (3, 11):  # noqa: UP036  this is what says so
        sys.exit(f"Python {sys.version.split()[0]} is too old; expected 3.11 or newer.")
    if not PYTHON.exists():
        venv.create(PLACE, with_pip=False, symlinks=True, clear=PLACE.exists())
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        add_pip()
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    uv = PLACE / "bin" / "uv"
    # compiled once, here: else every command reads two thousand modules from their source where Python may not write
    locked = ("--require-hashes", ROOT / "requirements.lock")
    run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--python", PYTHON, *locked)
    # uv itself is not in the lock: sync takes it away with everything else that is not
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    run(uv, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--editable", ROOT)
    (PLACE / ".ready").touch()


def run(*command: str | Path) -> None:
    """Run a command; end with its code when it fails."""
    done = subprocess.run([str(part) for part in command], check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)} failed with code {done.returncode}.")


def add_pip() -> None:
    """Put pip into the environment: by Python's own means, or else from the package index."""
    if (
        subprocess.run([PYTHON, "-m", "ensurepip", "--upgrade"], capture_output=True, check=False).returncode
        == 0
    ):
        return
    page = index().rstrip("/") + "/pip/"
    with urllib.request.urlopen(page) as answer:
        links = re.findall(
            r'href="([^"]+/pip-(\d+(?:\.\d+)*)-py3-none-any\.whl[^"]*)"', answer.read().decode()
        )
    if not links:
        sys.exit(f"{page} offers no pip; expected a package index. Or install the package python3-venv.")
    link, _ = max(links, key=lambda found: tuple(int(part) for part in found[1].split(".")))
    with tempfile.TemporaryDirectory() as folder:
        name = urllib.parse.urlparse(link).path.rsplit("/", 1)[-1]
        wheel = Path(folder) / name
        urllib.request.urlretrieve(urllib.parse.urljoin(page, link), wheel)
        run(PYTHON, f"{wheel}/pip", "install", "--quiet", "--no-index", wheel)


def index() -> str:
    """The package index: from the environment, from pip's configuration, or the default."""
    if chosen := os.environ.get("PIP_INDEX_URL"):
        return chosen
    config = configparser.ConfigParser()
    home = Path.home()
    config.read(["/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"])
    return config.get("global", "index-url", fallback=DEFAULT_INDEX)


if __name__ == "__main__":
    main()
