"""The guide page (办事指南), built from a pack: nothing on it is written twice. Pure."""

from datetime import date

from yichuang.catalog.held import held_spec
from yichuang.catalog.values import (
    AUDIENCES,
    LEVELS,
    MATERIAL_FORMS,
    NECESSITIES,
    ORIGINS,
    POWERS,
    RESULT_KINDS,
    WAYS,
    Commitment,
    Fact,
    Guide,
    GuideMaterial,
    HeldSpec,
    ItemRow,
    LegalBasis,
    Limit,
    Material,
    Pack,
)
from yichuang.core.citations import articles
from yichuang.core.words import W, Words
from yichuang.network.values import DepartmentRow
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS

_UNITS = {"year": W("{n} 年", "{n} year"), "month": W("{n} 个月", "{n} month"), "day": W("{n} 天", "{n} day")}
_NONE = W("无", "None")
_FETCHED = W("由系统从{base}取得；{ground}，{law}", "We take it from the base “{base}”; {ground}, {law}")


def build_guide(pack: Pack, row: ItemRow, department: DepartmentRow, effective_on: date) -> Guide:
    """Everything the page says, in both languages, with the source mark of each fact."""
    return Guide(
        row=row,
        facts=_facts(pack, department),
        conditions=tuple(Fact(cited(pack, c.basis), c.text, c.source) for c in pack.conditions),
        commitments=tuple(_commitment(pack, one) for one in pack.commitments),
        materials=tuple(_material(pack, material) for material in pack.materials),
        questions=pack.questions,
        limits=_limits(pack),
        fees=_fees(pack),
        basis=pack.legal_basis,
        steps=pack.flow,
        result=_result(pack),
        contacts=_contacts(pack, department),
        faqs=pack.faqs,
        sources=pack.sources,
        unchecked=bool({"M", "P"} & _marks(pack)),
        effective_on=effective_on,
    )


def _facts(pack: Pack, department: DepartmentRow) -> tuple[Fact, ...]:
    facts = [
        Fact(W("事项类型", "Type of power"), pack.kind.words, pack.kind_source),
        Fact(W("实施主体", "Competent authority"), department.name, "P"),
        Fact(W("行使层级", "Level"), LEVELS[pack.level][1], "P"),
        Fact(W("权力来源", "Source of the power"), POWERS[pack.power_source], "P"),
        Fact(W("服务对象", "For whom"), _join([AUDIENCES[who][1] for who in pack.audience]), "P"),
        Fact(
            W("办件类型", "Kind of case"),
            W("即办件", "On the spot") if pack.instant else W("承诺件", "Within a promise"),
        ),
        Fact(W("办理形式", "Ways"), _join([WAYS[way] for way in pack.ways]), "P"),
        Fact(W("通办范围", "Where to file"), pack.scope.note, pack.scope.source),
        Fact(W("到办事现场次数", "Visits"), _visits(pack), pack.visits.source),
        Fact(W("基本编码", "Base code"), W(pack.base_code, pack.base_code), "P"),
    ]
    if pack.task_code:
        facts.append(Fact(W("实施编码", "Implementation code"), W(pack.task_code, pack.task_code), "P"))
    if pack.marks:
        facts.append(Fact(W("办理特色", "Marks"), _join([mark.words for mark in pack.marks]), "P"))
    return tuple(facts)


def _visits(pack: Pack) -> Words:
    count, reason = pack.visits.count, pack.visits.reason
    if reason is None:
        return W(f"{count} 次", str(count))
    return W(f"{count} 次（{reason.zh}）", f"{count} ({reason.en})")


_PROMISED = W(
    "由您自己选择：签署告知承诺书的，{spared}先决定、后核查，作出决定后 {days} 个工作日内核查。{consequence}",
    "Your own choice: with a signed letter of commitment {spared}the decision comes first; the check follows within "
    "{days} working days. {consequence}",
)
_SPARED = W("免交{papers}，", "{papers} need not be handed in, and ")


def _commitment(pack: Pack, one: Commitment) -> Fact:
    papers = _join([pack.material(code).name for code in one.replaces])
    spared = _SPARED.format(papers=papers) if one.replaces else W("", "")
    said = _PROMISED.format(spared=spared, days=one.check_days, consequence=one.consequence)
    return Fact(one.name, said, one.source)


def _limits(pack: Pack) -> tuple[Fact, ...]:
    facts = [
        Fact(W("法定办结时限", "Legal limit"), _limit(pack, pack.legal_limit), pack.legal_limit.source),
        Fact(W("承诺办结时限", "Promised limit"), _limit(pack, pack.promise_limit), pack.promise_limit.source),
    ]
    facts += [
        Fact(variant.words, variant.promise.words, variant.promise.source)
        for variant in pack.limit_variants
        if variant.promise
    ]
    if extension := pack.extension:
        words = W(
            "最多延长 {limit}，经{who}批准，并书面告知理由",
            "Up to {limit} more, with the approval of {who}; told in writing",
        )
        said = words.format(limit=extension.limit.words, who=extension.approver)
        facts.append(Fact(W("延长", "Extension"), said, extension.source))
    facts += [
        Fact(W("特别程序（不计入时限）", "Not counted"), _pair(s.name, s.limit.words), s.source)
        for s in pack.special_procedures
    ]
    return tuple(facts)


def _limit(pack: Pack, limit: Limit) -> Words:
    said, law = limit.words, cited(pack, limit.basis)
    notes = [words for words in (law if limit.basis else None, limit.note) if words is not None]
    if not notes:
        return said
    return W(f"{said.zh}（{'；'.join(n.zh for n in notes)}）", f"{said.en} ({'; '.join(n.en for n in notes)})")


def _fees(pack: Pack) -> tuple[Fact, ...]:
    if not pack.fees.charged:
        return (Fact(W("是否收费", "Charged"), pack.fees.note, pack.fees.source),)
    return tuple(Fact(fee.name, fee.standard, fee.source) for fee in pack.fees.items)


def _result(pack: Pack) -> tuple[Fact, ...]:
    result, validity = pack.result, pack.result.validity
    if validity.until:
        period = W("至{label}止", "Up to the day entered as “{label}”").format(label=_label_of_until(pack))
    elif validity.unit == "forever":
        period = W("长期有效", "No end")
    else:
        period = _UNITS[validity.unit].format(n=validity.amount)
        period = period if validity.amount == 1 else Words(period.zh, f"{period.en}s")
    facts = [
        Fact(W("结果名称", "Result"), result.name, result.source),
        Fact(W("结果类型", "Kind of result"), RESULT_KINDS[result.kind], result.source),
        Fact(W("有效期", "Valid for"), period, validity.source),
    ]
    facts += [Fact(W("同时领取", "Handed over with it"), handover.name, result.source) for handover in result.handovers]
    if pack.express:
        facts.append(Fact(W("寄递", "By post"), W("可以寄递", "The result can be posted"), "P"))
    return tuple(facts)


def _label_of_until(pack: Pack) -> Words:
    from yichuang.catalog.wording import label_of

    return label_of(pack.form, (pack.result.validity.until or "").split("/")[1:])


def _contacts(pack: Pack, department: DepartmentRow) -> tuple[Fact, ...]:
    contacts = pack.contacts
    return (
        *(Fact(W("办理地点", "Place"), place, contacts.source) for place in contacts.places),
        Fact(W("办理时间", "Hours"), contacts.hours, contacts.source),
        Fact(W("咨询电话", "Advice"), W(contacts.consult, contacts.consult), contacts.source),
        Fact(W("监督投诉", "Complaints"), W(contacts.complain, contacts.complain), contacts.source),
        Fact(W("行政复议机关", "Administrative reconsideration"), department.review_organ, "P"),
        Fact(W("行政诉讼法院", "Administrative court"), department.court, "P"),
    )


def _material(pack: Pack, material: Material) -> GuideMaterial:
    origin, spec = ORIGINS[material.origin], held_spec(material)
    return GuideMaterial(
        code=material.code,
        name=material.name,
        necessity=NECESSITIES[material.necessity][1],
        form=MATERIAL_FORMS[material.form],
        count=_count(material),
        origin=_pair(origin, material.origin_note) if material.origin_note else origin,
        when=material.when_words,
        instead=spec.name if spec else None,
        fetched=_fetched(pack, spec) if spec else None,
        accept_standard=material.accept_standard,
        fill_note=material.fill_note,
        basis=cited(pack, material.basis),
        source=material.source,
    )


def _fetched(pack: Pack, spec: HeldSpec) -> Words:
    """Where it comes from, on what ground, and by which law."""
    return _FETCHED.format(base=BASE_WORDS[spec.base], ground=GROUND_WORDS[spec.ground], law=cited(pack, spec.basis))


def _count(material: Material) -> Words:
    parts = []
    if material.originals:
        parts.append(W(f"原件 {material.originals} 份", f"originals: {material.originals}"))
    if material.copies:
        parts.append(W(f"复印件 {material.copies} 份", f"copies: {material.copies}"))
    return _join(parts) if parts else _NONE


def cited(pack: Pack, basis: str) -> Words:
    """ "L1 第四十二条" as the name of the law and the article; English keeps the article as it is cited."""
    law = pack.basis(basis) if basis else None
    if law is None:
        return _NONE
    return cited_words(law, basis.partition(" ")[2])


def cited_words(law: LegalBasis, article: str = "") -> Words:
    """A law as it is cited: its name, and the article if one is meant."""
    where = articles(article)
    return W(f"《{law.title}》{article}", f"{law.title_en}{f', {where}' if where else ''}")


def grounds_words(pack: Pack) -> dict[str, Words]:
    """`Pack.grounds` as a page offers them: in English by the names that the pack gives its laws."""
    laws = {law.id: cited_words(law, law.article) for law in pack.legal_basis}
    return {key: laws.get(key) or cited(pack, key) for key in pack.grounds()}


def _join(parts: list[Words]) -> Words:
    return W("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _pair(left: Words, right: Words) -> Words:
    return W(f"{left.zh}（{right.zh}）", f"{left.en} ({right.en})")


def _marks(pack: Pack) -> set[str]:
    several = [{fact.source for fact in facts} for facts in (pack.conditions, pack.legal_basis, pack.faqs)]
    return {m.source for m in pack.materials}.union({pack.legal_limit.source, pack.promise_limit.source}, *several)
