"""What a password must be (rules 8.3), as Django's password validators."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = 10
KINDS = 3


class LongAndVaried:
    """At least ten characters, of three of the four kinds: capitals, small letters, digits, others."""

    def validate(self, password, user=None):
        if len(password) < SHORTEST:
            raise ValidationError(
                _("It has %(count)d characters; ten at least.") % {"count": len(password)}
            )
        if len({_kind(character) for character in password}) < KINDS:
            raise ValidationError(
                _(
                    "Use three of these four: capital letters, small letters, digits, "
                    "other characters."
                )
            )

    def get_help_text(self):
        return _(
            "Ten characters at least, of three kinds: capital letters, small letters, digits, "
            "other characters."
        )


class NotTheAccount:
    """Not built around the name one signs in with."""

    def validate(self, password, user=None):
        if user and user.username.casefold() in password.casefold():
            raise ValidationError(_("Your account's name is in it. Leave it out."))

    def get_help_text(self):
        return _("Without your account's name.")


def _kind(character):
    if character.isascii() and character.isalpha():
        return "capital" if character.isupper() else "small"
    return "digit" if character.isdigit() else "other"


class NotUsedBefore:
    """Not the password in force, nor one of the last before it."""

    def validate(self, password, user=None):
        if user and user.has_used_password(password):
            raise ValidationError(
                _(
                    "You have used this password before. Choose one that differs from the last five."
                )
            )

    def get_help_text(self):
        return _("Not one of your last five passwords.")
