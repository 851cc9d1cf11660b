"""Django's `migrate`, with which a new site has its tables in seconds instead of half a minute.

Django renders anew every model that a changed one is related to. Here nearly all are related
through the people who acted, and so each of hundreds of operations would render a hundred.
"""

from django.core.management.commands import migrate
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# What they do in the database is told by the model they name alone; code that is run, which may
# need any model, has all rendered first.
OF_ONE_MODEL = (
    operations.CreateModel,
    operations.AddField,
    operations.AlterField,
    operations.RemoveField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.AlterConstraint,
    operations.RemoveConstraint,
    AddTrigger,
    RemoveTrigger,
    operations.RunPython,
    operations.RunSQL,
)


def is_of_one_model(operation):
    """Whether other tables are left as they are: no name and no key changes they may point at."""
    field = getattr(operation, "field", None)
    is_key = field is not None and (field.primary_key or field.unique)
    has_more = getattr(operation, "state_operations", [])
    return isinstance(operation, OF_ONE_MODEL) and not is_key and not has_more


class OneModelAtATime(ProjectState):
    """Renders anew the model that was changed and none beside it, and says that it did so."""

    def _find_reload_model(self, app_label, model_name, delay=False):
        self.is_delayed = True
        return {(app_label, model_name)}


class Executor(MigrationExecutor):
    """Goes Django's way, all rendered, where a migration is not of one model at a time."""

    def apply_migration(self, state, migration, fake=False, fake_initial=False):
        is_quick = all(map(is_of_one_model, migration.operations)) and not fake_initial
        if is_quick and type(state) is ProjectState:
            rendered = state.apps
            state = OneModelAtATime(models=state.models, real_apps=state.real_apps)
            state.apps = rendered
        elif not is_quick and type(state) is OneModelAtATime:
            state = ProjectState(models=state.models, real_apps=state.real_apps)
            _ = state.apps
        return super().apply_migration(state, migration, fake, fake_initial)


# The command takes its executor from here.
migrate.MigrationExecutor = Executor


class Command(migrate.Command):
    pass
