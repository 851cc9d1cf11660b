"""Words of ours in a row are read in the language of the reader; typed ones as they were typed."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from casework.models import Notice
from casework.notices import tell
from casework.terms import NoticeKind
from stations.models import ChoreKind
from stations.roles import Role
from stations.sayings import SIGN, SayingField, dated, listed, saying

SUBSIDIES = ngettext_lazy(
    "Duty subsidy of %d month not paid or not recorded",
    "Duty subsidies of %d months not paid or not recorded",
    2,
)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (
            saying(SUBSIDIES, 2),
            "有2个月的值班补贴没有发放或没有登记",
            "Duty subsidies of 2 months not paid or not recorded",
        ),
        (
            listed([ChoreKind.WALL.label, ChoreKind.TRAINING.label]),
            "上墙公示、学习培训",
            "postings, training",
        ),
        (
            saying(
                _("Duty roster of %(month)s is not published"),
                month=dated(date(2026, 11, 1), "YEAR_MONTH_FORMAT"),
            ),
            "2026年11月值班表没有发布",
            "Duty roster of November 2026 is not published",
        ),
        ("站里的原话", "站里的原话", "站里的原话"),
        (f"{SIGN} 1}}", f"{SIGN} 1}}", f"{SIGN} 1}}"),
    ],
)
def test_what_is_kept_is_said_in_the_readers_language(words, chinese, english):
    field = SayingField()
    with translation.override("en"):
        kept = field.get_prep_value(words)
        assert field.from_db_value(kept, None, None) == english
    with translation.override("zh-hans"):
        assert field.from_db_value(kept, None, None) == chinese


@pytest.mark.django_db
def test_a_task_left_by_who_reads_english_is_chinese_for_who_does_not(station):
    with translation.override("en"):
        words = saying(
            _("An objection was raised in %(number)s."), number="清援申字〔2026〕1号"
        )
        tell(Role.CLERK, station, words, kind=NoticeKind.MOVE)
        assert Notice.objects.get().words.startswith("An objection")

    assert Notice.objects.get().words == "清援申字〔2026〕1号的申请人提出异议。"
