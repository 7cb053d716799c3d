"""What a web server runs. A refusal to start is one sentence, and an exit code at which gunicorn stops trying."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel_web.config.settings")
try:
    application = get_wsgi_application()
    from schakel_web.config.warm import warm  # Django has to be ready first
    from schakel_web.ui.readiness import refuse_unfinished_database

    refuse_unfinished_database()
    warm()
except ImproperlyConfigured as error:
    sys.stderr.write(f"Error: {error}\n")
    sys.exit(3)
connections.close_all()  # processes that are forked from this one may not share a connection
