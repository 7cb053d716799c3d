"""How every form is drawn: the classes of NL Design System, labels, help and errors that belong to their field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

_CLASSES = {
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input",
    "radio": "utrecht-radio-button utrecht-radio-button--html-input",
    "hidden": "",
    "file": "file-input",
}
_TEXTBOX = "utrecht-textbox utrecht-textbox--html-input"


#: Signs that turn the order of what stands behind them, so that a text reads otherwise than it is.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def unreadable(text: str) -> int | None:
    """Where the first sign stands that nobody can see or type, from 0; None when there is none."""
    for place, sign in enumerate(text):
        if sign in _TURNS or (unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t"):
            return place
    return None


class Chips(forms.RadioSelect):
    """Few choices that are one tap each, in a row; for a form that must be quick."""

    template_name = "ui/chips.html"


class Day(forms.DateInput):
    """A day to pick from a calendar. A browser reads no other form than 2026-05-31, in whatever language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Renderer(TemplatesSetting):
    """Django's own templates for widgets, with our classes; our templates for fields and forms."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        """Draw a widget, field or form."""
        widget = context.get("widget")
        if widget:
            kind = widget.get("type") or template_name.rsplit("/", 1)[-1].removesuffix(".html")
            extra = _CLASSES.get(kind, _TEXTBOX)
            invalid = " utrecht-textbox--invalid" if widget["attrs"].get("aria-invalid") else ""
            own = widget["attrs"].get("class", "")
            if (
                kind == "select" or "optgroups" not in widget
            ):  # else a group, whose parts are inputs themselves
                widget["attrs"] = {**widget["attrs"], "class": f"{extra}{invalid} {own}".strip()}
            draw = _DRAWN.get(template_name.rsplit("/", 1)[-1].removesuffix(".html"))
            if draw:
                return draw(widget)
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else flatatt({"value": str(widget["value"])})
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, flatatt(widget["attrs"])
    )


def _textarea(widget: dict[str, Any]) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        flatatt(widget["attrs"]),
        widget["value"] or "",
    )


def _select(widget: dict[str, Any]) -> SafeString:
    groups = ((name, _options(choices)) for name, choices, _place in widget["optgroups"])
    inside = mark_safe(
        "".join(
            format_html('<optgroup label="{}">{}</optgroup>', name, options) if name else options
            for name, options in groups
        )
    )
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), inside)


def _options(choices: list[dict[str, Any]]) -> SafeString:
    return mark_safe(
        "".join(  # each part is escaped here; a format for each takes three times as long
            f'<option value="{conditional_escape(c["value"])}"{flatatt(c["attrs"]) if c["attrs"] else ""}>'
            f"{conditional_escape(c['label'])}</option>"
            for c in choices
        )
    )


#: What most forms are made of is drawn here: a template for each input is half the time of a page with a long form.
_DRAWN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    "text": _input, "number": _input, "email": _input, "date": _input, "hidden": _input, "checkbox": _input,
    "textarea": _textarea, "select": _select,
}  # fmt: skip
