"""`load_network FOLDER`, as the person who installs a district calls it."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from yichuang.core import clock
from yichuang.network import queries
from yichuang.network.commands.load import DEMO_FOLDER

pytestmark = pytest.mark.django_db


def test_a_folder_is_loaded_with_the_calendar_of_last_this_and_next_year() -> None:
    said = StringIO()
    with clock.fixed(datetime(2026, 6, 1, tzinfo=UTC)):
        call_command("load_network", str(DEMO_FOLDER), stdout=said)
        call_command("load_network", str(DEMO_FOLDER), stdout=said)
    assert [row.year for row in queries.list_years()] == [2025, 2026, 2027]
    first, second = said.getvalue().splitlines()
    departments = len(queries.list_departments())
    assert first.startswith(f"new: 102 places, {departments} departments")
    assert second == "new: 0 places, 0 departments, 0 posts, 0 assignments, 0 authorisations, 0 days"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"places\.yaml"):
        call_command("load_network", str(tmp_path / "nowhere"))
