"""Rows of several tables in one round trip to the database, for a page that shows one file whole.

A page of twenty small lists would else ask twenty times, and most of its time would be the way there
and back. Each list is an ordinary queryset of plain rows: no select_related, annotations as they are.
"""

import json
from decimal import Decimal

from django.db import connection, models


def in_one_trip(*querysets):
    """Return the rows of each queryset as a list of its model's instances, asked in one statement."""
    parts, bound = [], []
    for queryset in querysets:
        words, values = queryset.query.sql_with_params()
        parts.append(f"(SELECT json_agg(r) FROM ({words}) AS r)::text")
        bound += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", bound)
        answers = cursor.fetchone()
    return [
        _instances(queryset.model, json.loads(answer, parse_float=Decimal)) if answer else []
        for queryset, answer in zip(querysets, answers, strict=True)
    ]


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
