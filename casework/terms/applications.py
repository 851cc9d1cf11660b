"""The standard terms of an application for legal aid: code, label, and the article each comes from.

Law: 《法律援助法》 (LAL). The numbering of grounds `31-1` … is ours; the articles are the law's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """Where an application stands. It changes only through `casework.workflow`."""

    RECEIVED = "received", _("received")
    SUPPLEMENTING = "supplementing", _("waiting for documents")
    REVIEWED = "reviewed", _("reviewed, for the head to sign")
    COUNTERSIGNED = "countersigned", _("signed by the head")
    FORWARDED = "forwarded", _("forwarded, not signed for")
    IN_REVIEW = "in_review", _("under review at the center")
    RETURNED = "returned", _("returned to the station")
    REFUSAL_PROPOSED = "refusal_proposed", _("refusal proposed")
    GRANTED = "granted", _("granted, to be assigned")
    ASSIGNED = "assigned", _("assigned")
    TERMINATION_PROPOSED = "termination_proposed", _("termination proposed")
    CLOSED = "closed", _("closed, file to be handed in")
    ARCHIVED = "archived", _("archived")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TERMINATED = "terminated", _("terminated")
    PASSED_ON = "passed_on", _("passed on to another institution")


# Nothing more is owed by station or center in these.
ENDED = frozenset(
    {Status.ARCHIVED, Status.REFUSED, Status.WITHDRAWN, Status.TERMINATED, Status.PASSED_ON}
)
# The station holds the file.
HELD_BY_STATION = frozenset(
    {Status.RECEIVED, Status.RETURNED, Status.REVIEWED, Status.COUNTERSIGNED}
)
# The case is in somebody's hands.
IN_HAND = frozenset({Status.ASSIGNED, Status.TERMINATION_PROPOSED})
# The application is still before a decision: the seven days run (LAL 43).
UNDECIDED = frozenset(
    {
        Status.RECEIVED,
        Status.SUPPLEMENTING,
        Status.REVIEWED,
        Status.COUNTERSIGNED,
        Status.FORWARDED,
        Status.IN_REVIEW,
        Status.RETURNED,
        Status.REFUSAL_PROPOSED,
    }
)


class ApplicationMove(models.TextChoices):
    """What can happen to an application, as its timeline says it."""

    RECEIVE = "receive", _("papers received")
    ASK = "ask_for_documents", _("asked once for everything missing")
    SUPPLY = "supply", _("documents supplied")
    DEEM_WITHDRAWN = "deem_withdrawn", _("deemed withdrawn")
    WITHDRAW = "withdraw", _("withdrawn by the applicant")
    REVIEW = "review", _("preliminary review")
    SEND_BACK = "send_back", _("sent back by the head")
    COUNTERSIGN = "countersign", _("opinion signed by the head")
    FORWARD = "forward", _("forwarded to the center")
    SIGN_FOR = "sign_for", _("signed for by the center")
    RETURN = "return_to_station", _("returned to the station")
    GRANT = "grant", _("legal aid granted")
    PROVIDE_FIRST = "provide_first", _("aid provided before the papers are complete")
    COMPLETE_PAPERS = "complete_papers", _("papers supplied afterwards")
    PROPOSE_REFUSAL = "propose_refusal", _("refusal proposed")
    DECLINE_PROPOSAL = "decline_proposal", _("proposal declined by the second person")
    REFUSE = "refuse", _("legal aid refused")
    PASS_ON = "pass_on", _("passed on")
    ASSIGN = "assign", _("assigned")
    ASK_CHANGE = "ask_change", _("change of person asked for")
    CHANGE_PERSON = "change_person", _("person changed")
    REFUSE_CHANGE = "refuse_change", _("change of person refused")
    ENGAGE = "engage", _("engagement papers signed")
    EXCUSE_ENGAGEMENT = "excuse_engagement", _("engagement excused")
    PROPOSE_TERMINATION = "propose_termination", _("termination proposed")
    TERMINATE = "terminate", _("legal aid terminated")
    CLOSE = "close", _("case closed")
    RETURN_FILE = "return_file", _("file checked and sent back to the handler")
    ARCHIVE = "archive", _("file checked and archived")
    PAY_SUBSIDY = "pay_subsidy", _("subsidy paid")
    CORRECT_DECISION = "correct_decision", _("decision corrected on objection")
    AMEND = "amend", _("what was written was corrected")
    CHECK_PAPERS = "check_papers", _("papers ticked off")
    OBJECT = "object", _("objection received")
    UPHOLD_DECISION = "uphold_decision", _("decision upheld on objection")
    HAND_IN_FILE = "hand_in_file", _("file handed in")
    SERVE = "serve", _("paper served")


class CaseStep(models.TextChoices):
    """What an application came to in a month, as the monthly analysis counts it (rules 4.6)."""

    RECEIVED = "received", pgettext_lazy("step", "applications received")
    GRANTED = "granted", pgettext_lazy("step", "aid granted")
    REFUSED = "refused", pgettext_lazy("step", "aid refused")
    CLOSED = "closed", pgettext_lazy("step", "cases closed")


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


class AgentKind(models.TextChoices):
    STATUTORY = "statutory", _("statutory agent")
    ENTRUSTED = "entrusted", _("entrusted agent")


class AgentReason(models.TextChoices):
    """Why somebody else applies: LAL 40."""

    MINOR = "minor", _("a minor")
    CAPACITY = "capacity", _("no or limited capacity")
    DETAINED = "detained", _("detained")
    ENTRUSTED = "entrusted", _("entrusted by the applicant")


class HardshipTrack(models.TextChoices):
    """How economic hardship is dealt with: three tracks, the last in two ways."""

    EXEMPT_FROM_CONDITION = "exempt_from_condition", _("condition does not apply")  # LAL 32
    EXEMPT_FROM_CHECK = "exempt_from_check", _("exempt from the check")  # LAL 42
    PLEDGE = "pledge", _("personal pledge")  # LAL 41
    DATA_QUERY = "data_query", _("query of shared data")  # LAL 41


class HardshipOutcome(models.TextChoices):
    """What a check of the household's statement has shown (LAL 41)."""

    CONFIRMED = "confirmed", _("as it was stated")
    DIFFERS = "differs", _("not as it was stated")
    UNCLEAR = "unclear", _("could not be found out")


class CheckExemption(models.TextChoices):
    """Who is exempt from the check on documentary proof: LAL 42."""

    NO_FIXED_INCOME = (
        "42-1",
        _("minor, elderly or disabled person without fixed income"),
    )
    ASSISTED = "42-2", _("receives social or judicial assistance, or preferential treatment")
    MIGRANT_WORKER = "42-3", _("migrant worker claiming pay or work-injury compensation")
    OTHER = "42-4", pgettext_lazy("exempt from check", "other by law")


class Relation(models.TextChoices):
    """A member of the household, seen from the applicant."""

    SELF = "self", _("the applicant")
    SPOUSE = "spouse", _("spouse")
    CHILD = "child", _("child")
    PARENT = "parent", _("parent")
    GRANDPARENT = "grandparent", _("grandparent or grandchild")
    SIBLING = "sibling", _("brother or sister")
    OTHER = "other", pgettext_lazy("relation", "other")


class PartyKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("party", "person")
    ORGANISATION = "organisation", _("organisation")


class PartySide(models.TextChoices):
    OPPONENT = "opponent", _("the other side")
    OPPONENT_AGENT = "opponent_agent", _("agent of the other side")
    CO_APPLICANT = "co_applicant", _("applies together")


class MaterialKind(models.TextChoices):
    """The papers of an application (申请材料)."""

    APPLICATION_FORM = "application_form", _("application form")
    ID_DOCUMENT = "id_document", _("proof of identity")
    AGENCY_PROOF = "agency_proof", _("proof of agency")
    HARDSHIP_STATEMENT = "hardship_statement", _("statement of economic hardship")
    PLEDGE = "pledge", _("pledge of hardship")
    EXEMPTION_PROOF = "exemption_proof", _("proof of exemption from the check")
    CONDITION_PROOF = "condition_proof", _("proof that the condition does not apply")
    MATTER = "matter", _("material on the matter")
    OTHER = "other", pgettext_lazy("material", "other")


class MaterialState(models.TextChoices):
    MISSING = "missing", _("missing")
    GIVEN = "given", _("given")
    NOT_NEEDED = "not_needed", _("not needed")


class Conclusion(models.TextChoices):
    """What the station proposes (初审意见). It forwards also when it proposes to refuse."""

    GRANT = "grant", _("propose to grant")
    REFUSE = "refuse", _("propose to refuse")
    PROVIDE_FIRST = "provide_first", _("propose to provide aid first")
    PASS_ON = "pass_on", _("propose to pass on")


class RefusalGround(models.TextChoices):
    """Why aid is refused, as the returns count it (rules 6.4)."""

    OUT_OF_SCOPE = "out_of_scope", _("the matter is not within legal aid")
    NO_HARDSHIP = "no_hardship", _("the standard of hardship is not met")
    NOT_ELIGIBLE = "not_eligible", _("not a person who may apply")
    HAS_AGENT = "has_agent", _("already has an agent")
    OTHER = "other", pgettext_lazy("refusal", "other")


class ProvideFirstGround(models.TextChoices):
    """When aid comes first and papers later: LAL 44."""

    LIMITATION = "44-1", _("less than seven days are left of a limitation or period")
    PRESERVATION = "44-2", _("preservation or advance execution is needed at once")
    OTHER = "44-3", pgettext_lazy("provide first", "other by law")


class TerminationGround(models.TextChoices):
    """Why aid ends early: LAL 48, eight grounds."""

    DECEIT = "48-1", _("obtained by deceit")
    HIDES_FACTS = "48-2", _("hides important facts or gives false evidence")
    ILLEGAL_USE = "48-3", _("uses the aid for illegal acts")
    NO_LONGER_POOR = "48-4", _("no longer in hardship")
    CASE_ENDED = "48-5", _("the case has ended or been withdrawn")
    OWN_AGENT = "48-6", _("has engaged an agent")
    ASKS_TO_END = "48-7", _("asks to end it with good reason")
    OTHER = "48-8", pgettext_lazy("termination", "other by law")


class ReturnReason(models.TextChoices):
    """Why the center sends an application back to its station."""

    OPINION_INCOMPLETE = "opinion_incomplete", _("the opinion is incomplete")
    FACTS_UNCLEAR = "facts_unclear", _("facts are unclear")
    PAPERS_UNREADABLE = "papers_unreadable", _("papers cannot be read")
    WRONG_TRACK = "wrong_track", _("hardship is on the wrong track")
    OTHER = "other", pgettext_lazy("return", "other")


class PauseReason(models.TextChoices):
    """The only reasons for which the seven days stand still (rules 2.1)."""

    SUPPLEMENT = "supplement", _("documents are being supplied")
    CROSS_REGION = "cross_region", _("another region is checking")


class ServiceNeed(models.TextChoices):
    """Barrier-free service: LAL 45."""

    SIGN_LANGUAGE = "sign_language", _("sign language")
    HOME_VISIT = "home_visit", _("visit at home")
    LARGE_PRINT = "large_print", _("large print")
    READ_ALOUD = "read_aloud", _("reading aloud")
    DIALECT = "dialect", _("dialect or another language")
    WHEELCHAIR = "wheelchair", _("wheelchair access")


class DecisionKind(models.TextChoices):
    GRANT = "grant", _("grant")
    PROVIDE_FIRST = "provide_first", _("aid first, papers later")
    REFUSE = "refuse", _("refusal")
    TERMINATE = "terminate", _("termination")


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    MADE = "made", _("made")
    DECLINED = "declined", _("declined")


class ObjectionOutcome(models.TextChoices):
    """What the bureau says to an objection: LAL 49."""

    UPHELD = "upheld", _("decision upheld")
    CORRECTED = "corrected", _("correction ordered")


class ChangeReason(models.TextChoices):
    RECIPIENT_ASKS = "recipient_asks", _("the recipient asks")
    CONFLICT = "conflict", _("conflict of interest")
    ILL_OR_AWAY = "ill_or_away", _("illness or absence")
    LICENCE = "licence", _("licence ended")
    OTHER = "other", pgettext_lazy("change of person", "other")


class ChangeGround(models.TextChoices):
    """Why another person is asked for (form 16)."""

    NOT_PERFORMING = "not_performing", _("does not do what the law asks of them")
    CONFLICT = "conflict", _("conflict of interest")
    ILL_OR_AWAY = "ill_or_away", _("illness or absence")
    LICENCE = "licence", _("licence ended")
    OTHER = "other", pgettext_lazy("change of person", "other")


class ChangeAsker(models.TextChoices):
    """Who asks that another person handles the case (form 16)."""

    RECIPIENT = "recipient", _("the recipient")
    AGENT = "agent", _("the recipient's agent")
    HANDLER = "handler", _("who handles it")
    UNIT = "unit", _("the handler's unit")


class ChangeOutcome(models.TextChoices):
    """What became of a request to change the person."""

    GRANTED = "granted", pgettext_lazy("change of person", "granted")
    REFUSED = "refused", pgettext_lazy("change of person", "refused")
    # The case ended before anybody decided.
    LAPSED = "lapsed", pgettext_lazy("change of person", "the case ended first")


class CaseResult(models.TextChoices):
    """Results as the returns count them (rules 6.4)."""

    WON = "won", _("won")
    LOST = "lost", _("lost")
    MEDIATED = "mediated", _("settled by mediation")
    SETTLED = "settled", _("settled out of court")
    AWARD = "award", _("labour award")
    DROPPED = "dropped", _("suit withdrawn")
    OTHER = "other", pgettext_lazy("result", "other")


class FileCheck(models.TextChoices):
    EXCELLENT = "excellent", _("excellent")
    GOOD = "good", _("good")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("not passed")


class Reached(models.TextChoices):
    YES = "yes", pgettext_lazy("call", "reached")
    NO_ANSWER = "no_answer", _("no answer")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    DECLINED = "declined", _("would not talk")


class TypicalCaseState(models.TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("for review")
    PUBLISHED = "published", _("published in the county")
    DECLINED = "declined", _("not accepted")


class Counting(models.TextChoices):
    """How a time limit is counted (rules 9.1)."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")
    HOURS = "hours", _("hours")


class NoticeKind(models.TextChoices):
    """What a task on a desk is."""

    WARNING = "warning", pgettext_lazy("notice", "time limit")
    MOVE = "move", pgettext_lazy("notice", "has come")
    URGENT = "urgent", pgettext_lazy("notice", "urgent")
    CALL = "call", pgettext_lazy("notice", "telephone")
    # Handed to the messenger; becomes a call when it cannot be delivered.
    MESSAGE = "message", pgettext_lazy("notice", "message")


class LetterKind(models.TextChoices):
    """The official forms 《法律援助文书格式》(2023) that station and center make, by their number."""

    CONSULTATION = "01", _("Form 1 consultation registration")
    APPLICATION = "02", _("Form 2 application")
    POWER_OF_ATTORNEY = "03", _("Form 3 power of attorney")
    HARDSHIP = "04", _("Form 4 hardship statement")
    RECEIPT = "05", _("Form 5 receipt of materials")
    SUPPLEMENT = "06", _("Form 6 supplement notice")
    COOPERATION = "07", _("Form 7 cooperation letter")
    REVIEW = "08", _("Form 8 review sheet")
    GRANT = "09", _("Form 9 decision to grant")
    REFUSAL = "10", _("Form 10 decision to refuse")
    ASSIGNMENT = "11", _("Form 11 assignment notice")
    PROGRESS = "14", _("Form 14 progress record")
    CHANGE_REQUEST = "16", _("Form 16 request to change the person")
    CHANGE_NOTICE = "17", _("Form 17 notice of change")
    TERMINATION = "18", _("Form 18 decision to terminate")
    TERMINATION_LETTER = "19", _("Form 19 letter on termination")
    OBJECTION = "20", _("Form 20 decision on the objection")
    CLOSING = "21", _("Form 21 closing report")
    SERVICE = "22", _("Form 22 proof of service")
    HEARING = "30", _("Form 30 hearing observation")
    BODY_OPINION = "31", _("Form 31 request for the opinion of the body")
    FOLLOW_UP = "32", _("Form 32 follow-up record")


class ServiceMethod(models.TextChoices):
    """How a paper was served (form 22)."""

    IN_PERSON = "in_person", _("in person")
    POST = "post", _("by post")
    ELECTRONIC = "electronic", _("electronically")
    LEFT = "left", _("left at the address")
    ENTRUSTED = "entrusted", _("through another institution")


class CooperationDirection(models.TextChoices):
    OUT = "out", _("we ask")
    IN = "in", _("we are asked")


class CooperationKind(models.TextChoices):
    """What one institution asks of another (异地协作, rules 4.9)."""

    CHECK_IDENTITY = "check_identity", _("check of identity or hardship")
    EVIDENCE = "evidence", _("taking of evidence")
    SERVICE = "service", _("service of papers")
    MEDIATION = "mediation", _("mediation")
    ENFORCEMENT = "enforcement", _("help with enforcement")
    JOINT = "joint", _("joint handling")
    OTHER = "other", pgettext_lazy("cooperation", "other")


class CooperationStatus(models.TextChoices):
    DRAFTED = "drafted", _("drafted")
    SENT = "sent", pgettext_lazy("cooperation", "sent")
    RECEIVED = "received", pgettext_lazy("cooperation", "received")
    ACCEPTED = "accepted", pgettext_lazy("cooperation", "accepted")
    DECLINED = "declined", pgettext_lazy("cooperation", "declined")
    REPLIED = "replied", _("replied")
    CLOSED = "closed", pgettext_lazy("cooperation", "closed")


class CooperationMove(models.TextChoices):
    """What can happen to a cooperation letter, as its timeline says it."""

    DRAFT = "draft", pgettext_lazy("letter", "written")
    SEND = "send", pgettext_lazy("letter", "sent")
    RECEIVE = "receive", pgettext_lazy("letter", "signed for")
    ACCEPT = "accept", pgettext_lazy("letter", "taken on")
    DECLINE = "decline", pgettext_lazy("letter", "declined")
    EXTEND = "extend", pgettext_lazy("letter", "later day agreed")
    REPLY = "reply", pgettext_lazy("letter", "replied")
    CLOSE = "close", pgettext_lazy("letter", "closed")


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
