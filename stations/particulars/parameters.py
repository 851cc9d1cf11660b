"""What each parameter of a county means, in words: for the page that sets it and for its history."""

from django.utils.translation import gettext_lazy as _

# What each parameter means, and the largest value that makes sense.
PARAMETERS = {
    "month_due_working_day": (_("The monthly analysis is due on this working day"), 20),
    "entry_working_days": (_("An entry is timely within so many working days"), 20),
    "silent_after_working_days": (_("A station is silent after so many working days"), 60),
    "vacancy_days": (_("A vacancy is to be filled within so many days"), 365),
    "training_hours": (_("Training of each of the staff in a year, hours"), 200),
    "publicity_events": (_("Publicity events of a station in a year"), 100),
    "subsidy_days": (_("A month's duty subsidy is paid within so many days of its end"), 365),
    "surge_percent": (_("Usual signal: growth on the mean of three months, percent"), 1000),
    "surge_entries": (_("Usual signal: and at least so many entries"), 1000),
    "opponent_mentions": (_("Usual signal: one opponent named so often in 30 days"), 1000),
    "watch_persons": (_("Watch signal: persons on one matter"), 1000),
    "watch_wage_workers": (_("Watch signal: workers in one wage claim"), 1000),
    "watch_repeat_visits": (_("Watch signal: visits on one matter"), 1000),
    "watch_topic_entries": (_("Watch signal: entries on one watched topic"), 1000),
    "grave_persons": (_("Grave signal: persons on one matter"), 1000),
    "duty_half_days_a_week": (_("Duty: half-days a week at each station, at least"), 10),
    "duty_subsidy_yuan": (_("Duty: yuan for half a day"), 10_000),
    "annual_check_until_month": (
        _("Annual checks of lawyers and grassroots workers are over by the end of month"),
        12,
    ),
    "wall_check_days": (_("A poster is looked at again within so many days"), 366),
    "wall_renew_working_days": (
        _("A poster out of date is renewed within so many working days"),
        60,
    ),
    "test_calls_a_month": (_("Published numbers called for a test each month"), 200),
    "complaint_supply_days": (_("Days to complete a complaint, unless the notice says so"), 60),
    "complaint_extension_days": (_("Days by which a complaint may be extended, once"), 180),
    "pledge_check_percent": (_("Pledges of hardship checked after the grant, percent"), 100),
    "pledge_check_days": (_("A pledge that was drawn is checked within so many days"), 365),
    "suggestion_working_days": (
        _("A visitor's suggestion is answered within so many working days"),
        60,
    ),
    "question_working_days": (
        _("A question slip is answered within so many working days"),
        60,
    ),
    "review_training_days": (
        _("Who reviews applications was trained within so many days"),
        1096,
    ),
    "look_reveals_an_hour": (
        _("Log: numbers one person opens in an hour stand out from"),
        1000,
    ),
    "look_stations_per_person": (
        _("Log: stations that open one person's numbers stand out from"),
        100,
    ),
    "look_rows_at_once": (_("Log: rows taken away at once stand out from"), 200_000),
    "look_failures": (_("Log: failed sign-ins of an account in 30 days stand out from"), 100),
    "look_hours_from": (_("Log: looking is usual from this hour"), 23),
    "look_hours_until": (_("Log: looking is usual until this hour"), 24),
    "public_duty_names": (_("Public pages say who is on duty: 1 by kind only, 2 by name"), 2),
}

# Hours of the day, in their order.
HOURS = {
    "duty_morning_from": _("Duty: the morning begins at"),
    "duty_morning_to": _("Duty: the morning ends at"),
    "duty_afternoon_from": _("Duty: the afternoon begins at"),
    "duty_afternoon_to": _("Duty: the afternoon ends at"),
}
