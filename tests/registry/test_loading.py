"""Batches: every row checked, faults by row and column, nothing said twice, contradictions found."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from tests.registry.sources import Scripted

from yichuang.core import ledger
from yichuang.core.actors import SYSTEM, Actor
from yichuang.core.asked import stands_for
from yichuang.core.identifiers import check_cn_id, synthetic
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.registry.commands import LOAD, ask_local, load_batch
from yichuang.registry.models import SharedBatch, SharedRecord
from yichuang.registry.ports import connected
from yichuang.registry.queries import data_catalogue, get_batch, list_batches, list_contradictions, source_states
from yichuang.registry.values import FIELDS, Base, BatchReport, Ground, Purpose, Question

BORN = date(1990, 1, 1)
ONE, TWO, THREE = (synthetic.cn_id(BORN, "female", region="440303", nth=nth) for nth in range(3))


def load(at: datetime, *rows: dict[str, object], **more: Any) -> BatchReport:
    given = {"base": Base.POPULATION, "source": "police", "actor": SYSTEM, "rows": rows or None, **more}
    return load_batch(at=at, **given)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def xlsx(*lines: list[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_csv_with_chinese_titles_is_loaded_and_a_second_time_unchanged(db: None, at: datetime):
    head = "公民身份号码,姓名,出生日期,在世,户籍地址"
    file = csv("\ufeff" + head, f"{ONE},张晓,1990年1月1日,是,", f"{TWO},李明,,否,罗湖区桂园街道演示路8号", ",,,,")
    report = load(at, file=file, name="people.csv")
    assert (report.loaded, report.unchanged, report.faults) == (2, 0, ())
    with pytest.raises(Refused) as refused:
        load(at, file=file)
    assert refused.value.kind == "conflict"
    again = load(at, file=csv(head, f"{ONE},张晓,1990-01-01,true,", f"{TWO},李小明,,否,"))
    assert (again.loaded, again.unchanged) == (1, 1)
    gb = "\n".join([head, f"{THREE},王芳,,,"]).encode("gb18030")
    assert load(at, file=gb, encoding="gb18030").loaded == 1
    assert ledger.list_entries(ledger.Subject("registry-batch", report.id))[0].act == "registry.load"


def test_a_workbook_is_loaded_with_dates_and_flags_as_they_are(db: None, at: datetime):
    file = xlsx(["key", "name", "birth_date", "alive"], [ONE, "张晓", BORN, True])
    assert load(at, file=file).loaded == 1
    purpose = Purpose("x", "", W("", ""))
    (answer,) = ask_local(
        [Question("p", Base.POPULATION, ONE, ("name", "birth_date", "alive"))],
        actor=SYSTEM, ground=Ground("duty", "x"), purpose=purpose, at=at,
    )  # fmt: skip
    assert dict(answer.fields) == {"name": "张晓", "birth_date": BORN, "alive": True}


def test_a_long_number_that_a_spreadsheet_rounded_is_nobodys(db: None, at: datetime):
    """Excel keeps fifteen digits: 440303199001019880 as a number is another one than was typed, and one in eleven is somebody's."""
    rounded = next(
        number
        for n in range(2000)
        if len(number := str(int(ONE[:14]) * 10_000 + n * 10)) == 18 and not check_cn_id(number)
    )
    file = xlsx(["key", "name"], [int(rounded), "张晓"], [float(rounded), "张晓"])
    assert [(fault.row, fault.code) for fault in load(at, file=file).faults] == [(2, "KEY_WRONG"), (3, "KEY_WRONG")]
    file = xlsx(["key", "code", "standard"], ["罗湖区桂园街道演示路8号501", 440303001001000100, "x"])
    (fault,) = load(at, file=file, base=Base.ADDRESSES).faults
    assert (fault.column, fault.code) == ("code", "WRONG_KIND")


def test_every_fault_of_every_row_is_named_and_the_sound_rows_are_in(db: None, at: datetime, editor: Actor):
    rows: list[dict[str, object]] = [
        {"key": ONE, "name": "张晓"},
        {"key": "440303199001019990", "name": "假的"},
        {"key": "", "name": "无名"},
        {"key": TWO, "birth_date": "1991-01-01", "sex": "male", "alive": "也许"},
        {"key": THREE, "death_date": "2099-01-01"},
        {"key": ONE, "name": "重复"},
        {"key": THREE},
        {"key": TWO, "alive": True, "death_date": "2020-01-01"},
    ]
    with stands_for(LOAD):  # as after a second steward confirmed
        report = load(at, *rows, actor=editor)
    assert report.loaded == 0
    assert [(fault.row, fault.column, fault.code) for fault in report.faults] == [
        (2, "key", "KEY_TWICE"),
        (3, "key", "KEY_WRONG"),
        (4, "key", "KEY_MISSING"),
        (5, "alive", "WRONG_KIND"),
        (5, "birth_date", "BIRTH_DIFFERS"),
        (5, "sex", "SEX_DIFFERS"),
        (6, "death_date", "NOT_YET"),
        (7, "key", "KEY_TWICE"),
        (8, "key", "NO_FIELDS"),
        (9, "alive", "DEAD_AND_ALIVE"),
    ]
    batch, faults = get_batch(editor, report.id)
    assert (batch.faults, faults) == (10, report.faults)
    assert batch.by == "吴*"
    kept = str(SharedBatch.objects.order_by("id").values().get())
    assert "假的" not in kept
    assert "440303" not in kept


def test_a_whole_batch_takes_away_what_the_giver_no_longer_has_unless_it_is_faulty(db: None, at: datetime):
    load(at, *people(10), whole=True)
    report = load(at, *people(9), {"key": "x", "name": "?"}, whole=True)
    assert (report.gone, SharedRecord.objects.count()) == (0, 10)
    assert not answers_none(at)  # what stayed out may be the very one
    report = load(at, *people(9), whole=True)
    assert (report.gone, SharedRecord.objects.count()) == (1, 9)
    assert answers_none(at)


def people(count: int) -> list[dict[str, object]]:
    """So many rows, the same each time."""
    keys = (
        synthetic.cn_id(BORN + timedelta(days=n // 50), "female", region="440303", nth=n % 50) for n in range(count)
    )
    return [{"key": key, "name": "张晓"} for key in keys]


@pytest.mark.parametrize(("had", "has"), [(3, 0), (5, 4), (10, 8), (600, 549)])
def test_nobody_wipes_a_base_with_a_much_smaller_file_alone(db: None, at: datetime, had: int, has: int):
    load(at, *people(had), whole=True)
    with pytest.raises(Refused) as refused:
        load(at, *people(has), whole=True)
    (reason,) = refused.value.reasons
    assert (reason.code, refused.value.kind) == ("LOSS_TOO_LARGE", "conflict")
    assert f"{had} 条记录中的 {had - has} 条" in reason.words.zh
    assert SharedRecord.objects.count() == had
    assert SharedBatch.objects.count() == 1


def test_few_that_go_away_go_without_a_person(db: None, at: datetime):
    load(at, *people(500), whole=True)
    assert load(at, *people(450), whole=True).gone == 50
    assert load(at, *people(405), whole=True).gone == 45


def test_an_old_file_is_not_taken_again(db: None, at: datetime):
    first = csv("key,alive", f"{ONE},是")
    load(at, file=first, made_at=at - timedelta(hours=2))
    load(at, file=csv("key,alive", f"{ONE},否"), made_at=at - timedelta(hours=1))
    for made_at in (at - timedelta(hours=2), at - timedelta(hours=1)):
        with pytest.raises(Refused) as refused:
            load(at, file=first, made_at=made_at)
        assert refused.value.reasons[0].code == "OLDER_THAN_LAST"
    with pytest.raises(Refused) as refused:
        load(at, file=first, made_at=at + timedelta(hours=1))
    assert refused.value.reasons[0].code == "NOT_YET"
    load(
        at, {"key": TWO, "alive": True}, source="civil", made_at=at - timedelta(hours=2)
    )  # each giver has its own clock
    load(at, {"key": ONE, "restricted": True}, base=Base.CREDIT, made_at=at - timedelta(hours=2))  # and each base
    assert SharedRecord.objects.get(source="police", base="population").data == {"alive": False}
    assert SharedRecord.objects.get(source="police", base="population").as_of == at - timedelta(hours=1)


def test_what_a_steward_loaded_is_newer_than_a_file_made_before(db: None, at: datetime):
    load(at, {"key": ONE, "alive": False})
    with pytest.raises(Refused) as refused:
        load(at + timedelta(hours=1), {"key": ONE, "alive": True}, made_at=at - timedelta(minutes=1))
    assert refused.value.reasons[0].code == "OLDER_THAN_LAST"


@pytest.mark.parametrize(
    ("file", "encoding"),
    [
        ("key,name\nx,张晓".encode("gb18030"), "utf-8"),  # ASCII heads tell nothing: it would read as somebody else
        ("key,name\nx,张晓".encode(), "gb18030"),
        ("key,name\nx,模".encode("gb18030") + b"\xff", "utf-8"),
    ],
)
def test_a_file_in_another_encoding_than_declared_is_refused_not_guessed(
    db: None, at: datetime, file: bytes, encoding: str
):
    with pytest.raises(Refused) as refused:
        load(at, file=file, encoding=encoding)
    assert [reason.code for reason in refused.value.reasons] == ["ENCODING"]


def test_a_row_that_shifted_and_a_head_without_end_are_not_taken(db: None, at: datetime):
    report = load(at, file=csv("key,name", f"{ONE},张晓,男", f"{TWO},李明,,"))
    assert [(fault.row, fault.code) for fault in report.faults] == [(2, "CELLS_BEYOND")]
    with pytest.raises(Refused) as refused:
        load(at, file=b"key" + b",a" * 100_000)
    assert (refused.value.kind, len(refused.value.reasons)) == ("too_large", 1)


def answers_none(at: datetime) -> bool:
    nobody = synthetic.cn_id(BORN, "male", region="440303", nth=40)
    question = Question("p", Base.POPULATION, nobody, ("name",))
    purpose = Purpose("x", "", W("", ""))
    (answer,) = ask_local([question], actor=SYSTEM, ground=Ground("duty", "x"), purpose=purpose, at=at)
    return answer.state == "none"


def test_givers_that_contradict_each_other_are_found_when_they_are_loaded(db: None, at: datetime, editor: Actor):
    load(at, {"key": ONE, "name": "张晓", "residence_address": "罗湖区桂园街道演示路8号501", "alive": True})
    report = load(
        at,
        {"key": ONE, "name": "张 晓", "residence_address": "罗湖区桂园街道演示路8号502", "alive": False},
        {"key": TWO, "name": "李明"},
        source="street",
    )
    assert report.clashes == 2
    found = list_contradictions(editor, Base.POPULATION)
    assert {clash.field for clash in found.items} == {"residence_address", "alive"}
    address = next(clash for clash in found.items if clash.field == "residence_address")
    assert address.key_masked == ONE[:6] + "*" * 8 + ONE[-4:]
    assert {source: words.zh for source, words in address.said} == {
        "police": "罗湖区桂园街道****",
        "street": "罗湖区桂园街道****",
    }
    assert "房号" in address.hint.zh
    assert load(at, {"key": ONE, "alive": False, "name": "张晓"}, source="civil").clashes == 0  # waits already
    assert list_contradictions(editor, Base.CREDIT).items == ()


@pytest.mark.parametrize(
    ("file", "codes"),
    [
        (b"", ["FILE_UNREADABLE"]),
        (b"PK\x03\x04 no workbook", ["FILE_UNREADABLE"]),
        (b"\xff\xfe\x00\x01", ["ENCODING"]),
        (csv("姓名,工资", "张晓,1"), ["COLUMN_UNKNOWN", "KEY_COLUMN_MISSING"]),
        (csv("key,name,姓名", f"{ONE},a,b"), ["COLUMN_TWICE"]),
        (csv("key,name"), ["NO_ROWS"]),
        (csv("key,name", '"' + ONE), ["FILE_UNREADABLE"]),
        (b"key,name\n\0,1", ["FILE_UNREADABLE"]),
    ],
)
def test_what_is_no_table_is_refused_with_words(db: None, at: datetime, file: bytes, codes: list[str]):
    with pytest.raises(Refused) as refused:
        load(at, file=file)
    assert [reason.code for reason in refused.value.reasons] == codes
    assert not SharedBatch.objects.exists()


@pytest.mark.parametrize("source", ["", "Police", "a b", "x" * 41, "警察"])
def test_a_source_has_a_plain_name(db: None, at: datetime, source: str):
    with pytest.raises(Refused) as refused:
        load(at, {"key": ONE, "name": "张晓"}, source=source)
    assert refused.value.reasons[0].code == "SOURCE_NAME"


def test_a_giver_is_not_called_as_another_source_is(db: None, at: datetime):
    with connected(Scripted("police_api", {}, at)):
        for source in ("police_api", "yichuang"):
            with pytest.raises(Refused) as refused:
                load(at, {"key": ONE, "name": "张晓"}, source=source)
            assert refused.value.reasons[0].code == "SOURCE_TAKEN"


def test_only_stewards_load_and_see(db: None, at: datetime, editor: Actor, li_na: Actor, zhang_xiao: Actor):
    with stands_for(LOAD):
        load(at, {"key": ONE, "name": "张晓"}, actor=editor)
    for actor in (li_na, zhang_xiao):
        for act in (
            lambda actor=actor: load(at, {"key": TWO, "name": "李明"}, actor=actor),
            lambda actor=actor: list_batches(actor),
            lambda actor=actor: list_contradictions(actor),
            lambda actor=actor: source_states(actor, at=at),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.kind == "forbidden"


def test_lists_go_on_page_by_page(db: None, at: datetime, editor: Actor):
    for number in range(3):
        load(at + timedelta(minutes=number), {"key": ONE, "name": f"张{number}"})
    page = list_batches(editor, limit=2)
    assert [row.at.minute for row in (*page.items, *list_batches(editor, cursor=page.next).items)] == [2, 1, 0]
    (state,) = source_states(editor, at=at)
    assert (state.code, state.local, state.records, state.bases) == ("police", True, 1, (Base.POPULATION,))


def test_the_catalogue_names_every_base_and_field_in_both_languages():
    assert [row.base for row in data_catalogue()] == list(Base)
    for base in Base:
        for spec in FIELDS[base].values():
            assert spec.words.zh
            assert spec.words.en.isascii()
    assert next(row for row in data_catalogue() if row.base is Base.CREDIT).keep_minutes <= 60
