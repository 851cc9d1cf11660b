"""Which tables a day's seal goes over. Each floor says so of its own with `sealed`.

They are the ones of which the database itself allows no change and no deletion, and what of the
register and the decisions never changes. The seal is for whoever can switch that off.
"""

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise

from ..privacy import EncryptedTextField

# {label of a model: SealedTable}
TABLES = {}


@dataclass(frozen=True)
class SealedTable:
    """A table of the chain.

    `at` is the path to the moment its rows are of. `frame` are columns that outlive the words: ids,
    times, people, codes. `words` are texts and personal values, which retention may empty one day.
    """

    label: str
    name: str | Promise
    at: str
    frame: tuple[str, ...]
    words: tuple[str, ...]


def sealed(model, name, *, at, words=(), frame=None):
    """Let the seals go over a model's rows of each day, found by the moment `at`.

    The frame is every column that is not of the `words`, unless it is named.
    """
    columns = [field.attname for field in model._meta.concrete_fields]
    TABLES[model._meta.label_lower] = SealedTable(
        label=model._meta.label_lower,
        name=name,
        at=at,
        frame=tuple(frame or (column for column in columns if column not in words)),
        words=tuple(words),
    )


def name_of(label):
    """Return what people call a table; its label when it is no longer sealed."""
    return TABLES[label].name if label in TABLES else label


def model_of(label):
    """Return the model of a label. Raises LookupError when the site has it no more."""
    return apps.get_model(label)


def is_encrypted(model, column):
    return isinstance(model._meta.get_field(column), EncryptedTextField)
