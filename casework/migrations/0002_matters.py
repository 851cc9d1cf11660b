from django.db import migrations

from casework.terms import MATTERS


def load(apps, schema_editor):
    """The default two-level dictionary of matters; counties add and end items in the site."""
    Matter = apps.get_model("casework", "Matter")
    for place, (class_code, class_name, leaves) in enumerate(MATTERS):
        parent = Matter.objects.create(
            code=class_code, name=class_name, position=place * 100
        )
        Matter.objects.bulk_create(
            Matter(
                code=f"{class_code}.{code}",
                name=name,
                parent=parent,
                number_key=key,
                position=place * 100 + n,
            )
            for n, (code, name, key) in enumerate(leaves, 1)
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
