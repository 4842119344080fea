"""我的单位: a company's cases, certificates and people in one place, for those who represent it, and for nobody else."""

from typing import Any

from django.test import Client
from tests.demo import Demo

from yichuang.people import cast


def signed_in(client: Client, who: str) -> Client:
    answer = client.post("/sign-in", {"username": who, "password": cast.PASSWORD})
    assert answer.status_code == 302
    return client


def test_the_legal_representative_sees_all_of_the_company_an_agent_what_they_stand_for(demo: Demo, client: Any) -> None:
    agent = demo.actor("sunyan")
    company = next(iter(agent.represents))
    number = demo.file(agent, "getihu-sheli", applicant=company).number
    page = signed_in(client, "qianjin").get("/my/company").content.decode()
    for word in (cast.COMPANY, number, "谁可以替单位办事", "证照"):
        assert word in page, word
    page = signed_in(Client(), "sunyan").get("/my/company").content.decode()
    assert number in page
    assert "谁可以替单位办事" not in page, "who else stands for it is for the representative to know"
    page = signed_in(Client(), "moshengren").get("/my/company").content.decode()
    assert number not in page
    assert "您没有代表任何单位" in page


def test_uses_of_my_certificates_stand_beside_the_looks_at_my_data(demo: Demo, client: Any) -> None:
    from yichuang.cases.commands.accept import accept_case
    from yichuang.cases.commands.decide import decide_case
    from yichuang.registry.commands import use_certificate
    from yichuang.registry.queries import certificate_of_subject

    receipt = demo.file(demo.actor("zhangxiao"))
    lina = demo.actor("lina")
    head = accept_case(actor=lina, number=receipt.number, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at)
    row = certificate_of_subject("case", receipt.case_id)
    assert row is not None
    use_certificate(
        actor=lina, id=row.id, purpose="免提交", ground="duty", case_number=receipt.number, fields=["chip"], at=demo.at
    )
    page = signed_in(client, "zhangxiao").get("/my/looks").content.decode()
    assert "谁用过我的证照" in page
    assert "免提交" in page
