from django.db import migrations

from stations.calendar.holidays import state_days_off


def load(apps, schema_editor):
    """The days off that the library knows; later years are imported in the site."""
    DayOff = apps.get_model("stations", "DayOff")
    DayOff.objects.bulk_create(
        DayOff(day=day, is_off=is_off, name=name, source="chinesecalendar")
        for year in range(2024, 2028)
        for day, is_off, name in state_days_off(year)
    )


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
