"""What kind of value a condition gives, before any value is there."""

import pytest

from yichuang.engine.values import ExpressionError, Shape, kind_of_text

SHAPE: dict[str, Shape] = {
    "form": {
        "name": "string",
        "born": "date",
        "rows": [{"id": "string", "n": "number"}],
        "tags": ["string"],
        "odd": "",
    },
    "today": "date",
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("form.name", "string"),
        ("form.born <= today", "boolean"),
        ("form.rows.id", "list"),
        ("form.tags", "list"),
        ("form.rows", "list"),
        ("form", "context"),
        ("form.odd", ""),
        ("1 + 2", "number"),
        ("count(form.rows)", ""),
        ("some r in form.rows satisfies r.n > 1", "boolean"),
        ('if form.odd = 1 then "a" else "b"', "string"),
    ],
)
def test_the_kind_of_a_condition_is_told(text: str, kind: str):
    assert kind_of_text(text, SHAPE) == (kind, [])


@pytest.mark.parametrize("text", ["form.nothing", "nobody.name", "form.name > 3"])
def test_what_does_not_fit_is_remarked(text: str):
    assert kind_of_text(text, SHAPE)[1]


def test_what_cannot_be_read_is_refused():
    with pytest.raises(ExpressionError):
        kind_of_text("form.name = =", SHAPE)
