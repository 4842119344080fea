"""更正: whose name and number may stand on a certificate afterwards, and how far a number may differ to be a slip of the pen."""

import pytest

from yichuang.cases.rules.correction import SLIP, renamed, slip

FILED = {"keeper": "张晓", "agent": "王强", "dog_name": "豆豆"}


@pytest.mark.parametrize(
    ("mended", "others"),
    [
        ({}, []),
        ({"dog_name": "豆腐"}, []),  # a line that names nobody
        ({"keeper": "张小晓"}, []),  # the holder's own, as on record
        ({"keeper": "李娜"}, ["keeper"]),
        ({"agent": "李娜"}, ["agent"]),  # whoever it is: no record of the holder's says so
        ({"agent": "张小晓"}, ["agent"]),
        ({"keeper": "李娜", "agent": "李娜"}, ["keeper", "agent"]),
    ],
)
def test_a_line_that_names_somebody_becomes_what_was_filed_or_the_holders_own_record(
    mended: dict[str, str], others: list[str]
) -> None:
    whose = {"keeper": "张小晓", "agent": None}
    assert renamed(FILED, FILED | mended, whose) == others


def test_a_line_that_is_gone_names_another_too() -> None:
    assert renamed(FILED, {"agent": "王强"}, {"keeper": "张小晓", "agent": None}) == ["keeper"]
    assert renamed({}, {}, {"keeper": "张小晓", "agent": None}) == []


OLD = "440303199001010010"


@pytest.mark.parametrize(
    ("new", "is_one"),
    [
        (OLD, True),
        ("440303199001010028", True),  # two places
        ("440303199010010010", True),  # two digits changed places
        ("440303199012340010", True),  # four places: the most
        ("440303199012340012", False),  # five
        ("440303197605159010", False),  # another day of birth
        ("44030319900101001", False),  # one sign less
        ("4403031990010100100", False),
        ("440303900101001", False),
    ],
)
def test_a_number_differs_in_four_places_at_most(new: str, is_one: bool) -> None:
    assert SLIP == 4
    assert slip(OLD, new) is is_one
    assert slip(new, OLD) is is_one


def test_blanks_and_small_letters_are_no_difference() -> None:
    assert slip("44030319900101901x ", " 44030319900101901X")
    assert slip("11111111111111901x", "22221111111111901X"), "four places, and the letter is the same one"
