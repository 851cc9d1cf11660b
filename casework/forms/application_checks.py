"""What makes something typed of an application wrong, and what follows from what is right."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stations.templatetags.words import full_day

from .. import reading
from ..rules.columns import derived_groups
from ..terms import AgentKind, AgentReason, HardshipTrack, IdType, PeopleGroup
from .entry import EARLIEST_BIRTH
from .tickets import read_ticket

# A limitation of twenty years is the longest (《民法典》第一百八十八条).
LATEST_LIMITATION_YEARS = 21


class ApplicationChecks:
    """The checks of `ApplicationForm`, one point after another."""

    def clean_birth_on(self):
        birth_on = self.cleaned_data["birth_on"]
        if birth_on and not EARLIEST_BIRTH <= birth_on <= self.today:
            raise ValidationError(_("This birth date cannot be. Check the year."))
        return birth_on

    def clean_limitation_on(self):
        day = self.cleaned_data["limitation_on"]
        if day and abs(day.year - self.today.year) > LATEST_LIMITATION_YEARS:
            raise ValidationError(_("This day lies too far away. Check the year."))
        return day

    def clean_id_number(self):
        is_resident = self.data.get("id_type", IdType.RESIDENT) in {"", IdType.RESIDENT}
        read = reading.read_id_number if is_resident else reading.read_paper_number
        try:
            return read(self.cleaned_data["id_number"])
        except reading.Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from unreadable

    def clean_ticket(self):
        self.client_key, _seconds = read_ticket(self.cleaned_data["ticket"])
        return self.cleaned_data["ticket"]

    def clean(self):
        cleaned = super().clean()
        self._fill_from_source(cleaned)
        self._fill_from_number(cleaned)
        self._clean_person(cleaned)
        self._clean_agent(cleaned)
        self._clean_matter(cleaned)
        for table, rows in (
            (_("Parties"), self.parties),
            (_("Household"), self.household),
        ):
            for sentence in rows.sentences():
                self.add_error(
                    None,
                    _("%(table)s, %(sentence)s") % {"table": table, "sentence": sentence},
                )
        cleaned["stage"] = cleaned.get("stage") or self.fields["stage"].initial
        return cleaned

    def _fill_from_source(self, cleaned):
        """Numbers that stay masked on the page come from the visit or the lead."""
        for name in ("phone", "id_number", "address"):
            if cleaned.get(name) or name in self.errors:
                continue
            for source in (cleaned.get("entry"), cleaned.get("lead")):
                cleaned[name] = cleaned.get(name) or getattr(source, name, "")

    def _fill_from_number(self, cleaned):
        cleaned["id_type"] = cleaned.get("id_type") or IdType.RESIDENT
        number = cleaned.get("id_number")
        if not number or cleaned["id_type"] != IdType.RESIDENT or "id_number" in self.errors:
            return
        birth_on, sex = reading.birth_and_sex(number)
        if cleaned.get("birth_on") and cleaned["birth_on"] != birth_on:
            self.add_error(
                "birth_on",
                _("The identity number says %(day)s. Mend one of the two.")
                % {"day": full_day(birth_on)},
            )
        if cleaned.get("sex") and cleaned["sex"] != sex:
            self.add_error(
                "sex", _("The identity number says the other sex. Mend one of the two.")
            )
        cleaned["birth_on"], cleaned["sex"] = birth_on, sex

    def _clean_person(self, cleaned):
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Type the applicant's name."))
        can_be_reached = any(
            cleaned.get(name) for name in ("phone", "agent_phone", "safe_contact")
        )
        if not can_be_reached and not {"phone", "agent_phone"} & set(self.errors):
            self.add_error(
                "phone",
                _("Type a phone, the agent's, or under “more” how to reach the person."),
            )
        if "village" not in self.errors:
            if cleaned.get("is_from_elsewhere"):
                cleaned["village"] = None
            elif not cleaned.get("village"):
                self.add_error("village", _("Choose the village, or tick “from elsewhere”."))
        groups = set(cleaned.get("people_groups") or [])
        groups |= derived_groups(
            sex=cleaned.get("sex"),
            birth_on=cleaned.get("birth_on"),
            ethnic_group=cleaned.get("ethnic_group"),
            on=self.today,
        )
        cleaned["people_groups"] = [group for group in PeopleGroup.values if group in groups]
        if cleaned.get("applied_before"):
            cleaned["has_applied_before"] = True

    def _clean_agent(self, cleaned):
        typed = [
            name
            for name in ("agent_reason", "agent_name", "agent_id_number", "agent_phone")
            if cleaned.get(name)
        ]
        if not typed:
            cleaned["agent_kind"] = ""
            return
        if not cleaned.get("agent_reason") and "agent_reason" not in self.errors:
            self.add_error("agent_reason", _("Choose why somebody else applies."))
        if not cleaned.get("agent_name") and "agent_name" not in self.errors:
            self.add_error("agent_name", _("Type the agent's name."))
        if not cleaned.get("agent_kind"):
            is_entrusted = cleaned.get("agent_reason") == AgentReason.ENTRUSTED
            cleaned["agent_kind"] = AgentKind.ENTRUSTED if is_entrusted else AgentKind.STATUTORY
        if cleaned.get("agent_reason") == AgentReason.DETAINED:
            cleaned["flags"] = [*(cleaned.get("flags") or []), "is_detained"]

    def _clean_matter(self, cleaned):
        matter = cleaned.get("aid_matter")
        if not matter and "aid_matter" not in self.errors:
            self.add_error("aid_matter", _("Choose the matter of legal aid."))
        if not cleaned.get("facts") and "facts" not in self.errors:
            self.add_error("facts", _("Write what happened, in a few sentences."))
        if matter and matter.is_condition_free:
            cleaned["hardship_track"] = HardshipTrack.EXEMPT_FROM_CONDITION
        track = cleaned.get("hardship_track")
        if track != HardshipTrack.EXEMPT_FROM_CHECK:
            cleaned["check_exemption"] = ""
        elif not cleaned.get("check_exemption") and "check_exemption" not in self.errors:
            self.add_error("check_exemption", _("Choose why it is not checked."))
