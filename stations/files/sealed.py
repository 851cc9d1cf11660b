"""Photos and papers kept beside a record: checked by their content, sealed, the same one twice kept once."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from ..privacy import seal, unseal
from . import file_check
from .file_check import FileRefused


@transaction.atomic
def add(record, files, file, *, most, why_not=None, **who):
    """Keep a file among `files`, the name of a relation of `record`. Returns its row.

    `most` files a record may have; `why_not` says of the record as it stands now why it takes none, or
    nothing; `who` are fields of the row. The record is locked, so that both hold. Raises FileRefused
    with a plain sentence.
    """
    checked = file_check.check(file_check.read(file))
    record = type(record).objects.select_for_update(of=("self",)).get(pk=record.pk)
    if why_not and (sentence := why_not(record)):
        raise FileRefused(sentence)
    kept = getattr(record, files)
    digest = hashlib.sha256(checked.content).hexdigest()
    if before := kept.defer("content").filter(sha256=digest).first():
        return before
    count = kept.count()
    if count >= most:
        raise FileRefused(
            _("There are %(most)s files already. Put several pages into one PDF.")
            % {"most": most}
        )
    return kept.create(
        # The name a phone or a person gave may say who it is about.
        name=f"{count + 1}.{file_check.ENDINGS[checked.media_type]}",
        media_type=checked.media_type,
        size=len(checked.content),
        pages=checked.pages,
        sha256=digest,
        content=seal(checked.content),
        **who,
    )


def content_of(file):
    """Return the file itself."""
    return unseal(file.content)
