"""A list of destruction: drawn up by one, approved by another, withdrawn or carried out."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from stations import chores
from stations.models import Chore, ChoreKind, DestructionList, ItemFate, ListState
from stations.retention import carrying, lists
from tests.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(make_entry):
    return [make_entry(occurred_at=at(2012, 5, n)) for n in (3, 4, 5)]


@pytest.fixture
def drawn(entries, county, officer):
    return lists.draw(county, {"entries"}, by=officer)


def test_only_what_falls_due_of_the_chosen_kinds_comes_on_the_list(
    drawn, entries, make_entry, county, officer
):
    assert drawn.number == f"清销〔{drawn.year}〕1号"
    assert {item.record_id for item in drawn.items.all()} == {each.pk for each in entries}
    assert {item.kind for item in drawn.items.all()} == {"entries"}
    assert drawn.items.first().label == "访2012-0001"
    # One list at a time, none of nothing, and nothing twice.
    with pytest.raises(lists.ListRefused, match=drawn.number):
        lists.draw(county, {"entry_numbers"}, by=officer)
    lists.withdraw(drawn, by=officer, why="列早了")
    with pytest.raises(lists.ListRefused, match="没有到期"):
        lists.draw(county, {"complaints"}, by=officer)
    # What was refused took no number.
    again = lists.draw(county, {"entries", "entry_numbers"}, by=officer)
    assert again.serial == 2
    assert {item.kind for item in again.items.all()} == {"entries"}


def test_who_drew_it_up_never_approves_it(drawn, officer, director):
    with pytest.raises(lists.ListRefused, match="另一个人"):
        lists.approve(drawn, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionList.objects.filter(pk=drawn.pk).update(
            state=ListState.APPROVED, approved_by=officer, approved_at=at(2026, 11, 26)
        )
    # Nor is it carried out without an approval, whoever writes the row.
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionList.objects.filter(pk=drawn.pk).update(
            state=ListState.RUNNING, ordered_by=director, ordered_at=at(2026, 11, 26)
        )
    with pytest.raises(lists.ListRefused):
        lists.carry_out(drawn, by=officer)

    assert lists.approve(drawn, by=director, opinion="同意").state == ListState.APPROVED


def test_of_two_people_at_once_one_is_told_who_was_first(drawn, officer, director, make_user):
    lists.withdraw(drawn, by=officer, why="列早了")

    # The director still has the page as it was before.
    with pytest.raises(lists.ListRefused, match="高科长先办了一步"):
        lists.approve(drawn, by=director)

    with pytest.raises(ProgrammingError), transaction.atomic():
        DestructionList.objects.filter(pk=drawn.pk).update(withdrawn_why="别的")


def test_what_is_taken_out_is_not_destroyed_and_says_why(drawn, entries, officer, director):
    item = drawn.items.get(record_id=entries[0].pk)
    with pytest.raises(lists.ListRefused, match="为什么移出"):
        lists.take_out(drawn, [item.pk], reason="  ", by=officer)

    lists.take_out(drawn, [item.pk], reason="当事人还在信访", by=officer)

    with pytest.raises(lists.ListRefused, match="已经移出"):
        lists.take_out(drawn, [item.pk], reason="当事人还在信访", by=officer)
    lists.approve(drawn, by=director)
    lists.carry_out(drawn, by=officer)
    carrying.work_on(drawn.pk)
    entries[0].refresh_from_db()
    entries[1].refresh_from_db()
    assert (entries[0].name, entries[1].name) == ("吴秋菊", "■■■")
    item.refresh_from_db()
    assert (item.state, item.reason, item.by) == (
        ItemFate.TAKEN_OUT,
        "当事人还在信访",
        officer,
    )


def test_desks_are_reminded_of_what_falls_due_and_whose_turn_it_is(
    entries, county, officer, director, django_capture_on_commit_callbacks
):
    def owed():
        rows = Chore.objects.filter(kind=ChoreKind.RETENTION, county=county)
        return [(str(row.title), row.roles) for row in rows]

    chores.refresh(county, ChoreKind.RETENTION)
    assert owed() == [("有些档案保管期限已满", ["officer"])]
    with django_capture_on_commit_callbacks(execute=True):
        drawn = lists.draw(county, {"entries"}, by=officer)
    assert owed() == [
        (f"销毁清单{drawn.number}待第二个人批准", ["officer", "director"]),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        lists.approve(drawn, by=director)
    assert owed() == [(f"销毁清单{drawn.number}已批准，待销毁", ["officer"])]
