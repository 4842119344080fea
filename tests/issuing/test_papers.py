"""The papers: every kind is set, whole, with every character; what people type is never more than text."""

import re
import time
from io import BytesIO

import pikepdf
import pytest
from tests.issuing.pdf import pages_of, run, text_of
from tests.issuing.samples import KINDS, ORGAN, RARE, sheet, values_of

from yichuang.cases.values import DocumentKind
from yichuang.issuing.documents import COMMON, COMMON_OPTIONAL, DOCUMENTS, missing_values, prepared, title_of
from yichuang.issuing.glyphs import missing_glyphs
from yichuang.issuing.typeset import TEMPLATES, typeset, typeset_seal


def test_every_kind_of_document_that_cases_issues_has_a_template():
    assert set(KINDS) == {kind.value for kind in DocumentKind}
    assert set(KINDS) <= {path.stem for path in TEMPLATES.glob("*.typ")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_set_whole(kind, tmp_path):
    assert missing_values(kind, values_of(kind)) == ()
    paper = typeset(sheet(kind))
    text = text_of(paper.pdf, tmp_path)
    for said in (
        title_of(kind, values_of(kind)).zh,
        "SCJG受字〔2026〕000123号",
        RARE,
        "2026年11月24日",
        "扫码核验真伪",
    ):
        assert said in text, said
    assert "auto" not in text
    assert "none" not in text
    assert (paper.spot is None) == DOCUMENTS[kind].own
    assert paper.missing == ()
    assert pages_of(paper.pdf) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_says_every_value_that_it_is_told(kind, tmp_path):
    """Each text of the sample stands on the paper: a misspelt key in a template would leave it out."""
    spec, values = DOCUMENTS[kind], values_of(kind)
    allowed = {*COMMON, *COMMON_OPTIONAL, *spec.required, *spec.optional}
    assert set(values) <= allowed
    text = text_of(typeset(sheet(kind)).pdf, tmp_path)
    told = {
        k: v for k, v in prepared(values).items() if isinstance(v, str) and k not in {"item_code", "agent", "contact"}
    }
    unsaid = {key: value for key, value in told.items() if "".join(value.split()) not in text}
    assert unsaid == {}


def test_the_template_reads_only_keys_that_the_list_names():
    shared = {"review_organ", "court", "sign_way", "signer", "contact"}  # read by lib.typ
    for kind, spec in DOCUMENTS.items():
        read = set(re.findall(r'(?:get|has)\("(\w+)"\)', (TEMPLATES / f"{kind}.typ").read_text(encoding="utf-8")))
        assert read <= {*COMMON, *COMMON_OPTIONAL, *spec.required, *spec.optional}, kind
        assert set(spec.required) <= read | shared, kind


def test_only_a_permit_cites_the_licensing_law(tmp_path):
    law = "行政许可法"
    for kind in ("acceptance", "gap_notice", "special_procedure", "extension", "not_needed", "grant"):
        assert law in text_of(typeset(sheet(kind)).pdf, tmp_path), kind
        assert law not in text_of(typeset(sheet(kind, permit=False, basis="本市条例")).pdf, tmp_path), kind


def test_a_refusal_names_both_remedies(tmp_path):
    for kind in ("refusal", "non_acceptance", "not_ours"):
        text = text_of(typeset(sheet(kind)).pdf, tmp_path)
        assert "六十日内向深圳市罗湖区人民政府申请行政复议" in text
        assert "六个月内依法向深圳市盐田区人民法院提起行政诉讼" in text


HOSTILE = '#panic("x") $1/0$ \\ <b>html</b> #import "x.typ": * [*粗*] _a_ @ref `raw` "; DROP TABLE --'


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_type_is_never_markup(kind, tmp_path):
    changes = {
        key: HOSTILE for key, value in values_of(kind).items() if isinstance(value, str) and key != "case_number"
    }
    text = text_of(typeset(sheet(kind, **changes)).pdf, tmp_path)
    assert '#panic("x")$1/0$\\<b>html</b>#import"x.typ":*[*粗*]_a_@ref`raw`' in text


def test_pdf_a_2b_is_declared_and_every_font_is_inside(tmp_path):
    pdf = typeset(sheet("acceptance")).pdf
    assert pdf.startswith(b"%PDF-1.7")
    with pikepdf.open(BytesIO(pdf)) as found:
        metadata = found.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    rows = run("pdffonts", str(path)).splitlines()[2:]
    assert len(rows) >= 3
    assert all(re.search(r"\byes yes (yes|no)\b", row) for row in rows), rows


def test_the_test_seal_is_named_on_every_page(tmp_path):
    rows = [{"name": f"材料{n}", "copies": "1", "form": "原件", "state": "已收"} for n in range(60)]
    path = tmp_path / "a.pdf"
    path.write_bytes(typeset(sheet("receipt", materials=rows)).pdf)
    for page in ("1", "2"):
        assert "测试" in run("pdftotext", "-f", page, "-l", page, str(path), "-")


def test_a_thousand_rows_run_over_pages_with_their_head_repeated(tmp_path):
    rows = [
        {"name": f"第{n}份材料：{'很长的名称' * 6}", "copies": "1", "form": "原件", "state": "已收"}
        for n in range(1000)
    ]
    pdf = typeset(sheet("receipt", materials=rows)).pdf
    pages = pages_of(pdf)
    assert pages > 30
    text = text_of(pdf, tmp_path)
    assert "第0份材料" in text
    assert "第999份材料" in text
    assert text.count("材料名称") >= pages - 2
    assert f"共{pages}页" in text


@pytest.mark.parametrize(
    "name",
    [
        "𠮷" * 150,
        "A" * 300,
        "Wolfeschlegelsteinhausenbergerdorff " * 8,
        "https://example.org/" + "x" * 200,
        "名 " * 200,
    ],
    ids=["rare", "letters", "words", "address", "spaces"],
)
def test_a_long_name_never_leaves_the_page(name, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(typeset(sheet("acceptance", applicant=name)).pdf)
    boxes = run("pdftotext", "-bbox", str(path), "-")
    right = max(float(x) for x in re.findall(r'xMax="([0-9.]+)"', boxes))
    assert right <= 595.3 - 60, "the right margin is 26 mm"


@pytest.mark.parametrize("char", list("䶮㛃𠮷㙓㼆犇龘𬭎𡋾𣗋𫖯·"))
def test_known_rare_characters_have_glyphs(char):
    assert missing_glyphs(char) == ()


def test_a_character_in_no_font_is_named_and_never_an_empty_box(tmp_path):
    assert missing_glyphs("张\U00031234😀a张😀") == ("\U00031234", "😀")
    paper = typeset(sheet("acceptance", applicant="张\U00031234"))
    assert paper.missing == ("U+31234",)
    text = text_of(paper.pdf, tmp_path)
    assert "张〔U+31234〕" in text
    assert "字库缺字" in text


def test_what_has_no_shape_is_not_missing():
    assert missing_glyphs("a\u200b\u200d\ufe0f\n\t　b") == ()


def test_control_characters_do_not_reach_the_paper(tmp_path):
    assert "张晓" in text_of(typeset(sheet("acceptance", applicant="张\x00\x07晓")).pdf, tmp_path)


@pytest.mark.parametrize("organ", ["局", ORGAN, "深圳市前海深港现代服务业合作区管理局综合行政执法与市场监督管理办公室"])
def test_the_seal_is_42_millimetres_and_drawn(organ):
    with pikepdf.open(BytesIO(typeset_seal(organ, "业务受理专用章"))) as seal:
        box = [float(x) for x in seal.pages[0].mediabox]
    assert box[2] == pytest.approx(119.06, abs=0.05)
    assert box[3] == pytest.approx(119.06, abs=0.05)


def test_the_same_sheet_gives_the_same_bytes():
    assert typeset(sheet("grant")).pdf == typeset(sheet("grant")).pdf


@pytest.mark.slow
def test_a_warm_page_is_quick():
    """No bar of time on a shared machine: only that the compiler and its fonts are kept (a cold one takes 60 ms and up)."""
    typeset(sheet("acceptance"))
    times = []
    for n in range(20):
        start = time.process_time()
        typeset(sheet("acceptance", applicant=f"张{n}"))
        times.append(time.process_time() - start)
    assert sorted(times)[10] < 0.2
