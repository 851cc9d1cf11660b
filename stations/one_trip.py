"""Rows of several tables in one round trip to the database, for a page that shows one file whole.

A page of twenty small lists would else ask twenty times, and most of its time would be the way there
and back. Each list is an ordinary queryset of plain rows: no select_related, annotations as they are.
"""

import json
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

# Stands for the key of the record asked for.
ASKED = RawSQL("SELECT id FROM asked", ())


class OneTrip:
    """Lists by name, asked in one statement. Each is an ordinary queryset.

    One about a record is narrowed by `ASKED` where its key stands, and serves for every record then: to make
    the words of twenty lists takes longer than the database's answer.
    """

    def __init__(self, **querysets):
        parts, self._bound = [], []
        for queryset in querysets.values():
            try:
                words, values = queryset.query.sql_with_params()
            except EmptyResultSet:
                parts.append("NULL")
                continue
            parts.append(f"(SELECT json_agg(r) FROM ({words}) AS r)::text")
            self._bound += values
        self._words = f"WITH asked(id) AS (VALUES (%s::bigint)) SELECT {', '.join(parts)}"
        self._models = {name: queryset.model for name, queryset in querysets.items()}

    def rows(self, key=None):
        """Return {name: [instance]}, of the record of this key."""
        with connection.cursor() as cursor:
            cursor.execute(self._words, [key, *self._bound])
            answers = cursor.fetchone()
        return {
            name: _instances(model, json.loads(answer, parse_float=Decimal)) if answer else []
            for (name, model), answer in zip(self._models.items(), answers, strict=True)
        }


def _instances(model, rows):
    fields = [field for field in model._meta.concrete_fields if field.column in rows[0]]
    names = [field.attname for field in fields]
    columns = {field.column for field in fields}
    found = []
    for row in rows:
        values = [_value(field, row[field.column]) for field in fields]
        instance = model.from_db(connection.alias, names, values)
        for name in row.keys() - columns:
            setattr(instance, name, row[name])
        found.append(instance)
    return found


def _value(field, value):
    """What the field would have read from the database; JSON carries bytes as hex."""
    if value is None:
        return None
    if isinstance(field, models.BinaryField):
        value = bytes.fromhex(value.removeprefix("\\x"))
        read = getattr(field, "from_db_value", None)
        return read(value, None, connection) if read else value
    return field.to_python(value)
