from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from casework.register import imports
from casework.register.file import read_file
from stations.files.tables import FileRefused
from stations.models import Station, User


class Command(BaseCommand):
    help = "Bring a csv or xlsx register of one station in: all of its rows, or none."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--station", required=True, metavar="CODE")
        parser.add_argument(
            "--by", metavar="ACCOUNT", help="who answers for it; by default the station's head"
        )
        parser.add_argument("--dry-run", action="store_true", help="check, save nothing")

    def handle(self, *, file, station, by, dry_run, **options):
        place = Station.objects.filter(code=station).select_related("county__division").first()
        if place is None:
            raise CommandError(_("No station has the code %(code)s.") % {"code": station})
        user = self._user(place, by)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(_("Cannot read %(file)s.") % {"file": file.name}) from error
        try:
            with self._bar(_("checking")) as progress:
                read = read_file(content, place, by=user, progress=progress)
        except FileRefused as sentence:
            raise CommandError(str(sentence)) from sentence
        for error in read.errors:
            self.stderr.write(
                _("row %(row)s, %(column)s: %(sentence)s")
                % {"row": error.row, "column": error.column, "sentence": error.sentence}
            )
        if read.error_count:
            raise CommandError(
                _("%(errors)s wrong cells in %(rows)s rows; nothing was saved.")
                % {"errors": read.error_count, "rows": read.row_count}
            )
        if dry_run:
            self.stdout.write(
                _("%(rows)s rows are right; nothing was saved.") % {"rows": read.row_count}
            )
            return
        for row, other in imports.doubles_by_row(read, place)[:20]:
            self.stderr.write(
                _("row %(row)s looks like %(other)s, which is there already")
                % {"row": row, "other": other}
            )
        try:
            with self._bar(_("saving")) as progress:
                batch = imports.take_in(
                    file.name, content, read.entries, place, by=user, progress=progress
                )
        except imports.ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _("%(rows)s rows brought in at %(station)s as import %(batch)s.")
            % {"rows": batch.row_count, "station": place.name, "batch": batch.pk}
        )

    def _user(self, station, username):
        if username:
            user = User.objects.filter(username=username).first()
        else:
            user = (
                User.objects.filter(appointments__station=station, is_active=True)
                .order_by("-appointments__role")
                .first()
            )
        if user is None:
            raise CommandError(_("Nobody answers for this import: name an account with --by."))
        return user

    def _bar(self, label):
        return _Bar(label, quiet=not self.stderr.isatty())


class _Bar:
    """A bar in the terminal that takes `progress(done, total)`."""

    def __init__(self, label, *, quiet):
        self.bar = tqdm(desc=label, unit="", disable=quiet)

    def __enter__(self):
        return self.move

    def move(self, done, total):
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def __exit__(self, *error):
        self.bar.close()
