"""What pages share that change particulars: they are saved with their history, which is shown."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from ..particulars import keeping
from ..particulars.history import history

AT_THE_SAME_MOMENT = gettext_lazy(
    "Somebody saved something about this at the same moment. Reload and look again."
)


def changed(form, *, by):
    """Save a form of particulars, the old values kept. Returns success; else the form says why not."""
    try:
        with transaction.atomic():
            keeping.save(form, by=by)
    except keeping.ChangeRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        if refusal.field is None:
            form.see_again()
    except IntegrityError:
        form.add_error(None, AT_THE_SAME_MOMENT)
    return form.is_valid()


def told(request, *records):
    """The `History` of records as their page shows it; the address may ask for all of it."""
    return history(*records, everything=request.GET.get("changes") == "all")
