"""Personal data in the database and on the log."""

import base64
import logging

import pytest

from stations import privacy
from stations.privacy import LogFormatter, decrypt, encrypt, keyed_hash, mask_phone

ID_NUMBER, PHONE = "341525196504120016", "13900003390"
OLD_KEY, NEW_KEY = (base64.b64encode(bytes([n]) * 32).decode() for n in (7, 9))


@pytest.fixture
def use_keys(settings):
    """Return a function that gives the site a key ring, as a start with other settings does."""

    def use(ring):
        settings.FIELD_KEYS = ring
        privacy._key_ring.cache_clear()
        privacy._hash_key.cache_clear()

    before = settings.FIELD_KEYS
    yield use
    use(before)


def test_what_the_old_key_wrote_is_read_and_found_after_a_new_one_is_put_first(use_keys):
    use_keys(f"1:{OLD_KEY}")
    stored, found_by = encrypt(PHONE), keyed_hash(PHONE)

    use_keys(f"2:{NEW_KEY},1:{OLD_KEY}")

    assert decrypt(stored) == PHONE
    assert keyed_hash(PHONE) == found_by
    assert (stored[1], encrypt(PHONE)[1]) == (1, 2)


def test_without_its_key_a_number_cannot_be_read(use_keys):
    use_keys(f"1:{OLD_KEY}")
    stored = encrypt(PHONE)

    use_keys(f"2:{NEW_KEY}")

    with pytest.raises(ValueError, match="key this site does not have"):
        decrypt(stored)


def test_one_number_is_never_stored_the_same_way_twice():
    assert encrypt(PHONE) != encrypt(PHONE)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [(PHONE, "139****3390"), ("0564-5022", "*******22"), ("12", "12"), ("", "")],
)
def test_a_phone_is_shown_by_its_ends(phone, shown):
    assert mask_phone(phone) == shown


def test_no_log_line_and_no_error_on_it_names_a_number(caplog):
    log = logging.getLogger("tests.privacy")
    try:
        int(f"电话{PHONE}")
    except ValueError:
        log.exception("cannot read %s of %s", PHONE, {"id_number": ID_NUMBER})

    lines = LogFormatter("%(levelname)s %(message)s").format(caplog.records[-1])

    assert "ValueError: invalid literal for int()" in lines
    assert lines.count("■■■") == 3
    assert PHONE not in lines
    assert ID_NUMBER not in lines
