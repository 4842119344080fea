"""The words of the room's refusals, in one place."""

from collections.abc import Mapping
from types import MappingProxyType

from yichuang.core.words import W, Words

VERSION_MISSING = W("请求缺少办件版本号 version", "The request lacks the case version")
STALE_VERSION = W(
    "这个办件刚刚被他人更新，请查看最新情况后再操作；您填写的内容没有丢失",
    "Somebody else has just changed this case. Look at it again before acting; what you typed is kept",
)
NOT_IN_STATE = W("办件现在是“{state}”，不能{act}", "The case is now “{state}”, so this cannot be done: {act}")
DRAFT_CHANGED = W(
    "申请人刚才在别处改过这份草稿，没有用窗口填的覆盖。请与申请人核对，再重新打开接力码补充",
    "The applicant has just changed this draft elsewhere; it was not written over. Look at it together, then open the code again and add to it",
)
RELAY = W("接力码", "relay code")
RELAY_TAIL = W(
    "证件号码后四位不对，还可以试 {left} 次", "The end of the document's number does not fit; tries left: {left}"
)
RELAY_VOID = W(
    "证件号码后四位错了五次，这个接力码已作废，请本人重新生成",
    "Five wrong tries: this relay code is void; its owner can make a new one",
)
NOT_A_CLERK = W(
    "您不是本网点的受理人员，不能代为申报；个人办事请用个人账号登录",
    "You do not take filings at this place; for your own affairs sign in with your own account",
)
VERSION_RETIRED = W(
    "“{name}”的这个版本已停止受理，请按最新指南重新填写；您填写的内容没有丢失",
    "This version of “{name}” is no longer open; please follow the newest guide. What you typed is kept",
)
NO_APPLICANT = W("请先登记申请人", "Register the applicant first")
NOT_AUTHORISED_FOR = W("您没有代理该申请人的有效授权", "You hold no valid authority to act for this applicant")
AUTHORITY_NEEDED = W(
    "代理人在本事项上没有登记在册的有效授权：请查验授权委托书原件和代理人证件，并勾选“已查验委托书原件”；没有委托书的，请申请人本人办理或先登记授权",
    "No authority in force is on record for this agent in this item: check the original of the signed power of attorney and the "
    "agent's document, and tick that you have seen it; without one, the applicant must come in person or record an authority first",
)
PLACE_CANNOT_TAKE = W(
    "本网点未获“{department}”授权受理该事项，请到{where}办理",
    "This place is not authorised by {department} to take this item; please go to {where}",
)
UNKNOWN_ITEM = W("没有这个事项，请核对事项编码", "There is no such item: check its code")
UNKNOWN_VERSION = W(
    "没有事项的这个版本，请刷新页面后按现行版本填报",
    "The item has no such version: reload and file under the present one",
)
UNKNOWN_PARTY = W("没有登记过这个人或单位", "This person or organisation is not registered")
UNKNOWN_MATERIAL = W("事项清单中没有编号为“{code}”的材料", "The item has no material with code “{code}”")
UNKNOWN_UPLOAD = W("上传文件不存在或不属于您：{id}", "This upload does not exist or is not yours: {id}")
UPLOAD_USED = W(
    "这份文件已用于另一个办件，请重新上传", "This file already belongs to another case; please upload it anew"
)
NOT_HELD = W(
    "“{name}”没有由系统取得，或者已经失效，请按实际情况核对",
    "“{name}” was not fetched, or is no longer in force: note what you find",
)
ORIGINALS_AT_WINDOW = W(
    "原件由窗口人员核对后登记，请带到窗口", "Originals are entered by staff who have seen them: bring them to a window"
)
NOTHING_SENT = W("没有收到任何材料", "No paper was sent")
REASON_NEEDED = W("请写明理由", "Please give the reason")
ASKED_FOR: Mapping[str, Words] = MappingProxyType(  # where no reason is asked for, by the field
    {
        "/facts": W("请写明事实", "Please write the facts"),
        "/demands": W("请写明要改正什么", "Please write what is to be put right"),
        "/words": W("请写明督办的内容", "Please write the message"),
        "/question": W("请写明要问什么", "Please write the question"),
        "/objection": W("请写明您的异议", "Please write your objection"),
        "/record": W("请写明听证的情况", "Please write the record of the hearing"),
    }
)
REASON_TOO_LONG = W("最多 1000 字", "At most 1,000 characters")
GAPS_REMAIN = W("材料不齐，不能直接受理：{gap}", "Not complete, so it cannot simply be accepted: {gap}")
NO_PROMISE = W("不能容缺受理：{why}", "Cannot be accepted on a promise: {why}")
NO_OFFER = W(
    "现在没有可以签署的容缺承诺：窗口尚未提出，或者已经撤回、过期",
    "There is no promise to sign now: none was offered, or the offer is over",
)
NOBODY_ONLINE = W(
    "申请人没有网上账号，也没有有账号的代理人，无法网上签署；请当面签署，或一次性告知补正",
    "The applicant has no account, nor has an agent: nobody could sign online. Have it signed at the window, or give the notice",
)
OFFER_TOO_LATE = W(
    "答复期限最迟 {day}，来不及等申请人网上签署；请当面签署，或一次性告知补正",
    "The answer is due by {day}: too late to wait for a signature online. Have it signed at the window, or give the notice",
)
LETTER_CHANGED = W(
    "承诺书的内容或日期已经变动，请重新阅读后再签署",
    "The letter or its days have changed since you read it: please read it again before signing",
)
NOT_AGREED = W("请勾选“我已阅读并作出以上承诺”", "Tick “I have read this and promise it”")
PROOF_STALE = W("请重新确认是您本人", "Please prove again that it is you")
NOTHING_MISSING = W(
    "材料齐全，应当受理，无需一次性告知", "Nothing is missing: the case must be accepted, not sent back"
)
MUST_ACCEPT = W(
    "材料齐全且符合法定形式，应当受理；不予受理须写明不符合的法定条件",
    "The papers are complete and in legal form: the case must be accepted unless a legal condition is named",
)
NEW_DEMAND = W(
    "首次告知未列出：{materials}。再次要求须由监督员写明理由，并计为违规",
    "The first notice did not name: {materials}. Demanding it now needs a supervisor's reason and is counted as a violation",
)
WHERE_TO_GO = W("请写明应当向哪个机关申请", "Say which authority the applicant should go to")
GROUND_UNKNOWN = W(
    "只有听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审可以暂停法定时限",
    "Only a hearing, tender, auction, inspection, testing, quarantine, appraisal or expert review stops the legal clock",
)
DAYS_NEEDED = W("请写明特别程序所需天数（1–180）", "Say how many days the special procedure needs (1–180)")
EXTENDED_ALREADY = W("法定时限只能延长一次", "The legal limit can be extended only once")
EXTENSION_TOO_LATE = W(
    "法定办结时限已于 {day} 届满，届满后不能再延长，请尽快作出决定",
    "The legal limit passed on {day} and cannot be extended any more; please decide as soon as possible",
)
EXTENSION_TOO_LONG = W("最多延长 {days} 个工作日", "Working days by which it can be extended at most: {days}")
EXTENSION_NOT_ALLOWED = W("本事项不可延期", "This item's limit cannot be extended")
HEARING_CALLED = W(
    "已通知举行听证，听证笔录作出后自动恢复计时", "A hearing is called: the clock runs on with its record, by itself"
)
EXTENSION_ASKED = W("已经有延期申请在等待批准", "An extension has been asked for and waits for approval")
NO_EXTENSION_ASKED = W(
    "没有等待批准的延期申请，可能已由他人处理", "No extension waits for approval; somebody may have answered it"
)
EXTENSION_BY_ANOTHER = W(
    "延期须由提出人以外的负责人批准", "An extension is approved by somebody else than who asked for it"
)
EXTENSION_NOT_YOURS = W(
    "本事项的延期由决定岗位的负责人或首席代表批准",
    "An extension of this item is approved by its deciding post or the chief representative",
)
REVIEW_OPEN = W(
    "部门审查尚未完成，不能决定", "The departments have not finished their review, so no decision can be made"
)
HELD = W("还不能送达：{why}", "The result cannot be served yet: {why}")
WAIT_EXPIRED = W("补正材料的链接已失效，请联系窗口重新获取", "This link has expired; ask the window for a new one")
NOT_YET_LATE = W("承诺期限未到，不能按逾期终止", "The promised day has not passed")
DEEMED_ACCEPTED = W(
    "五个工作日的答复期限已过，依法视为受理，系统正在办理，请稍后刷新",
    "The five working days to answer have passed: by law the case counts as accepted; the system is recording it, please reload shortly",
)
PROMISE_LATE = W(
    "承诺补交“{name}”的期限已于 {day} 届满，办理依承诺书终止，系统正在办理，请稍后刷新；可以重新申请",
    "“{name}” was promised by {day}. That day has passed, so the case ends as the letter says; the system is recording it, "
    "please reload shortly. A new application is open to you",
)
NOT_SILENT = W("答复期限未到", "The time to answer has not run out")
UNKNOWN_STATE = W("材料状态不正确：{state}", "This is no state of a material: {state}")
FAULT_NEEDED = W("请写明“{name}”哪里不符合要求、应当怎样改", "Say what is wrong with “{name}” and what would be right")
BASIS_NEEDED = W(
    "不予的决定须写明法律依据，请至少选一条", "A denial names the law that it rests on: choose at least one"
)
BASIS_UNKNOWN = W("事项的依据中没有“{basis}”", "The item has no legal basis “{basis}”")
OUTCOME_UNKNOWN = W("决定只能是 grant（准予）或 deny（不予）", "The outcome is grant or deny")
RESULT_NOT_HERE = W(
    "结果还没有制好，或者已经送出，不能再送", "The result is not made yet, or has been sent: it cannot be sent now"
)
RESULT_NOT_SENT = W("没有送往本地点的结果，不能签收", "No result is on its way here, so none can be received")
CARRIER_NEEDED = W(
    "请写明怎样送的（专人、机要交换或快递单号）", "Say how it travels: messenger, courier, waybill number"
)
CARRIER_TOO_LONG = W("送达方式最多 60 字", "At most 60 characters")
CATEGORY_UNKNOWN = W("请从清单中选择优先办理的情形", "Choose the reason for priority from the list")
FORMER_NOT_IN_FORCE = W(
    "登记簿上的原{name}状态为“{state}”，不能据以转移",
    "The register says the former {name} is “{state}”: nothing can pass from it",
)
FORMER_HOLDER_DIFFERS = W(
    "登记簿上原{name}的权利人不是申请表所填的转出方，请核实",
    "The holder of the former {name} on the register is not who the form says: check it",
)
WORDS_NEEDED = W("请写明内容", "Please write what you want to say")
WORDS_TOO_LONG = W("最多 1000 字", "At most 1,000 characters")
ANSWERED_ALREADY = W("这个提问已经有人回答", "Somebody has answered this question already")
