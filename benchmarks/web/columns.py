"""Rows of a model as columns, copied into a table at once; what is not given has the default of its field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import polars as pl
from django.core.management.color import no_style
from django.db import connection, models

_SHARE = 250_000  # rows that are written at once


def copy(model: type[models.Model], rows: pl.DataFrame) -> None:
    """Put `rows` (columns named as the database names them) into the empty table of a model."""
    frame = rows.with_columns(*_constants(model, set(rows.columns)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with _without_indexes(cursor, model._meta.db_table):
                _copied(cursor, model._meta.db_table, frame)
        else:
            _inserted(model._meta.db_table, frame)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _copied(cursor: Any, table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(f'"{name}"' for name in frame.columns)
    with cursor.copy(f"COPY \"{table}\" ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')") as stream:
        for part in _text(frame):
            stream.write(part)


def _inserted(table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(f'"{name}"' for name in frame.columns)
    places = ", ".join("?" * frame.width)
    assert connection.connection is not None
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
    connection.connection.executemany(statement, _plain(frame).iter_rows())


@contextmanager
def _without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Foreign keys are not checked row by row, and indexes are built at once afterwards."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname, pg_get_constraintdef(c.oid) "
        "FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u' "
        "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
        [table],
    )
    indexes = cursor.fetchall()
    for index, _definition, constraint, _said in indexes:
        cursor.execute(
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
        )
    yield
    for _index, definition, constraint, said in indexes:
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint}" {said}' if constraint else definition
        )
    cursor.execute("SET session_replication_role = DEFAULT")


def _constants(model: type[models.Model], given: set[str]) -> Iterator[pl.Expr]:
    """What every row has in the columns that were not given."""
    for field in model._meta.concrete_fields:
        if field.column in given or isinstance(field, models.AutoField):
            continue
        yield pl.lit(written(field.get_default())).alias(str(field.column))


def written(value: Any) -> Any:
    """A value as the database holds it."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as SQLite keeps them."""
    return frame.with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Datetime).dt.to_string("%Y-%m-%d %H:%M:%S")
    )


def _text(frame: pl.DataFrame) -> Iterator[bytes]:
    """Comma-separated text; every string is quoted, so that an empty one is not a missing one."""
    for part in frame.iter_slices(_SHARE):
        written = BytesIO()
        part.write_csv(written, include_header=False, null_value="\\N", quote_style="non_numeric")
        yield written.getvalue()
