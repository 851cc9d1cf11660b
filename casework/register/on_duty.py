"""What duty persons took up on their days, told to the sheet of duty subsidies on the floor below."""

from django.db.models import Count
from django.db.models.functions import TruncDate

from stations.duty.subsidies import tells_handled

from ..models import RegisterEntry


@tells_handled
def entries_received(county, first, last):
    """{(account, station, day): entries that person received}, void ones left out. One query."""
    rows = (
        RegisterEntry.objects.counted()
        .filter(
            station__county=county,
            receiver__isnull=False,
            occurred_at__date__range=(first, last),
        )
        .order_by()
        .values("receiver", "station", day=TruncDate("occurred_at"))
        .annotate(count=Count("pk"))
    )
    return {(row["receiver"], row["station"], row["day"]): row["count"] for row in rows}
