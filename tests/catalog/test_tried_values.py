"""What somebody types into the bench of a decision table."""

import pytest

from yichuang.catalog.commands.editing import _typed


@pytest.mark.parametrize("text", ["1E+999999999", "1e-999999999", "NaN", "Infinity", "ten", "1E+35"])
def test_a_number_that_nobody_could_write_out_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=text.replace("+", r"\+")):
        _typed("number", text)


@pytest.mark.parametrize("text", ["0", "18", "-2.50", "1E+34", "0.0000000001"])
def test_other_numbers_are_kept_as_they_are(text: str) -> None:
    assert _typed("number", text) == text or float(_typed("number", text)) == float(text)
