"""Check characters against what the standards demand of the whole number, worked out here in another way than in the house.

One place at a time is set, so that each weight shows by itself.
"""

import pytest

from yichuang.core.identifiers import checksums

PLACES = [*range(17)]


def one_at(place: int, sign: str, length: int) -> str:
    return "0" * place + sign + "0" * (length - place - 1)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sign", ["1", "7"])
def test_a_citizen_number_is_one_modulo_eleven_by_powers_of_two(place, sign):
    """GB 11643: Σ aᵢ·2^(i-1), counted from the right, is 1 modulo 11; X stands for ten."""
    first = one_at(place, sign, 17)
    check = checksums.cn_id_check(first)
    values = [int(c) for c in first] + [10 if check == "X" else int(check)]
    assert sum(value * 2 ** (17 - i) for i, value in enumerate(values)) % 11 == 1


def test_an_empty_citizen_number_ends_with_one():
    assert checksums.cn_id_check("0" * 17) == "1"


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("sign", ["1", "2", "9", "A", "Z"])
def test_an_organisation_code_is_nothing_modulo_eleven(place, sign):
    """GB 11714: the weights are powers of two modulo 11; X stands for ten, 0 for eleven."""
    first = one_at(place, sign, 8)
    check = checksums.org_check(first)
    last = 10 if check == "X" else int(check)
    assert (sum(int(c, 36) * 2 ** (8 - i) for i, c in enumerate(first)) + last) % 11 == 0


def test_organisation_codes_that_end_with_x_and_with_nothing():
    ends = {checksums.org_check(one_at(7, sign, 8)) for sign in "0123456789A"}
    assert ends == {*"0123456789", "X"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("sign", ["1", "9", "A", "Y"])
def test_a_credit_code_is_nothing_modulo_thirty_one_by_powers_of_three(place, sign):
    """GB 32100: letters that look like digits are left out, so Y is the thirtieth."""
    alphabet = [c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in "IOSVZ"]
    code = one_at(place, sign, 17)
    last = alphabet.index(checksums.uscc_check(code))
    assert (sum(alphabet.index(c) * 3**i for i, c in enumerate(code)) + last) % 31 == 0


def test_an_empty_credit_code_ends_with_nothing():
    assert checksums.uscc_check("0" * 17) == "0"


@pytest.mark.parametrize(
    ("digit", "alone", "before_one"), list(zip("0123456789", "0864297531", "0987654321", strict=True))
)
def test_a_card_doubles_every_second_digit_from_the_right(digit, alone, before_one):
    assert checksums.luhn_check(digit) == checksums.luhn_check(digit + "00") == alone
    assert checksums.luhn_check(digit + "0") == before_one


def test_the_sample_of_the_card_standard():
    assert checksums.luhn_check("7992739871") == "3"


@pytest.mark.parametrize("text", ["0", "1", "9", "0794", "100", "0000000", "5555", "98765432109", "1010101"])
def test_a_number_with_its_check_digit_passes_iso_7064_mod_11_10(text):
    assert passes([int(c) for c in text + checksums.mod_11_10(text)], 10)


@pytest.mark.parametrize("text", ["0", "Z", "A12425GABC1234002", "000", "ZZZZ", "QWERTZ1", "9Z9Z"])
def test_a_text_with_its_check_character_passes_iso_7064_mod_37_36(text):
    assert passes([int(c, 36) for c in text + checksums.mod_37_36(text)], 36)


def passes(values: list[int], modulus: int) -> bool:
    """ISO 7064, 8.2: what a reader of the whole number does."""
    rest = modulus
    for value in values[:-1]:
        rest = (rest + value) % modulus
        rest = (rest or modulus) * 2 % (modulus + 1)
    return (rest + values[-1]) % modulus == 1
