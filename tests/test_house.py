"""The house: imports point down and never back up, and nothing lives in rooms we do not build."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["stations", "casework", "assessment", "legalaid"]
UNWANTED = {"utils", "helpers", "common", "core", "services", "misc", "signals"}


def sources(app):
    return [
        path
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    ]


def imported(path):
    """Yield the dotted names a file imports, relative ones made absolute."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_nothing_above_it(floor):
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(floor)
        for name in imported(path)
        if name.partition(".")[0] in above
    }
    assert wrong == set()


@pytest.mark.parametrize("app", ["stations", "casework", "assessment"])
def test_models_forms_and_views_are_used_from_outside_in(app):
    wrong = set()
    for path in sources(app):
        inside = path.relative_to(ROOT / app)
        room = inside.parts[0].removesuffix(".py")
        if room == "management" or room in {"views", "urls", "tests"}:
            continue
        for name in imported(path):
            parts = name.split(".")
            outer = {"views", "urls"} | (set() if room == "forms" else {"forms"})
            if parts[0] == app and len(parts) > 1 and parts[1] in outer:
                wrong.add(f"{inside} imports {name}")
    assert wrong == set()


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("app", FLOORS)
def test_the_rooms_of_a_floor_stand_one_on_another(app):
    """A room is a file or a folder right under the floor; none needs what needs it."""
    modules = {module_of(path): path for path in sources(app)}
    needs = {}
    for module, path in modules.items():
        room = module.split(".")[1:2]
        for name in imported(path):
            while name and name not in modules:
                name = name.rpartition(".")[0]
            other = name.split(".")[1:2]
            if room and other and other != room:
                needs.setdefault(room[0], set()).add(other[0])
    # Raises when some stand in a circle.
    order = list(TopologicalSorter(needs).static_order())
    assert "settings" in order or order.index("models") < order.index("views")


PURE_ROOMS = {
    "stations": [
        "workdays",
        "duty_hours",
        "privacy",
        "calendar.clock_faces",
        "calendar.quarters",
        "duty.roster",
    ],
    "casework": ["periods", "reading", "rules"],
    "assessment": ["rules", "scoring", "demonstration"],
}


ASK_THE_DATABASE = (
    *("django.db.connection", "django.db.transaction", "celery"),
    *(f"{floor}.models" for floor in FLOORS),
)


@pytest.mark.parametrize("app", PURE_ROOMS)
def test_pure_rules_ask_no_database(app):
    rooms = tuple(f"{app}.{room}" for room in PURE_ROOMS[app])
    pure = [path for path in sources(app) if f"{module_of(path)}.".startswith(rooms)]
    assert len(pure) >= len(rooms)
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in pure
        for name in imported(path)
        if name.startswith(ASK_THE_DATABASE)
    }
    assert wrong == set()


def test_there_are_no_rooms_without_a_concept():
    names = {path.stem for app in FLOORS for path in sources(app)}
    assert not names & UNWANTED


INLINE = (' style="', "<style", "onclick=", "onchange=", "<script>", "|safe", "http:", "https:")


def test_files_are_handed_out_in_one_way():
    """With a name a browser understands, and kept by no cache: `stations.files.handing_out`."""
    others = {
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in sources(floor)
        if path.stem != "handing_out"
        and any(word in path.read_text() for word in ("Content-Disposition", "FileResponse"))
    }
    assert others == set()


def test_templates_carry_nothing_inline_and_nothing_from_outside():
    wrong = {
        str(path.relative_to(ROOT)): sign
        for path in (ROOT / "templates").rglob("*.html")
        for sign in INLINE
        # A paper may set its own page; a browser never sees that rule.
        if not (path.name == "print.html" and sign == "<style")
        if sign in path.read_text().replace("http://www.w3.org/2000/svg", "")
    }
    assert wrong == {}


# Each status has one file whose moves write it.
WRITERS_OF_STATUS = {
    "assessment/standard.py",
    "assessment/workflow/moves.py",
    "assessment/workflow/objections.py",
    "casework/complaints/moves.py",
    "casework/complaints/handling.py",
    "casework/applications/cooperation.py",
    "casework/register/imports.py",
    "casework/reports/months.py",
    "casework/workflow/moves.py",
    "casework/workflow/station.py",
    "stations/upkeep/question_slips.py",
}


def writes_status(path):
    """Whether a file sets `….status` or updates rows with `status=`."""
    for node in ast.walk(ast.parse(path.read_text())):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(
            isinstance(part, ast.Attribute) and part.attr == "status"
            for target in targets
            for part in ast.walk(target)
        ):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"update", "bulk_update", "update_or_create"}
            and any(keyword.arg == "status" for keyword in node.keywords)
        ):
            return True
    return False


def test_a_status_is_written_by_its_workflow_and_by_nothing_else():
    writers = {
        str(path.relative_to(ROOT))
        for app in FLOORS
        for path in sources(app)
        if writes_status(path)
    }
    assert writers == WRITERS_OF_STATUS & writers
    assert "casework/workflow/moves.py" in writers
