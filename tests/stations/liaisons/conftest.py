"""A liaison in post, as the tests of this room need one."""

from datetime import date

import pytest

from stations.models import Liaison
from stations.terms import LiaisonPost

PHONE = "13900002648"


@pytest.fixture
def make_liaison(station):
    def make(village=None, at=None, **fields):
        at = at or station
        return Liaison.objects.create(
            **{
                "station": at,
                "village": village or at.township.children.order_by("code").first(),
                "name": "石守田",
                "post": LiaisonPost.DIRECTOR,
                "phone": PHONE,
                "appointed_from": date(2024, 1, 1),
            }
            | fields
        )

    return make
