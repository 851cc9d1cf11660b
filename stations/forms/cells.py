"""The ruled sheet of the paper register, as crispy layout objects.

    self.helper.layout = Layout(
        Sheet(
            Cell("occurred_at", "w3"),
            Cell("name", "w3", beside="is_anonymous"),
            Cell("people_groups", note=_("several may fit"), notes={"women": _("by itself")}),
            Cell("matter", even=True, keys={matter.pk: matter.number_key, …}),
            Cell("statement", "w6"),
            Fold(_("More, optional"), _("birth date, address"), Cell("birth_on", "w3"), …),
        )
    )

The sheet has twelve columns: `w2` `w3` `w4` `w5` `w6` `w7` `w8` `w12`; on a phone six. Radio
buttons and groups of checkboxes become a row of chips across the sheet. In the template:

    <form method="post">{% csrf_token %}
      {% include "components/errors.html" %}
      {% load crispy_forms_tags %}{% crispy form %}
      <div class="savebar"><button class="btn btn-primary">…</button></div>
    </form>
"""

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template.loader import render_to_string
from django.utils.translation import pgettext

CHIPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# How Django shows that nothing is chosen yet.
DASHES = BLANK_CHOICE_DASH[0][1]


class Cell(LayoutObject):
    """One field in its cell: label, star, control, help, error.

    `note` stands small beside the label. `beside` names a checkbox shown in the same cell.
    `keys` gives a chip its number key, `notes` a small word, both by the choice's value; `even`
    makes all chips equally wide. Further keywords are attributes of the control.
    """

    template = "components/cell.html"

    def __init__(
        self, name, width="", *, note="", beside="", keys=None, notes=None, even=False, **attrs
    ):
        self.fields = [name]
        self.width = width
        self.note = note
        self.beside = beside
        self.keys = {str(value): key for value, key in (keys or {}).items()}
        self.notes = {str(value): word for value, word in (notes or {}).items()}
        self.is_even = even
        self.attrs = {name.replace("_", "-"): value for name, value in attrs.items()}

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        [name] = self.fields
        if name not in form.fields:
            return ""
        _name_the_blank(form.fields[name])
        widget = form.fields[name].widget
        is_chips = isinstance(widget, CHIPS)
        beside = None
        if self.beside in form.fields:
            form.rendered_fields.add(self.beside)
            beside = form[self.beside]
            beside.field.widget.attrs["class"] = "form-check-input"
        return render_field(
            name,
            form,
            context,
            template=self.template,
            attrs={"class": _css_class(widget)} | self.attrs,
            template_pack=template_pack,
            extra_context={
                "cell": self,
                "beside": beside,
                "is_check": isinstance(widget, forms.CheckboxInput),
                "is_wide": is_chips,
                "width": self.width or ("w12" if is_chips else "w3"),
                "chips": self._chips(form[name]) if is_chips else [],
            },
        )

    def _chips(self, field):
        field.field.widget.attrs.update({"class": "btn-check"})
        for choice in field.subwidgets:
            value = str(choice.data["value"])
            yield {
                "choice": choice,
                "key": self.keys.get(value, ""),
                "note": self.notes.get(value, ""),
            }


def _name_the_blank(field):
    """Let a list whose form says nothing else begin with a word instead of nine dashes."""
    word = pgettext("list", "choose") if field.required else "—"
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = word
    elif isinstance(field, forms.ChoiceField):
        choices = list(field.choices)
        if choices[:1] == [("", DASHES)]:
            field.choices = [("", word), *choices[1:]]


def _css_class(widget):
    if isinstance(widget, CHIPS):
        return "btn-check"
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


class Sheet(LayoutObject):
    """Cells between ruled lines; `title` heads one of several sheets."""

    template = "components/sheet.html"

    def __init__(self, *cells, title=""):
        self.fields = list(cells)
        self.title = title

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        cells = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"cells": cells, "title": self.title})


class Piece(LayoutObject):
    """A template of its own between the sheets; it sees the form."""

    def __init__(self, template):
        self.template = template
        self.fields = []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        return render_to_string(self.template, context.flatten() | {"form": form})


class Fold(LayoutObject):
    """Optional cells behind one line; open when one of them is wrong, or with `is_open`."""

    template = "components/fold.html"

    def __init__(self, title, hint, *cells, is_open=False):
        self.title = title
        self.hint = hint
        self.is_open = is_open
        self.fields = list(cells)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        names = [pointer.name for pointer in self.get_field_names()]
        is_open = self.is_open or any(name in form.errors for name in names)
        cells = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.template,
            {"title": self.title, "hint": self.hint, "cells": cells, "is_open": is_open},
        )
