"""`manage.py load_divisions --dir FOLDER [--county 341525] [--rename-on 2026-01-01 --by ACCOUNT]`."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from stations.models import User
from stations.network.division_file import FileRefused, load

SHOWN = 20


class Command(BaseCommand):
    help = "Add the nation's statistical divisions, or one county's, from five csv.gz files."

    def add_arguments(self, parser):
        parser.add_argument("--dir", required=True, help="folder with divisions_*.csv.gz")
        parser.add_argument("--county", default="", help="only this county: its six-digit code")
        parser.add_argument(
            "--rename-on", type=date.fromisoformat, help="names that differ change on this day"
        )
        parser.add_argument("--by", help="account that records the renames")

    def handle(self, *, dir, county, rename_on, by, **options):
        if county and not (len(county) == 6 and county.isascii() and county.isdigit()):
            raise CommandError(_("A county's code is six digits, not “%s”.") % county)
        user = None
        if rename_on:
            user = User.objects.filter(username=by or "").first()
            if user is None:
                raise CommandError(
                    _("--rename-on needs --by with the account that records it.")
                )
        try:
            loaded = load(
                dir,
                county_code=county,
                rename_on=rename_on,
                by=user,
                show_progress=options["verbosity"] > 0 and self.stderr.isatty(),
            )
        except FileRefused as refusal:
            raise CommandError(_("%s Nothing was loaded.") % refusal) from refusal
        for count in loaded.counts:
            self.stdout.write(
                _(
                    "%(level)s: %(added)d added, %(unchanged)d unchanged, %(renamed)d renamed, "
                    "%(skipped)d skipped"
                )
                % {
                    "level": count.level.label,
                    "added": count.added,
                    "unchanged": count.unchanged,
                    "renamed": count.renamed,
                    "skipped": count.skipped,
                }
            )
        for row in loaded.differing[:SHOWN]:
            self.stdout.write(
                f"  {row.division.code} {row.division.name} → {row.new_name} {row.refusal}".rstrip()
            )
        if len(loaded.differing) > SHOWN:
            self.stdout.write(_("  and %d more") % (len(loaded.differing) - SHOWN))
        if loaded.differing and not rename_on:
            self.stdout.write(
                _("These names differ and were left alone; --rename-on DATE renames them.")
            )
        if not loaded.changed:
            self.stdout.write(_("Nothing changed."))
