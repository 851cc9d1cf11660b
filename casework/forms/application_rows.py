"""Rows under the form of an application: the household table, and whoever else is in the matter."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.privacy import keyed_hash, mask_id_number, mask_phone

from .. import reading
from ..models import HouseholdMember, Party
from ..rules.sentiment import same_name
from ..terms import PartyKind, PartySide, Relation
from .fields import LongText, ReadField

# Names that end so are not a person's.
_ORGANISATION = re.compile(
    r"(公司|厂|店|行|社|局|所|院|校|部|站|队|集团|中心|委员会|政府|银行|工作室|合作社|经营部)$"
)


class _Row(forms.Form):
    """One line as typed; the model's own checks are asked by the database again."""

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number
        for field in self.fields.values():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {
                "class": "form-select" if is_select else "form-control",
                "aria-label": _("row %(number)s, %(field)s")
                % {"number": number, "field": field.label},
                "autocomplete": "off",
            }

    @property
    def is_empty(self):
        return not any(
            (self.data.get(self.add_prefix(name)) or "").strip() for name in self.telling
        )

    def sentences(self):
        """What is wrong with the row, each with where it stands."""
        return [
            _("row %(number)s, %(field)s: %(sentence)s")
            % {
                "number": self.number,
                "field": self.fields[name].label,
                "sentence": " ".join(errors),
            }
            for name, errors in self.errors.items()
        ]


class HouseholdRow(_Row):
    """Somebody of the household (form 4)."""

    telling = ("name", "relation", "age", "occupation", "monthly_income")

    name = LongText(40, label=pgettext_lazy("person", "name"))
    relation = forms.ChoiceField(
        label=gettext_lazy("relation"), choices=[("", "—"), *Relation.choices], required=False
    )
    age = ReadField(reading.read_age, label=gettext_lazy("age"), empty_value=None)
    occupation = LongText(40, label=gettext_lazy("occupation or employer"))
    monthly_income = ReadField(
        reading.read_money, label=gettext_lazy("yuan a month"), empty_value=None
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("age", "monthly_income"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def clean(self):
        cleaned = super().clean()
        if self.is_empty:
            return cleaned
        if not cleaned.get("relation") and "relation" not in self.errors:
            self.add_error("relation", _("Choose who this is to the applicant."))
        return cleaned

    def unsaved(self):
        cleaned = self.cleaned_data
        income = cleaned.get("monthly_income")
        return HouseholdMember(
            name=cleaned.get("name", ""),
            relation=cleaned.get("relation", ""),
            age=cleaned.get("age"),
            occupation=cleaned.get("occupation", ""),
            monthly_income="" if income is None else str(income),
        )


class PartyRow(_Row):
    """The other side, its agent, or who applies together."""

    telling = ("name", "id_number", "phone")

    # The saved row this line began as: what stays masked on the page is kept from it.
    known = forms.IntegerField(required=False, widget=forms.HiddenInput)
    side = forms.ChoiceField(
        label=gettext_lazy("side"), choices=PartySide, initial=PartySide.OPPONENT
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("party", "kind"),
        choices=[("", gettext_lazy("by the name")), *PartyKind.choices],
        required=False,
    )
    name = LongText(60, label=pgettext_lazy("party", "name"))
    id_number = LongText(30, label=gettext_lazy("identity or credit code"))
    phone = ReadField(reading.read_phone, label=gettext_lazy("phone"))

    def __init__(self, *args, saved=(), **kwargs):
        super().__init__(*args, **kwargs)
        # What nearly every line says is passed by Enter; Tab stops at it.
        for name in ("side", "kind"):
            self.fields[name].widget.attrs["data-enter-passes"] = True
        self.saved = {party.pk: party for party in saved}
        party = self.saved.get(self.initial.get("known"))
        if party:
            self.fields["phone"].widget.attrs["placeholder"] = mask_phone(party.phone)
            self.fields["id_number"].widget.attrs["placeholder"] = mask_id_number(
                party.id_number
            )

    @property
    def is_empty(self):
        # A saved line whose name is struck out is taken away.
        is_struck_out = not (self.data.get(self.add_prefix("name")) or "").strip()
        return super().is_empty or (
            is_struck_out and bool(self.data.get(self.add_prefix("known")))
        )

    def clean(self):
        cleaned = super().clean()
        if self.is_empty:
            return cleaned
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Type the name."))
        kind = cleaned.get("kind")
        if not kind and "kind" not in self.errors:
            is_organisation = _ORGANISATION.search(cleaned.get("name") or "")
            kind = PartyKind.ORGANISATION if is_organisation else PartyKind.PERSON
            cleaned["kind"] = kind
        self._read_number(cleaned, kind)
        party = self.saved.get(cleaned.get("known"))
        for name in ("id_number", "phone"):
            if party and not cleaned.get(name) and name not in self.errors:
                cleaned[name] = getattr(party, name)
        return cleaned

    def _read_number(self, cleaned, kind):
        if "id_number" in self.errors or not cleaned.get("id_number"):
            return
        read = (
            reading.read_credit_code
            if kind == PartyKind.ORGANISATION
            else reading.read_id_number
        )
        try:
            cleaned["id_number"] = read(cleaned["id_number"])
        except reading.Unreadable as unreadable:
            self.add_error("id_number", ValidationError(str(unreadable)))

    def unsaved(self):
        cleaned = self.cleaned_data
        number = cleaned.get("id_number", "")
        return Party(
            side=cleaned.get("side") or PartySide.OPPONENT,
            kind=cleaned.get("kind") or PartyKind.PERSON,
            name=cleaned.get("name", ""),
            name_key=same_name(cleaned.get("name", ""))[:60],
            id_number=number,
            id_hash=keyed_hash(number),
            phone=cleaned.get("phone", ""),
        )


class Rows:
    """The lines of one table, as typed; empty ones are left out.

    How many there are stands in a hidden field, so that more can be asked for without a script.
    """

    MOST = 20
    MORE = 3

    def __init__(self, row_form, prefix, data=None, *, initial=(), least=2, **extra):
        self.prefix = prefix
        self.count_name = f"{prefix}_rows"
        count = max(self._typed_count(data), len(initial), least)
        if data and data.get("more") == prefix:
            count += self.MORE
        self.rows = [
            row_form(
                data,
                prefix=f"{prefix}-{n}",
                initial=initial[n] if n < len(initial) else None,
                number=n + 1,
                use_required_attribute=False,
                **extra,
            )
            for n in range(min(count, self.MOST))
        ]

    def _typed_count(self, data):
        text = (data or {}).get(self.count_name) or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def may_grow(self):
        return len(self) < self.MOST

    @property
    def filled(self):
        return [row for row in self.rows if row.is_bound and not row.is_empty]

    def sentences(self):
        return [sentence for row in self.filled for sentence in row.sentences()]

    def unsaved(self):
        """The rows as unsaved records, of those that are right."""
        return [row.unsaved() for row in self.filled if not row.errors]
