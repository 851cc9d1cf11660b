from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Exclusion constraints over days need btree_gist."""

    operations = [BtreeGistExtension()]
