"""What somebody types into the bench of a decision table."""

import pytest

from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.engine.dmn.bench import typed_inputs

AGE = {"age": (W("年龄", "Age"), "number")}


@pytest.mark.parametrize("text", ["1E+999999999", "1e-999999999", "NaN", "Infinity", "ten", "1E+35"])
def test_a_number_that_nobody_could_write_out_is_refused_at_once(text: str) -> None:
    with pytest.raises(Refused) as refused:
        typed_inputs(AGE, {"age": text})
    assert [(one.code, one.field) for one in refused.value.reasons] == [("WRONG_VALUE", "/values/age")]


@pytest.mark.parametrize("text", ["0", "18", "-2.50", "1E+34", "0.0000000001"])
def test_other_numbers_are_kept_as_they_are(text: str) -> None:
    kept = typed_inputs(AGE, {"age": text})["age"]
    assert kept == text or float(kept) == float(text)
