"""What pages tell people of themselves: who looked at their data, who used their certificate; and what is over."""

import io
from datetime import timedelta
from uuid import UUID

from PIL import Image, ImageDraw
from tests.demo import Demo

from yichuang.cases.commands.supplement import make_supply_link
from yichuang.core.actors import SYSTEM
from yichuang.people.commands import record_look, unmask
from yichuang.registry.commands import use_certificate

CALLED, USED = "电话核对上门时间", "核对养犬登记"


def picture() -> bytes:
    """A photograph of a paper, so that what was handed in is seen on the pages."""
    paper = Image.new("RGB", (480, 640), "#f4f1ea")
    drawing = ImageDraw.Draw(paper)
    drawing.rectangle((40, 40, 440, 600), fill="white", outline="#777777", width=3)
    for line in range(9):
        drawing.rectangle((80, 120 + line * 48, 400 if line % 3 else 300, 132 + line * 48), fill="#9aa6b5")
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=70)
    return out.getvalue()


def look_at(demo: Demo, party: UUID, number: str, certificate: UUID) -> None:
    """A clerk and a reviewer open the case, one reads a number in full; the certificate's holder reads who used it."""
    lina, wang, hour = demo.actor("lina"), demo.actor("wangqiang"), timedelta(hours=1)
    papers = ("form", "materials")
    record_look(actor=lina, party=party, purpose="precheck", fields=papers, case_number=number, at=demo.at - hour)
    record_look(actor=wang, party=party, purpose="review", fields=papers, case_number=number, at=demo.at)
    unmask(actor=wang, party=party, field="mobile", reason=CALLED, case_number=number, at=demo.at)
    use_certificate(
        actor=SYSTEM, id=certificate, purpose=USED, ground="duty", case_number=number, fields=("owner",), at=demo.at
    )


def over(demo: Demo, number: str) -> str:
    """The code of a link whose week is over."""
    return make_supply_link(actor=demo.actor("zhangxiao"), number=number, materials=(), at=demo.at - timedelta(days=8))
