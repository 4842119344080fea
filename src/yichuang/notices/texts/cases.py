"""What the parties and the staff of a case are told of it; part of `notices.texts`."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

CASES: dict[str, Template] = {
    "case_filed": Template(
        W("申请已提交", "Application received"),
        W(
            "【一窗】您申请的“{item}”已收到，办件编号 {number}，查询码 {query_code}。凭编号和查询码可随时查进度。",
            "[Yichuang] We have received your application for {item}. Case {number}, query code {query_code}: "
            "use both to follow it at any time.",
        ),
    ),
    "granted_at_once": Template(
        W("申请已收到并当场准予", "Application received and granted"),
        W(
            "【一窗】您申请的“{item}”已收到，并已当场准予。办件编号 {number}，查询码 {query_code}，登录或凭编号和查询码可查看决定书。",
            "[Yichuang] We have received and at once granted your application for {item}. Case {number}, query code "
            "{query_code}: sign in or use both to read the decision.",
        ),
    ),
    "bundle_filed": Template(
        W("一件事已提交", "Package received"),
        W(
            "【一窗】“{package}”已提交，一件事编号 {number}，共 {count} 项。各项进度和结果都在“我的一件事”里，办成一项领一项。",
            "[Yichuang] Your filing “{package}” is in: {number}, {count} items. Each item's progress and result stand under "
            "“My packages”; results are handed over one by one.",
        ),
    ),
    "bundle_asks": Template(
        W("一件事里有一项等您补充", "An item of your package needs you"),
        W(
            "【一窗】“{package}”（{number}）轮到“{item}”了，还缺一点内容，请到“我的一件事”补充，补好即提交。",
            "[Yichuang] In “{package}” ({number}) it is the turn of “{item}”, and something is still missing. Please fill it in "
            "under “My packages”; it is filed at once.",
        ),
    ),
    "bundle_ready": Template(
        W("一件事的结果可以领取", "Results of your package are ready"),
        W(
            "【一窗】“{package}”（{number}）的纸质结果已备好，共 {count} 项：{items}。请带身份证件一次领取，地点见“我的一件事”。",
            "[Yichuang] The results on paper of “{package}” ({number}) are ready, {count} in all: {items}. Bring your identity "
            "document and collect them together; “My packages” says where.",
        ),
    ),
    "bundle_ended": Template(
        W("一件事已办完", "Package finished"),
        W(
            "【一窗】“{package}”（{number}）各项都已有结果：{outcome}。详情和结果见“我的一件事”。{rate}",
            "[Yichuang] Every item of “{package}” ({number}) has its result: {outcome}. See “My packages”.{rate}",
        ),
    ),
    "rating_asked": Template(
        W("请评价刚才的服务", "How was the service?"),
        W(
            "【一窗】您在大厅办理的业务已结束，愿意的话请评价：{url}（{until} 前有效，每次服务评一次，工作人员看不到是谁评的）。",
            "[Yichuang] Your visit has ended. If you like, rate the service: {url} (open until {until}, once for each visit; "
            "staff cannot see who rated).",
        ),
    ),
    "precheck_done": Template(
        W("预审已有结果", "Pre-check finished"),
        W(
            "【一窗】办件 {number}“{item}”预审结果：{outcome}。请登录查看下一步。",
            "[Yichuang] Case {number}, {item}: pre-check result: {outcome}. Sign in to see the next step.",
        ),
    ),
    "gaps_told": Template(
        W("需要补正材料", "Something is missing"),
        W(
            "【一窗】办件 {number}“{item}”需补正 {count} 项材料，已一次性全部告知，请{due}补齐。"
            "登录或凭查询码查看清单。",
            "[Yichuang] Case {number}, {item}: {count} thing(s) are missing or need correction, all listed in one "
            "notice. Please send them {due}. Sign in or use your query code to see the list.",
        ),
    ),
    "case_accepted": Template(
        W("申请已受理", "Application accepted"),
        W(
            "【一窗】办件 {number}“{item}”已受理，最迟 {due} 作出决定。",
            "[Yichuang] Case {number}, {item}, has been accepted. A decision is due by {due}.",
        ),
    ),
    "version_moved": Template(
        W("材料要求有变化", "The papers that are needed have changed"),
        W(
            "【一窗】办件 {number}“{item}”改按新的办事指南办理，还需要：{papers}。请登录补交，或等工作人员一次性告知。",
            "[Yichuang] Case {number}, {item}, goes on under a newer guide, which also asks for: {papers}. Sign in to send "
            "them, or wait for the one notice of all that is missing.",
        ),
    ),
    "signature_asked": Template(
        W("请您签署一份申请", "You are asked to sign an application"),
        W(
            "【一窗】{who}请您签署“{item}”的申请。请于 {until} 前登录“我的签署”阅读，同意再签；不同意的写明理由。没有账号的，可带身份证到窗口签署。",
            "[Yichuang] {who} asks you to sign an application: {item}. Sign in by {until}, read it under “To sign”, then sign "
            "it or say why not. Without an account, come to a window with your identity card.",
        ),
    ),
    "signature_reminder": Template(
        W("还有一份申请等您签署", "An application still waits for your signature"),
        W(
            "【一窗】“{item}”的申请还等您签署（{who}发起），{until} 到期。请登录“我的签署”办理。",
            "[Yichuang] An application still waits for your signature: {item} (asked by {who}). It runs out on {until}; see "
            "“To sign”.",
        ),
    ),
    "signature_recorded": Template(
        W("窗口登记了您的签署", "Your signature was put on record at a counter"),
        W(
            "【一窗】{at}，{place}的窗口登记了您对“{item}”申请的签署。如果不是您本人到场签署，请立即联系该窗口。",
            "[Yichuang] On {at}, a counter of {place} put on record that you signed an application: {item}. If you were not "
            "there yourself, contact that counter at once.",
        ),
    ),
    "signing_over": Template(
        W("您发起的签署已结束", "The signing that you asked for is over"),
        W(
            "【一窗】“{item}”：{outcome}。请登录查看原因；草稿还在，可以修改后重新发起。",
            "[Yichuang] {item}: {outcome}. Sign in to see why; your draft is still there and can be changed and signed anew.",
        ),
    ),
    "promise_offered": Template(
        W("可以容缺受理，请签署承诺", "You can promise the missing papers"),
        W(
            "【一窗】办件 {number}“{item}”缺的 {count} 份材料可以后补。请于 {until} 前登录阅读并签署承诺书，签后即受理；"
            "不签署的，将一次性告知您补正。",
            "[Yichuang] Case {number}, {item}: {count} missing material(s) may follow later. Sign in by {until}, read the "
            "letter of promise and sign it, and the case is accepted; otherwise you will get one notice of all that is "
            "missing.",
        ),
    ),
    "accepted_with_gaps": Template(
        W("已容缺受理", "Accepted on your promise"),
        W(
            "【一窗】办件 {number}“{item}”已容缺受理，请按承诺补交 {count} 项材料：{papers}。"
            "补齐后才能送达结果；有一项逾期，办理即终止。",
            "[Yichuang] Case {number}, {item}, was accepted on your promise. Outstanding ({count}): {papers}. The "
            "result can be served only after that; one late paper ends the case.",
        ),
    ),
    "promise_due": Template(
        W("承诺补交即将到期", "Your promise falls due"),
        W(
            "【一窗】办件 {number}“{item}”承诺补交的材料将于 {due} 到期，尚缺 {count} 项。逾期将终止办理。",
            "[Yichuang] Case {number}, {item}: {count} promised material(s) fall due on {due}. "
            "After that the case will end.",
        ),
    ),
    "lapse": Template(
        W("承诺逾期，办件已终止", "Promise missed, case ended"),
        W(
            "【一窗】办件 {number}“{item}”因承诺材料逾期未补，已终止办理。理由和救济途径见终止通知书，您可重新申请。{rate}",
            "[Yichuang] Case {number}, {item}, has ended because promised materials did not arrive in time. The notice "
            "names the reasons and your remedies; you may apply again.{rate}",
        ),
    ),
    "case_refused": Template(
        W("申请未予受理", "Application not accepted"),
        W(
            "【一窗】办件 {number}“{item}”：{outcome}。理由和救济途径见决定书，请登录或凭查询码查看。{rate}",
            "[Yichuang] Case {number}, {item}: {outcome}. The document names the reasons and your remedies; sign in or "
            "use your query code to read it.{rate}",
        ),
    ),
    "deemed_accepted": Template(
        W("申请视为受理", "Application deemed accepted"),
        W(
            "【一窗】办件 {number}“{item}”：法定期限内未告知补正，自 {received} 收到材料之日起视为受理，"
            "最迟 {due} 作出决定。",
            "[Yichuang] Case {number}, {item}: nothing was asked for within the statutory limit, so it counts as "
            "accepted from {received}. A decision is due by {due}.",
        ),
    ),
    "case_suspended": Template(
        W("办理期限暂停", "Clock stopped"),
        W(
            "【一窗】办件 {number}“{item}”因{ground}需 {days} 个工作日，所需时间不计入办理期限，书面通知请登录查看。",
            "[Yichuang] Case {number}, {item}: {ground} will take {days} working day(s), which do not count towards "
            "the limit. Sign in to read the notice.",
        ),
    ),
    "hearing_right": Template(
        W("陈述申辩和听证权利", "Your right to be heard"),
        W(
            "【一窗】办件 {number}“{item}”涉及他人重大利益，您可以陈述申辩，并可在收到告知书之日起五个工作日内要求听证。请登录“告知和听证”查看，打开即为送达。",
            "[Yichuang] Case {number}, {item} affects the interests of others. You may state your case, and ask for a "
            "hearing within five working days of receiving the notice. Sign in to read it: opening it is its service.",
        ),
    ),
    "interested_told": Template(
        W("有一件申请涉及您的利益", "An application affects your interests"),
        W(
            "【一窗】一件“{item}”申请涉及您的重大利益，您可以陈述申辩、要求听证。请打开 {url} 查看告知和答复，请勿转发。",
            "[Yichuang] An application ({item}) affects your interests: you may be heard and ask for a hearing. Open {url} "
            "to read and answer. Do not forward this link.",
        ),
        secret=True,
    ),
    "hearing_set": Template(
        W("听证通知", "Hearing"),
        W(
            "【一窗】办件 {number}“{item}”的听证定于 {day} 在{place}举行，听证通知书请登录查看。",
            "[Yichuang] Case {number}, {item}: the hearing is on {day}, {place}. Sign in to read the notice.",
        ),
    ),
    "hearing_off": Template(
        W("听证不再举行", "The hearing is not held"),
        W(
            "【一窗】办件 {number}“{item}”的听证不再按原通知举行：{why}。审查继续进行。",
            "[Yichuang] Case {number}, {item}: the hearing is not held as told: {why}. The review goes on.",
        ),
    ),
    "inspection_planned": Template(
        W("现场核查安排", "On-site inspection"),
        W(
            "【一窗】办件 {number}“{item}”将于 {when} 进行现场核查，由两名执法人员出示证件后进行，请您或者委托人到场。",
            "[Yichuang] Case {number}, {item}: two inspectors will come on {when} and show their licences. Please be "
            "there, or send somebody.",
        ),
    ),
    "case_resumed": Template(
        W("办理期限恢复", "Clock running again"),
        W(
            "【一窗】办件 {number}“{item}”已恢复计时，最迟 {due} 作出决定。",
            "[Yichuang] Case {number}, {item}: the clock is running again. A decision is due by {due}.",
        ),
    ),
    "case_extended": Template(
        W("办理期限延长", "Time limit extended"),
        W(
            "【一窗】办件 {number}“{item}”经批准延长办理期限至 {due}，理由：{reason}。",
            "[Yichuang] Case {number}, {item}: the limit was extended, with approval, to {due}. Reason: {reason}.",
        ),
    ),
    "case_transferred": Template(
        W("办件已移送", "Case transferred"),
        W(
            "【一窗】办件 {number}“{item}”已移送{where}办理，原来的期限不变，您无需重新申请，告知书请登录查看。",
            "[Yichuang] Case {number}, {item}, is now with {where}. Its time limit stays as it was; you need not apply "
            "again. Sign in to read the notice.",
        ),
    ),
    "case_corrected": Template(
        W("笔误已更正", "Clerical error corrected"),
        W(
            "【一窗】办件 {number}“{item}”中的笔误已更正，更正通知书请登录查看；证照有变动的，原证照已被新版本代替。",
            "[Yichuang] Case {number}, {item}: a clerical error was corrected. Sign in to read the notice; where it stood on "
            "the certificate, a new version has replaced the old one.",
        ),
    ),
    "certificate_reissued": Template(
        W("证照已更正换发", "Certificate issued anew"),
        W(
            "【一窗】办件 {number}“{item}”的证照已更正换发为第 {version} 版，原版本作废。请登录查看新证照；"
            "已领取纸质原件的，请持原件到 {place} 出件窗口换领。",
            "[Yichuang] Case {number}, {item}: the certificate was corrected and issued anew as version {version}; the earlier "
            "one is void. Sign in to see it; if you hold it on paper, exchange it at the issuing window of {place}.",
        ),
    ),
    "correction_declined": Template(
        W("更正申请的答复", "Answer to your request to correct"),
        W(
            "【一窗】办件 {number}“{item}”的更正申请未予更正，理由请登录查看。",
            "[Yichuang] Case {number}, {item}: your request to correct was not granted. Sign in to read why.",
        ),
    ),
    "help_taken": Template(
        W("有人来帮您了", "Somebody is helping you"),
        W(
            "【一窗】您的{kind}求助 {number} 已由{place}的工作人员接单，每一步请登录查看，您可以随时结束。",
            "[Yichuang] Your request {number} ({kind}) was taken at {place}. Sign in to see each step; you can end it at any time.",
        ),
    ),
    "help_registered": Template(
        W("窗口为您登记了求助", "A request for help was registered for you"),
        W(
            "【一窗】{place}的工作人员为您登记了{kind}求助 {number}，授权：{consents}。不是您本人的意思，或者想撤回授权，"
            "请登录“我的求助”随时撤回或者结束。",
            "[Yichuang] Staff at {place} registered request {number} ({kind}) for you, with these consents: {consents}. If you "
            "did not want this, sign in and withdraw a consent or end it at any time under My requests for help.",
        ),
    ),
    "help_done": Template(
        W("求助已办结", "Your request is done"),
        W(
            "【一窗】您的{kind}求助 {number} 已办结，授权同时终止，说明请登录查看。",
            "[Yichuang] Your request {number} ({kind}) is done, and every consent has ended. Sign in to read the note.",
        ),
    ),
    "case_withdrawn": Template(
        W("申请已撤回", "Application withdrawn"),
        W(
            "【一窗】办件 {number}“{item}”已按您的申请撤回，可随时重新申请。{rate}",
            "[Yichuang] Case {number}, {item}, was withdrawn at your request. You may apply again at any time.{rate}",
        ),
    ),
    "case_terminated": Template(
        W("办件已终止", "Case ended"),
        W(
            "【一窗】办件 {number}“{item}”已终止办理，理由：{reason}。{rate}",
            "[Yichuang] Case {number}, {item}, has ended. Reason: {reason}.{rate}",
        ),
    ),
    "decision_made": Template(
        W("申请已作出决定", "Decision made"),
        W(
            "【一窗】办件 {number}“{item}”已作出决定：{outcome}。请登录或凭查询码查看决定书。{rate}",
            "[Yichuang] Case {number}, {item}: the decision is: {outcome}. Sign in or use your query code to read it.{rate}",
        ),
    ),
    "ready_for_collection": Template(
        W("结果可以领取", "Ready for collection"),
        W(
            "【一窗】办件 {number}“{item}”结果已办好，请持本人身份证到{place}出件窗口领取。",
            "[Yichuang] Case {number}, {item}: your result is ready. Bring your identity document to the issuing "
            "window of {place}.",
        ),
    ),
    "delivered": Template(
        W("结果已送达", "Result delivered"),
        W(
            "【一窗】办件 {number}“{item}”结果已于 {at} 送达。如非本人或委托人领取，请立即联系窗口。{rate}",
            "[Yichuang] Case {number}, {item}: the result was handed over on {at}. If it was not you or your agent, "
            "contact the counter at once.{rate}",
        ),
    ),
    "check_due": Template(
        W("后续核查提醒", "A check is due"),
        W(
            "办件 {number}“{item}”的告知承诺须在 {due} 前核查：{step}。请尽快办理。",
            "Case {number}, {item}: its commitment is to be checked by {due}: {step}. Please see to it.",
        ),
    ),
    "case_urged": Template(
        W("督办", "Supervision order"),
        W(
            "办件 {number}“{item}”被督办：“{words}”。请尽快办理。",
            "Case {number}, {item}, is urged by supervision: “{words}”. Please see to it.",
        ),
    ),
    "rule_set_changed": Template(
        W("秒批规则状态变化", "A rule set changed"),
        W(
            "“{item}”的秒批规则：{mode}。{reason}",
            "The rules that decide “{item}” automatically: {mode}. {reason}",
        ),
    ),
    "rehearsal_ended": Template(
        W("规则重放完成", "A rehearsal is done"),
        W(
            "“{item}”的规则草稿已对过去的办件重放：看了 {total} 件，{changed} 件的判断会变。请在“秒批规则”中查看。",
            "The draft of the rules of “{item}” was rehearsed over {total} past cases: {changed} would be judged otherwise. See "
            "Instant rules.",
        ),
    ),
    "rehearsal_failed": Template(
        W("规则重放没有做成", "A rehearsal was not finished"),
        W(
            "“{item}”的规则草稿没有重放成：{why}。请在“秒批规则”中重新开始。",
            "The draft of the rules of “{item}” could not be rehearsed: {why}. Begin again under Instant rules.",
        ),
    ),
    "process_reminds": Template(
        W("催办", "Reminder"),
        W("办件 {number}“{item}”：{words}。请尽快办理。", "Case {number}, {item}: {words}. Please see to it."),
    ),
    "process_stuck": Template(
        W("流程停滞", "A process has stopped"),
        W(
            "办件 {number}“{item}”的流程没有走下去——{words}。系统会再试；请核对办件，必要时请事项管理员改流程后迁移。",
            "Case {number}, {item}: its process did not go on. {words} It will be tried again; please look at the case and, "
            "where needed, have the item editor mend the process and move the case.",
        ),
    ),
    "process_news": Template(
        W("办理进展", "How far your case is"),
        W("【一窗】您的办件 {number}“{item}”：{words}。", "[Yichuang] Your case {number}, {item}: {words}."),
    ),
    "limit_running_out": Template(
        W("办理期限提醒", "A limit runs out"),
        W(
            "办件 {number}“{item}”：{limit}，{step}。请尽快办理。",
            "Case {number}, {item}: {limit}, {step}. Please see to it.",
        ),
    ),
    "supply_link": Template(
        W("请补交材料", "Send the missing materials"),
        W(
            "【一窗】请打开 {url} 为办件 {number} 拍照补交材料，{until} 前有效。请勿转发。",
            "[Yichuang] Open {url} to photograph and send the missing materials for case {number}, until {until}. "
            "Do not forward this link.",
        ),
    ),
}
