"""Files from paper, Excel and WPS: every row in, or none, and a sentence for every wrong cell."""

import io

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from casework.models import ImportBatch, RegisterEntry
from casework.register import imports
from casework.register.file import read_file
from casework.terms import BatchStatus, Channel
from stations.files.tables import FileRefused
from tests.conftest import at

pytestmark = pytest.mark.django_db

HEADER = "途径,时间,姓名,性别,电话,村居,事由,内容,答复,处理,接待人,同来人数,人群"
GOOD = [
    "来电,2026-03-02 09:10,吴秋菊,女,139 0000 2648,青溪1村,婚姻家庭,问离婚手续,到婚姻登记处,当场解答,许文静,,农民",
    "来访,2026-03-03 10:00,不愿提供,,,,民间借贷,借给朋友三万元,可以起诉,当场解答,许文静,3,农民、农民工",
]


def csv_bytes(*rows, header=HEADER, encoding="utf-8"):
    return "\n".join([header, *rows]).encode(encoding)


def xlsx_bytes(rows):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def read(content, station, clerk):
    return read_file(content, station, by=clerk)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_offices_use(station, clerk, encoding):
    header = f"青溪镇台账\n{HEADER}"
    result = read(csv_bytes(*GOOD, header=header, encoding=encoding), station, clerk)

    assert result.errors == []
    first, second = result.entries
    assert (first.channel, first.name, first.phone) == (Channel.CALL, "吴秋菊", "13900002648")
    assert first.village == station.township.children.get(name="青溪1村")
    assert (second.is_anonymous, second.persons) == (True, 3)
    assert second.people_groups == ["farmer", "migrant_worker"]


def test_an_xlsx_with_english_headers_is_the_same(station, clerk):
    content = xlsx_bytes(
        [
            ["Channel", "Date", "Name", "Matter", "Statement", "Phone"],
            ["visit", "2026-03-02", "吴秋菊", "civil.marriage", "问离婚手续", 13900002648],
        ]
    )

    result = read(content, station, clerk)

    assert result.errors == []
    assert (result.entries[0].phone, result.entries[0].matter.name) == (
        "13900002648",
        "婚姻家庭",
    )


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("途径", "拜访"),
        ("途径", ""),
        ("时间", "2999-01-01"),
        ("时间", "昨天"),
        ("姓名", ""),
        ("电话", "1390000264"),
        ("村居", "石桥1村"),
        ("事由", "吵架"),
        ("内容", ""),
        ("内容", "长" * 10_000),
        ("同来人数", "0"),
        ("人群", "外星人"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(station, next_station, clerk, column, cell):
    cells = GOOD[0].split(",")
    cells[HEADER.split(",").index(column)] = cell

    result = read(csv_bytes(GOOD[1], ",".join(cells)), station, clerk)

    assert [(error.row, error.column) for error in result.errors] == [(3, column)]
    assert len(result.entries) == 1


def test_a_title_joined_headers_and_a_time_of_its_own_are_read_as_people_do(station, clerk):
    rows = [
        ["诸佛庵镇来电来访登记表（2026年）"],
        ["序号", "途径", "日期", "时间", "来访人情况", "", "", "案由", "反映内容"],
        ["", "", "", "", "姓 名", "性别", "联系电话", "", ""],
        [1, "来访", 46083, 0.395833, "吴秋菊", "女性", "无", "婚姻家庭", "问离婚手续"],
        [],
        [2, "来电", "2026.3.3", "下午3点", "方德胜", "男", 13900002648, "婚姻家庭", "问抚养费"],
        ["", "来访", "", "10:20", "李广财", "男", "", "劳动", "讨要工钱"],
    ]

    result = read(xlsx_bytes(rows), station, clerk)

    first, second = result.entries
    assert (first.occurred_at, first.sex, first.phone) == (at(2026, 3, 2, 9, 30), "female", "")
    assert (second.occurred_at, second.phone) == (at(2026, 3, 3, 15), "13900002648")
    # The rows are those of the spreadsheet, its blank row counted.
    assert result.numbers == [4, 6]
    assert {(error.row, error.column) for error in result.errors} == {(7, "日期"), (7, "案由")}
    assert "支付劳动报酬" in " ".join(error.sentence for error in result.errors)


@pytest.mark.parametrize(
    ("cells", "column"),
    [(("1985-01-01", "女"), "出生日期"), (("", "男"), "性别")],
)
def test_a_row_that_contradicts_its_identity_number_is_wrong(station, clerk, cells, column):
    header = "途径,时间,姓名,事由,内容,证件号码,出生日期,性别"
    row = f"来访,2026-03-02,吴秋菊,婚姻家庭,问离婚,341525198406170027,{','.join(cells)}"

    result = read(csv_bytes(row, header=header), station, clerk)

    assert [error.column for error in result.errors] == [column]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n ",
        HEADER.encode(),
        csv_bytes("甲,乙", header="姓名,电话"),
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1encrypted",
        b"\x00\xff\xfe\x80" * 50,
        "途径\x00,时间".encode(),
        b"%PDF-1.7 not a table",
    ],
)
def test_a_file_that_is_no_register_gets_one_sentence(station, clerk, content):
    with pytest.raises(FileRefused) as refusal:
        read(content, station, clerk)
    assert len(str(refusal.value)) > 5


def test_the_command_saves_all_rows_or_none(station, clerk, tmp_path, capsys):
    file = tmp_path / "台账.csv"
    file.write_bytes(csv_bytes(*GOOD, GOOD[0].replace("婚姻家庭", "吵架")))

    with pytest.raises(CommandError):
        call_command("import_register", file, station=station.code)
    assert "第4行“事由”" in capsys.readouterr().err
    assert not RegisterEntry.objects.exists()

    file.write_bytes(csv_bytes(*GOOD))
    call_command("import_register", file, station=station.code, dry_run=True)
    assert not RegisterEntry.objects.exists()

    call_command("import_register", file, station=station.code)
    assert [entry.number for entry in RegisterEntry.objects.order_by("occurred_at")] == [
        "电2026-0001",
        "访2026-0001",
    ]


def test_the_same_file_twice_is_refused_until_undone(station, clerk, head, tmp_path):
    content = csv_bytes(*GOOD)
    batch = imports.take_in(
        "台账.csv", content, read(content, station, clerk).entries, station, by=clerk
    )

    with pytest.raises(imports.ImportRefused):
        imports.take_in(
            "台账.csv", content, read(content, station, clerk).entries, station, by=clerk
        )

    imports.undo(batch, by=head, reason="导错了站")
    assert not RegisterEntry.objects.counted().exists()
    with pytest.raises(imports.ImportRefused):
        imports.undo(batch, by=head, reason="再撤一次")
    imports.take_in(
        "台账.csv", content, read(content, station, clerk).entries, station, by=clerk
    )
    assert RegisterEntry.objects.counted().count() == 2
    assert ImportBatch.objects.filter(status=BatchStatus.UNDONE).count() == 1


def test_a_wrong_station_code_is_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="999"):
        call_command("import_register", tmp_path / "x.csv", station="999")
