"""What a person typed, read as a value or answered with a plain sentence. Pure.

The entry form, the backlog grid and imported files all read through here, so that a phone or a
date is right or wrong in the same words everywhere. Each reader takes the text of one cell and
returns the value; `Unreadable` carries the sentence for beside the field.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

EARLIEST_YEAR = 2000
MOST_PERSONS = 999
MOST_YEARS = 130
MOST_YUAN = Decimal("1e10")


class Unreadable(ValueError):
    """A sentence: what is wrong, then how to mend it."""


def read_text(text, most):
    """Return the text without surrounding space; any script, any emoji, but no control signs."""
    text = text.strip()
    if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text):
        raise Unreadable(_("There are signs here that cannot be printed. Type the text anew."))
    if len(text) > most:
        raise Unreadable(
            _("This is %(length)s characters; the most is %(most)s. Shorten it.")
            % {"length": len(text), "most": most}
        )
    return text


def _half_width(text):
    return unicodedata.normalize("NFKC", text).strip()


def read_phone(text):
    """Return the digits of a mobile, a landline with area code, or a short number; "" for none."""
    digits = re.sub(r"[\s()\-—–/]", "", _half_width(text))
    digits = re.sub(r"^(\+|00)86", "", digits)
    if not digits:
        return ""
    if re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}|[19]\d{2,5}|400\d{7}", digits):
        return digits
    if re.fullmatch(r"\+?\d{8,15}", digits) and not digits.startswith("1"):
        return digits
    if re.fullmatch(r"\d+", digits) and digits.startswith("1"):
        raise Unreadable(
            _("This has %(length)s digits; a mobile number has 11. Ask for it again.")
            % {"length": len(digits)}
        )
    raise Unreadable(_("This is not a phone number. Type digits only."))


def read_id_number(text):
    """Return an 18-character resident identity number with a right check digit; "" for none."""
    number = re.sub(r"[\s\-]", "", _half_width(text)).upper()
    if not number:
        return ""
    if len(number) != 18:
        raise Unreadable(
            _("This has %(length)s characters; it should have 18. Check it against the card.")
            % {"length": len(number)}
        )
    # The library also knows birth places, but not every county that ever was: a real card from
    # 霍山县 (341525) would be refused. Check digit and birth date are what can be trusted.
    try:
        ric.get_birth_date(number)
        check_digit = ric.calc_check_digit(number)
    except (ValidationError, ValueError) as error:
        raise Unreadable(
            _("The birth date in this number does not exist. Check it against the card.")
        ) from error
    if check_digit != number[-1]:
        raise Unreadable(
            _("The last character does not fit the others. Check the number against the card.")
        )
    return number


def read_paper_number(text):
    """Return the number of another identity paper: 4 to 20 letters and digits; "" for none."""
    number = re.sub(r"[\s\-]", "", _half_width(text)).upper()
    if number and not re.fullmatch(r"[A-Z0-9()字第号一-鿿]{4,20}", number):
        raise Unreadable(_("This is not a number of an identity paper."))
    return number


def birth_and_sex(id_number):
    """Return (birth date, "female" or "male") of a valid resident identity number."""
    return ric.get_birth_date(id_number), "male" if int(id_number[16]) % 2 else "female"


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOMENT = re.compile(
    _DAY.pattern + r"[T\s]*(\d{1,2})[:：时](\d{1,2})(?:[:：分]\d{1,2})?[分秒]?"
)


_CLOCK = re.compile(
    r"(上午|中午|下午|晚上)?\s*(?<![\d:])(\d{1,2})[:点时](?:(半)|(\d{1,2})分?)?$"
)


def spell_clock(text):
    """Spell out a clock at the end of a text: 下午3点半 as 15:30, 9点 as 9:00."""

    def spelt(match):
        word, hour, half, minute = match.groups()
        is_afternoon = word in ("下午", "晚上") or (word == "中午" and int(hour) < 11)
        hour = int(hour) + (12 if is_afternoon and int(hour) < 12 else 0)
        return f" {hour}:{30 if half else int(minute or 0):02}"

    return _CLOCK.sub(spelt, text.replace("：", ":")).strip()


# How Excel counts days, from 2000-01-01 to 2099-12-31.
_FIRST_NUMBER, _LAST_NUMBER = 36526, 73050


def day_of_number(value):
    """Return the moment that a number is in Excel (46027.5: noon of 2026-1-5), other values as they are."""
    text = str(value).strip()
    if not re.fullmatch(r"\d{5}(\.\d+)?", text):
        return value
    days = Decimal(text)
    if not _FIRST_NUMBER <= days <= _LAST_NUMBER:
        return value
    # To the second: the fraction of a day has no exact form.
    return datetime(1899, 12, 30) + timedelta(seconds=round(days * 86400))


def read_day(value):
    """Return the date of "2026-3-2", "2026/3/2", "2026年3月2日", "20260302", a real date or its number."""
    value = day_of_number(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _half_width(str(value))
    text = re.sub(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", text)
    match = _DAY.fullmatch(text)
    if not match:
        raise Unreadable(_("This is not a date. Write it like 2026-3-2."))
    try:
        return date(*map(int, match.groups()))
    except ValueError as error:
        raise Unreadable(_("This day does not exist. Check month and day.")) from error


def read_moment(value, *, now):
    """Return the aware moment of a day with a time; a day alone means 9 o'clock.

    Raises Unreadable for what is not a time, lies after `now`, or before the year 2000.
    """
    value = day_of_number(value)
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, datetime):
        naive = value.replace(tzinfo=None)
    elif isinstance(value, date):
        naive = datetime.combine(value, time(9))
    else:
        text = spell_clock(_half_width(str(value)))
        match = _MOMENT.fullmatch(text)
        try:
            naive = (
                datetime(*map(int, match.groups()))
                if match
                else datetime.combine(read_day(text), time(9))
            )
        except Unreadable:
            raise
        except ValueError as error:
            raise Unreadable(_("This time does not exist. Check hour and minute.")) from error
    moment = timezone.make_aware(naive)
    if moment > now:
        raise Unreadable(_("This time has not come yet. Check the date and the time."))
    if naive.year < EARLIEST_YEAR:
        raise Unreadable(_("This is before the year 2000. Check the year."))
    return moment


def read_count(text, *, most=MOST_PERSONS):
    """Return a whole number from 1 to `most`."""
    text = _half_width(str(text)).removesuffix(".0").removesuffix("人")
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise Unreadable(_("Type a whole number from 1 to %(most)s.") % {"most": most})
    return int(text)


def read_age(text):
    """Return full years from 0 to 130; None for none."""
    text = _half_width(str(text)).removesuffix("岁")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 3 or int(text) > MOST_YEARS:
        raise Unreadable(_("Type the age in full years, like 61."))
    return int(text)


def read_money(text):
    """Return yuan as a Decimal of "46,800", "4.68万", "46800元"; None for none."""
    text = re.sub(r"[\s,¥]", "", _half_width(str(text))).removesuffix("元")
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,10})(\.\d{1,6})?(万)?", text)
    if not match:
        raise Unreadable(
            _("This is not an amount. Type yuan in figures, like 46800 or 4.68万.")
        )
    amount = Decimal(match[1] + (match[2] or "")) * (10_000 if match[3] else 1)
    if amount >= MOST_YUAN:
        raise Unreadable(_("This amount is too large. Check the figures."))
    return amount.quantize(Decimal("0.01"))


def read_credit_code(text):
    """Return an 18-character social credit code with a right check digit; "" for none."""
    code = re.sub(r"[\s\-]", "", _half_width(text)).upper()
    if code and not uscc.is_valid(code):
        raise Unreadable(
            _("This is not a social credit code. It has 18 characters on the licence.")
        )
    return code


_YES = {"是", "有", "已", "√", "✓", "1", "Y", "YES", "TRUE", "已告知"}
_NO = {"", "否", "无", "未", "×", "0", "N", "NO", "FALSE", "没有", "未告知"}


def read_yes(text):
    """Return True for 是, √, 1, yes…; False for an empty cell, 否, ×, 0, no…"""
    text = _half_width(str(text)).upper()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unreadable(_("Write yes or no."))


def read_choice(text, choices):
    """Return the code of a choice given by its code or by its label in the language in force.

    `choices` is an enumeration of Django choices; "" for an empty cell.
    """
    wanted = _half_width(text).casefold()
    if not wanted:
        return ""
    names = _choice_names(choices, get_language())
    if wanted in names:
        return names[wanted]
    raise Unreadable(
        _("“%(text)s” is not one of: %(choices)s.")
        % {"text": text.strip()[:20], "choices": "、".join(map(str, choices.labels))}
    )


@cache
def _choice_names(choices, language):
    """Return {label in that language or code, case-folded: code} of an enumeration."""
    names = {str(code).casefold(): code for code in choices.values}
    with override(language):
        names.update({str(label).casefold(): code for code, label in choices.choices})
    return names
