"""What the pages of signing together (共同签署) show."""

from tests.cases.cosigning import asked, draft_of, of, signs
from tests.demo import Demo

from yichuang.cases.commands.cosign import refuse_to_sign
from yichuang.people.models import Account


def signings(demo: Demo) -> dict[str, str]:
    """Companies that 张晓 opens with others: one not asked yet, one that waits for 孙燕, one that 钱进 refused; and one
    whose document nobody has seen."""
    company, signed = draft_of(demo, "sunyan", "qianjin"), draft_of(demo, "sunyan", "qianjin")
    unsigned = draft_of(demo, "qianjin")
    waits, refused = asked(demo, draft=signed), asked(demo, draft=unsigned)
    signs(demo, waits, "qianjin")
    no = of(refused, demo, "qianjin").id
    refuse_to_sign(
        actor=demo.actor("qianjin"), signature=no, reason="出资比例和商量的不一样，请改成各百分之五十", at=demo.at
    )
    Account.objects.filter(username="zhangjie").update(identity_seen=False)
    return {
        "company": str(company), "signed": str(signed), "unsigned": str(unsigned),
        "signature": str(of(waits, demo, "sunyan").id), "signature_refused": str(no),
        "unseen": str(demo.actor("zhangjie").id),
    }  # fmt: skip
