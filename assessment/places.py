"""Where a station looks after what is counted: the page to go to for more points."""

from django.urls import reverse

from .terms import ReadFrom

# Pages of one station.
_OF_STATION = {
    ReadFrom.STAFF: "stations:staffing_detail",
    ReadFrom.FUNDS: "stations:staffing_detail",
    ReadFrom.PREMISES: "stations:premises_detail",
    ReadFrom.POSTINGS: "stations:wall_detail",
    ReadFrom.RULE_DOCUMENTS: "stations:rule_station",
}
# Lists of what the reader sees.
_LISTS = {
    ReadFrom.LIAISONS: "stations:liaison_list",
    ReadFrom.DUTY: "stations:duty_roster",
    ReadFrom.LICENCES: "stations:duty_roster",
    ReadFrom.TRAINING: "stations:training_list",
    ReadFrom.PUBLICITY: "stations:publicity_list",
    ReadFrom.REGISTER: "casework:entry_list",
    ReadFrom.APPLICATIONS: "casework:application_list",
    ReadFrom.MONTHS: "casework:report_list",
    ReadFrom.SIGNALS: "casework:report_list",
    ReadFrom.TYPICAL_CASES: "casework:typical_case_list",
    ReadFrom.COOPERATION: "casework:cooperation_list",
    ReadFrom.FOLLOW_UPS: "casework:application_list",
    ReadFrom.SATISFACTION: "casework:satisfaction_results",
    ReadFrom.COMPLAINTS: "casework:complaint_taken_list",
    ReadFrom.QUESTION_SLIPS: "stations:question_slip_list",
}


def place_url(read_from, station):
    """The page of what a fact is counted from."""
    read_from = ReadFrom(read_from)
    if read_from in _OF_STATION:
        return reverse(_OF_STATION[read_from], args=[station.pk])
    return reverse(_LISTS[read_from])
