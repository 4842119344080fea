"""What people are told of their account, their agents, their data, and staff of second persons; part of `notices.texts`."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

_ASKED = W("【一窗】为办理{what}，于 {at} 查询了{bases}中与您有关的信息，依据：{ground}。查了什么、谁查的，见“谁看过我的数据”。", "[Yichuang] For {what}, shared bases ({bases}) were asked about you on {at}. Ground: {ground}. What was asked, and by whom, stands under “Who looked at my data”.")  # fmt: skip
ACCOUNTS: dict[str, Template] = {
    "sign_in_code": Template(
        W("登录验证码", "Sign-in code"),
        W(
            "【一窗】验证码 {code}，{minutes} 分钟内有效，仅用于登录。工作人员不会向您索要验证码，请勿告诉他人。",
            "[Yichuang] Your sign-in code is {code}. It works for {minutes} minutes. "
            "Staff never ask for it: do not share it.",
        ),
        secret=True,
    ),
    "sign_in_unknown": Template(
        W("有人用此号码请求登录", "Someone asked to sign in with this number"),
        W(
            "【一窗】有人用此号码请求登录，但该号码尚未开通账号。如是您本人，请携身份证到就近窗口开通；如非本人，请忽略。",
            "[Yichuang] Someone asked to sign in with this number, but it has no account. If it was you, any service "
            "counter can open one against your identity document; if not, ignore this.",
        ),
        secret=True,
    ),
    "confirm_code": Template(
        W("确认本人的验证码", "Confirmation code"),
        W(
            "【一窗】验证码 {code}，{minutes} 分钟内有效，仅用于确认是您本人在签署。工作人员不会向您索要验证码，请勿告诉他人。",
            "[Yichuang] Your confirmation code is {code}. It works for {minutes} minutes and confirms that it is you who "
            "signs. Staff never ask for it: do not share it.",
        ),
        secret=True,
    ),
    "email_code": Template(
        W("确认电子邮箱的验证码", "Code to confirm your e-mail address"),
        W(
            "【一窗】验证码 {code}，{minutes} 分钟内有效，仅用于确认这个邮箱由您本人使用。工作人员不会索要验证码。"
            "如非您本人操作，请忽略这封邮件。",
            "[Yichuang] Your code is {code}. It works for {minutes} minutes and confirms that you read this address. "
            "Staff never ask for it. If this was not you, ignore this mail.",
        ),
        secret=True,
    ),
    "email_changed": Template(
        W("电子邮箱已更新", "E-mail address changed"),
        W(
            "【一窗】您的电子邮箱已于 {at} 更新为 {email}，办件进度会同时发到邮箱。如非本人操作，请立即登录修改并联系窗口。",
            "[Yichuang] Your e-mail address was changed to {email} on {at}; news of your cases goes there too. If this "
            "was not you, sign in, change it and contact a counter.",
        ),
    ),
    "email_removed": Template(
        W("电子邮箱已删除", "E-mail address removed"),
        W(
            "【一窗】您的电子邮箱 {email} 已于 {at} 删除，今后不再向它发送消息。如非本人操作，请登录查看。",
            "[Yichuang] Your e-mail address {email} was removed on {at}; nothing is sent there any more. If this was "
            "not you, please sign in and look.",
        ),
    ),
    "identity_seen": Template(
        W("您的证件已当面核验", "Your document has been seen"),
        W(
            "【一窗】您的账号已于 {at} 在窗口当面核验证件。不是您本人办理的，请立即联系政务服务中心。",
            "[Yichuang] At {at} a clerk saw your document at a window and put it on record for your account. If that was not "
            "you, contact the service centre at once.",
        ),
    ),
    "account_opened": Template(
        W("账号已开通", "Your account is open"),
        W(
            "【一窗】您的账号已开通，用户名 {username}。可用手机验证码登录，首次登录后请设置密码。",
            "[Yichuang] Your account is open; your user name is {username}. Sign in with a code sent to this phone, "
            "then choose a password.",
        ),
    ),
    "account_locked": Template(
        W("账号暂时锁定", "Account locked for a while"),
        W(
            "【一窗】您的账号因多次输错密码，已暂停密码登录至 {until}。如非本人操作，请用验证码登录后修改密码。",
            "[Yichuang] Password sign-in to your account is paused until {until} after several wrong passwords. If "
            "this was not you, sign in with a code and change your password.",
        ),
    ),
    "password_changed": Template(
        W("密码已修改", "Password changed"),
        W(
            "【一窗】您的密码已于 {at} 修改，其他设备已退出登录。如非本人操作，请立即到窗口或致电服务热线处理。",
            "[Yichuang] Your password was changed on {at}; other devices were signed out. If this was not you, contact "
            "a service counter at once.",
        ),
    ),
    "password_renewed": Template(
        W("密码已被重置", "Your password was renewed"),
        W(
            "【一窗】您的密码已于 {at} 由{office}重置，所有登录已退出。如非您本人提出，请立即告知安全管理员或安全审计员。",
            "[Yichuang] Your password was renewed on {at} by the {office}; every session has ended. If you did not ask "
            "for this, tell the security administrator or the security auditor at once.",
        ),
    ),
    "second_asked": Template(
        W("有一项操作等您复核", "An act waits for your confirmation"),
        W(
            "【一窗】有同事提出“{act}”，须由您或者另一位有同样权限的人复核后才执行。请在 {until} 前到管理后台“待复核”处理，"
            "到时没有复核就失效。",
            "[Yichuang] A colleague asked for this: “{act}”. It is done only when you, or another holder of the same "
            "power, confirm it. Please answer before {until}, under “To be confirmed” in the administration; after that it "
            "lapses.",
        ),
    ),
    "second_ended": Template(
        W("您提出的操作已有结果", "What you asked for was answered"),
        W(
            "【一窗】您提出的“{act}”：{outcome}（{at}）。经过见管理后台“待复核”。",
            "[Yichuang] What you asked for, “{act}”: {outcome} ({at}). You find it under “To be confirmed” in the "
            "administration.",
        ),
    ),
    "second_expired": Template(
        W("您提出的操作没有人复核，已失效", "Nobody confirmed what you asked for"),
        W(
            "【一窗】您提出的“{act}”在 24 小时内没有人复核，已于 {at} 失效，没有执行。仍需办理的，请重新提出。",
            "[Yichuang] Nobody confirmed what you asked for, “{act}”, within 24 hours: it lapsed on {at} and was not done. "
            "If it is still wanted, please ask anew.",
        ),
    ),
    "agency_granted": Template(
        W("您已被授权代办", "You were authorised to act for someone"),
        W(
            "【一窗】{principal} 已授权您代办事项，有效期至 {until}。您可在“我的”中查看或退出。",
            "[Yichuang] {principal} has authorised you to act for them until {until}. See “My account”.",
        ),
    ),
    "agency_revoked": Template(
        W("代办授权已撤销", "Authority withdrawn"),
        W(
            "【一窗】{principal} 对您的代办授权已撤销，即时生效。",
            "[Yichuang] {principal} has withdrawn your authority to act for them, with effect at once.",
        ),
    ),
    "agency_given": Template(
        W("已授权他人代办", "You authorised somebody"),
        W(
            "【一窗】已授权 {agent} 代您（单位）办事，有效期至 {until}。如非您的意思，请立即在“我的代理人”中解除，或联系窗口。",
            "[Yichuang] {agent} may now act for you until {until}. If this was not your will, end it at once under “My "
            "agents”, or contact a counter.",
        ),
    ),
    "agency_ended": Template(
        W("代办授权已解除", "An authority has ended"),
        W(
            "【一窗】{agent} 代您（单位）办事的授权已解除，即时生效。",
            "[Yichuang] {agent} may no longer act for you, with effect at once.",
        ),
    ),
    "service_agreed": Template(
        W("已登记同意电子送达", "Electronic service was agreed to"),
        W(
            "【一窗】已为您（单位）登记同意电子送达。如非您的意思，请在“我的消息—电子送达”或窗口撤回。",
            "[Yichuang] Consent to electronic service was put on record for you. If this was not your will, withdraw it "
            "under “My messages – Electronic service”, or at a counter.",
        ),
    ),
    "service_withdrawn": Template(
        W("已撤回电子送达的同意", "Consent to electronic service withdrawn"),
        W(
            "【一窗】您（单位）对电子送达的同意已撤回，以后的文书书面送达。",
            "[Yichuang] Consent to electronic service was withdrawn for you; later papers are served on paper.",
        ),
    ),
    "data_unmasked": Template(
        W("工作人员查看了您的信息", "Staff looked at your data"),
        W(
            "【一窗】{who} 于 {at} 查看了您的{field}，理由：{reason}。详情见“谁看过我的数据”。",
            "[Yichuang] {who} looked at your {field} on {at}. Reason: {reason}. See “Who looked at my data”.",
        ),
    ),
    "registry_asked": Template(W("依法查询了您的信息", "Shared bases were asked about you"), _ASKED),
}
