"""Every way the network can change."""

from yichuang.network.commands.authorisations import end_authorisation, grant_authorisation
from yichuang.network.commands.calendar import (
    confirm_calendar_year,
    published_days,
    seed_calendar,
    set_calendar_day,
    subject_of_year,
)
from yichuang.network.commands.departments import (
    assign_item,
    close_department,
    reopen_department,
    save_department,
    save_post,
)
from yichuang.network.commands.extended import end_extended_hours, set_extended_hours
from yichuang.network.commands.load import LoadReport, load_demo_network, load_network
from yichuang.network.commands.places import clear_special_day, save_place, save_window, set_special_day
from yichuang.network.copies import take_copied

__all__ = [
    "LoadReport",
    "assign_item",
    "clear_special_day",
    "close_department",
    "confirm_calendar_year",
    "end_authorisation",
    "end_extended_hours",
    "grant_authorisation",
    "load_demo_network",
    "load_network",
    "published_days",
    "reopen_department",
    "save_department",
    "save_place",
    "save_post",
    "save_window",
    "seed_calendar",
    "set_calendar_day",
    "set_extended_hours",
    "set_special_day",
    "subject_of_year",
    "take_copied",
]
