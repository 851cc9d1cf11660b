"""`manage.py open_county 341525 --short-name 霍 --administrators 周桂兰:zhou 李守正:li 王明:wang`."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from stations.signing_in.opening import (
    ADMINISTRATORS,
    OpeningRefused,
    give_administrators,
    open_county,
)


class Command(BaseCommand):
    help = "Begin a county in production: itself, and its first three administrators."

    def add_arguments(self, parser):
        parser.add_argument("code", help="six-digit division code; its divisions are loaded")
        parser.add_argument(
            "--short-name", required=True, help="the sign in its document numbers"
        )
        parser.add_argument("--bureau", default="", help="name of the judicial bureau")
        parser.add_argument("--center", default="", help="name of the legal-aid center")
        parser.add_argument(
            "--administrators",
            nargs=len(ADMINISTRATORS),
            required=True,
            metavar="NAME:ACCOUNT",
            help="the system, the security and the audit administrator",
        )
        parser.add_argument(
            "--of-city", action="store_true", help="they administer the county's city instead"
        )

    def handle(self, code, *, short_name, bureau, center, administrators, of_city, **options):
        people = [each.partition(":")[::2] for each in administrators]
        for name, account in people:
            if not (name and account):
                raise CommandError(
                    _("Write each administrator as NAME:ACCOUNT, not “%s”.") % name
                )
        try:
            with transaction.atomic():
                county, is_new = open_county(
                    code, short_name=short_name, bureau_name=bureau, center_name=center
                )
                handed = give_administrators(county, people, of_city=of_city)
        except OpeningRefused as refusal:
            raise CommandError(_("%s Nothing was changed.") % refusal) from refusal
        if is_new:
            self.stdout.write(
                f"{county.division.code} {county}: {county.bureau_name}, {county.center_name}"
            )
        there_already = _("is there already")
        for each in handed:
            self.stdout.write(
                f"  {each.user.username:<16} {each.password or there_already:<16}"
                f" {each.role.label}, {each.user.name}"
            )
        if any(each.password for each in handed):
            self.stdout.write(
                _("Hand the passwords over on paper; each is changed at the first sign-in.")
            )
        else:
            self.stdout.write(_("Nothing changed."))
