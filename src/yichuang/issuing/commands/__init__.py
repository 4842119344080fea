"""Every way in which issuing changes: making papers, handing over, counting prints."""

from yichuang.issuing.commands.appraise import answer_appraisal, appraise
from yichuang.issuing.commands.archive import archive_case, open_package
from yichuang.issuing.commands.exchange import exchange_paper, expect_exchange
from yichuang.issuing.commands.hand_over import hand_over, make_pickup_code
from yichuang.issuing.commands.prepare import prepare_result
from yichuang.issuing.commands.printing import record_print
from yichuang.issuing.commands.render import render_certificate, render_document

__all__ = [
    "answer_appraisal",
    "appraise",
    "archive_case",
    "exchange_paper",
    "expect_exchange",
    "hand_over",
    "make_pickup_code",
    "open_package",
    "prepare_result",
    "record_print",
    "render_certificate",
    "render_document",
]
