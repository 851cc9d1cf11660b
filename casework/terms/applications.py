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


class AgentKind(models.TextChoices):
    STATUTORY = "statutory", _("statutory agent")
    ENTRUSTED = "entrusted", _("entrusted agent")


class AgentReason(models.TextChoices):
    """Why somebody else applies: LAL 40."""

    MINOR = "minor", _("a minor")
    CAPACITY = "capacity", _("no or limited capacity")
    DETAINED = "detained", _("detained")
    ENTRUSTED = "entrusted", _("entrusted by the applicant")


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


class ServiceNeed(models.TextChoices):
    """Barrier-free service: LAL 45."""

    SIGN_LANGUAGE = "sign_language", _("sign language")
    HOME_VISIT = "home_visit", _("visit at home")
    LARGE_PRINT = "large_print", _("large print")
    READ_ALOUD = "read_aloud", _("reading aloud")
    DIALECT = "dialect", _("dialect or another language")
    WHEELCHAIR = "wheelchair", _("wheelchair access")
