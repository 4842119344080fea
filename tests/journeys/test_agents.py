"""Filing for somebody else: an agent for the company, a guardian for the child; whose authority ended sees nothing more."""

from pathlib import Path

from tests.demo import TUESDAY, Demo
from tests.journeys.filings import LEASE, LEASE_ANSWERS, lease
from tests.journeys.people import Hall, answer, fill_form, submit

from yichuang.core.clock import local_date
from yichuang.people import cast
from yichuang.people.commands.agency import grant_agency, revoke_agency
from yichuang.people.queries import get_party, represented


def test_an_agent_files_for_the_company_until_the_company_ends_the_authority(hall: Hall, photo: Path) -> None:
    agent = hall.person("sunyan", to=f"/file/{LEASE}")
    agent.sees("深圳演示小店餐饮有限公司")
    agent.page.get_by_label("深圳演示小店餐饮有限公司").check()
    agent.shot("agent-01-who")
    agent.onward()
    answer(agent, {**LEASE_ANSWERS, "lessor": "organisation"})
    agent.sees("深圳演示小店餐饮有限公司")
    agent.shot("agent-02-form")
    form = lease(71) | {"lessor_organisation": {"contact": "孙燕", "mobile": "13800000008"}}
    fill_form(agent, form)
    number = submit(
        agent, dict.fromkeys(("lease_contract", "ownership_certificate", "lessor_licence", "lessee_ids"), photo)
    )
    agent.go(f"/my/cases/{number}")
    agent.sees(number)

    owner = hall.person("qianjin", to="/my/cases")
    owner.sees(number)
    owner.go(f"/my/cases/{number}")
    owner.sees("提交申请")
    owner.shot("agent-03-company")

    row = next(r for r in represented(Demo().actor("sunyan").id, at=TUESDAY) if r.kind == "agent")
    revoke_agency(actor=Demo().actor("qianjin"), representation=row.id, at=TUESDAY)
    try:
        agent.go(f"/my/cases/{number}")
        assert number not in agent.text
        agent.shot("agent-04-revoked")
        agent.go("/my/cases")
        assert number not in agent.text
        agent.go(f"/file/{LEASE}")
        assert "深圳演示小店" not in agent.text
        owner.reload()
        owner.sees(number)
    finally:
        grant_agency(
            actor=Demo().actor("qianjin"),
            principal=row.principal,
            agent=row.agent,
            valid_to=local_date(TUESDAY).replace(year=2027),
            at=TUESDAY,
        )


def test_a_guardian_files_for_her_child(hall: Hall, photo: Path) -> None:
    guardian = hall.person("zhangxiao", to=f"/file/{LEASE}")
    ward = next(r for r in represented(Demo().actor("zhangxiao").id, at=TUESDAY) if r.kind == "guardian").principal
    child = get_party(ward)
    assert child.name == cast.CHILD
    guardian.page.locator(f'input[name=applicant][value="{ward}"]').check()
    guardian.shot("guardian-01-who")
    guardian.onward()
    answer(guardian, LEASE_ANSWERS)
    guardian.sees("张小满")
    assert guardian.page.input_value('[name="/lessor/cn_id"]') == child.id_no
    fill_form(guardian, lease(72) | {"lessor": {"mobile": "13800000001"}})
    number = submit(
        guardian, dict.fromkeys(("lease_contract", "ownership_certificate", "lessor_id", "lessee_ids"), photo)
    )
    guardian.go(f"/my/cases/{number}")
    guardian.sees(number)
    guardian.shot("guardian-02-case")
    clerk = hall.person("zhaomin", to=f"/counter/cases/{number}/")
    clerk.sees("代理人")
    clerk.shot("guardian-03-counter")
