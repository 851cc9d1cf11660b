"""The official papers: their numbers, their words, their PDFs, who may have them, how they are served."""

import io
import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from casework import workflow
from casework.letters import issuing, prints
from casework.models import (
    Application,
    ClockRule,
    HardshipStandard,
    HouseholdMember,
    Letter,
    Party,
    ProgressNote,
)
from casework.terms import Counting, HardshipTrack, LetterKind, Status
from stations.models import AidUnit, AidWorker, Document, Look
from stations.papers import documents

pytestmark = pytest.mark.django_db

ID_NUMBER = "341525196504120016"
PHONE = "13900003390"


@pytest.fixture
def worker(county):
    unit = AidUnit.objects.create(
        county=county, name="清山律师事务所", kind="firm", phone="0564-5000000"
    )
    return AidWorker.objects.create(
        unit=unit,
        name="郑法",
        kind="lawyer",
        practising_since=date(2015, 1, 1),
        joined_on=date(2020, 1, 1),
    )


@pytest.fixture
def other_worker(worker):
    return AidWorker.objects.create(
        unit=worker.unit,
        name="孟律",
        kind="lawyer",
        practising_since=date(2015, 1, 1),
        joined_on=date(2020, 1, 1),
    )


def pages_of(content):
    return [
        re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages
    ]


def text_of(letter, **kwargs):
    return "".join(pages_of(issuing.pdf(letter, **kwargs)))


def ticked(letter):
    """What is ticked in a form, in its order."""
    return re.findall(r"<i>√</i>([^<]+)<", issuing.page(letter, None))


def last(application, kind):
    return application.letters.filter(kind=kind).order_by("made_at", "pk").last()


@pytest.fixture
def full(make_application, make_entry, station, county):
    """Everything that a form can print is there."""

    def make(status=Status.RECEIVED, **fields):
        defaults = {
            "entry": make_entry(),
            "id_number": ID_NUMBER,
            "phone": PHONE,
            "birth_on": date(1965, 4, 12),
            "ethnic_group": "汉族",
            "household_place": "安徽省清山县青溪镇",
            "address": "青溪镇青溪1村上塘组12号",
            "postcode": "237200",
            "employer": "清山县恒基劳务有限公司",
            "education": "junior",
            "people_groups": ["migrant_worker", "farmer"],
            "agent_reason": "entrusted",
            "agent_kind": "entrusted",
            "agent_name": "吴小梅",
            "agent_id_number": "341525199001012223",
            "agent_phone": "13900004455",
            "position": "plaintiff",
            "limitation_on": timezone.localdate() + timedelta(days=400),
            "facts": "2025年3月至9月在恒基劳务承包的工地做木工，口头约定日工资280元，工钱一直没有结清。" * 3,
            "service_needs": ["home_visit"],
            "household_note": "房屋一处，存款约2万元，无贷款；孙辈在读。",
        }  # fmt: skip
        application = make_application(status=status, **(defaults | fields))
        Party.objects.create(
            application=application,
            side="opponent",
            kind="organisation",
            name="清山县恒基劳务有限公司",
            name_key="恒基劳务",
        )
        Party.objects.create(
            application=application,
            side="co_applicant",
            kind="person",
            name="同去的人",
            name_key="同去的人",
        )
        for name, relation, age, income in (
            ("吴长根", "self", 60, "1800"),
            ("李秀英", "spouse", 58, "600"),
        ):
            HouseholdMember.objects.create(
                application=application,
                name=name,
                relation=relation,
                age=age,
                occupation="务工",
                monthly_income=income,
            )
        return application

    return make


@pytest.fixture
def made(full, clerk, reviewer, director, officer, worker, other_worker):
    """A letter of each kind: {kind: letter}."""
    papers = {}

    def take(application):
        for letter in application.letters.order_by("made_at", "pk"):
            papers[letter.kind] = letter

    case = full(Status.GRANTED)
    for kind in (
        LetterKind.CONSULTATION,
        LetterKind.APPLICATION,
        LetterKind.POWER_OF_ATTORNEY,
        LetterKind.HARDSHIP,
    ):
        issuing.make_on_demand(case, kind, by=clerk)
    case = workflow.assign(case, by=reviewer, worker=worker, suggested_as=1)
    ProgressNote.objects.create(
        application=case,
        happened_on=timezone.localdate(),
        words="已与受援人见面，收集工资欠条两张。",
        written_by=reviewer,
    )
    case = workflow.change_person(
        case,
        by=reviewer,
        worker=other_worker,
        reason="ill_or_away",
        note="承办人住院",
        suggested_as=1,
    )
    for kind in (
        LetterKind.PROGRESS,
        LetterKind.CHANGE_REQUEST,
        LetterKind.HEARING,
        LetterKind.BODY_OPINION,
        LetterKind.FOLLOW_UP,
    ):
        issuing.make_on_demand(case, kind, by=reviewer)
    # What goes to the unit is served on the unit.
    issuing.proof_of_service(last(case, LetterKind.ASSIGNMENT), by=reviewer)
    assert "受送达人清山律师事务所" in text_of(last(case, LetterKind.SERVICE))
    served = workflow.serve(
        last(case, LetterKind.GRANT),
        by=reviewer,
        on=timezone.localdate(),
        method="in_person",
        received_by_name="吴长根",
    )
    issuing.proof_of_service(served, by=reviewer)
    issuing.make(
        case,
        LetterKind.COOPERATION,
        by=reviewer,
        content={
            "institution": "白水县法律援助中心",
            "kind": "核查身份、经济困难状况",
            "item": "核查申请人在贵县的工资收入",
            "content": "请向白水县恒基劳务项目部核实2025年工资发放情况。",
            "enclosures": ["申请人身份证复印件1份", "工资欠条复印件2份"],
            "due_on": timezone.localdate() + timedelta(days=10),
        },
    )
    case = workflow.close(
        case,
        by=reviewer,
        closed_on=timezone.localdate(),
        result="mediated",
        summary="经调解，用工单位一次付清工资。",
        recovered=46800,
        wages_recovered=46800,
    )
    take(case)

    HardshipStandard.objects.create(
        county=case.county, valid_from=date(2020, 1, 1), monthly_per_head=900, basis="低保标准"
    )
    short = full(Status.RECEIVED, name="李桂英")
    short = workflow.ask_for_documents(
        short,
        by=clerk,
        items=["身份证明", "工资欠条"],
        days=10,
        served_on=timezone.localdate(),
        note="说明工程的承包关系",
    )
    papers[LetterKind.SUPPLEMENT] = last(short, LetterKind.SUPPLEMENT)

    refused = full(Status.IN_REVIEW, name="赵大海")
    workflow.propose_refusal(
        refused, by=reviewer, grounds=["no_hardship"], reason="家庭人均月收入超过本县标准。"
    )
    refused = workflow.refuse(refused, by=director)
    refused = workflow.receive_objection(
        refused,
        by=reviewer,
        received_on=timezone.localdate(),
        words="有一人当时已经失业，不应计入。",
    )
    workflow.decide_objection(refused, by=officer, outcome="upheld", reason="收入证明属实。")
    papers[LetterKind.REFUSAL] = last(refused, LetterKind.REFUSAL)
    papers[LetterKind.OBJECTION] = last(refused, LetterKind.OBJECTION)

    ended = workflow.assign(full(Status.GRANTED), by=reviewer, worker=worker, suggested_as=1)
    workflow.propose_termination(
        ended, by=reviewer, grounds=["48-6"], reason="受援人已自行委托律师。"
    )
    ended = workflow.terminate(ended, by=director)
    papers[LetterKind.TERMINATION] = last(ended, LetterKind.TERMINATION)
    papers[LetterKind.TERMINATION_LETTER] = last(ended, LetterKind.TERMINATION_LETTER)
    return papers


# ── Numbers ─────────────────────────────────────────────────────────────────────────────


def test_numbers_run_without_gaps_in_each_series_and_year(make_application, clerk):
    application = make_application()
    for kind, day in (
        (LetterKind.APPLICATION, date(2026, 12, 31)),
        (LetterKind.HARDSHIP, date(2026, 12, 31)),
        (LetterKind.APPLICATION, date(2026, 12, 31)),
        (LetterKind.APPLICATION, date(2027, 1, 1)),
    ):
        issuing.make(application, kind, by=clerk, content={}, made_on=day)

    numbers = [
        letter.number
        for letter in application.letters.exclude(kind=LetterKind.RECEIPT).order_by("pk")
    ]
    assert numbers == [
        "清援表字〔2026〕1号",
        "清援困字〔2026〕1号",
        "清援表字〔2026〕2号",
        "清援表字〔2027〕1号",
    ]


@pytest.mark.django_db(transaction=True)
def test_of_papers_made_at_once_each_has_its_own_number(make_application, clerk):
    applications = [make_application(name=f"申请人{n}") for n in range(4)]
    start, failures = Barrier(4), []

    def make(application):
        try:
            start.wait(10)
            issuing.make_on_demand(application, LetterKind.APPLICATION, by=clerk)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=make, args=[application]) for application in applications]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    made = Letter.objects.filter(kind=LetterKind.APPLICATION)
    assert sorted(made.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_a_failed_move_leaves_no_hole(make_application, head, monkeypatch):
    application = make_application(status=Status.COUNTERSIGNED)

    def fail(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(workflow.station, "tell", fail)
        with pytest.raises(RuntimeError):
            workflow.forward(application, by=head)
    workflow.forward(application, by=head)

    assert last(application, LetterKind.REVIEW).number == "清援审字〔2026〕1号".replace(
        "2026", str(timezone.localdate().year)
    )


# ── What they say ───────────────────────────────────────────────────────────────────────

# Beside the number, which every form has.
SAYS = {
    LetterKind.CONSULTATION: ["吴秋菊", "访", "工钱一直没有结清", "劳动监察"],
    LetterKind.APPLICATION: [
        "吴长根", ID_NUMBER, PHONE, "汉族", "青溪镇青溪1村上塘组12号", "237200", "吴小梅",
        "委托代理人", "清山县恒基劳务有限公司（单位）", "46,800元", "口头约定", "本人承诺",
        "同去的人", "进城务工人员", "青溪镇法律援助工作站", "来电来访登记访",
    ],
    LetterKind.POWER_OF_ATTORNEY: ["吴长根", ID_NUMBER, "吴小梅", "清山县法律援助中心"],
    LetterKind.HARDSHIP: ["吴长根", "李秀英", "配偶", "1,800", "2,400", "1,200", "三千元以下罚款"],
    LetterKind.RECEIPT: ["吴长根", "身份证明", "七日内", "查询码", "青溪镇法律援助工作站"],
    LetterKind.SUPPLEMENT: [
        "李桂英", "1．身份证明；", "2．工资欠条。", "说明工程的承包关系", "第四十三条",
        "视为撤回申请", "清山县法律援助中心",
    ],
    LetterKind.COOPERATION: [
        "白水县法律援助中心", "工资收入", "清山县法律援助中心",
        "附件：1.申请人身份证复印件1份2.工资欠条复印件2份",
    ],
    LetterKind.REVIEW: ["吴长根", ID_NUMBER, "建议给予法律援助", "周桂兰", "方站长"],
    LetterKind.GRANT: ["吴长根", "第四十三条第一款", "决定给予法律援助", "清山县法律援助中心"],
    LetterKind.REFUSAL: [
        "赵大海", "不符合经济困难标准（《中华人民共和国法律援助法》第三十一条、第三十四条）",
        "家庭人均月收入900元", "家庭人均月收入超过本县标准。", "15日内",
        "向清山县司法局提出", "五日内", "行政复议", "清山县法律援助中心",
    ],
    LetterKind.ASSIGNMENT: ["清山律师事务所", "郑法", "第二十四条", "五日内", ID_NUMBER],
    LetterKind.PROGRESS: ["吴长根", "孟律", "收集工资欠条两张"],
    LetterKind.CHANGE_REQUEST: ["吴长根", "孟律", "申请更换的理由"],
    LetterKind.CHANGE_NOTICE: ["吴长根", "原由郑法承办", "承办人住院", "孟律"],
    LetterKind.TERMINATION: [
        "吴长根", "自行委托律师或者其他代理人（第四十八条第六项）", "受援人已自行委托律师。", "15日内", "向清山县司法局提出",
    ],
    LetterKind.TERMINATION_LETTER: ["清山律师事务所", "吴长根", "郑法", "第四十八条"],
    LetterKind.OBJECTION: [
        "赵大海", "有一人当时已经失业", "收入证明属实", "维持清山县法律援助中心", "六十日内",
        "六个月内", "清山县司法局",
    ],
    LetterKind.CLOSING: ["吴长根", "孟律", "46,800元", "一次付清工资"],
    LetterKind.SERVICE: ["给予法律援助决定书", "吴长根", "林若溪"],
    LetterKind.HEARING: ["吴长根", "孟律", "审理法院"],
    LetterKind.BODY_OPINION: ["吴长根", "孟律", "清山县法律援助中心"],
    LetterKind.FOLLOW_UP: ["吴长根", "孟律", "您对法律援助服务的总体评价"],
}  # fmt: skip


def test_every_form_says_what_it_must_on_the_pages_it_should_have(made):
    assert set(made) == set(LetterKind)
    wrong = {}
    for kind, letter in made.items():
        content = issuing.pdf(letter)
        pages = pages_of(content)
        text = "".join(pages)
        wanted = [letter.number, letter.get_kind_display(), *SAYS[kind]]
        missing = [words for words in wanted if words not in text]
        if missing or len(pages) > (2 if kind == LetterKind.APPLICATION else 1):
            wrong[kind] = (missing, len(pages))
        if PHONE in str(PdfReader(io.BytesIO(content)).metadata):
            wrong[kind] = "personal data in the title"
    assert wrong == {}
    assert {kind: ticked(made[kind]) for kind in ("01", "02", "21", "22")} == {
        "01": ["妇女", "农民", "是"],
        "02": [
            "农民",
            "农民工",
            "否",
            "上门服务",
            "委托代理人",
            "诉讼代理",
            "免予核查",
            "否",
            "未进入程序",
        ],
        "21": ["调解结案"],
        "22": ["直接送达"],
    }


def test_of_the_procedure_rule_only_articles_that_are_certain_are_named():
    # Rules 2 and 10, D1: all other numbers are from memory and are never printed.
    words = (settings.BASE_DIR / "legalaid/locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    named = re.findall(r"(?:程序规定》?|148号)第(\S{1,4}?)条", words.replace('"\n"', ""))
    assert set(named) == {"二十四", "二十五", "二十六", "二十七"}


def test_fonts_are_embedded(make_application):
    reader = PdfReader(io.BytesIO(issuing.pdf(make_application(name="𠮷田龘").letters.get())))
    fonts = [
        descendant.get_object()["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
        for descendant in font.get_object()["/DescendantFonts"]
    ]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert "𠮷田龘" in pages_of(issuing.pdf(Letter.objects.get()))[0]


def test_a_long_name_and_long_words_stay_on_the_sheet(full, reviewer, director):
    name = "阿卜杜热合曼·" * 6
    case = full(Status.IN_REVIEW, name=name[:40], address="很长的地址" * 20)
    workflow.propose_refusal(
        case, by=reviewer, grounds=["no_hardship", "out_of_scope"], reason="理由" * 700 + "到此"
    )
    case = workflow.refuse(case, by=director)

    refusal = text_of(last(case, LetterKind.REFUSAL))
    assert name[:40] in refusal
    assert "到此" in refusal
    form = issuing.make_on_demand(case, LetterKind.APPLICATION, by=reviewer)
    assert name[:40] in text_of(form)


def test_facts_longer_than_a_page_are_not_cut(make_application, clerk):
    application = make_application(facts="很长的经过" * 790 + "到此为止")
    form = issuing.make_on_demand(application, LetterKind.APPLICATION, by=clerk)
    pages = pages_of(issuing.pdf(form))

    assert "".join(pages).count("很长的经过") >= 780
    assert "到此为止" in "".join(pages)
    assert "本人承诺" in pages[-1]


def test_forms_of_an_application_with_nothing_optional_leave_room_to_write(
    make_application, clerk
):
    application = make_application(id_number="", sex="", phone="", aid_kind="", claims="")
    for kind in (
        LetterKind.APPLICATION,
        LetterKind.POWER_OF_ATTORNEY,
        LetterKind.HARDSHIP,
    ):
        text = text_of(issuing.make_on_demand(application, kind, by=clerk))
        assert "None" not in text
        assert "吴长根" in text


def test_a_foreign_paper_is_written_out_without_boxes(make_application):
    application = make_application(id_type="passport", id_number="E12345678")
    letter = issuing.make_on_demand(
        application, LetterKind.APPLICATION, by=application.received_by
    )
    assert "E12345678" in text_of(letter)


@pytest.mark.parametrize(
    ("length", "counting", "says"),
    [(10, Counting.WORKING, "10个工作日内"), (30, Counting.CALENDAR, "30日内")],
)
def test_the_time_to_object_is_the_county_s(
    full, reviewer, director, county, length, counting, says
):
    ClockRule.objects.create(
        county=county, number=17, length=length, counting=counting, valid_from=date(2020, 1, 1)
    )
    case = full(Status.IN_REVIEW)
    workflow.propose_refusal(case, by=reviewer, grounds=["no_hardship"], reason="超过标准。")
    case = workflow.refuse(case, by=director)

    text = text_of(last(case, LetterKind.REFUSAL))
    assert f"自收到本决定书之日起{says}" in text
    assert "15日内" not in text


def test_aid_provided_first_says_until_when_the_papers_are_owed(
    make_application, reviewer, station
):
    case = make_application(status=Status.IN_REVIEW)
    case = workflow.provide_first(case, by=reviewer, grounds=["44-1"], days=7)

    text = text_of(last(case, LetterKind.GRANT))
    due_on = case.decisions.get().papers_due_on
    assert "先行提供法律援助" in text
    assert "第四十四条" in text
    assert f"{due_on.year}年{due_on.month}月{due_on.day}日前" in text


def test_an_order_to_correct_names_no_way_to_sue(full, reviewer, director, officer):
    case = full(Status.IN_REVIEW)
    workflow.propose_refusal(case, by=reviewer, grounds=["no_hardship"], reason="超过标准。")
    case = workflow.refuse(case, by=director)
    case = workflow.receive_objection(
        case, by=reviewer, received_on=timezone.localdate(), words="算错了。"
    )
    workflow.decide_objection(case, by=officer, outcome="corrected", reason="确有计算错误。")

    text = text_of(last(case, LetterKind.OBJECTION))
    assert any("责令改正" in notice.words for notice in case.notices.filter(kind="call"))
    assert "责令清山县法律援助中心改正" in text
    assert "六十日内" not in text


def test_a_paper_that_left_the_house_never_changes(make_application, clerk, county, station):
    application = make_application(address="青溪镇老街1号")
    form = issuing.make_on_demand(application, LetterKind.APPLICATION, by=clerk)
    before = text_of(form)
    Application.objects.update(name="改名", address="新址", phone="13700000000", claims="别的")
    county.center_name = "改名中心"
    county.save()
    station.name = "改名站"
    station.save()
    application.materials.all().delete()
    form = Letter.objects.get(pk=form.pk)

    assert text_of(form) == before
    receipt = text_of(Letter.objects.get(kind=LetterKind.RECEIPT))
    assert "吴长根" in receipt
    assert "身份证明" in receipt
    assert "改名" not in receipt


def test_an_old_paper_keeps_its_wording(make_application, monkeypatch):
    letter = make_application().letters.get()
    monkeypatch.setitem(
        issuing.TEMPLATES, (LetterKind.RECEIPT, "2030"), "casework/letters/form_06.html"
    )
    monkeypatch.setattr(issuing, "TEMPLATE_VERSION", "2030")

    assert "申请材料接收凭证" in text_of(letter)


def test_the_words_of_a_paper_are_unreadable_in_the_database(make_application):
    letter = make_application(id_number=ID_NUMBER, phone=PHONE).letters.get()
    stored = bytes(letter.content)

    assert ID_NUMBER.encode() not in stored
    assert "吴长根".encode() not in stored


def test_the_screen_and_the_paper_are_chinese_for_who_reads_english(
    client, clerk, make_application
):
    letter = make_application().letters.get()
    client.force_login(clerk)
    client.cookies["django_language"] = "en"

    page = client.get(reverse("casework:letter_print", args=[letter.pk])).content.decode()
    assert "法律援助申请材料接收凭证" in page


# ── Who may have them ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["neighbour", "stranger", "liaison"])
def test_nobody_else_finds_a_paper(client, request, who, make_application):
    application = make_application()
    letter = application.letters.get()
    client.force_login(request.getfixturevalue(who))

    for page in ("letter_print", "letter_pdf", "letter_serve"):
        answer = client.get(reverse(f"casework:{page}", args=[letter.pk]))
        assert answer.status_code == (403 if who == "liaison" else 404)
    answer = client.post(
        reverse("casework:letter_create", args=[application.pk]), {"kind": "02"}
    )
    assert answer.status_code == (403 if who == "liaison" else 404)
    if who != "liaison":
        assert letter.number not in client.get(reverse("casework:letter_list")).content.decode()


def test_the_screen_masks_what_the_paper_shows_whole(client, clerk, full):
    letter = issuing.make_on_demand(full(), LetterKind.HARDSHIP, by=clerk)
    client.force_login(clerk)
    page = client.get(reverse("casework:letter_print", args=[letter.pk])).content.decode()
    screen = re.sub(r"<[^>]+>|\s", "", page)

    for hidden in (ID_NUMBER, PHONE, "1,800", "李秀英", "上塘组"):
        assert hidden not in screen
    assert "3415**********0016" in screen
    assert ID_NUMBER in text_of(letter)


def test_a_paper_that_is_fetched_is_written_down_and_named_without_the_person(
    client, clerk, make_application
):
    letter = make_application().letters.get()
    client.force_login(clerk)
    answer = client.get(reverse("casework:letter_pdf", args=[letter.pk]))

    assert answer.content.startswith(b"%PDF")
    look = Look.objects.get(subject=f"letter:{letter.pk}")
    assert (look.user, look.kind) == (clerk, "print")
    assert "吴长根" not in answer["Content-Disposition"]
    letter.refresh_from_db()
    assert letter.printed_at is None

    client.post(reverse("casework:letter_pdf", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.printed_at


def test_the_bureau_has_whole_numbers_on_its_own_papers_only(client, officer, made):
    client.force_login(officer)

    def fetched(kind):
        answer = client.get(reverse("casework:letter_pdf", args=[made[kind].pk]))
        return "".join(pages_of(answer.content))

    assert ID_NUMBER not in fetched(LetterKind.ASSIGNMENT)
    assert "0016" in fetched(LetterKind.ASSIGNMENT)
    assert "赵大海" in fetched(LetterKind.OBJECTION)


# ── On demand ───────────────────────────────────────────────────────────────────────────


def create(client, application, **data):
    return client.post(reverse("casework:letter_create", args=[application.pk]), data)


def test_a_second_press_makes_the_same_form_once(client, clerk, make_application):
    application = make_application()
    client.force_login(clerk)
    create(client, application, kind="02")
    create(client, application, kind="02")
    assert application.letters.filter(kind=LetterKind.APPLICATION).count() == 1

    Application.objects.update(claims="另加经济补偿")
    create(client, application, kind="02")
    assert application.letters.filter(kind=LetterKind.APPLICATION).count() == 2


@pytest.mark.parametrize("kind", ["30", "09", "99", ""])
def test_a_form_that_is_not_for_this_moment_is_a_sentence(
    client, clerk, make_application, kind
):
    application = make_application()
    client.force_login(clerk)
    answer = create(client, application, kind=kind)

    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "现在不能制作这份文书，请从列表中选择。" in page
    assert application.letters.count() == 1


def test_forms_fit_the_moment_the_place_and_the_case(make_application, make_entry):
    plain = make_application()
    free = make_application(
        entry=make_entry(), hardship_track=HardshipTrack.EXEMPT_FROM_CONDITION
    )
    granted = make_application(status=Status.GRANTED)

    assert issuing.makeable(plain, by_center=False) == ["02", "03", "04", "05"]
    assert issuing.makeable(free, by_center=False) == ["01", "02", "03", "05"]
    assert issuing.makeable(granted, by_center=True) == ["02", "03", "04", "05", "08"]


# ── Today's print ───────────────────────────────────────────────────────────────────────


def press(client):
    return client.post(reverse("casework:letters_today"))


def test_what_waits_is_printed_once_in_one_file(
    client, clerk, head, reviewer, make_application, station, next_station, neighbour
):
    mine = [make_application(name=f"申请人{n}") for n in range(3)]
    elsewhere = make_application(next_station, by=neighbour)
    client.force_login(clerk)

    answer = press(client)
    document = Document.objects.get()
    assert answer["Location"] == document.get_absolute_url()
    press(client)
    assert Document.objects.count() == 1

    documents.make(document.pk)
    document.refresh_from_db()
    text = "".join(pages_of(document.file))
    for application in mine:
        assert application.name in text
        assert application.letters.get().printed_at
    assert elsewhere.letters.get().printed_at is None
    assert (document.done, document.total) == (3, 3)
    look = Look.objects.get(subject=f"letters of document:{document.pk}")
    assert (look.user, look.count, look.kind) == (clerk, 3, "print")
    assert "申请人" not in document.title
    # It lies sealed, and only who asked may fetch it.
    assert b"%PDF" not in bytes(document.content)
    client.force_login(head)
    assert client.get(document.get_absolute_url()).status_code == 404

    press(client)
    assert Document.objects.count() == 1


def test_more_than_fit_into_one_file_come_in_several_and_can_be_watched(
    client, clerk, head, make_application, monkeypatch
):
    for n in range(3):
        make_application(name=f"申请人{n}")
    monkeypatch.setattr(prints, "MOST_LETTERS", 2)
    client.force_login(clerk)
    bundles = reverse("casework:letter_bundles")

    answer = press(client)
    said = [str(message) for message in get_messages(answer.wsgi_request)]

    assert said == ["全部待打印文书正在生成2个文件，每个最多300份。".replace("300", "2")]
    assert answer["Location"] == reverse("casework:letter_list")
    first, second = Document.objects.order_by("pk")
    assert [each.letters.count() for each in (first, second)] == [2, 1]
    assert second.title.endswith("第2个文件，共2个")
    page = client.get(answer["Location"]).content.decode()
    assert page.count("正在排队") == 2
    assert bundles in page

    for each in (first, second):
        documents.make(each.pk)
    page = client.get(bundles).content.decode()
    assert page.count("下载</a>") == 2
    # Nothing is asked again once all are made.
    assert "hx-get" not in page
    client.force_login(head)
    assert client.get(bundles).context["bundles"] == []


def test_a_print_that_failed_waits_again(client, clerk, make_application, monkeypatch):
    letter = make_application().letters.get()
    client.force_login(clerk)
    press(client)
    monkeypatch.setattr(prints.issuing, "pdf", lambda letter: 1 / 0)
    documents.make(Document.objects.get().pk)
    monkeypatch.undo()
    letter.refresh_from_db()
    assert letter.printed_at is None

    press(client)
    documents.make(Document.objects.latest("pk").pk)
    letter.refresh_from_db()
    assert letter.printed_at


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_prints(clerk, head, make_application, monkeypatch):
    monkeypatch.setattr(documents, "send", lambda document_id: None)
    for n in range(3):
        make_application(name=f"申请人{n}")
    start, got = Barrier(2), []

    def work(user):
        try:
            start.wait(10)
            got.append(prints.print_waiting(user))
        finally:
            connection.close()

    threads = [Thread(target=work, args=[user]) for user in (clerk, head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(bool(document) for document in got) == [False, True]
    assert Document.objects.get().letters.count() == 3


def test_station_center_and_bureau_each_print_their_own(client, clerk, reviewer, officer, made):
    kinds = {}
    for user in (clerk, reviewer, officer):
        waiting = Letter.objects.visible_to(user).of_place(user).waiting_to_print()
        kinds[user] = set(waiting.values_list("kind", flat=True))

    assert {"05", "06"} <= kinds[clerk]
    assert {"09", "10", "11", "18", "19"} <= kinds[reviewer]
    assert kinds[officer] == {"20"}
    assert not kinds[clerk] & {"09", "10", "20"}


# ── Service ─────────────────────────────────────────────────────────────────────────────


def serve(client, letter, **data):
    defaults = {
        "on": f"{timezone.localdate():%Y-%m-%d}",
        "method": "in_person",
        "received_by_name": "吴长根",
    }
    return client.post(reverse("casework:letter_serve", args=[letter.pk]), defaults | data)


@pytest.fixture
def grant(make_application):
    return last(make_application(status=Status.GRANTED), LetterKind.GRANT)


def test_service_is_written_down_and_proved(client, reviewer, grant):
    client.force_login(reviewer)
    assert serve(client, grant, method="post").status_code == 302
    grant.refresh_from_db()
    assert (grant.served_on, grant.service_method, grant.received_by_name) == (
        timezone.localdate(),
        "post",
        "吴长根",
    )
    assert grant.application.decisions.get().served_on == timezone.localdate()

    create(client, grant.application, kind="22", letter=grant.pk)
    proof = text_of(last(grant.application, LetterKind.SERVICE))
    for words in (grant.number, "吴长根", "林若溪"):
        assert words in proof
    assert ticked(last(grant.application, LetterKind.SERVICE)) == ["邮寄送达"]


def test_a_proof_to_be_signed_by_hand_has_empty_lines(client, clerk, grant):
    client.force_login(clerk)
    create(client, grant.application, kind="22", letter=grant.pk)
    proof = text_of(last(grant.application, LetterKind.SERVICE))

    assert grant.number in proof
    assert "受送达人吴长根" in proof
    assert "√" not in proof


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"on": "2020-01-01"}, "送达日期不能早于这一天"),
        ({"on": "2100-01-01"}, "这一天还没"),
        ({"on": ""}, "日期"),
        ({"method": "dove"}, "选"),
        ({"received_by_name": "  "}, "请填写收件人"),
    ],
)
def test_a_wrong_proof_is_a_sentence_and_keeps_what_was_typed(
    client, reviewer, grant, data, sentence
):
    client.force_login(reviewer)
    answer = serve(client, grant, **({"received_by_name": "代收人甲"} | data))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    if "received_by_name" not in data:
        assert "代收人甲" in answer.content.decode()
    grant.refresh_from_db()
    assert grant.served_on is None


def test_a_paper_is_served_once_and_a_receipt_not_at_all(client, reviewer, grant):
    client.force_login(reviewer)
    serve(client, grant)
    serve(client, grant, received_by_name="别人")
    grant.refresh_from_db()
    assert grant.received_by_name == "吴长根"

    receipt = last(grant.application, LetterKind.RECEIPT)
    serve(client, receipt)
    receipt.refresh_from_db()
    assert receipt.served_on is None


# ── The list and the record ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
def test_the_list_costs_the_same_for_any_length(client, request, who, make_application):
    client.force_login(request.getfixturevalue(who))
    costs = {}
    for count in (1, 5):
        while Letter.objects.count() < count:
            make_application()
        client.get(reverse("casework:letter_list"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("casework:letter_list"))
        assert len(page.context["rows"]) == count
        costs[count] = len(queries)
    assert costs[1] == costs[5] <= 12


def test_the_list_is_filtered_by_form_day_print_and_service(client, reviewer, made):
    client.force_login(reviewer)

    def kinds(query):
        page = client.get(f"{reverse('casework:letter_list')}?{query}")
        return {letter.kind for letter in page.context["rows"]}

    assert kinds("kind=10") == {"10"}
    assert "09" in kinds("")
    assert kinds(f"to={timezone.localdate() - timedelta(days=1):%Y-%m-%d}") == set()
    assert made[LetterKind.GRANT].served_on is None or "10" in kinds("unserved=1")
    assert kinds("unserved=1") <= {"06", "09", "10", "11", "17", "18", "19", "20"}
    assert not kinds("unprinted=1") & {"05", "20"}
    wrong = client.get(f"{reverse('casework:letter_list')}?from=x")
    assert wrong.status_code == 422


def test_an_empty_list_says_where_papers_come_from(client, clerk):
    client.force_login(clerk)
    page = client.get(reverse("casework:letter_list")).content.decode()
    assert "还没有文书。" in page


def test_the_record_shows_the_papers_and_what_can_be_made(client, clerk, grant):
    client.force_login(clerk)
    page = client.get(grant.application.get_absolute_url()).content.decode()

    for words in ("法律文书", grant.number, "给予法律援助决定书", "待送达", "制作文书"):
        assert words in page
