"""What the probes send: the fields of every form, and the body of every operation, as somebody would who knows nothing more."""

from typing import Any

from tests.security.world import ITEM, STALE

NOBODY = "01900000-0000-7000-8000-000000000000"
PAGE_FIELDS = {
    "version": str(STALE), "reason": "核对身份信息", "opinion": "同意", "outcome": "deny", "reasons": "不符合条件", "basis": "L2", "days": "3",
    "ground": "testing", "kind": "not_accepted", "field": "mobile", "approved_by": "局长", "identity": "440303199001010192",
    "receiver_name": "张晓", "language": "en", "number": "LH-0", "code": "ZZZZZZZZ", "/objection": "有异议",
}  # fmt: skip

API_BODIES: dict[str, dict[str, Any]] = {
    "notify-gaps": {"findings": {}, "supervisor_reason": "首次遗漏"},
    "refuse": {"kind": "not_accepted", "reason": "不符合条件"},
    "suspend": {"ground": "testing", "days": 3, "reason": "送检"},
    "ask-extension": {"days": 3, "reason": "情况复杂"},
    "decline-extension": {"reason": "时间足够"},
    "decide": {"outcome": "deny", "reasons": "不符合条件", "basis": ["L2"]},
    "deliver": {"identity": "440303199001010192", "receiver_name": "张晓"},
    "exchange": {"identity": "440303199001010192", "receiver_name": "张晓", "old_paper": "returned"},
    "accept-with-gaps": {"promise_signed": True},
    "sign-promise": {"letter": "0123456789abcdef", "agreed": True, "password": "not-this-one"},
    "complete": {"outcome": "agree", "opinion": "同意"},
    "answer": {"outcome": "agree", "opinion": "同意"},
    "delegate": {"to": "01900000-0000-7000-8000-000000000000", "reason": "出差"},
    "countersign": {"post": "SCJG.review", "question": "是否合规"},
    "withdraw-question": {"question": "01900000-0000-7000-8000-000000000000"},
    "tell-interested": {"matter": "共用出入口", "parties": [{"name": "邻居", "contact": "13800000000"}]},
    "statement": {"who": "邻居", "words": "不同意"},
    "serve-notice": {"party": NOBODY, "on": "2026-11-24", "how": "mail"},
    "answer-code": {"party": NOBODY},
    "call-hearing": {"day": "2026-12-10", "place": "301", "chair": "01900000-0000-7000-8000-000000000000"},
    "postpone-hearing": {
        "day": "2026-12-10",
        "place": "301",
        "chair": "01900000-0000-7000-8000-000000000000",
        "reason": "主持人生病",
    },
    "close-hearing": {"ground": "withdrawn", "reason": "不再要求"},
    "hold-hearing": {"present": "邻居", "record": "陈述", "signed": True},
    "inspect-arrange": {
        "first": {"staff": "01900000-0000-7000-8000-000000000000", "licence": "440303001"},
        "second": {"staff": "01900000-0000-7000-8000-000000000001", "licence": "440303002"},
        "planned_at": "2026-11-25T10:00:00+08:00",
        "place": "演示路 8 号",
    },
    "inspect-record": {"held_at": "2026-11-24T10:00:00+08:00", "findings": "符合", "meets": True, "signed": "absent"},
    "record-check": {"kept": True, "findings": "与登记数据一致"},
    "miss-check": {"reason": "无人在场", "again_by": "2026-12-10"},
    "end-check": {"reason": "证照已注销"},
    "order-mending": {"demands": "配备消毒柜", "mend_by": "2026-12-10"},
    "return-to": {"to": "street_review", "reason": "补查"},
    "withdraw": {"reason": "不办了"},
    "terminate": {"reason": "无法继续"},
    "note-trip": {"kind": "consult"},
    "urge": {"words": "请尽快办理"},
    "unmask": {"field": "mobile", "reason": "联系申请人核实"},
    "ask": {"text": "芯片号能否后补"},
    "transfer": {"ground": "reorganised", "reason": "职责已划转", "to_department": "ZFJS"},
    "ask-correction": {"lines": [{"target": "form:/dog/colour", "new": "黑白"}], "reason": "写错"},
    "give-priority": {"category": "elderly"},
    "send-result": {"carrier": "专人"},
    "object-to-lapse": {"objection": "邮寄在路上"},
    "repair-lapse": {"reason": "已补交"},
}


WITHOUT_VERSION = frozenset(
    {
        "supply-link",
        "give-priority",
        "ask",
        "ask-correction",
        "note-trip",
        "urge",
        "unmask",
        "pickup-code",
        "object-to-lapse",
        "repair-lapse",
    }
)
MOVES: dict[str, dict[str, Any]] = {  # of a proceeding to end a certificate
    "state-defence": {"statement": "不同意"},
    "waive-defence": {},
    "call-hearing": {"hearing_on": "2026-12-30", "place": "301", "chair": "高峰"},
    "record-hearing": {"record": "双方陈述"},
    "end-certificate": {"reasons": "规划已经调整"},
    "drop": {"reasons": "不属实"},
}


ANSWERS: dict[str, dict[str, Any]] = {  # of what ends in "answer", by what it answers
    "/notices/": {"words": "没有意见"},
    "/questions/": {"text": "可以后补"},
    "/rechecks/": {"verdict": "grant"},
    "/appraisals/": {"approve": True, "appraisal": "00000000-0000-7000-8000-000000000000"},
    "/ask-person": {"reason": "请人看一看"},
    "/answer-person": {"stands": True, "answer": "无误"},
    "/archive/": {"outcome": "destroy", "reason": "保管期满"},
}


PARTS: dict[str, dict[str, Any]] = {  # of everything under an address
    "/reminders/": {"minutes": 15},
    "/qualifications/": {"reason": "调离"},
    "/ratings/": {"level": 9, "key": "matrix"},  # no such level: whoever may rate is told so
}


FORMS: dict[str, dict[str, Any]] = {  # of what stands by itself, by the end of its address
    "cases": {"item": ITEM, "form": {}},
    "filings": {"form": {}},
    "tax": {"form": {}},
    "help": {"kind": "assist", "text": "不会上传材料", "place": "LH"},
    "duty": {"department": "CGZF", "day": "2026-11-25", "half": "am"},
    "agents": {"name": "没有的人", "id_no": "440303199001010192", "valid_to": "2027-01-31", "password": "not-this-one"},
    "progress": {"number": "LH-0", "code": "ZZZZZZZZ"},
    "open": {"window": "1"},
    "finish": {"outcome": "consulted"},
    "seat": {"staff": NOBODY},
    "queues": {"queues": [NOBODY]},
    "queue": {"queue": NOBODY},
    "unmask": {"field": "mobile", "reason": "联系申请人核实"},
    "extended-hours": {
        "first": "2026-11-28",
        "opens": "14:00",
        "closes": "16:00",
        "reason": "延时",
        "reason_en": "Longer",
    },
    "loans": {"item": NOBODY, "name": "测试员", "mobile": "13800000001"},
    "loan-items": {"name_zh": "矩阵雨伞", "name_en": "Umbrella", "owned": 1, "minutes": 60},
    "queue-settings": {
        "letter": "Q",
        "name": "矩阵队列",
        "name_en": "Matrix",
        "aim_minutes": 15,
        "scope": "by_name",
        "windows": ["1"],
    },
    "qualifications": {"staff": NOBODY, "item": ITEM, "evidence": "考核合格"},
    "devices": {"kind": "kiosk", "name": "矩阵取号机"},
    "photos": {"material": "dog_photos", "uploads": ["00000000-0000-7000-8000-000000000001"]},
    "originals": {"name": "户口簿", "key": "matrix"},
    "back": {"way": "home"},
    "fingerprint": {"agreed": False, "alternative": "document"},
    "longer": {"until": "19:00"},
    "until-last": {"on": True},
    "transfer": {"queue": NOBODY},
    "signings": {"item": ITEM, "form": {}, "password": "not-this-one"},
    "proof": {"password": "not-this-one"},
    "sign": {"mark": "1", "agreed": True, "password": "not-this-one"},
    "refuse": {"reason": "出资比例不对"},
    "sign-at-counter": {"id_no": "440303199001010192", "mark": "0"},
    "find": {"id_no": "440303199001010192"},
    "bookings": {"slot": NOBODY, "items": [ITEM], "person": NOBODY},
    "cancel": {"reason": "系统维护"},
    "waiting-list": {"place": "LH", "items": [ITEM], "first": "2026-11-26", "last": "2026-11-27"},
    "rules": {"days_ahead": 10, "release": "08:30:00", "walk_in_percent": 40},
    "publish": {"first": "2026-11-25", "last": "2026-11-26"},
    "helper": {"helper": NOBODY},
    "cancel-day": {"day": "2026-12-01", "reason": "停电"},
    "carry-out": {"outcome": "consulted"},
    "excuse": {"reason": "住院"},
    "retire": {"base": "credit", "source": "no_such_source", "reason": "不再提供"},
    "settle": {"keep": "demo_police", "reason": "电话核对", "seen": "2020-01-01T00:00:00+08:00"},
    "load": {"reason": "按月更新"},
    "check-routing": {"xml": "<x/>"},
    "try-routing": {"xml": "<x/>", "values": {}},
    "try": {"body": "<x/>", "values": {}},
    "process.bpmn": {"xml": "<x/>", "digest": "0"},
}
