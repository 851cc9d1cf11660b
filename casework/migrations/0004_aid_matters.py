from django.db import migrations

from casework.terms import AID_MATTERS


def load(apps, schema_editor):
    """The matters of the law; a county adds those of its province in the site."""
    AidMatter = apps.get_model("casework", "AidMatter")
    AidMatter.objects.bulk_create(
        AidMatter(
            code=code,
            name=name,
            article=article,
            category=category,
            is_condition_free=is_condition_free,
            position=position,
        )
        for position, (code, name, article, category, is_condition_free) in enumerate(AID_MATTERS)
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_applications")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
