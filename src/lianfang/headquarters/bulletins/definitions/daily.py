"""The daily bulletin (日报): doors, people and matters of a place, day by day."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from lianfang.headquarters.bulletins.definitions import Definition, Line, Section

DAILY = Definition(
    key="daily",
    version=1,
    title=_("{place} daily bulletin"),
    title_of_days=_("{place} bulletin"),
    words=(
        _("{on_duty} people were on duty and made {visits} visits at {doors_visited} doors."),
        _(
            "At the end of the period {doors_settled} of {doors} doors stand settled, {doors_settled.share}; "
            "{doors_open} are still open, and nobody has ever been to {doors_never} of them."
        ),
        _("{matters_raised} matters were raised and {matters_settled} settled; {matters_open} are open, {matters_late} of them late."),
    ),
    sections=(
        Section(
            "round",
            _("Round: {names}"),
            (
                Line(standing="round_visits"),
                Line(standing="round_settled", parts=True),
                Line(standing="round_open", parts=True),
                Line(standing="round_people"),
            ),
            of="rounds",
        ),
        Section(
            "doors",
            _("How the doors stand"),
            (
                Line(during="visits"),
                Line(during="doors_visited"),
                Line(during="doors_newly_settled", standing="doors_settled", name=_("Doors settled"), parts=True),
                Line(standing="doors_open", parts=True),
            ),
        ),
        Section(
            "people",
            _("People"),
            (
                Line(standing="households", name=_("Households registered")),
                Line(standing="people_registered"),
                Line(standing="people_living"),
                Line(during="on_duty"),
                Line(standing="arrivals"),
                Line(standing="arrivals_following"),
            ),
        ),
        Section(
            "matters",
            _("Matters"),
            (
                Line(during="matters_raised", standing="matters_open", name=_("Matters raised, and open")),
                Line(during="matters_settled", standing="matters_late", name=_("Matters settled, and late")),
            ),
        ),
    ),
    columns=("doors", "doors_settled", "doors_open", "doors_never", "visits", "matters_open"),
    public=frozenset(
        {
            "doors",
            "doors_settled",
            "doors_open",
            "visits",
            "doors_visited",
            "doors_newly_settled",
            "people_registered",
            "people_living",
            "on_duty",
        }
    ),
)
