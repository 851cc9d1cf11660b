from django.db import migrations

import stations.sayings

# A row that reads as before would stay in the words of old: so each differs by a space nobody sees,
# and is written anew when chores are next looked for.
WRITE_ANEW = "UPDATE stations_chore SET rule = rule || ' '"


class Migration(migrations.Migration):
    dependencies = [("stations", "0006_changes_of_particulars")]

    operations = [
        migrations.AlterField("chore", "act", stations.sayings.SayingField()),
        migrations.AlterField("chore", "rule", stations.sayings.SayingField(blank=True)),
        migrations.AlterField("chore", "text", stations.sayings.SayingField(blank=True)),
        migrations.AlterField("chore", "title", stations.sayings.SayingField()),
        migrations.AlterField(
            "dutyslot",
            "why_open",
            stations.sayings.SayingField(blank=True, verbose_name="why nobody"),
        ),
        migrations.RunSQL(WRITE_ANEW, migrations.RunSQL.noop),
    ]
