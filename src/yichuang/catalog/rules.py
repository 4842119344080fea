"""What an item asks of one applicant: pure functions on values. No Django, no clock, no database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from yichuang.catalog.held import held_codes
from yichuang.catalog.values import (
    Condition,
    FileRule,
    Limit,
    Material,
    MaterialVerdict,
    Pack,
    Question,
    RequiredMaterial,
    Requirements,
)
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar
from yichuang.engine.values import Expression
from yichuang.registry.values import BASE_WORDS, Base

_NEEDED = W("本事项必须提交", "Everybody who applies needs this")
_NOT_ASKED = W("自愿提交", "You may add this")
_HELD = W("{name}已在证照库中，免提交", "The state already holds your {name}: nothing to hand in")
_FETCHED = W("{name}由系统从{base}取得，免提交", "We take your {name} from the base “{base}”: nothing to hand in")
_UNSURE = W("可能需要，看您还没填的内容", "May be needed: it depends on what you have not filled in yet")
_WRONG_KIND = W("“{name}”：这份材料只接收 {kinds}", "“{name}”: this paper must be {kinds}")
_TOO_BIG = W("“{name}”：每个文件不超过 {most} MB", "“{name}”: each file may have at most {most} MB")
_TOO_MANY = W("这份材料最多 {most} 个文件，请先删除多余的", "At most {most} files for this paper: remove one first")
_MEGABYTE = 1024 * 1024
T = TypeVar("T")
FIRST = "new"  # facts.follow_up of what is no 变更, 延续 or 补发 of a result in force
_TO_JUDGE = W("需要工作人员核实：{text}", "A member of staff has to check this: {text}")


class Same(Generic[T]):
    """Something as a key: itself, whatever it holds. A cache that has it keeps it, so no other takes its place."""

    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it

    def __hash__(self) -> int:
        return id(self.it)


def requirements_for(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], facts: Mapping[str, Any]
) -> Requirements:
    """The materials, limits and obstacles of this applicant.

    `facts` holds "today" (date), "channel", "follow_up" ("new" or the kind), "certificates" (type codes validly held), "fetched" (material → what a base
    said of the applicant, by field; only what it surely said) and what the pack's FactSpecs name. What is not known is left out and never counts in the applicant's favour: a material whose condition
    cannot be known yet is listed, a check that cannot be known goes to a person. What a commitment (告知承诺) stands for is
    not listed, once the applicant has surely chosen it.
    """
    values = typed_values(pack, answers, form, facts)
    made = tuple(one for one in pack.commitments if weigh(one.when, values) is True)
    instead = {code for one in made for code in one.replaces}
    materials = _materials(
        Same(pack),
        tuple(m.code not in instead and weigh(m.when, values) for m in pack.materials),
        held_codes(pack, facts, values),
    )
    blocked, undecided = _judge_conditions(pack, values)
    legal, promise = _limits(pack, values)
    return Requirements(
        materials=materials,
        blocked=blocked,
        undecided=undecided,
        path="instant" if promise.unit == "instant" else "promise",
        legal=legal,
        promise=promise,
        promise_with_gaps=limit_with_gaps(pack, promise),
        questions_open=_open(pack, answers),
        tolerant=any(material.tolerable for material in materials),
        commitments=made,
    )


class HandedIn(Protocol):
    """A file as it was handed in: what it is called, its kind by content, its size in bytes."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def size(self) -> int: ...


def file_faults(rule: FileRule, files: Sequence[HandedIn], *, field: str, had: int = 0) -> list[Reason]:
    """Everything that the material's rule has against the files: kind, size, and their number with the `had` before.

    A WebP picture is welcome wherever another picture is. Too few files hinder nobody: that is told with the gaps.
    """
    reasons = [reason for file in files for reason in _faults_of(rule, file, field)]
    if had + len(files) > rule.most:
        reasons.append(Reason("TOO_MANY_FILES", _TOO_MANY.format(most=rule.most), field))
    return reasons


def _faults_of(rule: FileRule, file: HandedIn, field: str) -> list[Reason]:
    reasons = []
    allowed = {"jpg" if kind in {"jpeg", "heic"} else kind for kind in rule.kinds}  # HEIC is kept as JPEG
    if file.kind not in allowed and not (file.kind == "webp" and allowed & {"jpg", "png"}):
        kinds = [kind.upper() for kind in rule.kinds]
        told = _WRONG_KIND.format(name=file.name, kinds=Words("、".join(kinds), ", ".join(kinds)))
        reasons.append(Reason("WRONG_KIND", told, field))
    if file.size > rule.max_mb * _MEGABYTE:
        reasons.append(Reason("FILE_TOO_BIG", _TOO_BIG.format(name=file.name, most=rule.max_mb), field))
    return reasons


def judge_materials(requirements: Requirements, provided: Collection[str]) -> MaterialVerdict:
    """Which of the demanded materials are missing: all of them at once, and whether each may follow later (容缺)."""
    missing = tuple(material for material in requirements.demanded if material.code not in provided)
    return MaterialVerdict(missing, bool(missing) and all(material.tolerable for material in missing))


def due_date(limit: Limit, start: date, calendar: Calendar) -> date:
    """The last day of a limit that runs from `start`; the day of the event is not counted (民法典 art. 201)."""
    match limit.unit:
        case "workday":
            return calendar.add(start, limit.amount)
        case "day":
            return calendar.next_working(start + timedelta(days=limit.amount))
        case "hour":
            return start + timedelta(days=-(-limit.amount // 24))
        case "instant":
            return start


def limit_with_gaps(pack: Pack, promise: Limit) -> Limit:
    """The promised limit once papers follow later (容缺): nobody decides on the spot then, the item's own limit counts."""
    return pack.promise_limit if promise.unit == "instant" else promise


def gap_due(promise_days: int, limit: Limit, start: date, calendar: Calendar) -> date:
    """The last day for a paper that may follow (容缺): its own working days, never beyond `limit_with_gaps`."""
    return min(calendar.add(start, promise_days), due_date(limit, start, calendar))


def weigh(check: Expression | None, values: Mapping[str, Any]) -> bool | None:
    """True, False, or None when it cannot be known; no condition always holds."""
    return True if check is None else check.truth(values)


def open_questions(pack: Pack, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions this applicant still has to answer, in the order they are asked."""
    return tuple(question for question in asked_questions(pack, answers) if question.id not in answers)


def _open(pack: Pack, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of `open_questions`; which of them fit matters only where one is not answered."""
    if all(question.id in answers for question in pack.questions):
        return ()
    return tuple(question.id for question in open_questions(pack, answers))


def asked_questions(pack: Pack, answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that fit what was answered so far."""
    values = {"answers": dict(answers), "form": {}, "facts": {}}
    return tuple(question for question in pack.questions if weigh(question.when, values) is True)


def check_answers(pack: Pack, answers: Mapping[str, Any]) -> list[Reason]:
    """Every reason why the answers do not fit the questions: unknown, not offered, not asked, or missing."""
    fitting = asked_questions(pack, answers)
    asked = {question.id: question for question in fitting}
    found: list[Reason] = []
    for name, value in answers.items():
        if name not in asked:
            words = W("不需要回答“{name}”", "The question “{name}” is not asked here").format(name=str(name)[:40])
            found.append(Reason("UNKNOWN_QUESTION", words, f"/{name}"))
        elif value not in [option.value for option in asked[name].options]:
            words = W("请选择：{text}", "Please choose: {text}").format(text=asked[name].text)
            found.append(Reason("NOT_OFFERED", words, f"/{name}"))
    for question in fitting:
        if question.id in answers:
            continue
        words = W("请回答：{text}", "Please answer: {text}").format(text=question.text)
        found.append(Reason("UNANSWERED", words, f"/{question.id}"))
    return found


def typed_values(
    pack: Pack, answers: Mapping[str, Any], form: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What conditions are asked over: dates of the form as dates, so that they compare with today.

    What this situation does not have is null (known to be nothing): a question that is not asked, a field that is not
    shown, an optional field left empty beside others. What is still to be filled in is missing, so unknown.
    """
    rest = {key: value for key, value in facts.items() if key not in {"today", "fetched"}}
    rest["certificates"] = sorted(rest.get("certificates", ()))
    today = {"today": facts["today"]} if "today" in facts else {}
    values: dict[str, Any] = {
        "answers": dict(answers),
        "form": _typed(_kinds(Same(pack.form)), form),
        "facts": rest,
        **today,
    }
    for question in pack.questions:
        if weigh(question.when, values) is False:
            values["answers"].setdefault(question.id)
    for pointer, shown in pack.form_conditions.items():
        if shown.truth(values) is False:
            _clear(values["form"], pointer.split("/")[1:])
    return values


def _clear(node: Any, steps: list[str]) -> None:
    """Null for a field that is not shown and not filled in, where its group is there."""
    for one in steps[:-1]:
        node = node.get(one) if isinstance(node, Mapping) else None
    if isinstance(node, dict):
        node.setdefault(steps[-1])


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What a schema says of the kinds of its values: is it a date, which fields may be missing, what is inside."""

    is_date: bool
    blank: Mapping[str, None]
    inner: "Mapping[str, _Kinds]"
    items: "_Kinds | None"


_UNKNOWN = _Kinds(is_date=False, blank={}, inner={}, items=None)  # what a schema does not speak of
_MAPPINGS = (dict, Mapping)  # a dict first: asking whether something is a Mapping is slow


def _kinds_of(schema: Mapping[str, Any]) -> _Kinds:
    inner, required = schema.get("properties", {}), schema.get("required", ())
    return _Kinds(
        is_date=schema.get("format") == "date",
        blank={name: None for name in inner if name not in required},
        inner={name: _kinds_of(child) for name, child in inner.items()},
        items=_kinds_of(schema["items"]) if isinstance(schema.get("items"), Mapping) else None,
    )


@lru_cache(maxsize=512)
def _kinds(schema: Same[Mapping[str, Any]]) -> _Kinds:
    return _kinds_of(schema.it)


def _typed(kinds: _Kinds, value: Any) -> Any:
    """The value with dates as dates, and null for what may be missing and is."""
    if isinstance(value, str):
        return _date(value) if kinds.is_date else value
    if isinstance(value, _MAPPINGS):
        said: dict[Any, Any] = dict(kinds.blank)
        for key, child in value.items():
            if child is not None and child != "":
                inner = kinds.inner.get(key, _UNKNOWN)
                said[key] = child if type(child) is str and not inner.is_date else _typed(inner, child)
        return said
    if isinstance(value, list):
        return [_typed(kinds.items or _UNKNOWN, child) for child in value]
    return value


def _date(text: str) -> date | str:
    try:
        if len(text) == 10 and text[4] == text[7] == "-":  # all but always, at a tenth of the price
            return date.fromisoformat(text)
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        return text


@lru_cache(maxsize=1024)
def _materials(pack: Same[Pack], shown: tuple[bool | None, ...], held: frozenset[str]) -> tuple[RequiredMaterial, ...]:
    """The materials that are or may be shown. Nothing else counts but which these are, and which a register holds."""
    return tuple(
        _required(pack.it, material, material.code in held, sure)
        for material, sure in zip(pack.it.materials, shown, strict=True)
        if sure is not False
    )


def _required(pack: Pack, material: Material, has: bool, shown: bool | None) -> RequiredMaterial:
    return RequiredMaterial(
        code=material.code,
        name=material.name,
        necessity=material.necessity,
        tolerable=material.necessity == "secondary" and not has,
        promise_days=material.promise_days,
        basis=pack.cite(material.basis),
        why=_why(material, has, shown),
        held=has,
        spec=material,
    )


def _why(material: Material, held: bool, shown: bool | None) -> Words:
    if held and material.held is not None and material.held.base is not Base.CERTIFICATES:
        return _FETCHED.format(name=material.held.name, base=BASE_WORDS[material.held.base])
    if held:
        return _HELD.format(name=material.replaces_name or material.name)
    if shown is None:
        return (
            W(f"{_UNSURE.zh}（{material.when_words.zh}）", f"{_UNSURE.en} ({material.when_words.en})")
            if (material.when_words)
            else _UNSURE
        )
    if material.when_words is not None:
        return material.when_words
    return _NOT_ASKED if material.necessity == "optional" else _NEEDED


def _judge_conditions(pack: Pack, values: Mapping[str, Any]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    blocked: list[Reason] = []
    undecided: list[Reason] = []
    for condition in pack.conditions:
        truth = weigh(condition.check, values)
        if truth is False:
            blocked.append(_reason(pack, condition, condition.refusal or condition.text))
        elif truth is None:
            undecided.append(_reason(pack, condition, _TO_JUDGE.format(text=condition.text)))
    return tuple(blocked), tuple(undecided)


def _reason(pack: Pack, condition: Condition, words: Words) -> Reason:
    return Reason(condition.code, words, condition.field, pack.cite(condition.basis))


def _limits(pack: Pack, values: Mapping[str, Any]) -> tuple[Limit, Limit]:
    """The first variant that surely holds; else the item's own limits."""
    for variant in pack.limit_variants:
        if weigh(variant.when, values) is True:
            return variant.legal or pack.legal_limit, variant.promise or pack.promise_limit
    return pack.legal_limit, pack.promise_limit
