"""Numbers of people, organisations and records against published samples, and against every single typing error."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.core import identifiers as ids
from yichuang.core.identifiers import checksums, persons, synthetic

TODAY = date(2026, 11, 24)


def codes(reasons):
    return [reason.code for reason in reasons]


births = st.dates(date(1900, 1, 1), TODAY)
sexes = st.sampled_from(["male", "female"])
regions = st.integers(0, 999_999).map("{:06d}".format)


# ── citizens ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "holder", "birth", "sex"),
    [
        ("810000199408230021", "hk_macao_taiwan", date(1994, 8, 23), "female"),
        ("830000199201300022", "hk_macao_taiwan", date(1992, 1, 30), "female"),
        ("911124198108030024", "foreigner", date(1981, 8, 3), "female"),
        ("11010519491231002X", "citizen", date(1949, 12, 31), "female"),  # the example of GB 11643-1999
        ("440524188001010014", "citizen", date(1880, 1, 1), "male"),  # its second example
    ],
)
def test_published_samples(number, holder, birth, sex):
    on = date(1999, 1, 1) if birth.year < 1900 else TODAY
    assert ids.check_cn_id(number, on=on) == []
    parsed = ids.parse_cn_id(number)
    assert (parsed.holder, parsed.birth_date, parsed.sex, parsed.region) == (holder, birth, sex, number[:6])


def test_spelling_is_forgiven():
    for typed in (" 11010519491231002x ", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"):
        assert ids.check_cn_id(typed) == []
        assert ids.normal_id(typed) == "11010519491231002X"


def test_a_wrong_check_digit_says_which_it_should_be():
    (reason,) = ids.check_cn_id("110105194912310021", field="/applicant/id_no")
    assert (reason.code, reason.field) == ("CN_ID_CHECK_DIGIT", "/applicant/id_no")
    assert reason.words.zh == "身份证号第 18 位应为 X，请核对"
    assert "should be X" in reason.words.en


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "CN_ID_FORMAT"),
        ("110105491231002", "CN_ID_FORMAT"),
        ("11010519491231002", "CN_ID_FORMAT"),
        ("1101051949123100X2", "CN_ID_FORMAT"),
        ("11010519491231002Y", "CN_ID_FORMAT"),
        ("1101051949123१002X", "CN_ID_FORMAT"),  # a Devanagari digit is a digit to Python, not to us
        ("'; DROP TABLE --", "CN_ID_FORMAT"),
        ("<script>alert(1)</", "CN_ID_FORMAT"),
        ("😀" * 18, "CN_ID_FORMAT"),
    ],
)
def test_what_is_no_number_is_refused(number, code):
    assert codes(ids.check_cn_id(number)) == [code]
    with pytest.raises(ValueError, match="not a citizen number"):
        ids.parse_cn_id(number)


@pytest.mark.parametrize("number", ["110105194912310021", "110105194902310021"])
def test_a_wrong_number_is_not_read(number):
    with pytest.raises(ValueError, match="not a citizen number"):
        ids.parse_cn_id(number)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "请填写身份证号"),
        ("110105491231002", "15 位旧身份证号已停用"),
        ("11010519491231002", "您填写了 17 位"),
        ("1101051949123100X2", "前 17 位应为数字"),
    ],
)
def test_what_is_no_number_hears_what_is_wrong_with_it(number, said):
    assert said in ids.check_cn_id(number)[0].words.zh


@pytest.mark.parametrize("birth", ["19490231", "20261301", "00000101", "17000101", "18751231"])
def test_impossible_birth_dates(birth):
    first17 = f"110105{birth}002"
    assert codes(ids.check_cn_id(first17 + checksums.cn_id_check(first17), on=TODAY)) == ["CN_ID_BIRTH_DATE"]


def test_somebody_may_be_a_hundred_and_fifty():
    assert ids.check_cn_id(synthetic.cn_id(date(1876, 1, 1), "male"), on=TODAY) == []


def test_a_birth_in_the_future_is_refused_and_one_of_today_is_not():
    assert ids.check_cn_id(synthetic.cn_id(TODAY, "male"), on=TODAY) == []
    (reason,) = ids.check_cn_id(synthetic.cn_id(date(2026, 11, 25), "male"), on=TODAY)
    assert (reason.code, "2026-11-25" in reason.words.zh) == ("CN_ID_BIRTH_FUTURE", True)


def test_without_a_day_the_hall_s_own_day_counts():
    from datetime import UTC, datetime

    from yichuang.core import clock

    number = synthetic.cn_id(date(2026, 11, 25), "male")
    with clock.fixed(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)):
        assert codes(ids.check_cn_id(number)) == ["CN_ID_BIRTH_FUTURE"]
    with clock.fixed(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)):  # midnight in Shanghai
        assert ids.check_cn_id(number) == []


def test_all_reasons_come_at_once():
    assert codes(ids.check_cn_id("110105194902310021", on=TODAY)) == ["CN_ID_BIRTH_DATE", "CN_ID_CHECK_DIGIT"]


@given(births, sexes, regions, st.integers(0, 49))
def test_synthetic_people_are_valid_whatever_their_region(birth, sex, region, nth):
    number = synthetic.cn_id(birth, sex, region=region, nth=nth)
    assert ids.check_cn_id(number, on=TODAY) == []
    parsed = ids.parse_cn_id(number)
    assert (parsed.birth_date, parsed.sex, parsed.region) == (birth, sex, region)
    assert synthetic.is_synthetic_cn_id(number)


@given(births, sexes, st.integers(0, 17), st.data())
def test_every_single_wrong_character_of_a_number_is_found(birth, sex, place, data):
    number = synthetic.cn_id(birth, sex)
    other = data.draw(st.sampled_from([c for c in "0123456789X" if c != number[place]]))
    assert ids.check_cn_id(number[:place] + other + number[place + 1 :], on=TODAY) != []


def test_age_counts_full_years():
    person = ids.parse_cn_id(synthetic.cn_id(date(2008, 2, 29), "male"))
    assert [person.age(on) for on in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]
    person = ids.parse_cn_id(synthetic.cn_id(date(2008, 11, 24), "male"))
    assert [person.age(on) for on in (date(2026, 11, 23), TODAY, date(2026, 12, 1))] == [17, 18, 18]


# ── other documents ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("cn_id", "11010519491231002X"),
        ("hmt_residence", "810000199408230021"),
        ("foreign_residence", "911124198108030024"),
        ("foreign_residence", "CAN110078102015"),
        ("hm_permit", "H12345678"),
        ("hm_permit", "m1234567890"),
        ("tw_permit", "12345678"),
        ("cn_passport", "E12345678"),
        ("cn_passport", "EA1234567"),
        ("passport", "C01X00T47"),
        ("exit_permit", "CA1234567"),
    ],
)
def test_documents_of_each_kind(kind, number):
    assert ids.check_document(kind, number) == []


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [
        ("cn_id", "810000199408230021", "CN_ID_WRONG_DOCUMENT"),
        ("cn_id", "", "CN_ID_FORMAT"),
        ("hmt_residence", "1101", "CN_ID_FORMAT"),
        ("hmt_residence", "110105194912310021", "CN_ID_CHECK_DIGIT,HMT_RESIDENCE_FORMAT"),
        ("hmt_residence", "11010519491231002X", "HMT_RESIDENCE_FORMAT"),
        ("foreign_residence", "11010519491231002X", "FOREIGN_RESIDENCE_FORMAT"),
        ("hm_permit", "X12345678", "HM_PERMIT_FORMAT"),
        ("tw_permit", "1234567", "TW_PERMIT_FORMAT"),
        ("cn_passport", "A12345678", "PASSPORT_FORMAT"),
        ("passport", "E1", "PASSPORT_FORMAT"),
        ("exit_permit", "E12345678", "EXIT_PERMIT_FORMAT"),
        ("library_card", "1", "ID_TYPE_UNKNOWN"),
    ],
)
def test_documents_of_another_kind(kind, number, code):
    assert codes(ids.check_document(kind, number, field="/id_no")) == code.split(",")


def test_every_document_has_a_name():
    assert set(persons.DOCUMENT_WORDS) == set(persons.DOCUMENT_CHECKS)


# ── names, mobiles, cards ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    ["张晓", "欧阳小敏", "𠮷野", "䶮䶮", "㛃㛃", "阿卜杜·热合曼", "阿卜杜•热合曼", " 李娜 ", "〇一", "𰻞𰻞", "䲜" * 50],
)
def test_names_as_on_documents(name):
    assert ids.check_name(name) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "NAME_LENGTH"),
        ("张", "NAME_LENGTH"),
        ("张" * 51, "NAME_LENGTH"),
        ("张 晓", "NAME_CHARACTER"),
        ("张😀", "NAME_CHARACTER"),
        ("张3", "NAME_CHARACTER"),
        ("John Smith", "NAME_CHARACTER"),
        ("<b>张晓</b>", "NAME_CHARACTER"),
        ("'; DROP TABLE x", "NAME_CHARACTER"),
        ("张\x00晓", "NAME_CHARACTER"),
        ("张\u200b晓", "NAME_CHARACTER"),
        ("·张晓", "NAME_DOT"),
        ("张晓·", "NAME_DOT"),
        ("张··晓", "NAME_DOT"),
    ],
)
def test_what_is_no_name(name, code):
    assert codes(ids.check_name(name)) == [code]


def test_the_strange_character_is_named():
    (reason,) = ids.check_name("张😀晓")
    assert reason.words.zh.startswith("姓名第 2 个字符“😀”")


@pytest.mark.parametrize(
    ("first", "last"), [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x3FFFD), (0xF900, 0xFAD9), (0x3007, 0x3007)]
)
def test_chinese_characters_of_every_plane(first, last):
    assert [persons.is_han(chr(code)) for code in (first - 1, first, last, last + 1)] == [False, True, True, False]


def test_letters_beyond_latin_stand_in_no_name():
    assert ids.check_name("Abɏ", latin=True) == []
    assert codes(ids.check_name("Abɐ", latin=True)) == codes(ids.check_name("Пётр", latin=True)) == ["NAME_CHARACTER"]


def test_foreign_names_where_they_are_expected():
    assert ids.check_name("Jean-Luc O'Neill", latin=True) == []
    assert ids.check_name("José María", latin=True) == []
    assert codes(ids.check_name("<script>", latin=True)) == ["NAME_CHARACTER"]


@pytest.mark.parametrize(
    "typed", ["13800003210", "+86 138 0000 3210", "0086-13800003210", "138-0000-3210", "１３８００００３２１０"]
)
def test_mobiles_as_people_write_them(typed):
    assert ids.check_mobile(typed) == []
    assert ids.normal_mobile(typed) == "13800003210"


@pytest.mark.parametrize("typed", ["", "12800003210", "1380000321", "138000032100", "0755-12345678", "8613800003210x"])
def test_what_is_no_mobile(typed):
    assert codes(ids.check_mobile(typed)) == ["MOBILE_FORMAT"]


def test_bank_cards():
    assert ids.check_luhn("4111 1111 1111 1111") == []  # the test number of every payment handbook
    assert codes(ids.check_luhn("4111111111111112")) == ["BANK_CARD_CHECK_DIGIT"]
    assert codes(ids.check_luhn("4111")) == ["BANK_CARD_FORMAT"]
    assert ids.check_luhn(synthetic.bank_card(7)) == []


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", ["11320982741330162E", "11100000000013338W", "11430000006122244L"])
def test_real_credit_codes(code):
    assert ids.check_uscc(code.lower()) == []


def test_a_wrong_credit_code_says_what_is_wrong():
    assert ids.check_uscc("11320982741330162F")[0].words.zh == "统一社会信用代码第 18 位应为 E，请核对"
    assert ids.check_uscc("1132098274133O162E")[0].words.zh.startswith("统一社会信用代码第 14 位“O”")
    assert codes(ids.check_uscc("123")) == ["USCC_FORMAT"]
    assert codes(ids.check_uscc("1132A982741330162E")) == ["USCC_REGION"]


def test_a_legacy_organisation_code_inside_is_a_doubt_and_never_blocks():
    first17 = "11320982" + "741330163"  # its own check would be 2
    code = first17 + checksums.uscc_check(first17)
    assert ids.check_uscc(code) == []
    assert codes(ids.uscc_doubts(code)) == ["USCC_ORG_CODE_DOUBT"]
    assert ids.uscc_doubts("11320982741330162E") == []
    assert ids.uscc_doubts("nonsense") == []


def test_parts_of_a_credit_code():
    parts = ids.parse_uscc("11320982741330162E")
    assert (parts.kind_words.zh, parts.region, parts.org_code) == ("机关", "320982", "741330162")
    with pytest.raises(ValueError, match="credit code"):
        ids.parse_uscc("1")


def test_organisation_codes():
    assert ids.check_org_code("74133016-2") == []
    assert ids.check_org_code("74133016-3")[0].words.zh == "组织机构代码第 9 位应为 2，请核对"
    assert codes(ids.check_org_code("7")) == ["ORG_CODE_FORMAT"]


@given(st.integers(0, 31**5 - 1), st.sampled_from(["91", "92", "93", "51"]))
def test_synthetic_organisations_are_valid(nth, kind):
    code = synthetic.uscc(nth, kind=kind)
    assert (ids.check_uscc(code), ids.uscc_doubts(code)) == ([], [])


@given(st.integers(0, 10_000), st.integers(0, 17), st.data())
def test_every_single_wrong_character_of_a_credit_code_is_found(nth, place, data):
    code = synthetic.uscc(nth)
    other = data.draw(st.sampled_from([c for c in checksums.ALNUM if c != code[place]]))
    assert ids.check_uscc(code[:place] + other + code[place + 1 :]) != []


def test_synthetic_organisations_run_out_loudly():
    with pytest.raises(ValueError, match="too many"):
        synthetic.uscc(31**5)
    with pytest.raises(ValueError, match="50 synthetic"):
        synthetic.cn_id(TODAY, "male", nth=50)
    with pytest.raises(ValueError, match="mobiles"):
        synthetic.mobile(10_000)


# ── certificates, cases, chips, regions ──────────────────────────────────────────────────────────────────────────

REAL = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"


def test_the_real_certificate_identifier():
    assert ids.cert_identifier("11100000000013338W011", "11430000006122244L", "20230000403", 1) == REAL
    assert ids.cert_identifier("11100000000013338W011", "11430000006122244L", "20230000403") == REAL
    assert ids.check_cert_identifier(REAL.lower()) == []


@given(st.integers(15, len(REAL) - 1), st.data())
def test_every_single_wrong_character_of_an_identifier_is_found(place, data):
    other = data.draw(st.sampled_from([c for c in checksums.ALNUM if c != REAL[place]]))
    assert ids.check_cert_identifier(REAL[:place] + other + REAL[place + 1 :]) != []


@pytest.mark.parametrize("parts", [("1", "11430000006122244L", "1", 1), ("11100000000013338W011", "1", "1", 1)])
def test_identifiers_of_another_form_are_not_made(parts):
    with pytest.raises(ValueError, match="type 21"):
        ids.cert_identifier(*parts)
    with pytest.raises(ValueError, match="version"):
        ids.cert_identifier("11100000000013338W011", "11430000006122244L", "1", 1000)
    with pytest.raises(ValueError, match="version"):
        ids.cert_identifier("11100000000013338W011", "11430000006122244L", "1", 0)


def test_iso_7064_samples():
    """The worked example of ISO 7064 MOD 11,10, and a Global Release Identifier for MOD 37,36."""
    assert checksums.mod_11_10("0794") == "5"
    assert checksums.mod_11_10("00200667308") == "5"
    assert checksums.mod_37_36("A12425GABC1234002") == "M"


@given(st.integers(0, 999_999), st.data())
def test_every_wrong_digit_of_a_case_number_is_found(nth, data):
    head = f"440305-20261122-W-{nth:06d}-"
    number = head + ids.case_check_digit(head)
    assert ids.check_case_number(number.lower()) == []
    places = [i for i, c in enumerate(number) if c.isdigit()]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([c for c in "0123456789" if c != number[place]]))
    assert codes(ids.check_case_number(number[:place] + other + number[place + 1 :])) == ["CASE_NUMBER"]


def test_a_case_number_needs_no_hyphen_before_its_last_digit():
    assert ids.check_case_number("44030520261122000004" + ids.case_check_digit("44030520261122000004")) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("156", "CHIP_FORMAT"),
        ("15600000000000X", "CHIP_FORMAT"),
        ("000000000000001", "CHIP_RANGE"),
        ("156999999999999", "CHIP_RANGE"),
        ("156274877906944", "CHIP_RANGE"),  # 2 to the power of 38
    ],
)
def test_chips(number, code):
    assert codes(ids.check_chip(number)) == [code]
    assert ids.check_chip("156 000 123 456 789") == ids.check_chip("156274877906943") == []
    assert ids.check_chip(synthetic.chip(3)) == []


def test_regions():
    for good in ("440305", "440305005", "370113000000"):
        assert ids.check_region(good) == []
    for bad in ("", "4403", "4403050", "990000", "44030a"):
        assert codes(ids.check_region(bad)) == ["REGION_FORMAT"]
    assert ids.region_levels("440305005") == ("440000", "440300", "440305", "440305005")
    assert ids.region_levels("370113000000") == ("370000", "370100", "370113")
    assert ids.region_levels("101010100100") == ("100000", "101000", "101010", "101010100", "101010100100")
    assert ids.region_levels("440305") == ("440000", "440300", "440305")


def test_certificate_types():
    assert ids.check_type_code("11100000000013338W011") == []
    for wrong in ("11100000000013339W011", "11100000000013338W01", "11100000000013338W0111", "11100000000013338WABC"):
        assert codes(ids.check_type_code(wrong)) == ["CERT_TYPE_CODE"]


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text):
    for check in (
        ids.check_cn_id,
        ids.check_uscc,
        ids.check_org_code,
        ids.check_mobile,
        ids.check_name,
        ids.check_luhn,
        ids.check_cert_identifier,
        ids.check_case_number,
        ids.check_chip,
        ids.check_region,
    ):
        for reason in check(text, field="/x"):
            assert reason.words.zh
            assert reason.words.en
            assert reason.field == "/x"
