"""One full set of values per legal document, as `cases` fills them; rare characters in every name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from yichuang.issuing.documents import DOCUMENTS, prepared, title_of
from yichuang.issuing.typeset import Sheet

RARE = "张䶮𠮷"  # 䶮 (Extension A) and 𠮷 (Extension B)
ORGAN = "深圳市罗湖区市场监督管理局"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

COMMON = {
    "applicant": RARE,
    "item_name": "个体工商户设立登记",
    "case_number": "440303-20261124-W-000123-7",
    "permit": True,
    "contact": "0755-82000000（综合窗口）",
    "agent": "林㛃、李𡋾",
    "item_code": "11440303007546232X4000131128000",
}
MATERIALS = [
    {"name": "个体工商户登记（备案）申请书", "copies": "1", "form": "原件", "state": "已收"},
    {"name": "经营者身份证明", "copies": "0", "form": "电子证照", "state": "免提交"},
]
GAPS = [{"material": "经营场所使用证明", "problem": "未提交", "due_on": "2026-11-27"}]
REMEDIES = {"review_organ": "深圳市罗湖区人民政府", "court": "深圳市盐田区人民法院"}
OWN = {"signer": RARE, "sign_way": "网上实名确认", "applicant_id_masked": "440303********1234"}
FILED = {"filed_on": "2026-11-20"}
DECIDED = {**FILED, "accepted_on": "2026-11-24"}
ACCEPTED = {**DECIDED, "due_on": "2026-12-01", "query_code": "8F3K2Q"}
CERTIFICATE = {"certificate_name": "营业执照", "certificate_number": "深罗个登〔2026〕000001"}
FOUND = {
    **CERTIFICATE,
    "ground": "以欺骗等手段取得",
    "facts": "所交租赁合同系伪造。",
    "basis": "《行政许可法》第六十九条第二款",
}
INTENDED = {**FOUND, "answer_until_on": "2026-12-01", "note": "利益不受保护"}
ENDED = {
    **FOUND,
    **REMEDIES,
    "decided_on": "2026-12-02",
    "reasons": "申辩不成立。",
    "heard": "已听取申辩",
    "note": "利益不受保护",
}
NOTICED = {**CERTIFICATE, "notice_number": "SCJG拟撤字〔2026〕000001号"}
HEARING = {**NOTICED, "hearing_on": "2026-12-11", "hearing_place": "罗湖区政务服务中心三楼", "chair": "周正"}

VALUES: Mapping[str, Mapping[str, Any]] = {
    "receipt": {"received_at": "2026-11-24T10:30:00+00:00", "query_code": "8F3K2Q", "materials": MATERIALS},
    "gap_notice": {
        **FILED,
        "gaps": [{"material": "租赁合同", "problem": "缺少签章", "how": "提交签章的合同", "basis": "条例第十六条"}],
        "due_on": "2026-12-20",
        "ways": "窗口提交，或者手机拍照上传",
    },
    "acceptance": {**ACCEPTED, "materials": MATERIALS, "promise_limit": "当场办结", "legal_limit": "3 个工作日"},
    "deemed_acceptance": {"received_on": "2026-11-13", "deadline_on": "2026-11-20", "accepted_on": "2026-11-13"},
    "non_acceptance": {**FILED, **REMEDIES, "reasons": "申请人不具有完全民事行为能力。\n经营场所不在本区。"},
    "not_needed": {**FILED, "reasons": ["便民劳务活动依法无须办理登记。"]},
    "not_ours": {**FILED, **REMEDIES, "right_organ": "深圳市南山区市场监督管理局"},
    "gap_acceptance": {**ACCEPTED, "gaps": GAPS},
    "promise": {**OWN, "gaps": GAPS},
    "special_procedure": {"ground": "专家评审", "days": "10", "started_on": "2026-11-25", "reason": "涉及文物保护。"},
    "extension": {
        "reason": "需要调取档案核实",
        "days": "10",
        "old_due_on": "2026-12-18",
        "new_due_on": "2027-01-04",
        "approver": "本机关负责人",
    },
    "grant": {**DECIDED, "result_name": "营业执照", "basis": "《市场主体登记管理条例》第十九条"},
    "deemed_renewal": {
        **DECIDED,
        "result_name": "养犬登记证",
        "certificate_number": "深罗犬〔2026〕000001",
        "valid_from_on": "2026-12-02",
        "valid_to_on": "2027-12-01",
    },
    "refusal": {**DECIDED, **REMEDIES, "reasons": "申报的经营场所属于违法建筑。"},
    "delivery": {
        "papers": [{"name": "营业执照", "number": "92440303MA5XXXXX1T", "copies": "1"}],
        "receiver": RARE,
        "delivered_at": "2026-11-24T02:30:00+00:00",
        "place": "罗湖区行政服务大厅",
        "way": "窗口领取",
        "clerk": "周洁",
    },
    "withdrawal": {**OWN, **FILED, "reason": "经营计划变更"},
    "termination": {**FILED, "reasons": "申请人书面撤回申请。"},
    "proxy": {**OWN, "powers": "提交、补正申请材料。\n代为领取办理结果。", "agent_id_masked": "440304********5678"},
    "interested_notice": {
        "interested": [{"name": RARE, "contact": "13800000000"}],
        "matter": "拟建围墙与相邻住户共用出入口。",
    },
    "correction": {
        "lines": [{"what": "毛色", "old": "黄白", "new": RARE}],
        "reason": "录入时写错。",
        "certificate_name": "养犬登记证",
        "certificate_number": "深罗犬〔2026〕000001",
        "version": "2",
    },
    "commitment": {
        **OWN,
        "commitment_name": "公共场所卫生条件告知承诺",
        "commitment_kind": "涉企经营许可告知承诺",
        "basis": "《指导意见》第二部分",
        "promised_conditions": ["选址、布局符合卫生标准。"],
        "spared": "卫生检测报告、卫生管理制度",
        "told": ["许可条件：设施和用品消毒符合标准。", "取得许可后两个月内现场核查。"],
        "promises": ["已经知晓并且符合上述全部条件。", "愿意承担不实承诺的法律责任。"],
        "check_way": "现场核查：两名以上监督员到场所核查。",
        "check_within": "作出决定之日起 40 个工作日内",
        "consequence": "不符合承诺的，责令限期整改；逾期不整改的，依法撤销许可。",
        "published": "不公开",
    },
    "mending_order": {
        "commitment_name": "公共场所卫生条件告知承诺",
        "letter_number": "WJJ告诺字〔2026〕000001号",
        "checked_on": "2026-12-01",
        "findings": "毛巾没有消毒柜，两名理发师没有健康证。",
        "demands": "配备消毒柜；未取得健康证的人员不得上岗。",
        "mend_by_on": "2026-12-15",
        "consequence": "逾期不改正的，依法撤销许可。",
        **REMEDIES,
    },
    "commitment_broken": {
        "commitment_name": "公共场所卫生条件告知承诺",
        "letter_number": "WJJ告诺字〔2026〕000001号",
        "checked_on": "2026-12-16",
        "findings": "再次核查，仍无消毒柜。",
        "order_number": "WJJ责改字〔2026〕000001号",
        "mend_by_on": "2026-12-15",
        "consequence": "修复前不再适用告知承诺。",
        "repair": "对本告知有异议的，可以提出异议；改正以后，可以申请修复。",
    },
    "package_receipt": {
        "received_at": "2026-11-24T02:00:00+00:00",
        "items": [
            {
                "name": "营业执照",
                "organ": "罗湖区市场监督管理局",
                "number": "440303-20261124-N-000001-4",
                "limit": "当场办结",
            },
            {"name": "公章刻制备案", "organ": RARE, "number": "轮到时生成", "limit": "1 个工作日"},
        ],
        "promise_limit": "0.5 个工作日（大厅办公 4 小时）",
        "handover": "等齐后一次领取",
        "stops": "“营业执照”如果不予办理，其余各项都以它为前提，随之终止。",
    },
    "transfer": {
        "from_organ": "罗湖区城市管理和综合执法局",
        "to_organ": "罗湖区住房和建设局",
        "ground": "依职责分工应由其他部门办理",
        "reason": f"{RARE}的房屋不在本局管辖范围。",
        "due_on": "2026-12-01",
    },
    "review_hearing": {"hearing_on": "2026-12-10", "hearing_place": "区政务中心 301", "chair": "林芳"},
    "review_hearing_record": {
        "hearing_on": "2026-12-10",
        "hearing_place": "区政务中心 301",
        "chair": "林芳",
        "present": f"{RARE}、王强",
        "record": "各方陈述了意见，出示了证据。",
        "signed": "参加人已签字或者盖章",
    },
    "inspection": {
        "inspectors": [
            {"name": "王强", "licence": "440303001", "signed": "已签字"},
            {"name": "何静", "licence": "440303002", "signed": "已签字"},
        ],
        "inspected_at": "2026-11-25T02:30:00+00:00",
        "inspected_place": "深圳市罗湖区桂园街道演示路 8 号",
        "findings": "犬舍通风、排水符合要求，防护栏高 1.8 米。",
        "conclusion": "符合要求",
        "photos": "3 张",
        "present": RARE,
        "present_signed": "拒绝签字",
        "present_note": "认为防护栏高度记录有误。",
    },
    "lapse": {**REMEDIES, "accepted_on": "2026-11-24", "gaps": GAPS},
    **dict.fromkeys(("revoke_notice", "withdraw_notice", "forfeit_notice", "cancel_notice"), INTENDED),
    **dict.fromkeys(("revocation", "taking_back", "forfeiture", "cancellation"), ENDED),
    "defence": {**OWN, **NOTICED, "statement": "所交证明真实有效。", "hearing": "持证人要求举行听证"},
    "hearing_notice": HEARING,
    "hearing_record": {**HEARING, "record": "持证人到场，双方举证、质证。"},
    "proceeding_dropped": {**NOTICED, "reasons": "经复核，事实不成立。"},
}


def values_of(kind: str, **changes: Any) -> dict[str, Any]:
    return {**COMMON, **VALUES[kind], **changes}


def sheet(kind: str, **changes: Any) -> Sheet:
    """The sheet of a document, with `changes` to its values."""
    values = values_of(kind, **changes)
    return Sheet(
        template=kind,
        title=title_of(kind, values).zh,
        number="SCJG受字〔2026〕000123号",
        organ=ORGAN,
        date="2026年11月24日",
        at=AT,
        values=prepared(values),
        qr="https://hall.example/verify/8F3K2QX7MN",
        qr_caption="扫码核验真伪",
        code="8F3K-2QX7-MN",
        mark="yichuang:document:8F3K2QX7MN",
    )


KINDS = tuple(DOCUMENTS)
