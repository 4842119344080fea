"""What of tenants needs a second person (docs/adr/0014): deleting one, with all that it keeps."""

from collections.abc import Mapping
from datetime import datetime

from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words
from yichuang.tenants.books import find_tenant, row_of
from yichuang.tenants.commands.keeping import DELETE, check_not_deleted, delete_tenant
from yichuang.tenants.permissions import check_can_keep_tenants
from yichuang.tenants.queries import usage_of

WHICH, ROWS, RUNS = W("租户", "Tenant"), W("数据行", "Rows of data"), W("运行中的流程", "Running processes")
EFFECT = W("结果", "What follows")
GONE = W(
    "流程终止，数据和定义删除，令牌吊销；不能恢复",
    "processes end, data and definitions are deleted, tokens are revoked; it cannot be undone",
)


def _check(actor: Actor, args: Args) -> None:
    check_can_keep_tenants(actor)


def _about(args: Args) -> Words:
    row = row_of(find_tenant(args["code"]))
    return Words(f"{row.name.zh}（{row.code}）", f"{row.name.en} ({row.code})")


def _preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    check_not_deleted(find_tenant(args["code"]))
    used = usage_of(actor, args["code"], at=at)
    return [
        Line(WHICH, _about(args)),
        Line(ROWS, Words(str(used.rows), str(used.rows))),
        Line(RUNS, Words(str(used.runs), str(used.runs))),
        Line(EFFECT, GONE),
    ]


def _run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    delete_tenant(actor=actor, code=args["code"], at=at)


second.register(
    second.Act(
        DELETE,
        W("注销租户", "Delete a tenant"),
        _check,
        _preview,
        _run,
        page=("console:tenant", "code"),
        about=_about,
    )  # fmt: skip
)
