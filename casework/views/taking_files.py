"""What pages that take files share: each file is taken or refused by itself, and the person is told."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.files.file_check import FileRefused

# Sent at once by one press; the count of a record is checked besides.
MOST_AT_ONCE = 20


def take(request, add):
    """Return (how many files were taken, why the others were not)."""
    files = request.FILES.getlist("file")
    if not files:
        return 0, [_("Choose a file first.")]
    if len(files) > MOST_AT_ONCE:
        return 0, [_("At most %(most)s files at once.") % {"most": MOST_AT_ONCE}]
    taken, refused = 0, []
    for number, file in enumerate(files, start=1):
        try:
            add(file)
        except FileRefused as refusal:
            # By its place, not by its name: a name may say who it is about.
            many = len(files) > 1
            refused.append(
                _("File %(number)s: %(sentence)s") % {"number": number, "sentence": refusal}
                if many
                else str(refusal)
            )
        else:
            taken += 1
    return taken, refused


def take_and_tell(request, add):
    """Take the files of a form and say on the next page what became of them."""
    taken, refused = take(request, add)
    for sentence in refused:
        messages.error(request, sentence)
    if taken:
        messages.success(request, files_taken(taken))


def files_taken(count):
    return ngettext("%(count)d file is kept.", "%(count)d files are kept.", count) % {
        "count": count
    }
