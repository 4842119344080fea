"""The traps close: each of them catches what it is there for."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.template import engines


def test_a_moment_does_not_fit_into_a_day():
    field = models.DateField(name="day")
    assert field.get_prep_value(date(2026, 2, 13)) == date(2026, 2, 13)
    with pytest.raises(TypeError, match="takes a day"):
        field.get_prep_value(datetime(2026, 2, 13, tzinfo=UTC))


@pytest.mark.django_db
def test_rows_without_an_order_come_in_no_order():
    read = {tuple(row.pk for row in ContentType.objects.all()) for _ in range(8)}
    assert len(read) > 1
    assert len({tuple(row.pk for row in ContentType.objects.order_by("pk")) for _ in range(8)}) == 1


@pytest.mark.django_db
def test_a_lock_over_a_join_names_its_table():
    from django.contrib.auth.models import Permission

    joined = Permission.objects.select_related("content_type")
    with transaction.atomic():
        with pytest.raises(AssertionError, match="of="):
            list(joined.select_for_update().order_by("pk"))
        list(joined.select_for_update(of=("self",)).order_by("pk"))
        list(Session.objects.select_for_update().order_by("pk"))


def test_an_unknown_name_in_a_template_fails():
    import jinja2

    template = engines["jinja2"].from_string("{{ nobody }}")
    with pytest.raises(jinja2.UndefinedError):
        template.render({})
