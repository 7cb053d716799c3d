"""Rows of a model as columns, copied into a table at once; what is not given has the default of its field."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import polars as pl
from django.core.management.color import no_style
from django.db import connection, models

_SHARE = 250_000  # rows that are written at once


def copy(model: type[models.Model], rows: pl.DataFrame) -> None:
    """Put `rows` (columns named as the database names them) into the empty table of a model."""
    frame = rows.with_columns(*_constants(model, set(rows.columns)))
    names = ", ".join(f'"{name}"' for name in frame.columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(
                f"COPY \"{table}\" ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
            ) as stream:
                for part in _text(frame):
                    stream.write(part)
        else:
            places = ", ".join("?" * frame.width)
            assert connection.connection is not None
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'
            connection.connection.executemany(statement, _plain(frame).iter_rows())
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _constants(model: type[models.Model], given: set[str]) -> Iterator[pl.Expr]:
    """What every row has in the columns that were not given."""
    for field in model._meta.concrete_fields:
        if field.column in given or isinstance(field, models.AutoField):
            continue
        value: Any = field.get_default()
        yield pl.lit(value).alias(str(field.column))


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
