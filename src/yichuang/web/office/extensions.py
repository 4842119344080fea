"""延期 on the case page: one asks, another approves or declines."""

from collections.abc import Callable

from django.http import HttpRequest

from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.core.words import W, Words
from yichuang.webkit import params
from yichuang.webkit.acts import Given

Step = tuple[Callable[[Given], object], Words]


def steps(request: HttpRequest) -> dict[str, Step]:
    """The acts by the last part of their address."""
    reason = params.text(request, "reason", longest=2000)
    return {
        "ask": (
            lambda given: ask_extension(**given, days=params.whole(request, "days"), reason=reason),
            W("已提交延期申请，等待批准；批准前时限不变", "Asked for; the limit stays as it is until it is approved"),
        ),
        "approve": (
            lambda given: extend_case(**given),
            W("已批准延期，通知书已生成", "The extension is approved; the notice is ready"),
        ),
        "decline": (
            lambda given: decline_extension(**given, reason=reason),
            W("已记录：不批准延期", "On record: the extension is not approved"),
        ),
    }
