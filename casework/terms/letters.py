"""The official papers, how they are served, and letters between regions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
