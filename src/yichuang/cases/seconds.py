"""What of cases needs a second person (docs/adr/0014): open cases that go on under a newer version, or by its process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yichuang.cases.commands.move_process import MOVE_PROCESS, movable_processes, move_process, steps_to_map, words_of
from yichuang.cases.commands.move_version import MOVE, movable, move_version
from yichuang.cases.commands.rulesets import (
    ANEW,
    ANEW_WORDS,
    LET,
    LET_WORDS,
    begin_anew,
    check_can_let,
    let_decide_alone,
)
from yichuang.cases.queries.rulesets import get_rule_set
from yichuang.cases.rulesets import Evidence
from yichuang.catalog.permissions import check_can_publish
from yichuang.catalog.queries import published_name
from yichuang.core import second
from yichuang.core.actors import Actor
from yichuang.core.refusals import Conflict, Reason, refuse_all
from yichuang.core.second import Args, Line
from yichuang.core.words import W, Words

VERSIONS, FROM_TO = (
    W("版本", "Versions"),
    W("{item}：第 {old} 版 → 第 {new} 版", "{item}: version {old} → version {new}"),
)
ABOUT = W("{item}：第 {old} 版 → 第 {new} 版，{n} 件", "{item}: version {old} → version {new}, cases: {n}")
MOVES, ASKED = (
    W("迁移，不要补材料", "moves, nothing more is asked"),
    W("迁移，要补：{papers}", "moves, asked for: {papers}"),
)
STEP, GOES = W("流程环节", "Step"), W("{old} → {new}", "{old} → {new}")
PROCESS_MOVES = W("改按新流程审查", "goes on by the new process")
SKIPS = W(
    "改按新流程审查；新流程中“{steps}”已经走过，不会再有人办",
    "goes on by the new process; it is past these steps, which nobody will do: {steps}",
)
STAYS = W("不迁移：{why}", "stays: {why}")
MEANWHILE = W(
    "有的办件已经办结或者迁移，请重新核对", "Some of these cases have ended or moved meanwhile: please look again"
)


def _check(actor: Actor, args: Args) -> None:
    check_can_publish(actor)


def _about(args: Args) -> Words:
    name = published_name(args["item"]) or Words(args["item"], args["item"])
    return ABOUT.format(item=name, old=args["old"], new=args["new"], n=len(args["numbers"]))


def _preview(actor: Actor, args: Args, at: datetime) -> list[Line]:
    known = _known(actor, args, at)
    lines = [Line(VERSIONS, FROM_TO.format(item=args["item"], old=args["old"], new=args["new"]))]
    for number in known:
        found = move_version(actor=actor, number=number, old=args["old"], new=args["new"], at=at, dry_run=True)
        if found.moved and found.asked:
            told = ASKED.format(papers=_joined(found.asked))
        else:
            told = MOVES if found.moved else STAYS.format(why=_joined([reason.words for reason in found.stays]))
        lines.append(Line(Words(number, number), told))
    return lines


def _joined(words: Any) -> Words:
    return Words("、".join(one.zh for one in words), ", ".join(one.en for one in words))


def _known(actor: Actor, args: Args, at: datetime) -> list[str]:
    numbers = list(dict.fromkeys(args["numbers"]))
    if set(numbers) - set(movable(actor=actor, item=args["item"], old=args["old"], new=args["new"], at=at)):
        raise Conflict(Reason("MOVED_MEANWHILE", MEANWHILE, "numbers"))
    return numbers


def _run(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, Any]:
    old, new = args["old"], args["new"]
    found = [move_version(actor=actor, number=n, old=old, new=new, at=at) for n in _known(actor, args, at)]
    return {"moved": sum(one.moved for one in found)}


second.register(
    second.Act(
        MOVE,
        W("在办件改按新版本办理", "Move open cases to a newer version"),
        _check,
        _preview,
        _run,
        page=("console:moving", "item"),
        about=_about,
    )  # fmt: skip
)


def _preview_process(actor: Actor, args: Args, at: datetime) -> list[Line]:
    known, names = _known_processes(actor, args, at), _names(args)
    before, after = steps_to_map(args["item"], old=args["old"], new=args["new"], at=at)
    lines = [Line(VERSIONS, FROM_TO.format(item=args["item"], old=args["old"], new=args["new"]))]
    for old in before.resting:
        if old in names:
            told = GOES.format(old=words_of(before, old), new=words_of(after, names[old]))
            lines.append(Line(STEP, told))
    for number in known:
        found = move_process(
            actor=actor, number=number, old=args["old"], new=args["new"], names=names, at=at, dry_run=True
        )
        why = _joined([reason.words for reason in found.stays])
        moves = SKIPS.format(steps=_joined(found.left_out)) if found.left_out else PROCESS_MOVES
        lines.append(Line(Words(number, number), moves if found.moved else STAYS.format(why=why)))
    return lines


def _names(args: Args) -> dict[str, str]:
    return {str(old): str(new) for old, new in dict(args["names"]).items()}


def _known_processes(actor: Actor, args: Args, at: datetime) -> list[str]:
    numbers = list(dict.fromkeys(args["numbers"]))
    found = movable_processes(actor=actor, item=args["item"], old=args["old"], new=args["new"], at=at)
    if set(numbers) - set(found):
        raise Conflict(Reason("MOVED_MEANWHILE", MEANWHILE, "numbers"))
    return numbers


def _run_process(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, Any]:
    given = {"old": args["old"], "new": args["new"], "names": _names(args), "at": at}
    found = [move_process(actor=actor, number=number, **given) for number in _known_processes(actor, args, at)]
    return {"moved": sum(one.moved for one in found)}


second.register(
    second.Act(
        MOVE_PROCESS,
        W("审查中的办件改按新版本的流程", "Move cases under review to the process of a newer version"),
        _check,
        _preview_process,
        _run_process,
        page=("console:rerouting", "item"),
        about=_about,
    )  # fmt: skip
)


COMPARED, DROPPED, FALSE, SURE, LOOKED_AT = (
    W("已比对的自动通过", "Approvals compared"),
    W("不再计算的比对", "Comparisons that count no more"),
    W("其中错批", "Of them false"),
    W("错批率上限（95% 把握）", "False ones at most (95% sure)"),
    W("抽查比例", "Re-checked"),
)
OF_ALLOWED, CASES, PERCENT = (
    W("{upper}（允许 {bound}）", "{upper} ({bound} is allowed)"),
    W("{n} 件", "{n}"),
    W("{n}%", "{n}%"),
)


def _check_let(actor: Actor, args: Args) -> None:
    check_can_let(actor, str(args["item"]), str(args["sha"]))


def _preview_let(actor: Actor, args: Args, at: datetime) -> list[Line]:
    page = get_rule_set(actor, str(args["item"]), str(args["sha"]), at=at)
    refuse_all([Reason("NOT_YET", words) for words in page.why_not], kind="conflict")
    found: Evidence = page.row.evidence
    share = OF_ALLOWED.format(upper=f"{found.upper:.2%}", bound=f"{found.bound:.2%}")
    return [
        Line(COMPARED, CASES.format(n=found.compared)),
        Line(FALSE, CASES.format(n=found.wrong)),
        Line(SURE, share),
        Line(LOOKED_AT, PERCENT.format(n=page.row.share)),
    ]


def _run_let(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> dict[str, Any]:
    return {"mode": let_decide_alone(actor=actor, item=str(args["item"]), sha=str(args["sha"]), at=at).value}


def _about_let(args: Args) -> Words:
    return published_name(args["item"]) or Words(args["item"], args["item"])


second.register(
    second.Act(LET, LET_WORDS, _check_let, _preview_let, _run_let, page=("console:rule-set", "item"), about=_about_let)
)


def _preview_anew(actor: Actor, args: Args, at: datetime) -> list[Line]:
    item, sha = str(args["item"]), str(args["sha"])
    second.trial(ANEW, lambda: begin_anew(actor=actor, item=item, sha=sha, at=at))
    found: Evidence = get_rule_set(actor, item, sha, at=at).row.evidence
    return [Line(DROPPED, CASES.format(n=found.compared)), Line(FALSE, CASES.format(n=found.wrong))]


def _run_anew(actor: Actor, args: Args, late: Mapping[str, str], at: datetime) -> None:
    begin_anew(actor=actor, item=str(args["item"]), sha=str(args["sha"]), at=at)


second.register(
    second.Act(
        ANEW, ANEW_WORDS, _check_let, _preview_anew, _run_anew, page=("console:rule-set", "item"), about=_about_let
    )
)
