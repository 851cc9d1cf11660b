"""What aid is asked for and who may give it: kinds of case, forms of service, the matters of the Law.

Law: 《法律援助法》 (LAL). The numbering of grounds is ours; the articles are the law's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.TextChoices):
    """The kind of case (案件类型), as the returns count it."""

    CIVIL = "civil", _("civil")
    ADMINISTRATIVE = "administrative", _("administrative")
    CRIMINAL = "criminal", _("criminal")


class AidKind(models.TextChoices):
    """Forms of service (形式): LAL 22."""

    DRAFTING = "drafting", _("drafting of papers")
    CRIMINAL_DEFENCE = "criminal_defence", _("criminal defence or representation")
    LITIGATION = "litigation", _("representation in court")
    NON_LITIGATION = "non_litigation", _("representation out of court")
    LABOUR_ARBITRATION = "labour_arbitration", _("labour mediation or arbitration")
    # Counted apart in the monthly return.
    NOTARIAL = "notarial", _("notarial aid")
    FORENSIC = "forensic", _("forensic aid")
    OTHER = "other", pgettext_lazy("kind of aid", "other")


class Position(models.TextChoices):
    """The applicant's place in the proceedings (法律地位)."""

    PLAINTIFF = "plaintiff", _("plaintiff or applicant")
    DEFENDANT = "defendant", _("defendant or respondent")
    THIRD_PARTY = "third_party", _("third party")
    SUSPECT = "suspect", _("suspect")
    ACCUSED = "accused", _("accused")
    VICTIM = "victim", _("victim")
    PRIVATE_PROSECUTOR = "private_prosecutor", _("private prosecutor")


class Stage(models.TextChoices):
    """Where the proceedings stand (法律状态)."""

    NONE = "none", _("not begun")
    MEDIATION = "mediation", _("mediation")
    ARBITRATION = "arbitration", _("arbitration")
    RECONSIDERATION = "reconsideration", _("reconsideration")
    INVESTIGATION = "investigation", _("investigation")
    PROSECUTION = "prosecution", _("examination for prosecution")
    FIRST_INSTANCE = "first_instance", _("first instance")
    SECOND_INSTANCE = "second_instance", _("second instance")
    RETRIAL = "retrial", _("retrial")
    EXECUTION = "execution", _("execution")


class JurisdictionBasis(models.TextChoices):
    """Why this institution is the right one: LAL 38."""

    CASE_BODY = "case_body", _("seat of the case-handling body")
    DISPUTE_BODY = "dispute_body", _("seat of the body that settles the dispute")
    CAUSE = "cause", _("where the cause arose")


# The default dictionary of matters for which aid can be asked: (code, name, article as printed,
# kind of case, whether hardship is no condition). Source: 《法律援助法》第二十四、二十五、二十八、
# 二十九、三十一、三十二、三十三条.
AID_MATTERS = [
    ("31-1", "依法请求国家赔偿", "第三十一条第一项", "administrative", False),
    ("31-2", "请求给予社会保险待遇或者社会救助", "第三十一条第二项", "administrative", False),
    ("31-3", "请求发给抚恤金", "第三十一条第三项", "administrative", False),
    ("31-4", "请求给付赡养费、抚养费、扶养费", "第三十一条第四项", "civil", False),
    ("31-5", "请求确认劳动关系或者支付劳动报酬", "第三十一条第五项", "civil", False),
    (
        "31-6",
        "请求认定公民无民事行为能力或者限制民事行为能力",
        "第三十一条第六项",
        "civil",
        False,
    ),
    (
        "31-7",
        "工伤、交通、食品药品安全、医疗事故人身损害赔偿",
        "第三十一条第七项",
        "civil",
        False,
    ),
    ("31-8", "环境污染、生态破坏损害赔偿", "第三十一条第八项", "civil", False),
    ("31-9", "其他情形", "第三十一条第九项", "civil", False),
    ("32-1", "英雄烈士近亲属维护英雄烈士人格权益", "第三十二条第一项", "civil", True),
    ("32-2", "因见义勇为行为主张相关民事权益", "第三十二条第二项", "civil", True),
    ("32-3", "再审改判无罪请求国家赔偿", "第三十二条第三项", "administrative", True),
    ("32-4", "遭受虐待、遗弃或者家庭暴力主张相关权益", "第三十二条第四项", "civil", True),
    ("32-5", "其他不受经济困难条件限制的情形", "第三十二条第五项", "civil", True),
    ("24", "犯罪嫌疑人、被告人申请辩护", "第二十四条", "criminal", False),
    ("29", "被害人、自诉人、附带民事诉讼原告人申请代理", "第二十九条", "criminal", False),
    ("33", "申诉、再审案件", "第三十三条", "criminal", False),
    # Aid on notice needs no application of the person and no hardship.
    ("25-1", "办案机关通知辩护（应当通知）", "第二十五条第一款", "criminal", True),
    ("25-2", "人民法院通知辩护（可以通知）", "第二十五条第二款", "criminal", True),
    ("25-3", "办案机关商请指派律师", "有关规定", "criminal", True),
    ("28", "强制医疗案件通知代理", "第二十八条", "criminal", True),
]
