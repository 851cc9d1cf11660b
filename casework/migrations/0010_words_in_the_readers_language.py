from django.db import migrations

import stations.sayings


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_issues_of_reports")]

    operations = [migrations.AlterField("notice", "words", stations.sayings.SayingField())]
