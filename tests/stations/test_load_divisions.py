"""`manage.py load_divisions` on small files: adds, repeats, renames, and refuses whole."""

import gzip
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stations.models import Division, DivisionEvent
from stations.terms import Level

FILES = {
    "divisions_provinces.csv.gz": 'code,name\n34,"安徽省"\n32,"江苏省"\n',
    "divisions_cities.csv.gz": 'code,name,provinceCode\n3415,"六安市",34\n3201,"南京市",32\n',
    "divisions_areas.csv.gz": (
        "code,name,cityCode,provinceCode\n"
        '341525,"霍山县",3415,34\n341572,"开发区",3415,34\n320102,"玄武区",3201,32\n'
    ),
    "divisions_streets.csv.gz": (
        "code,name,areaCode,provinceCode,cityCode\n"
        '341525100,"衡山镇",341525,34,3415\n320102002,"梅园新村街道",320102,32,3201\n'
    ),
    "divisions_villages.csv.gz": (
        "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '341525100001,"衡山社区",341525100,34,3415,341525\n'
        '341525100002,"𠮷田村",341525100,34,3415,341525\n'
        '320102002001,"梅园社区",320102002,32,3201,320102\n'
    ),
}


@pytest.fixture
def write(tmp_path):
    def write(**changed):
        for name, text in FILES.items():
            text = changed.get(name.split("_")[1].split(".")[0], text)
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / name).write_bytes(gzip.compress(content))
        return tmp_path

    return write


def load(folder, **options):
    out = StringIO()
    call_command("load_divisions", dir=str(folder), stdout=out, **options)
    return out.getvalue()


def test_the_whole_tree_is_loaded_with_parents(db, write):
    load(write())

    village = Division.objects.get(code="341525100002")
    assert village.name == "𠮷田村"
    assert [village.parent.name, village.parent.parent.name] == ["衡山镇", "霍山县"]
    assert (village.level, village.county_code) == (Level.VILLAGE, "341525")
    assert Division.objects.count() == 12
    assert Division.objects.get(code="341572").children.count() == 0


def test_a_second_run_changes_nothing_and_says_so(db, write):
    folder = write()
    load(folder)
    before = list(Division.objects.values())

    told = load(folder)

    assert list(Division.objects.values()) == before
    assert told.splitlines()[-1] == "没有变化。"


def test_one_county_comes_with_its_province_and_city_only(db, write):
    load(write(), county="341525")

    assert set(Division.objects.values_list("code", flat=True)) == {
        "34",
        "3415",
        "341525",
        "341525100",
        "341525100001",
        "341525100002",
    }


def test_a_new_code_is_added_beside_the_old_ones(db, write):
    load(write())
    more = FILES["divisions_villages.csv.gz"] + '341525100003,"新村",341525100,34,3415,341525\n'

    load(write(villages=more))

    assert Division.objects.get(code="341525100003").parent.code == "341525100"
    assert Division.objects.count() == 13


RENAMED = FILES["divisions_villages.csv.gz"].replace("衡山社区", "迎驾社区")


def test_a_differing_name_is_told_and_left_alone(db, write):
    load(write())

    told = load(write(villages=RENAMED))

    assert "341525100001 衡山社区 → 迎驾社区" in told
    assert Division.objects.get(code="341525100001").name == "衡山社区"


def test_a_differing_name_becomes_a_dated_rename_on_request(db, write, make_user):
    admin = make_user("admin", "管理员")
    load(write())

    load(write(villages=RENAMED), rename_on=date(2026, 1, 1), by="admin")

    old, new = Division.objects.filter(code="341525100001").order_by("pk")
    assert (old.name, old.valid_to) == ("衡山社区", date(2026, 1, 1))
    assert (new.name, new.valid_from, new.valid_to) == ("迎驾社区", date(2026, 1, 1), None)
    assert DivisionEvent.objects.get().recorded_by == admin


def test_a_rename_needs_somebody_who_records_it(db, write):
    with pytest.raises(CommandError):
        load(write(), rename_on=date(2026, 1, 1))


def test_a_code_that_ended_here_does_not_come_back(db, write):
    load(write())
    Division.objects.filter(code="341525100002").update(valid_to=date(2026, 1, 1))

    told = load(write())

    assert Division.objects.filter(code="341525100002").count() == 1
    assert "没有变化" in told


V = "divisions_villages.csv.gz"
BAD = {
    "code with a letter": {"villages": FILES[V].replace("341525100002", "34152510000x")},
    "code of another length": {"villages": FILES[V].replace("341525100002", "3415251000")},
    "unknown parent": {
        "villages": FILES[V].replace('"𠮷田村",341525100', '"𠮷田村",341525999')
    },
    "code twice": {"villages": FILES[V].replace("341525100002", "341525100001")},
    "no name": {"villages": FILES[V].replace("𠮷田村", "")},
    "missing cell": {"villages": FILES[V] + "341525100009\n"},
    "missing column": {"villages": FILES[V].replace("streetCode", "street")},
    "empty file": {"villages": ""},
    "not UTF-8": {"villages": FILES[V].encode().replace("衡山".encode(), b"\xba\xe2\xc9\xbd")},
}


@pytest.mark.parametrize("changed", BAD.values(), ids=BAD.keys())
def test_a_wrong_file_is_refused_whole_with_file_and_reason(db, write, changed):
    with pytest.raises(CommandError, match="divisions_villages"):
        load(write(**changed))

    assert not Division.objects.exists()


def test_the_wrong_line_is_named(db, write):
    with pytest.raises(CommandError, match="第3行"):
        load(write(**BAD["unknown parent"]))


def test_a_broken_archive_is_refused(db, write):
    folder = write()
    path = folder / V
    path.write_bytes(path.read_bytes()[:60])

    with pytest.raises(CommandError, match="divisions_villages"):
        load(folder)
    path.write_bytes(b"not an archive")
    with pytest.raises(CommandError, match="divisions_villages"):
        load(folder)

    assert not Division.objects.exists()


def test_a_missing_file_is_named(db, write):
    folder = write()
    (folder / "divisions_streets.csv.gz").unlink()

    with pytest.raises(CommandError, match="divisions_streets"):
        load(folder)


@pytest.mark.parametrize("county", ["34152", "abcdef", "999999"])
def test_an_unknown_county_is_refused(db, write, county):
    with pytest.raises(CommandError, match=county):
        load(write(), county=county)

    assert not Division.objects.exists()
