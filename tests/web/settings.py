"""The application's own settings, with a database of the tests: SQLite, or PostgreSQL with SCHAKEL_TEST_DATABASE."""

from __future__ import annotations

import os
import tempfile

os.environ["SCHAKEL_DEMO"] = "yes"
os.environ["SCHAKEL_DATA"] = tempfile.mkdtemp(prefix="schakel-test-")
os.environ.pop("SCHAKEL_DATABASE_URL", None)
if os.environ.get("SCHAKEL_TEST_DATABASE"):
    os.environ["SCHAKEL_DATABASE_URL"] = os.environ["SCHAKEL_TEST_DATABASE"]

from schakel_web.config.settings import *  # noqa: F403

if EMBEDDED:  # noqa: F405  a file, so that a server in another thread has a connection of its own
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}  # noqa: F405
DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; no test is about its strength
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
