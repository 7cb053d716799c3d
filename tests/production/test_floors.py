"""What protects people cannot be configured away (R22): tried with every setting there is, all at once."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from tests.production.processes import ROOT, SECRET, run

_ASK = """
import django, json
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from schakel.disclosure import FLOORS
from schakel_web.questions.patterns import parameters
from schakel_web.questions.tasks import THRESHOLDS
from schakel_web.signals.tasks import any_sensitive, read, taxonomy
asked = parameters()
print(json.dumps({
    "floors": all(getattr(THRESHOLDS, name) >= least for name, least in FLOORS.items()),
    "people": asked["min_people"], "sources": asked["min_sources"], "dates": asked["min_dates"], "raw": asked["raw"],
    "personal": len(read("Bel Jan de Vries op 06-12345678.").spans),
    "sensitive": any_sensitive([theme.id for theme in taxonomy().themes if theme.sensitive]),
}))
"""
_KEPT = {"SCHAKEL_SECRET_KEY", "SCHAKEL_DATABASE_URL", "SCHAKEL_DATA", "SCHAKEL_STATIC", "SCHAKEL_DEBUG"}
_PERMISSIVE = {
    "SCHAKEL_TAXONOMY": "taxonomy.yaml", "SCHAKEL_SECOND_FACTOR": "nobody", "SCHAKEL_NIGHTLY": "00:01",
    "SCHAKEL_LOG_LEVEL": "DEBUG", "SCHAKEL_HOSTS": "*", "SCHAKEL_ADDRESS": "http://localhost",
    "SCHAKEL_OIDC_ONLY": "no", "SCHAKEL_BIND": "127.0.0.1:9", "SCHAKEL_OLD_SECRET_KEYS": "", "SCHAKEL_DEMO": "no",
}  # fmt: skip
_NUMBERS = {
    "SCHAKEL_SEED",
    "SCHAKEL_SESSION_HOURS",
    "SCHAKEL_WEB_PROCESSES",
    "SCHAKEL_PORT",
    "SCHAKEL_MAIL_PORT",
}
_WORDS = re.compile(r"SCHAKEL_(OIDC_(?!ONLY)|MAIL_|SUPPORT|CLIENT_IP)")
_INVENTED = (
    "MIN_PEOPLE",
    "MIN_SOURCES",
    "MIN_DATES",
    "RAW",
    "REDACTION",
    "SENSITIVE",
    "THRESHOLDS",
    "ROUNDING",
)


def _settings() -> dict[str, str]:
    """Every documented setting as lenient as it can be, and names that somebody may hope for."""
    page = (ROOT / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
    found = {}
    for name in set(re.findall(r"SCHAKEL_[A-Z_]+", page)) - _KEPT:
        if name in _PERMISSIVE:
            value = _PERMISSIVE[name]
        elif name in _NUMBERS:
            value = "1"
        else:
            value = "" if _WORDS.match(name) else "yes"
        found[name.removeprefix("SCHAKEL_")] = value
    return (
        found | dict.fromkeys(_INVENTED, "0") | {"SECRET_KEY": SECRET, "ALLOW_SQLITE": "yes", "DEBUG": "no"}
    )


def test_no_setting_lowers_a_threshold_or_lets_personal_data_or_sensitive_themes_through_r22(
    tmp_path: Path,
) -> None:
    (tmp_path / "taxonomy.yaml").write_text("domains: []\n", encoding="utf-8")
    settings = _settings()
    assert len(settings) > 25
    done = run(
        sys.executable, "-c", _ASK, folder=tmp_path, settings=settings,
        more={"DJANGO_SETTINGS_MODULE": "schakel_web.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "floors": True, "people": 5, "sources": 2, "dates": 2, "raw": False, "personal": 2, "sensitive": True,
    }  # fmt: skip
