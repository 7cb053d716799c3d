"""What templates say about signals."""

from __future__ import annotations

from django import template

from schakel_web.signals.tasks import label

register = template.Library()
register.filter("theme", label)
