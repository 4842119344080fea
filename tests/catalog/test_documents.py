"""The loader of packs: plain data only, and every fault knows its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuang.catalog.packs.documents import MAX_BYTES, Document, parse_document


def read(text: str | bytes, name: str = "item.yaml") -> Document:
    document, faults = parse_document(text if isinstance(text, bytes) else text.encode(), name)
    assert faults == []
    assert document is not None
    return document


def test_places_are_remembered():
    document = read("a: 1\nb:\n  - x\n  - c: 2\n")
    assert document.place("/b/1/c") == (4, 5)
    assert document.place("/b/1/unknown") == (4, 5)
    assert document.place("/nowhere") == (1, 1)


def test_words_that_look_like_something_else_stay_text():
    data = read("country: NO\nday: 2026-03-02\ntime: 10:30\ncode: 0123\nswitch: on\n").data
    assert data == {"country": "NO", "day": "2026-03-02", "time": "10:30", "code": "0123", "switch": "on"}


def test_json_is_read_by_the_same_loader():
    document = read('{\n\t"a": "\\ud842\\udfb7",\n\t"b": [1.5, null]}', "form.json")
    assert document.data == {"a": "𠮷", "b": [1.5, None]}
    assert document.place("/b/1") == (3, 13)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "DUPLICATE_KEY", 3),
        ("a: &x 1\nb: *x\n", "ALIAS", 1),
        ("a: 1\nb: !!python/object/apply:os.system [true]\n", "TAG", 2),
        ("a: 1\nb: !!set x\n", "TAG", 2),
        ("a: 1\n b: 2\n", "NOT_YAML", 2),
        ("? [a, b]\n: c\n", "KEY", 1),
        ("[" * 5000, "NOT_YAML", 1),
        ("[" * 900_000, "NOT_YAML", 1),  # as deep as a file may be long: libyaml alone would end the process
        ("[" * 60 + "]" * 60, "TOO_DEEP", 1),
        ("", "EMPTY", 1),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, code: str, line: int):
    document, faults = parse_document(text.encode(), "item.yaml")
    assert document is None
    assert (faults[0].code, faults[0].line) == (code, line)


def test_broken_json_names_line_and_column():
    _, faults = parse_document(b'{\n "a" 1\n}', "form.json")
    assert (faults[0].code, faults[0].line) == ("NOT_JSON", 2)
    _, faults = parse_document(b'{"a": NaN}', "form.json")
    assert faults[0].code == "NOT_JSON"
    _, faults = parse_document(b'{"a": 1,\n "a": 2}', "form.json")
    assert (faults[0].code, faults[0].line) == ("DUPLICATE_KEY", 2)


def test_bytes_that_are_no_text_and_files_that_are_too_large():
    _, faults = parse_document(b"a: b\nc: \xff\n", "item.yaml")
    assert (faults[0].code, faults[0].line) == ("NOT_UTF8", 2)
    _, faults = parse_document(b" " * (MAX_BYTES + 1), "item.yaml")
    assert faults[0].code == "TOO_LARGE"


@given(st.binary(max_size=300), st.sampled_from(["item.yaml", "form.json"]))
def test_no_bytes_crash_the_loader(raw: bytes, name: str):
    document, faults = parse_document(raw, name)
    assert (document is None) == bool(faults)
    assert all(fault.line >= 0 and fault.message.zh and fault.message.en for fault in faults)
