"""The tenants of the pictures' district."""

from tests.demo import Demo
from tests.tenants import things

from yichuang.core.words import W
from yichuang.network.queries import get_department
from yichuang.tenants.commands import (
    change_tenant,
    make_credential,
    make_hook,
    make_tenant,
    rotate_credential,
    suspend_tenant,
)
from yichuang.tenants.values import NEWS, Quotas


def two_tenants(demo: Demo) -> None:
    """An application at work, with a long name, and one that was stopped before it began."""
    venues = things.made(demo, "venues", rows=5000)
    things.with_table(venues, demo.at)
    things.publish(venues, "process", "book", things.PROCESS, demo.at)
    things.publish(venues, "decision", "fee", things.DECISION, demo.at, W("准入", "Fee"))
    for n, path in enumerate(("told", "a-long-path-of-a-programme-of-the-centre-that-wants-to-know-everything")):
        kinds = [*NEWS][: 6 - n * 5]
        make_hook(actor=venues.program, url=f"http://127.0.0.1:84{n:02}/{path}", kinds=kinds, at=demo.at)
    for day in range(1, 4):
        things.add(venues, demo.at, day=f"2026-12-{day:02}")
        things.start(venues, demo.at)
    keeper, long = demo.actor("shilei"), W("买买提·阿卜杜热西提社区活动场地与器材预约服务应用（试运行）", "Booking of venues and equipment of the community centre (trial operation)")  # fmt: skip
    department = get_department("CGZF").id
    change_tenant(actor=keeper, code="venues", name=long, department=department, quotas=Quotas(rows=5000), at=demo.at)
    rotate_credential(actor=keeper, tenant="venues", credential=venues.credential, at=demo.at)
    make_credential(actor=keeper, tenant="venues", label="只看报表的程序", scopes=["read"], days=30, at=demo.at)
    make_tenant(
        actor=keeper,
        code="lamps",
        name=W("路灯报修", "Broken lamps"),
        department=department,
        quotas=Quotas(),
        at=demo.at,
    )
    suspend_tenant(actor=keeper, code="lamps", at=demo.at)
