"""What a visitor would hardly see is an error here: a variable that is not there, rows in an order that may change."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.template.defaulttags import ForNode

import schakel_web

_OURS = str(Path(schakel_web.__file__).parent)
_resolve = FilterExpression.resolve
_loop = ForNode.render
_choices = ModelChoiceIterator.__iter__


class UndefinedError(Exception):
    """Not a LookupError, which Django would pass over in silence."""


class UnorderedError(Exception):
    """Rows that may stand otherwise on the next visit."""


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


def loop(self: ForNode, context: Any) -> Any:
    """What Django does, but for rows of a database that have no order: PostgreSQL gives those as it likes."""
    assert isinstance(self.sequence, FilterExpression)
    _in_order(self.sequence.resolve(context, ignore_failures=True), self.sequence)
    return _loop(self, context)


def choices(self: ModelChoiceIterator[Any]) -> Any:
    """The same for what there is to choose from."""
    _in_order(self.queryset, self.field.label)
    return _choices(self)


def _in_order(rows: Any, where: Any) -> None:
    if isinstance(rows, QuerySet) and not rows.ordered:
        raise UnorderedError(f"{where}: these rows of {rows.model.__name__} have no order")
