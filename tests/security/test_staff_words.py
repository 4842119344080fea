"""What people type in their own words may name somebody: it lies sealed, wherever it is kept, old rows included."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from tests.security.test_canaries import _in_tables

from yichuang.cases.commands.accept import MaterialFinding, accept_case, accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import lapse_promise, object_to_lapse, repair_lapse, terminate_case, withdraw_case
from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.commands.precheck import precheck_case
from yichuang.cases.commands.refuse import refuse_case
from yichuang.cases.commands.review import claim_review, complete_review, return_review
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.models import Material
from yichuang.cases.queries import list_tasks
from yichuang.cases.values import RefusalKind
from yichuang.core.actors import SYSTEM
from yichuang.core.crypto import CryptoError
from yichuang.core.fields import SealedText
from yichuang.core.jobs import run_waiting
from yichuang.engine.queries import tasks_of
from yichuang.people.commands import record_legal_representative
from yichuang.people.models import Party
from yichuang.registry.commands import set_status, use_certificate
from yichuang.registry.models import Certificate
from yichuang.registry.values import Status

NAME = "柳絮飘飘"  # nobody else has it


def words(where: str) -> str:
    return f"{where}请联系{NAME}"


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Any) -> None:
    settings.YICHUANG_DATA = tmp_path


def live(demo: Any) -> None:
    """Every act that takes somebody's own words, with a name in each."""
    _told_twice(demo)
    _refused_and_terminated(demo)
    _promise_not_kept(demo)
    _extended_suspended_withdrawn(demo)
    _granted_and_revoked(demo)
    other = demo.actor("moshengren")
    company = Party.objects.filter(kind="company").order_by("id")[0].id
    record_legal_representative(actor=SYSTEM, company=company, person=other.id, basis=words("执照"), at=demo.at)
    run_waiting()


def _told_twice(demo: Any) -> None:
    zhang, li, supervisor = (demo.actor(name) for name in ("zhangxiao", "lina", "huanghai"))
    receipt = demo.file(zhang, materials=("property_certificate", "immunity_certificate", "dog_photos"))
    of = {"number": receipt.number, "at": demo.at}
    found = {"property_certificate": MaterialFinding("faulty", words("复印件不清"))}
    head = precheck_case(actor=li, version=1, findings=found, **of)
    head = notify_gaps(actor=li, version=head.version, findings=found, **of)
    more = {"dog_photos": MaterialFinding("faulty", words("照片模糊"))}
    notify_gaps(actor=supervisor, version=head.version, findings=more, supervisor_reason=words("首次遗漏"), **of)


def _refused_and_terminated(demo: Any) -> None:
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    refused, left = demo.file(zhang), demo.file(zhang)
    kind, to = RefusalKind.NOT_OURS, words("另一机关")
    refuse_case(actor=li, number=refused.number, version=1, kind=kind, reason=words("不归"), where_to_go=to, at=demo.at)
    terminate_case(actor=li, number=left.number, version=1, reason=words("已故"), at=demo.at)


def _promise_not_kept(demo: Any) -> None:
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang, materials=("owner_id", "property_certificate", "immunity_certificate"))
    of = {"number": receipt.number, "at": demo.at}
    accept_with_gaps(actor=demo.actor("lina"), version=1, findings={}, promise_signed=True, **of)
    lapse_promise(case=receipt.case_id, at=demo.at + timedelta(days=60))
    object_to_lapse(actor=zhang, objection=words("邮寄在路上"), **of)
    repair_lapse(actor=demo.actor("huanghai"), reason=words("材料已补"), **of)


def _extended_suspended_withdrawn(demo: Any) -> None:
    zhang, wang = demo.actor("zhangxiao"), demo.actor("wangqiang")
    receipt = demo.file(zhang)
    of = {"number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), version=1, findings={}, **of)
    task = list_tasks(wang, at=demo.at).items[0].task.id
    head = claim_review(actor=wang, task=task, version=head.version, at=demo.at)
    head = return_review(actor=wang, task=task, version=head.version, note=words("请他人办理"), at=demo.at)
    ask = {"days": 3, "reason": words("复杂"), **of}
    lin, declined = demo.actor("linfang"), words("尚有时间")
    head = ask_extension(actor=wang, version=head.version, **ask)
    head = decline_extension(actor=lin, version=head.version, reason=declined, **of)
    head = ask_extension(actor=wang, version=head.version, **ask)
    head = extend_case(actor=lin, version=head.version, **of)
    head = suspend_case(actor=wang, version=head.version, ground="testing", days=3, reason=words("送检"), **of)
    withdraw_case(actor=zhang, version=head.version, reason=words("不办了"), **of)


def _granted_and_revoked(demo: Any) -> None:
    zhang, wang, lin = (demo.actor(name) for name in ("zhangxiao", "wangqiang", "linfang"))
    receipt = demo.file(zhang)
    of = {"number": receipt.number, "at": demo.at}
    head = accept_case(actor=demo.actor("lina"), version=1, findings={}, **of)
    task = tasks_of(("case", receipt.case_id))[0].id
    head = claim_review(actor=wang, task=task, version=head.version, at=demo.at)
    say = {"outcome": "agree", "opinion": words("同意")}
    head = complete_review(actor=wang, task=task, version=head.version, at=demo.at, **say)
    decide_case(actor=lin, version=head.version, outcome="grant", reasons=words("准予"), opinion=words("可以"), **of)
    certificate = Certificate.objects.get(subject_id=receipt.case_id)
    about = {"ground": "duty", "case_number": receipt.number, "fields": ("holder",)}
    use_certificate(actor=lin, id=certificate.id, purpose=words("核对"), at=demo.at, **about)
    set_status(id=certificate.id, status=Status.REVOKED, reason=words("欺骗"), at=demo.at, actor=lin)


def kept() -> set[str]:
    """The sealed columns in which the name stands, once they are opened."""
    return {
        f"{model._meta.model_name}.{field.attname}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedText)
        for value in model._base_manager.order_by("pk").values_list(
            field.attname, flat=True
        )  # tenants refuse the default one
        if NAME in str(value)
    }


EVERYWHERE = {
    "certificatestatus.reason", "decision.reasons", "document.values", "extension.reason",
    "extensionrequest.note", "extensionrequest.reason",
    "gapnotice.items", "gapnotice.supervisor_reason", "material.fault_en", "material.fault_zh",
    "promiselapse.objection", "promiselapse.repaired_reason", "registryuse.purpose", "representation.basis",
    "suspension.reason", "task.notes", "task.opinion",
}  # fmt: skip


def test_what_anybody_says_in_their_own_words_lies_sealed(demo: Any) -> None:
    live(demo)
    assert kept() >= EVERYWHERE, EVERYWHERE - kept()
    assert sorted(_in_tables({"name": NAME})) == []


def test_an_empty_text_stays_empty_where_few_have_one() -> None:
    field = SealedText(aad="a.b", keep_empty=True)
    assert (field.get_prep_value(""), field.get_prep_value(None)) == ("", None)
    assert field.from_db_value(field.get_prep_value("x")) == "x"
    assert (field.from_db_value(""), field.from_db_value(None)) == ("", None)
    with pytest.raises(CryptoError):
        field.from_db_value("x")
    assert Material.objects.filter(fault_zh="").query
    with pytest.raises(FieldError):
        Material.objects.filter(fault_zh="x")
