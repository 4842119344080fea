"""Sealed columns, on a table made for the test."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from yichuang.core.crypto import CryptoError
from yichuang.core.fields import SealedJson, SealedText

pytestmark = pytest.mark.django_db

with isolate_apps("yichuang.core"):

    class Box(models.Model):
        name = SealedText(aad="core_box.name", null=True)
        form = SealedJson(aad="core_box.form", null=True)

        class Meta:
            app_label = "core"


@pytest.fixture(autouse=True)
def table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Box)


def stored(column: str, pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM core_box WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("suite", ["intl", "guomi"])
def test_the_column_holds_a_token_and_python_the_value(settings, suite):
    settings.YICHUANG_CRYPTO_SUITE = suite
    form = {"dog": {"name": "旺财", "weight": 3.5, "tags": [1, None, True]}}
    box = Box.objects.create(name="𠮷晓", form=form)
    assert stored("name", box.pk).startswith(f"k1:{suite}:")
    assert "旺财" not in stored("form", box.pk)
    again = Box.objects.get(pk=box.pk)
    assert (again.name, again.form) == ("𠮷晓", form)


def test_null_stays_null_and_can_be_asked_for():
    box = Box.objects.create()
    assert stored("name", box.pk) is None
    assert Box.objects.filter(name__isnull=True, form__isnull=True).get() == box


def test_a_token_moved_to_another_column_is_refused():
    box = Box.objects.create(name="张晓", form="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_box SET form = name")
    with pytest.raises(CryptoError, match=r"core_box\.form"):
        Box.objects.get(pk=box.pk)


@pytest.mark.parametrize(
    "query", [{"name": "张晓"}, {"name__contains": "张"}, {"name__in": ["张晓"]}, {"form__dog": 1}]
)
def test_sealed_columns_cannot_be_queried(query):
    with pytest.raises(FieldError, match="sealed"):
        list(Box.objects.filter(**query))


def test_an_update_seals_too():
    box = Box.objects.create(name="张晓")
    Box.objects.update(name="李娜")
    assert stored("name", box.pk).startswith("k1:")
    assert Box.objects.get(pk=box.pk).name == "李娜"


def test_migrations_keep_the_place():
    _, path, _, kwargs = SealedText(aad="core_box.name").deconstruct()
    assert (path, kwargs["aad"]) == ("yichuang.core.fields.SealedText", "core_box.name")
    with pytest.raises(ValueError, match="table.column"):
        SealedText(aad="name")


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        Box.objects.create(form={"x": float("nan")})
