"""`manage.py check_seals [--from 2026-10-01] [--to 2026-10-31]`: exit code 1 when a day disagrees."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from stations.models import DaySeal
from stations.seals import chain, checking

SHOWN = 20


class Command(BaseCommand):
    help = "Hold the sealed days against the records, and name those that no longer agree."

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="first", type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat)

    def handle(self, *, first, last, **options):
        begin = DaySeal.objects.order_by("day").first()
        if begin is None:
            self.stdout.write(_("No day has been sealed yet."))
            return
        first, last = first or begin.day, last or chain.last_day()
        if last < first:
            raise CommandError(_("The last day is before the first day."))
        with tqdm(disable=not (options["verbosity"] and self.stderr.isatty())) as bar:

            def progress(done, total):
                bar.total = total
                bar.update(done - bar.n)

            findings = checking.check(first, last, progress)
        for finding in findings[:SHOWN]:
            self.stdout.write(finding.sentence)
        if findings:
            raise CommandError(
                _("%d places no longer agree with their seals.") % len(findings), returncode=1
            )
        self.stdout.write(
            _("All days agree with their seals: %(first)s to %(last)s.")
            % {"first": max(first, begin.day), "last": min(last, chain.last_day())}
        )
