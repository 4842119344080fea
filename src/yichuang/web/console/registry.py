"""The shared bases (一库共享): their catalogue and sources, batches of rows, contradictions between sources."""

import json
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.core.actors import Actor
from yichuang.core.clock import now
from yichuang.core.refusals import Reason, Refused
from yichuang.core.words import W, Words
from yichuang.registry import commands as registry_commands
from yichuang.registry import queries as registry
from yichuang.registry.permissions import can_keep
from yichuang.registry.values import BASE_WORDS, FIELDS, KEY_WORDS, KEYS, Base
from yichuang.web.console.pages import JsonDict, moment_of, render, save
from yichuang.web.console.second import to_ask
from yichuang.webkit import params
from yichuang.webkit.actor import actor_of

STAGED = W(
    "文件已检查。请核对结果，写明理由后提交复核；另一位事项管理员同意后才导入",
    "The file was checked. Look at the result, give the reason and propose it: it is loaded when another item editor agrees",
)
SETTLED = W("已核实，今后以您选定的来源为准", "Settled: from now on the source that you chose is believed")
NO_FILE = W("请选择 CSV 或 XLSX 文件", "Choose a CSV or XLSX file")
NO_BASE = W("请选择数据库", "Choose the base")
NO_CHOICE = W("请从列表里选择要核实的矛盾", "Choose a contradiction from the list")
KINDS = {
    "text": W("文字", "text"),
    "date": W("日期", "date"),
    "number": W("数字", "number"),
    "flag": W("是/否", "yes or no"),
    "list": W("多项", "list"),
}
COMPARED = {
    "exact": W("逐字", "exactly"),
    "name": W("按姓名", "as a name"),
    "address": W("按地址各部分", "as an address, by parts"),
    "date": W("按日期", "as a date"),
}
SOURCES = {  # the made-up givers of the demo; any other is named by the operator
    "demo_police": W("公安（演示）", "Police (demo)"),
    "demo_civil": W("民政（演示）", "Civil affairs (demo)"),
    "demo_market": W("市场监管（演示）", "Market regulation (demo)"),
    "demo_street": W("街道（演示）", "Sub-districts (demo)"),
    "demo_court": W("法院（演示）", "Court (demo)"),
    "demo_licences": W("各发证机关（演示）", "Issuing authorities (demo)"),
    "yichuang": W("本系统证照库", "our own certificate base"),
}


def source_words(code: str) -> Words:
    """A source by the name that people know, else by its code."""
    return SOURCES.get(code, W(code, code))


def overview(request: HttpRequest) -> HttpResponse:
    """The data catalogue, and how each source does."""
    actor, at = actor_of(request), now()
    keeps = can_keep(actor)
    context = {
        "sources": registry.source_states(actor, at=at),
        "named": source_words,
        "catalogue": registry.data_catalogue(),
        "fields": FIELDS,
        "bases": BASE_WORDS,
        "kinds": KINDS,
        "compared": COMPARED,
        "keeps": keeps,
        "waiting": registry.count_contradictions(actor) if keeps else 0,
    }
    return render(request, "console/registry.html", context)


def batches(request: HttpRequest) -> HttpResponse:
    """What was loaded, and what sources gave. Forms go on to ask a second person: for loading a file, for retiring a source."""
    if request.method != "POST":
        return _batches(request)
    if params.text(request, "act") == "retire":
        given = {name: params.text(request, name, longest=60) for name in ("base", "source")}
        return to_ask(request, registry_commands.RETIRE, given, lambda refused: _batches(request, refused))
    return save(
        request,
        "stage_batch",
        lambda actor, at: _stage(request, actor, at),
        done=STAGED,
        then=lambda answer: reverse(
            "console:second-ask", query={"act": registry_commands.LOAD, "args": json.dumps({"batch": answer["batch"]})}
        ),
        again=lambda refused: _batches(request, refused),
    )


def _stage(request: HttpRequest, actor: Actor, at: datetime) -> JsonDict:
    base, sent = params.choice(request, "base", set(Base)), request.FILES.get("file")
    source = params.text(request, "source", longest=60)
    reasons = [] if base else [Reason("BASE_MISSING", NO_BASE, "base")]
    reasons += registry.source_faults(source)
    if sent is None:
        reasons.append(Reason("FILE_MISSING", NO_FILE, "file"))
    if reasons or sent is None:
        raise Refused(*reasons)
    staged = registry_commands.stage_batch(
        base=Base(base),
        source=source,
        actor=actor,
        at=at,
        file=sent.read(),
        name=sent.name or "",
        whole=params.text(request, "whole") == "1",
        encoding="gb18030" if params.text(request, "encoding") == "gb18030" else "utf-8",
        made_at=moment_of(request, "made_at"),
    )
    return {"batch": str(staged)}


def _batches(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor = actor_of(request)
    cursor = params.uuid_or_none(str(request.GET.get("cursor", "")))
    context = {
        "page": registry.list_batches(actor, str(cursor) if cursor else None),
        "holdings": () if cursor else registry.list_holdings(actor, at=now()),
        "named": source_words,
        "bases": BASE_WORDS,
        "keys": {base: KEY_WORDS[KEYS[base]] for base in Base},
    }
    return render(request, "console/registry_batches.html", context, refused)


def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What became of one batch, and what is wrong with which row."""
    found, faults = registry.get_batch(actor_of(request), batch)
    titles = {"key": KEY_WORDS[KEYS[found.base]], **{spec.name: spec.words for spec in FIELDS[found.base].values()}}
    context = {"batch": found, "faults": faults, "titles": titles, "named": source_words, "bases": BASE_WORDS}
    return render(request, "console/registry_batch.html", context)


def contradictions(request: HttpRequest) -> HttpResponse:
    """Where sources contradict each other; a form says which is right, and why."""
    if request.method != "POST":
        return _contradictions(request)

    def do(actor: Actor, at: datetime) -> None:
        chosen = params.uuid_or_none(params.text(request, "contradiction"))
        if chosen is None:
            raise Refused(Reason("CONTRADICTION_MISSING", NO_CHOICE, "contradiction"))
        registry_commands.settle_contradiction(
            actor=actor,
            id=chosen,
            keep=params.text(request, "keep"),
            reason=params.text(request, "reason", longest=1000),
            seen=_moment(params.text(request, "seen", longest=40)),
            at=at,
        )

    return save(
        request,
        "settle_contradiction",
        do,
        done=SETTLED,
        then=lambda _: reverse("console:registry-contradictions"),
        again=lambda refused: _contradictions(request, refused),
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _contradictions(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor, asked = actor_of(request), request.GET
    base = str(asked.get("base", ""))
    cursor = params.uuid_or_none(str(asked.get("cursor", "")))
    settled = asked.get("state") == "settled"
    only = Base(base) if base in set(Base) else None
    context = {
        "page": registry.list_contradictions(actor, only, str(cursor) if cursor else None, settled=settled),
        "base": only or "",
        "settled": settled,
        "named": source_words,
        "bases": BASE_WORDS,
    }
    return render(request, "console/registry_contradictions.html", context, refused)
