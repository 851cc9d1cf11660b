"""The ways out to an applicant: none, the console, or a gateway's class by its dotted path."""

import pytest

from casework import messages
from casework.models import Application


class Gateway(messages.Messenger):
    """What a county's own gateway looks like."""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("none", messages.Messenger),
        ("console", messages.Console),
        (f"{__name__}.Gateway", Gateway),
    ],
)
def test_the_setting_names_the_messenger(settings, name, kind):
    settings.MESSAGES = name

    assert type(messages.messenger()) is kind


def test_without_a_messenger_nobody_is_reached():
    nobody = messages.Messenger()

    assert not nobody.reaches(Application(phone="13900002648"))
    with pytest.raises(messages.NotDelivered):
        nobody.send(Application(phone="13900002648"), "已给予法律援助")


def test_the_console_never_shows_a_whole_number(capsys):
    messages.Console().send(Application(phone="13900002648"), "已给予法律援助")

    assert capsys.readouterr().out == "139****2648 已给予法律援助\n"
