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


def test_an_authority_is_given_and_ended_on_the_phone(hall: Hall) -> None:
    owner = hall.person("zhangxiao", phone=True, to="/my/agents")
    agent = get_party(Demo().actor("jiye").id)
    owner.shot("authority-01-agents")
    owner.onward()
    owner.arrives("**/my/agents/give")
    owner.page.get_by_label("代理人姓名").fill(agent.name)
    owner.page.get_by_label("代理人证件号码").fill(agent.id_no)
    owner.page.get_by_label("只限下面勾选的事项").check()
    owner.page.get_by_text("选择事项").click()
    owner.page.get_by_label("养犬登记（首次）").check()
    owner.page.get_by_label("有效期至").fill("2027-03-31")
    owner.shot("authority-02-form")
    owner.turn_page()
    owner.sees("核对授权", "养犬登记（首次）", "2027年3月31日")
    owner.shot("authority-03-confirm")
    owner.page.get_by_label("登录密码").fill(cast.PASSWORD)
    owner.onward()
    owner.arrives("**/my/agents")
    owner.sees("已授权")
    owner.shot("authority-04-given")

    helper = hall.person("jiye", to="/file/yangquan-dengji")
    helper.sees("张晓")
    helper.go("/my/agents")
    helper.follow("不再代办")
    helper.shot("authority-05-end")
    helper.press("确认解除")
    helper.arrives("**/my/agents")
    helper.sees("现在没有人授权您代办")
    owner.reload()
    assert "委托代理人" not in owner.text
