"""What the parts and properties of an item are called, and how a value reads. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from yichuang.catalog.values import (
    AUDIENCES,
    CHECK_WAYS,
    COMMITMENT_KINDS,
    LEVELS,
    NECESSITIES,
    ORIGINS,
    POWERS,
    RESULT_KINDS,
    RISKS,
    WAYS,
    Commitment,
    Example,
    FactSpec,
    Faq,
    FlowStep,
    FormRule,
    HeldSpec,
    Limit,
    LimitVariant,
    Material,
    Option,
    Pack,
    ResultField,
    ResultSpec,
    Validity,
    Visits,
)
from yichuang.catalog.values import MATERIAL_FORMS as FORMS
from yichuang.core.words import W, Words
from yichuang.engine.values import Expression
from yichuang.registry.values import BASE_WORDS, GROUND_WORDS, Base

WHOLE = (Words, Expression, Limit)  # shown as one value
ORDER = W("顺序", "Order")
PARTS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (W("基本信息", "The item"), (
        "name", "summary", "area", "spoken", "spoken_en", "kind", "kind_source", "base_code", "task_code", "handle_code",
        "department", "level", "power_source", "audience", "themes", "theme_targets", "life_events", "instant", "ways",
        "online_depth", "visits", "express", "kiosk", "marks", "scope",
    )),
    (W("时限", "Limits"), ("legal_limit", "promise_limit", "limit_variants", "extension", "special_procedures")),
    (W("收费", "Fees"), ("fees",)),
    (W("依据", "Law"), ("legal_basis",)),
    (W("条件", "Conditions"), ("conditions", "facts")),
    (W("告知承诺", "Commitments"), ("commitments",)),
    (W("共同签署", "Signed by several"), ("signing",)),
    (W("情形", "Questions"), ("questions",)),
    (W("材料", "Materials"), ("materials",)),
    (W("表单", "Form"), ("form", "form_rules")),
    (W("流程", "Process"), ("process_xml", "routes", "flow")),
    (W("自动决定", "Deciding at once"), ("decision",)),
    (W("结果", "Result"), ("result",)),
    (W("咨询与问答", "Contacts and answers"), ("contacts", "faqs", "sources")),
    (W("例子", "Worked examples"), ("examples",)),
)  # fmt: skip

LABELS: Mapping[str, Words] = {  # a property, whatever it belongs to; `_OWN` where that matters
    "again": W("以前交过的材料可以再用", "Papers of earlier cases will do"),
    "accept_standard": W("受理标准", "Accepted when"),
    "amount": W("数额", "Amount"),
    "amount_fen": W("金额", "Amount"),
    "approver": W("批准人", "Approved by"),
    "area": W("领域", "Area"),
    "article": W("条款", "Article"),
    "audience": W("服务对象", "For whom"),
    "base_code": W("基本编码", "Base code"),
    "base": W("来自", "From the base"),
    "basis": W("依据", "Basis"),
    "by_place": W("按地址比对的键", "Keys compared as addresses"),
    "within": W("按所含的字号比对", "Counts names that it holds"),
    "by_sound": W("按读音和行业比对的键", "Keys compared by sound and trade"),
    "certificate": W("证照类型", "Type of certificate"),
    "charged": W("是否收费", "Charged"),
    "signing": W("共同签署", "Signed by several"),
    "signers": W("签署人", "Who signs"),
    "signs": W("签署内容", "What is signed"),
    "role": W("身份", "As what"),
    "papers": W("材料", "Papers"),
    "check": W("判断", "Check"),
    "check_days": W("核查期限（工作日）", "Checked within (working days)"),
    "check_how": W("核查方式", "Checked how"),
    "check_post": W("核查岗位", "Checked by"),
    "check_words": W("核查方式说明", "About the check"),
    "choice": W("申请人可自由选择", "The applicant is free to choose"),
    "code": W("代码", "Code"),
    "complain": W("投诉方式", "Complaints"),
    "conditions": W("受理条件", "Conditions"),
    "commitments": W("告知承诺", "Commitments"),
    "consequence": W("违反承诺的后果", "What follows a broken promise"),
    "consult": W("咨询方式", "Questions to"),
    "contacts": W("咨询与监督", "Contacts"),
    "copies": W("复印件份数", "Copies"),
    "count": W("次数", "Number"),
    "decision": W("决策表", "Decision table"),
    "department": W("实施主体", "Competent authority"),
    "days": W("几天以内", "Within (days)"),
    "ends": W("随之终止的证照", "Certificates that end with it"),
    "examples": W("例子", "Examples"),
    "express": W("快递送达", "By post"),
    "extension": W("延长", "Extension"),
    "facts": W("向登记库核对的事实", "Facts asked of registers"),
    "faqs": W("常见问题", "Questions and answers"),
    "fees": W("收费", "Fees"),
    "field": W("指向的字段", "Field it points to"),
    "fields": W("字段", "Fields"),
    "file": W("文件", "File"),
    "files": W("上传要求", "Uploads"),
    "fill_note": W("填写须知", "How to fill it in"),
    "fits": W("查到的要符合", "What comes has to fit"),
    "flow": W("办理步骤", "Steps"),
    "follow_ups": W("办结之后可以申请", "What may follow"),
    "form": W("表单", "Form"),
    "form_rules": W("表单校验", "Checks of the form"),
    "from_days": W("最早提前几天", "Days ahead at the earliest"),
    "ground": W("情形", "Ground"),
    "group": W("名称在表单中的位置", "Where the name stands"),
    "handle_code": W("业务办理项编码", "Code of the case type"),
    "handovers": W("随证发放", "Handed over with it"),
    "held": W("由系统取得", "Fetched instead"),
    "help": W("说明", "Help"),
    "hint": W("提示", "Hint"),
    "holders": W("持证人在表单中的位置", "Where its holders stand"),
    "hours": W("办理时间", "Hours"),
    "id": W("编号", "Id"),
    "in_force": W("施行日期", "In force since"),
    "instant": W("即办件", "On the spot"),
    "issued_by": W("制定机关", "Issued by"),
    "items": W("收费项目", "Charges"),
    "keep": W("档案保管期限", "File kept for"),
    "key": W("键", "Key"),
    "keys": W("查询键", "Keys"),
    "kind": W("类型", "Kind"),
    "kind_source": W("类型的来源", "Source of the kind"),
    "kinds": W("文件类型", "Kinds of file"),
    "kiosk": W("自助终端", "At terminals"),
    "label": W("名称", "Label"),
    "least": W("最少", "At least"),
    "legal": W("法定时限", "Legal limit"),
    "legal_basis": W("设定依据", "Legal basis"),
    "legal_limit": W("法定办结时限", "Legal limit"),
    "level": W("行使层级", "Level"),
    "life_events": W("生命周期", "Life events"),
    "limit": W("期限", "Limit"),
    "limit_variants": W("分情形的时限", "Limits in some situations"),
    "marks": W("办理特色", "Marks"),
    "materials": W("申请材料", "Materials"),
    "max_mb": W("大小上限（MB）", "At most (MB)"),
    "mend_days": W("整改期限（工作日）", "To put right within (working days)"),
    "most": W("最多", "At most"),
    "name": W("名称", "Name"),
    "necessity": W("必要性", "Needed"),
    "note": W("说明", "Note"),
    "number": W("文号", "Number"),
    "number_rule": W("编号规则", "Numbering"),
    "of": W("关于谁（号码）", "About whom (number)"),
    "online_depth": W("网办深度", "Online depth"),
    "options": W("选项", "Options"),
    "origin": W("来源渠道", "Where it comes from"),
    "origin_note": W("来源说明", "About where it comes from"),
    "originals": W("原件份数", "Originals"),
    "page_format": W("纸张", "Paper"),
    "pay_online": W("网上缴费", "Pay online"),
    "personal": W("个人信息", "Personal"),
    "places": W("办理地点", "Places"),
    "power_source": W("权力来源", "Source of the power"),
    "process_xml": W("流程", "Process"),
    "promise": W("承诺时限", "Promised limit"),
    "promise_days": W("容缺补交期限（工作日）", "May follow within (working days)"),
    "promise_limit": W("承诺办结时限", "Promised limit"),
    "printed": W("证号在表单中的位置", "Where its number stands"),
    "promises": W("承诺内容", "What is promised"),
    "provider": W("由谁回答", "Answered by"),
    "published": W("公开", "Published"),
    "questions": W("情形引导", "Questions"),
    "reason": W("理由", "Reason"),
    "refusal": W("不符合时的告知", "Said when it does not hold"),
    "replaces": W("可免提交的证照", "Certificate instead of it"),
    "replaces_name": W("可免提交的证照名称", "Name of the certificate instead"),
    "result": W("结果", "Result"),
    "risk": W("风险", "Risk"),
    "routes": W("分派规则", "Routing rules"),
    "sample_note": W("样本说明", "About the sample"),
    "scope": W("通办范围", "Where to file"),
    "source": W("来源标记", "Source mark"),
    "sources": W("资料来源", "Sources"),
    "special_procedures": W("特别程序", "Special procedures"),
    "spoken": W("群众说法", "How people say it"),
    "spoken_en": W("群众说法（英文）", "How people say it (English)"),
    "standard": W("标准", "Standard"),
    "summary": W("简介", "Summary"),
    "task_code": W("实施编码", "Implementation code"),
    "template": W("模板", "Template"),
    "text": W("内容", "Text"),
    "theme_targets": W("主题面向", "Themes for whom"),
    "themes": W("主题", "Themes"),
    "title": W("标题", "Title"),
    "title_en": W("标题（英文）", "Title (English)"),
    "told": W("告知内容", "What is told"),
    "trust": W("可信等级不低于", "Trust level at least"),
    "type_code": W("证照类型代码", "Type code"),
    "unique": W("不得重复的键", "Only one for each"),
    "unit": W("单位", "Unit"),
    "until": W("截止日期字段", "Until the date in"),
    "url": W("网址", "Address"),
    "validity": W("有效期", "Validity"),
    "value": W("取值", "Value"),
    "visits": W("到办事现场次数", "Visits"),
    "ways": W("办理形式", "Ways"),
    "when": W("适用情形", "When"),
    "when_words": W("适用情形（文字）", "When, in words"),
    "words": W("文字", "Words"),
}
_OWN: Mapping[tuple[type, str], Words] = {
    (Commitment, "conditions"): W("承诺符合的条件", "Conditions promised"),
    (Commitment, "replaces"): W("免交的材料", "Papers not handed in"),
    (Material, "form"): W("材料形式", "Form"),
    (Example, "answers"): W("情形回答", "Answers"),
    (Example, "form"): W("表单内容", "Entries"),
    (Example, "facts"): W("事实", "Facts"),
    (Example, "materials"): W("已交材料", "Materials handed in"),
    (Example, "applied_at"): W("申请时间", "Applied at"),
    (Example, "promise_signed"): W("已签承诺书", "Promise signed"),
    (Example, "expect"): W("应得结果", "Expected"),
    (Faq, "question"): W("问题", "Question"),
    (Faq, "answer"): W("回答", "Answer"),
    (FlowStep, "by"): W("办理人", "Done by"),
    (FlowStep, "result"): W("步骤结果", "Outcome"),
    (FormRule, "level"): W("级别", "Weight"),
    (HeldSpec, "ground"): W("取得的理由", "On the ground of"),
    (LimitVariant, "words"): W("情形", "Situation"),
    (Option, "value"): W("选项值", "Value"),
    (Pack, "kind"): W("事项类型", "Type of power"),
    (ResultField, "label"): W("字段名称", "Label"),
    (ResultSpec, "fields"): W("结果字段", "Fields of the result"),
    (ResultSpec, "kind"): W("结果类型", "Kind of result"),
    (Visits, "count"): W("到现场次数", "Number of visits"),
}
MEANING: Mapping[str, Words] = {
    "same": W("两个版本的内容完全相同。", "Both versions are the same."),
    "files": W(
        "事项内容没有不同，只有文件的写法（注释、顺序、空格）不同。",
        "The item is the same; only how its files are written differs (comments, order, blanks).",
    ),
    "cases": W(
        "已经提交的办件不受影响：仍按提交时的第 {old} 版办理，材料、时限、流程和结果都不变。",
        "Cases filed already are not touched: they go on under version {old}, with its papers, limits, process and result.",
    ),
    "filings": W(
        "第 {new} 版生效后，新的申请一律按第 {new} 版办理。",
        "From the day version {new} applies, every new filing is under version {new}.",
    ),
    "drafts": W(
        "没有提交的草稿要按第 {new} 版重新核对；已填的内容不会丢失。",
        "Drafts that are not filed have to be checked against version {new}; what was typed is kept.",
    ),
    "harder": W("办事人更费事的有 {n} 处：{what}。", "Harder for those who apply ({n}): {what}."),
    "easier": W("办事人更省事的有 {n} 处：{what}。", "Easier for those who apply ({n}): {what}."),
    "neither": W("没有增加、也没有减少办事人的负担。", "Nothing is harder or easier for those who apply."),
}
_NONE = W("（无）", "(none)")
_TRUTH = {True: W("是", "yes"), False: W("否", "no")}
_PROVIDERS = {
    "certificates": W("登记库", "a register"),
    "business_name": W("名称规则", "the rules for names"),
    "face": W("人脸核验平台", "the platform that compares faces"),
    "staff": W("工作人员", "a member of staff"),
}
_TARGETS = {
    "": W("个人和单位", "individuals and organisations"),
    "person": W("个人", "individuals"),
    "organisation": W("单位", "organisations"),
}
_PERIODS = {
    "year": W("年", "year"), "month": W("月", "month"), "day": W("天", "day"), "forever": W("长期", "no end"),
}  # fmt: skip
_LISTS: Mapping[tuple[type, str], Callable[[str], Words]] = {
    (Pack, "audience"): lambda one: AUDIENCES[one][1],
    (Pack, "level"): lambda one: LEVELS[one][1],
    (Pack, "power_source"): lambda one: POWERS[one],
    (Pack, "theme_targets"): lambda one: _TARGETS[one],
    (Pack, "ways"): lambda one: WAYS[one],
    (Commitment, "kind"): lambda one: COMMITMENT_KINDS[one],
    (Commitment, "check_how"): lambda one: CHECK_WAYS[one],
    (Commitment, "risk"): lambda one: RISKS[one],
    (Material, "necessity"): lambda one: NECESSITIES[one][1],
    (Material, "form"): lambda one: FORMS[one],
    (Material, "origin"): lambda one: ORIGINS[one],
    (ResultSpec, "kind"): lambda one: RESULT_KINDS[one],
    (Validity, "unit"): lambda one: _PERIODS[one],
    (HeldSpec, "base"): lambda one: BASE_WORDS[Base(one)],
    (HeldSpec, "ground"): lambda one: GROUND_WORDS[one],
    (FactSpec, "provider"): lambda one: _PROVIDERS[one],
}


def label(owner: type, name: str) -> Words:
    """What people call the property. KeyError when nobody gave it a name."""
    return _OWN.get((owner, name)) or LABELS[name]


def say(owner: type, name: str, value: Any) -> Words:
    """The value as a person reads it; money in yuan."""
    if value is None or value == "" or (isinstance(value, tuple | Mapping) and not value):
        return _NONE
    if (owner, name) in _LISTS:
        return _joined([_LISTS[owner, name](one) for one in ((value,) if isinstance(value, str) else value)])
    if name == "amount_fen":
        return W(f"{value / 100:.2f} 元", f"{value / 100:.2f} yuan")
    return _plain(owner, name, value)


def _plain(owner: type, name: str, value: Any) -> Words:
    if isinstance(value, Words):
        return value
    if isinstance(value, bool):
        return _TRUTH[value]
    if isinstance(value, Limit):
        return _limit(value)
    if isinstance(value, Expression):
        return W(value.text, value.text)
    if isinstance(value, tuple):
        return _joined([say(owner, name, one) for one in value])
    return _other(value)


def _other(value: Any) -> Words:
    found = getattr(value, "words", None)
    if isinstance(value, StrEnum) and isinstance(found, Words):
        return found
    if isinstance(value, Mapping):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        return W(text, text)
    if isinstance(value, datetime):
        return W(value.isoformat(), value.isoformat())
    if is_dataclass(value):
        owner = type(value)
        said = [(label(owner, f.name), say(owner, f.name, getattr(value, f.name))) for f in fields(value)]
        return W("；".join(f"{a.zh}：{b.zh}" for a, b in said), "; ".join(f"{a.en}: {b.en}" for a, b in said))
    return W(str(value), str(value))


def _limit(limit: Limit) -> Words:
    """All of it: two limits of the same length that rest on other law are not the same."""
    notes = [W(one, one) for one in (limit.basis, limit.source and f"[{limit.source}]") if one]
    notes += [limit.note] if limit.note else []
    if not notes:
        return limit.words
    return W(
        f"{limit.words.zh}（{'；'.join(n.zh for n in notes)}）", f"{limit.words.en} ({'; '.join(n.en for n in notes)})"
    )


def _joined(parts: list[Words]) -> Words:
    return W("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
