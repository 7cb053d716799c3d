"""A variable that a template of ours uses and a view forgot is an error here, and an empty place for a visitor."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Variable, VariableDoesNotExist

import schakel_web

_OURS = str(Path(schakel_web.__file__).parent)
_resolve = FilterExpression.resolve


class UndefinedError(Exception):
    """Not a LookupError, which Django would pass over in silence."""


def resolve(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
    """What Django does, but for a name that is not there; ``if``, ``for`` and ``default`` may still ask for one."""
    foreseen = ignore_failures or any(function.__name__ == "default" for function, _ in self.filters)
    if foreseen or not isinstance(self.var, Variable):
        return _resolve(self, context, ignore_failures)
    try:
        value = self.var.resolve(context)
    except VariableDoesNotExist as error:
        template = getattr(context.render_context, "template", None) or context.template
        if str(template.origin.name).startswith(_OURS):
            raise UndefinedError(f"{template.origin.name}: {self.token} is not there") from error
        return _resolve(self, context, ignore_failures)
    known = copy.copy(self)
    known.var, known.is_var = value, False
    return _resolve(known, context, ignore_failures)
