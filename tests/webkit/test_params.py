"""One value of a name, from where it belongs: the same name twice, or in the address of a form, brings nothing in."""

import pytest
from django.test import RequestFactory

from yichuang.webkit import params


def test_of_a_name_that_stands_there_twice_one_value_counts_everywhere() -> None:
    read = RequestFactory().get("/?outcome=grant&outcome=deny")
    sent = RequestFactory().post("/", {"outcome": ["grant", "deny"]})
    for request in (read, sent):
        assert params.text(request, "outcome") == "deny"
        assert params.choice(request, "outcome", {"grant", "deny"}) == "deny"
        assert params.choice(request, "outcome", {"grant"}, "none") == "none", "judged is the very value that is used"


@pytest.mark.parametrize("body", [{}, {"outcome": "deny"}])
def test_the_address_of_a_form_adds_nothing_to_it(body: dict[str, str]) -> None:
    request = RequestFactory().post("/?outcome=grant&ticked=all", body)
    assert params.text(request, "outcome") == body.get("outcome", "")
    assert params.several(request, "ticked") == []


def test_no_more_values_than_a_form_can_mean() -> None:
    request = RequestFactory().post("/", {"ticked": [str(n) for n in range(60)]})
    assert params.several(request, "ticked") == [str(n) for n in range(50)]
