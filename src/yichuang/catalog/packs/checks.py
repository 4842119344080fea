"""Rules that keep the facts of an item consistent: what the publish gate of a city checks over its guides, and ours.

Each check yields faults with the place of the fact. They run on a pack that could be built.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from yichuang.catalog.packs.commitment_checks import commitment_faults
from yichuang.catalog.packs.documents import Document
from yichuang.catalog.packs.form_checks import form_faults, pointer_exists
from yichuang.catalog.packs.held_checks import held_faults
from yichuang.catalog.packs.process_checks import process_faults
from yichuang.catalog.values import LEVELS, Limit, Mark, Pack, PackFault, TaskType
from yichuang.core.identifiers import check_type_code, check_uscc
from yichuang.core.words import W

Documents = Mapping[str, Document]
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_BASE = re.compile(r"^[0-9]{2}(0[1-9]|10|20|21)[0-9]{5}[0-9Y]{3}$")
_TASK = re.compile(r"^[0-9A-HJ-NP-RTUW-Y]{18}[1-6][0-9]{9}[0-9Y]{3}$")
_PHONE = re.compile(r"^0[0-9]{2,3}-[0-9]{5,8}$")
_NAME = ("region", "trade", "industry", "form")
_ENDINGS = {"证": "certificate", "照": "certificate", "文": "approval", "批复": "approval", "决定书": "approval"}


def pack_faults(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Every fault of a built pack."""
    for check in _CHECKS:
        yield from check(pack, documents)
    yield from form_faults(pack, documents["form.json"])


def _item(documents: Documents, pointer: str, code: str, zh: str, en: str) -> PackFault:
    return documents["item.yaml"].fault(pointer, code, W(zh, en))


def _days(limit: Limit) -> float:
    """A limit in rough days, to compare those of one kind."""
    return {"instant": 0.0, "hour": limit.amount / 24}.get(limit.unit, float(limit.amount))


def _limits(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    pairs = [("/limits/promise", pack.legal_limit, pack.promise_limit)]
    for n, variant in enumerate(pack.limit_variants):
        legal, promise = variant.legal or pack.legal_limit, variant.promise or pack.promise_limit
        pairs.append((f"/limits/variants/{n}", legal, promise))
    for pointer, legal, promise in pairs:
        if "instant" not in {legal.unit, promise.unit} and {legal.unit, promise.unit} >= {"workday", "day"}:
            zh, en = "法定与承诺时限的单位不同，无法比较", "The legal and the promised limit have different units"
            yield _item(documents, pointer, "LIMIT_UNITS", zh, en)
        elif _days(promise) > _days(legal):
            zh, en = "承诺时限长于法定时限", "The promised limit is longer than the legal one"
            yield _item(documents, pointer, "PROMISE_OVER_LEGAL", zh, en)
    if pack.instant != (pack.promise_limit.unit == "instant"):
        zh, en = "即办件与“当场办结”的承诺应一致", "An instant item promises “on the spot”, and the other way round"
        yield _item(documents, "/handling/instant", "INSTANT", zh, en)
    if pack.kind is TaskType.PERMIT and pack.legal_limit.unit not in {"workday", "instant"}:
        zh, en = "行政许可的期限以工作日计算（《行政许可法》第八十二条）", "A licence counts in working days (art. 82)"
        yield _item(documents, "/limits/legal", "PERMIT_UNIT", zh, en)


def _handling(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    visits = pack.visits
    if visits.count and visits.reason is None:
        zh, en = "到现场次数不为 0 时要写明原因", "Visits that are not 0 need a reason"
        yield _item(documents, "/handling/visits", "VISIT_REASON", zh, en)
    if not visits.count and visits.reason is not None:
        zh, en = "到现场次数为 0 时不应有原因", "Without visits there is no reason to give"
        yield _item(documents, "/handling/visits", "VISIT_REASON", zh, en)
    if not visits.count and not {"online", "post"} & set(pack.ways):
        zh, en = "零跑动需要网上或邮寄办理", "No visits means an online or postal way"
        yield _item(documents, "/handling/ways", "VISIT_WAYS", zh, en)
    for mark, wrong, zh, en in _mark_rules(pack):
        if mark in pack.marks and wrong:
            yield _item(documents, "/handling/marks", "MARK", f"“{mark.words.zh}”要求{zh}", f"“{mark.words.en}”: {en}")
    if pack.online_depth == 4 and visits.count:
        zh, en = "全程网办（Ⅳ级）的到现场次数应为 0", "Depth 4 (online from start to end) means no visit"
        yield _item(documents, "/handling/online_depth", "DEPTH_VISITS", zh, en)


def _mark_rules(pack: Pack) -> Iterator[tuple[Mark, bool, str, str]]:
    instant = pack.instant or any(v.promise and v.promise.unit == "instant" for v in pack.limit_variants)
    secondary = any(material.necessity == "secondary" for material in pack.materials)
    yield Mark.AT_ONCE, not instant, "承诺当场办结", "promise “on the spot”"
    yield Mark.ONLINE, "online" not in pack.ways, "可以网上办理", "offer the online way"
    yield Mark.ONCE, pack.visits.count > 1, "到现场不超过 1 次", "at most one visit"
    yield Mark.TOLERANT, not secondary, "至少一份可容缺材料", "at least one paper that may follow"
    yield Mark.NO_MEETING, pack.visits.count > 0, "到现场 0 次", "no visit"
    yield Mark.FULLY_ONLINE, pack.online_depth < 4, "网办深度为 4", "online depth 4"


def _fees(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    fees = pack.fees
    if fees.charged and not fees.items:
        zh, en = "收费的事项要写明项目、标准和依据", "A charged item names its fees, their standard and basis"
        yield _item(documents, "/fees", "FEE_ITEMS", zh, en)
    if fees.charged and "pay_online" not in documents["item.yaml"].data["fees"]:
        zh, en = (
            "收费的事项要写明能否网上缴费（pay_online）",
            "A charged item says whether it can be paid online (pay_online)",
        )
        yield _item(documents, "/fees", "FEE_ONLINE", zh, en)
    if not fees.charged and (fees.items or fees.pay_online):
        zh, en = "不收费的事项不应有收费项目或网上缴费", "A free item has no fees and no online payment"
        yield _item(documents, "/fees", "FEE_NONE", zh, en)


def _people(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    contacts = pack.contacts
    if contacts.consult == contacts.complain:
        zh, en = "咨询电话与投诉电话不能相同", "The telephone for advice is not the one for complaints"
        yield _item(documents, "/contacts/complain", "SAME_PHONE", zh, en)
    for name in ("consult", "complain"):
        if not _PHONE.match(getattr(contacts, name)):
            zh, en = "电话要带区号，如 0755-12345", "A telephone number has its area code, like 0755-12345"
            yield _item(documents, f"/contacts/{name}", "PHONE", zh, en)
    if pack.kind is TaskType.PERMIT and not pack.faqs:
        words = W("行政许可事项至少要有 1 个常见问题", "A licence needs at least one FAQ")
        yield documents["faqs.yaml"].fault("/faqs", "PERMIT_FAQ", words)
    steps = {step.name.zh for step in pack.flow}
    if pack.kind is TaskType.PERMIT and (len(steps) < 5 or not {"受理", "送达"} <= steps):
        zh = "行政许可的流程至少 5 步，从受理到送达（受理、审核、审批、办结、送达）"
        en = "A licence has at least five steps, from acceptance (受理) to delivery (送达)"
        yield _item(documents, "/flow", "PERMIT_FLOW", zh, en)


def _themes(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """服务对象与主题分类对应: each kind of applicant finds the item under a theme, and no theme leads others to it."""
    kinds = {"person" if who == "person" else "organisation" for who in pack.audience}
    for kind, zh, en in (("person", "个人", "individuals"), ("organisation", "单位", "organisations")):
        if kind in kinds and not {kind, ""} & set(pack.theme_targets):
            yield _item(documents, "/audience/themes", "THEME_TARGET", f"没有面向{zh}的主题", f"No theme is for {en}")
        for n, target in enumerate(pack.theme_targets):
            if target == kind and kind not in kinds:
                words = f"服务对象里没有{zh}，主题却面向{zh}", f"The theme is for {en}, the item is not"
                yield _item(documents, f"/audience/themes/{n}/for", "THEME_TARGET", *words)


def _codes(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    if not _BASE.match(pack.base_code):
        zh, en = "基本编码应为 12 位（GB/T 39554.1）", "The base code has 12 characters (GB/T 39554.1)"
        yield _item(documents, "/codes/base", "BASE_CODE", zh, en)
    elif pack.base_code[2:4] != pack.kind.code:
        zh = f"基本编码第 3、4 位应为 {pack.kind.code}（{pack.kind.words.zh}）"
        yield _item(documents, "/codes/base", "BASE_CODE_KIND", zh, f"Digits 3 and 4 should be {pack.kind.code}")
    if not pack.task_code:
        return
    if not _TASK.match(pack.task_code) or check_uscc(pack.task_code[:18]):
        zh, en = (
            "实施编码应为 31 位，前 18 位是正确的统一社会信用代码",
            "31 characters, the first 18 a valid credit code",
        )
        yield _item(documents, "/codes/task", "TASK_CODE", zh, en)
        return
    if pack.task_code[19:] != pack.base_code:
        zh, en = "实施编码后 12 位应为基本编码", "The implementation code ends with the base code"
        yield _item(documents, "/codes/task", "TASK_CODE_BASE", zh, en)
    if pack.task_code[18] != LEVELS[pack.level][0]:
        zh, en = "实施编码第 19 位应为行使层级", "Character 19 is the level of the authority"
        yield _item(documents, "/codes/task", "TASK_CODE_LEVEL", zh, en)


def _types(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Certificate types carry the USCC of the body that owns them (GB/T 36904)."""
    places = [("result.yaml", "/type_code", pack.result.type_code)]
    places += [("item.yaml", f"/facts/{n}/certificate", f.certificate) for n, f in enumerate(pack.facts)]
    places += [("materials.yaml", f"/materials/{n}/replaces", m.replaces or "") for n, m in enumerate(pack.materials)]
    for file, pointer, code in places:
        if code and check_type_code(code):
            words = W(
                "证照类型代码前 18 位不是正确的统一社会信用代码", "The first 18 characters are no valid credit code"
            )
            yield documents[file].fault(pointer, "CERTIFICATE_TYPE", words)


def _result(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    document, result = documents["result.yaml"], pack.result
    for ending, kind in _ENDINGS.items():
        if result.name.zh.endswith(ending) and result.kind != kind:
            words = W(f"以“{ending}”结尾的结果应为 {kind}", f"A result whose name ends in “{ending}” is a {kind}")
            yield document.fault("/kind", "RESULT_KIND", words)
    if result.unique and result.unique not in result.keys:
        words = W(f"keys 中没有 {result.unique}", f"There is no key {result.unique}")
        yield document.fault("/unique", "RESULT_KEY", words)
    for where, keys in (("by_sound", result.by_sound), ("by_place", result.by_place)):
        for n, key in enumerate(keys):
            if key not in result.keys:
                words = W(f"keys 中没有 {key}", f"There is no key {key}")
                yield document.fault(f"/{where}/{n}", "RESULT_KEY", words)
    try:
        result.number_rule.format(year=2026, serial=1)
    except (KeyError, IndexError, ValueError, AttributeError):
        words = W("编号规则只能用 {year} 和 {serial:06}", "The number rule may use {year} and {serial:06} only")
        yield document.fault("/number_rule", "NUMBER_RULE", words)


def _result_pointers(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    document, result = documents["result.yaml"], pack.result
    for key, pointers in result.keys.items():
        for n, pointer in enumerate(pointers):
            if not pointer_exists(pack.form, pointer):
                words = W(f"表单中没有 {pointer}", f"The form has no {pointer}")
                yield document.fault(f"/keys/{key}/{n}", "POINTER", words)
    until = result.validity.until
    if until and not pointer_exists(pack.form, until, format="date"):
        words = W(f"表单中没有日期 {until}", f"The form has no date {until}")
        yield document.fault("/validity/until", "POINTER", words)


def _keeping(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """The file of a grant is kept at least as long as the right that it gave."""
    result, term = pack.result, pack.result.validity
    if result.keep in {"", "permanent"}:
        return
    endless = term.unit == "forever" and not term.until
    if endless or (term.unit == "year" and not term.until and term.amount > int(result.keep)):
        words = W("档案保管期限比证照有效期短", "The file would be kept for a shorter time than the result is valid")
        yield documents["result.yaml"].fault("/archive/keep", "KEEP_TOO_SHORT", words)


def _follow_ups(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    document, result = documents["result.yaml"], pack.result
    for n, one in enumerate(result.follow_ups):
        if one.kind == "renew" and result.validity.unit == "forever" and not result.validity.until:
            words = W("长期有效的结果没有延续", "A result without a term knows no renewal")
            yield document.fault(f"/follow_ups/{n}/kind", "RENEW_FOREVER", words)
        if one.kind != "renew" and one.from_days:
            words = W("只有延续有起始天数", "Only a renewal begins so many days before the end")
            yield document.fault(f"/follow_ups/{n}/from_days", "RENEW_DAYS", words)
    for n, ended in enumerate(result.ends):
        for name in ("printed", "holders"):
            if not pointer_exists(pack.form, getattr(ended, name)):
                words = W(f"表单中没有 {getattr(ended, name)}", f"The form has no {getattr(ended, name)}")
                yield document.fault(f"/ends/{n}/{name}", "POINTER", words)


def _facts(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    for n, fact in enumerate(pack.facts):
        if fact.provider == "certificates" and fact.key != "holder" and fact.key not in pack.result.keys:
            zh, en = f"result.yaml 的 keys 中没有 {fact.key}", f"There is no key {fact.key} in result.yaml"
            yield _item(documents, f"/facts/{n}/key", "RESULT_KEY", zh, en)
        if fact.within and fact.key not in pack.result.by_sound:
            zh, en = "按所含的字号比对的键要在 by_sound 中", "A key of names that are held must be in by_sound"
            yield _item(documents, f"/facts/{n}/within", "RESULT_KEY", zh, en)
        if fact.group and not all(pointer_exists(pack.form, f"{fact.group}/{part}") for part in _NAME):
            zh, en = (
                f"表单的 {fact.group} 要有 {'、'.join(_NAME)}",
                f"{fact.group} of the form needs {', '.join(_NAME)}",
            )
            yield _item(documents, f"/facts/{n}/group", "POINTER", zh, en)
    for n, condition in enumerate(pack.conditions):
        if condition.field and not pointer_exists(pack.form, condition.field):
            zh, en = f"表单中没有 {condition.field}", f"The form has no {condition.field}"
            yield _item(documents, f"/conditions/{n}/field", "POINTER", zh, en)


def _materials(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    document, promise = documents["materials.yaml"], pack.promise_limit
    for n, material in enumerate(pack.materials):
        pointer = f"/materials/{n}"
        if material.necessity == "secondary" and promise.unit == "instant":
            words = W(
                "当场办结的事项没有容缺后补的时间", "An item done on the spot leaves no time for papers to follow"
            )
            yield document.fault(pointer, "TOLERANCE_INSTANT", words)
        elif promise.unit == "workday" and material.promise_days > promise.amount:
            words = W("容缺补齐期限不得超过承诺办结时限", "A paper follows within the promised limit, not later")
            yield document.fault(f"{pointer}/promise_days", "TOLERANCE_LATE", words)
        if not material.originals + material.copies and material.form == "paper":
            words = W("纸质材料要写明份数", "A paper material needs its number of originals or copies")
            yield document.fault(pointer, "NO_COPIES", words)
        if material.files.least > material.files.most:
            words = W("files.least 大于 files.most", "files.least is more than files.most")
            yield document.fault(f"{pointer}/files", "FILE_COUNT", words)


def _twice(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Codes and ids that stand twice."""
    lists = (
        ("materials.yaml", "/materials", [m.code for m in pack.materials]),
        ("situations.yaml", "/questions", [q.id for q in pack.questions]),
        ("item.yaml", "/conditions", [c.code for c in pack.conditions]),
        ("item.yaml", "/legal_basis", [law.id for law in pack.legal_basis]),
        ("item.yaml", "/facts", [f.name for f in pack.facts]),
        ("item.yaml", "/commitments", [c.code for c in pack.commitments]),
        ("item.yaml", "/sources", [s.id for s in pack.sources]),
        ("result.yaml", "/fields", [f.key for f in pack.result.fields]),
    )
    for file, pointer, codes in lists:
        for code, count in Counter(codes).items():
            if count > 1:
                at = len(codes) - 1 - codes[::-1].index(code)
                words = W(f"{code} 出现了 {count} 次", f"{code} stands here {count} times")
                yield documents[file].fault(f"{pointer}/{at}", "TWICE", words)


def _signing(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Signatures stand for papers that there are, and are asked of people whom the form names."""
    if pack.signing is None:
        return
    document, codes = documents["item.yaml"], {material.code for material in pack.materials}
    for code in sorted(pack.signing.papers - codes):
        words = W(f"没有材料 {code}", f"There is no material {code}")
        yield document.fault("/signing/papers", "UNKNOWN_MATERIAL", words)
    for n, one in enumerate(pack.signing.signers):
        for part in ("number", "name"):
            if not any(path.startswith("form.") for path in getattr(one, part).paths):
                words = W("签署人要由表单写明", "Who signs has to be named by the form")
                yield document.fault(f"/signing/signers/{n}/{part}", "SIGNER", words)


def _questions(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """A question may depend only on questions asked before it; options differ."""
    asked: set[str] = set()
    for n, question in enumerate(pack.questions):
        for path in question.when.paths if question.when else ():
            if path.partition(".")[0] != "answers" or path.partition(".")[2] not in asked:
                words = W(f"只能依赖前面的问题，不能用 {path}", f"Only earlier questions may be used, not {path}")
                yield documents["situations.yaml"].fault(f"/questions/{n}/when", "QUESTION_ORDER", words)
        if len({option.value for option in question.options}) < len(question.options):
            words = W("选项的值有重复", "Two options have the same value")
            yield documents["situations.yaml"].fault(f"/questions/{n}/options", "TWICE", words)
        asked.add(question.id)


def _references(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    """Every `source: S1` and `basis: L1 …` finds what it names, in every file."""
    sources = {source.id for source in pack.sources} | {"M", "P"}
    laws = {law.id for law in pack.legal_basis}
    for document in documents.values():
        if document.file.startswith("examples/"):
            continue
        for pointer, value in _texts(document.data, ""):
            key = pointer.rpartition("/")[2]
            if key in {"source", "x-source"} and value not in sources:
                words = W(f"sources 中没有 {value}", f"There is no source {value}")
                yield document.fault(pointer, "SOURCE", words)
            if key in {"basis", "x-basis"} and value.split(" ")[0] not in laws:
                words = W(f"legal_basis 中没有 {value}", f"There is no law {value}")
                yield document.fault(pointer, "BASIS", words)


def _english(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    for document in documents.values():
        for pointer, value in _texts(document.data, ""):
            key = pointer.rpartition("/")[2]
            english = key in {"en", "title_en"} or key.endswith("-en") or "/spoken/en/" in pointer
            if english and _HAN.search(value):
                words = W("英文中有汉字", "The English holds Chinese characters")
                yield document.fault(pointer, "ENGLISH", words)


def _texts(data: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _texts(value, f"{pointer}/{n}")
    elif isinstance(data, str):
        yield pointer, data


def _examples(pack: Pack, documents: Documents) -> Iterator[PackFault]:
    for example in pack.examples:
        for code in sorted(set(example.materials) - pack.material_codes):
            words = W(f"没有材料 {code}", f"There is no material {code}")
            yield documents[example.file].fault("", "EXAMPLE_MATERIAL", words)
    outcomes = {str(example.expect["outcome"]) for example in pack.examples}
    if "accept" not in outcomes:
        zh, en = "至少要有一个受理（accept）的例子", "At least one example must be accepted (accept)"
        yield PackFault("examples", 0, "NO_ACCEPT_EXAMPLE", W(zh, en))
    if not any("result" in example.expect for example in pack.examples):
        zh, en = (
            "至少一个例子要写出审批结果（expect.result），作为样本",
            "One example at least shows the result (expect.result): it is the sample",
        )
        yield PackFault("examples", 0, "NO_SAMPLE", W(zh, en))


_CHECKS: tuple[Callable[[Pack, Documents], Iterator[PackFault]], ...] = (
    _limits,
    _handling,
    _fees,
    _people,
    _themes,
    _codes,
    _types,
    _result,
    _result_pointers,
    _keeping,
    _follow_ups,
    _facts,
    _materials,
    held_faults,
    _twice,
    _questions,
    _references,
    _english,
    _examples,
    process_faults,
    commitment_faults,
    _signing,
)
