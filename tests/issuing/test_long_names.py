"""A certificate stays one sheet, with its seal on it, however long a name, an address or a scope is."""

import io

import pikepdf
import pytest
from tests.issuing.pdf import text_of
from tests.issuing.samples import AT, ORGAN

from yichuang.issuing.papers import CERTIFICATE_TEMPLATES, PLAIN_CERTIFICATE
from yichuang.issuing.typeset import Sheet, qr_svg, typeset

NAME = "买买提·阿卜杜热西提·吐尔逊江·" * 6
SCOPE = "；".join(["食品销售（仅销售预包装食品）", "日用百货零售", "餐饮服务（凭许可证经营）", "物联网技术服务"] * 10)
SHORT = {"名称": "张三面馆", "经营者": "张三", "经营场所": "演示路 1 号", "经营范围": "日用百货零售"}
LONG = {
    "名称": f"深圳市罗湖区{NAME}餐饮店（个体工商户）",
    "经营者": NAME,
    "经营场所": "演示路 1 号" * 12,
    "经营范围": SCOPE,
}


@pytest.mark.parametrize("template", sorted({*CERTIFICATE_TEMPLATES, PLAIN_CERTIFICATE}))
@pytest.mark.parametrize("said", [SHORT, LONG], ids=["short", "long"])
def test_the_seal_stays_on_the_sheet_that_it_seals(template, said, tmp_path):
    fields = [{"label": label, "value": value} for label, value in said.items()]
    paper = typeset(
        Sheet(
            template=template, title="营业执照", number="深罗个登〔2026〕000001", organ=ORGAN, date="2026年11月24日", at=AT,
            values={
                "holder": said["经营者"], "identifier": "1.2.156.3005.2.11100000MB0143028R001", "fields": fields,
                "valid_from_on": "2026年11月24日", "valid_to_on": "",
            },
            qr=qr_svg("https://example.org"), qr_caption="扫码核验真伪", code="ABCD-EFGH",
        )
    )  # fmt: skip
    with pikepdf.open(io.BytesIO(paper.pdf)) as made:
        assert len(made.pages) == 1
    assert paper.spot is not None
    assert paper.spot.page == 0
    assert "".join(text_of(paper.pdf, tmp_path).split()).count("物联网技术服务") == said["经营范围"].count(
        "物联网技术服务"
    )
