"""办理记录: the ledger of a case in words."""

from collections.abc import Mapping
from uuid import UUID

from yichuang.cases.aftermath import MOVE_WORDS
from yichuang.cases.commitments import CHECK_MOVE_WORDS
from yichuang.cases.confirming import words_of
from yichuang.cases.models import Case
from yichuang.cases.states import ACT_WORDS, Act
from yichuang.cases.values import STEP_WORDS, Step, TimelineRow
from yichuang.core import ledger
from yichuang.core.ledger import Entry, Subject
from yichuang.core.words import W, Words
from yichuang.network.values import PlaceRow


def timeline_of(case: Case, places: Mapping[UUID, PlaceRow]) -> tuple[TimelineRow, ...]:
    """Every act on the case and every remark, from the ledger, oldest first."""
    rows = []
    for entry in ledger.list_entries(Subject("case", case.id)):
        known = places.get(entry.place) if entry.place else None
        rows.append(
            TimelineRow(
                entry.seq,
                entry.at,
                entry.act,
                _words_of(entry),
                entry.actor_name_masked,
                known.name if known else None,
                entry.window,
                entry.channel,
                entry.id,
                entry.detail,
            )
        )
    return tuple(rows)


def _words_of(entry: Entry) -> Words:
    """What was done, in words. Whoever came by a link has no name; a review says which step of the task it was."""
    if entry.actor_kind == "link" and entry.act == Act.SUPPLEMENT:
        return BY_LINK
    if entry.act == Act.REVIEW and (step := REVIEW_STEPS.get(str(entry.detail.get("step")))):
        return step
    if entry.act == Act.HEARING and (step := HEARING_STEPS.get(str(entry.detail.get("step")))):
        return step
    if entry.act in PROCESS:
        return PROCESS[entry.act].format(what=W(str(entry.detail["zh"]), str(entry.detail["en"])))
    if entry.act == Act.FILE and (how := words_of(entry.detail.get("confirmed"))):
        return AT_A_WINDOW.format(what=ACT_WORDS[Act.FILE], how=how)
    if entry.act == "escalate":
        return STEP_WORDS[Step(str(entry.detail["step"]))]
    return ACT_WORDS[Act(entry.act)] if entry.act in set(Act) else OTHER_ACTS.get(entry.act, W(entry.act, entry.act))


PROCESS = {
    "process-timer": W("流程定时到：{what}", "a time of the process came: {what}"),
    "process-deaf": W("流程没有能够因此继续：{what}", "the process could not go on by it: {what}"),
    "process-stuck": W("流程没有走下去：{what}", "the process did not go on: {what}"),
    "process-rule": W("流程按规则分派：{what}", "the process took its way by the rules: {what}"),
    "process-work": W("流程自动办理：{what}", "done by the process: {what}"),
}
AT_A_WINDOW = W("{what}（{how}）", "{what} ({how})")
BY_LINK = W("凭补交码补交材料", "Papers handed in by a code")
REVIEW_STEPS = {
    "claim": W("领取审查任务", "took a review task"),
    "return": W("退回审查任务", "gave a review task back"),
    "complete": W("完成审查", "completed a review"),
    "delegate": W("把审查任务转办给同事", "handed a review task to a colleague"),
    "take-back": W("收回转办的审查任务", "took a review task back from a colleague"),
    "countersign": W("请其他岗位加签", "asked another post for its opinion"),
    "withdraw-question": W("撤回加签", "withdrew a question to another post"),
    "inspect-arrange": W("安排现场核查，指派两名执法人员", "arranged an on-site inspection by two inspectors"),
    "inspect-photo": W("上传现场照片", "added a photograph of the place"),
    "inspect-record": W("填写现场检查记录并签字", "wrote and signed the record of the inspection"),
    "inspect-sign": W("签字确认现场检查记录", "signed the record of the inspection as the second inspector"),
    "answer": W("答复加签", "gave the opinion that was asked for"),
    "return-to": W("退回前一环节补查", "sent the work back to an earlier step"),
}
HEARING_STEPS = {
    "tell": W("告知申请人和利害关系人陈述申辩、听证的权利", "told those concerned of their right to be heard"),
    "state": W("记录陈述申辩", "put a statement on record"),
    "ask": W("记录陈述申辩和听证要求", "put a statement and the wish for a hearing on record"),
    "serve": W("记录告知书的送达", "put the service of the notice on record"),
    "serve-call": W("记录听证通知书的送达", "put the service of the hearing's notice on record"),
    "code": W("出具在线答复码", "made a code for an answer online"),
    "opened": W("登录打开告知书或者听证通知（电子送达）", "opened the notice signed in: served electronically"),
    "code-anew": W(
        "重新出具在线答复码，原收存账户不再有效", "made a new code; the account that held the notice is out"
    ),
    "state-online": W("网上提交陈述申辩", "a statement was handed in online"),
    "ask-online": W("网上提交陈述申辩并要求听证", "a statement was handed in online, asking for a hearing"),
    "call": W("通知举行听证", "called a hearing"),
    "postpone": W("更改听证的日期、地点或者主持人", "moved the hearing"),
    "withdrawn": W("记录听证要求撤回", "noted that a request for a hearing was withdrawn"),
    "not-held": W("听证未能举行，将另行通知", "noted that the hearing could not be held"),
    "hold": W("举行听证，制作笔录", "held the hearing and wrote its record"),
}
OTHER_ACTS = {
    "read-notice": W(
        "登录阅知告知书或者听证通知（未同意电子送达，不是送达）",
        "read the notice signed in: no consent to electronic service, so not served by it",
    ),
    "claim-notice": W("利害关系人登录后认领告知书", "an interested party took the notice into an account"),
    **{move.value: words for move, words in MOVE_WORDS.items()},
    **{move.value: words for move, words in CHECK_MOVE_WORDS.items()},
    "paper.hand-over": W("核验身份，交付结果", "handed over the result against identity"),
    "paper.exchange": W("核验身份，换发更正后的证照", "exchanged the old paper for the corrected certificate"),
    "result-made": W("结果制好，在负责审核的地点", "made the result; it lies at the responsible place"),
    "give-priority": W("列为优先办理", "put the case forward"),
    "end-priority": W("取消优先办理", "took the priority back"),
    "ask-specialist": W("向部门值班专员提问", "asked the department's duty specialist"),
    "answer-question": W("值班专员作出回答", "answered as duty specialist"),
    "ask-correction": W("申请更正笔误", "asked to have a clerical error corrected"),
    "correct": W("更正笔误", "corrected a clerical error"),
    "decline-correction": W("答复更正申请，不予更正", "answered a request to correct: not corrected"),
    "withdraw-correction": W("撤回更正申请", "took a request to correct back"),
    "urge": STEP_WORDS[Step.ORDER],
    "note-trip": W("登记到现场的原因", "noted why somebody came in"),
    "make-supply-link": W("生成补交材料链接", "made a link for handing in papers"),
    "object-to-lapse": W("对失信记录提出异议", "objected to the record of a promise not kept"),
    "repair-lapse": W("修复失信记录", "repaired the record of a promise not kept"),
    "place-hold": W("暂缓送达结果", "held the result back"),
    "lift-hold": W("解除暂缓送达", "released the result"),
    "move-offer": W(
        "网上签署承诺的截止日随工作日历变动", "the last day to sign the promise moved with the working-day calendar"
    ),
    "move-promised-day": W("承诺补交日期随工作日历顺延", "the promised day moved with the working-day calendar"),
    "ask-person": W("申请人工复核", "asked for a person to look at the automatic decision"),
    "answer-person": W("答复人工复核", "answered the review of the automatic decision"),
    "look-again": W("系统再次核对代取的材料", "looked again at what was fetched in the place of papers"),
    "judge-at-once": W("系统按规则核对", "checked by the rules"),
    "archive": W("归档", "put the case into the archive"),
    "move-version": W("改按事项的新版本办理", "went on under a newer version of the item"),
    "move-process": W("改按新版本的流程审查", "the review goes on by the process of a newer version"),
    "record.adopt": W("系统升级时登记已有记录", "put an earlier record on the ledger at an upgrade"),
}
