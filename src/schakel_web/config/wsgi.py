"""What a web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schakel_web.config.settings")
application = get_wsgi_application()

from schakel_web.ui.readiness import refuse_unfinished_database  # noqa: E402  Django has to be ready first

refuse_unfinished_database()
