"""The way out to an applicant's telephone: an SMS gateway, e-mail, or nothing, by setting.

`LEGALAID_MESSAGES` names one of the messengers here, or the dotted path of a class with the same
two methods. With none, whatever an applicant must hear becomes a telephone call on a desk.
"""

import sys

from django.conf import settings
from django.utils.module_loading import import_string

from stations.privacy import mask_phone


class NotDelivered(Exception):
    """The message did not go out; the station telephones instead."""


class Messenger:
    """What a messenger does. A gateway of SMS or e-mail is a class with these two methods."""

    def reaches(self, application) -> bool:
        """Whether this applicant can be written to. Asked inside the transaction: no network."""
        return False

    def send(self, application, words: str) -> None:
        """Send the words. A worker calls it. Raises NotDelivered."""
        raise NotDelivered


class Console(Messenger):
    """Writes what would be sent to the standard output, the number masked."""

    def reaches(self, application):
        return bool(application.phone)

    def send(self, application, words):
        sys.stdout.write(f"{mask_phone(application.phone)} {words}\n")


MESSENGERS = {"none": Messenger, "console": Console}


def messenger():
    name = settings.MESSAGES
    return (MESSENGERS.get(name) or import_string(name))()
