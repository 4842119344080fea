"""What the holder of a certificate is told of it; part of `notices.texts`."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

CERTIFICATES: dict[str, Template] = {
    "end_intended": Template(
        W("您的证照有一项处理告知", "A notice about your certificate"),
        W(
            "【一窗】就您持有的“{item}”，机关拟作出处理：{act}。您可以在 {due} 前陈述、申辩，请登录“我的证照”查看告知书（办件 {number}）。",
            "[Yichuang] The authority intends this for your certificate ({item}): {act}. You may answer until {due}: sign in, "
            "My certificates (case {number}).",
        ),
    ),
    "hearing_called": Template(
        W("听证通知", "Notice of a hearing"),
        W(
            "【一窗】您要求的听证（“{item}”，办件 {number}）定于 {day} 在 {place} 举行，请登录查看听证通知书。",
            "[Yichuang] The hearing you asked for ({item}, case {number}) is on {day} at {place}. Sign in to read the notice.",
        ),
    ),
    "certificate_ended": Template(
        W("证照处理决定", "Decision on your certificate"),
        W(
            "【一窗】就您持有的“{item}”（办件 {number}）已作出决定：{act}。请登录“我的证照”查看决定书和救济途径。",
            "[Yichuang] A decision was made on your certificate ({item}, case {number}): {act}. Sign in, My certificates, to "
            "read it and what you can do against it.",
        ),
    ),
    "proceeding_dropped": Template(
        W("证照继续有效", "Your certificate stays in force"),
        W(
            "【一窗】就您持有的“{item}”（办件 {number}）启动的程序已终止，证照继续有效。",
            "[Yichuang] The proceeding on your certificate ({item}, case {number}) was dropped: it stays in force.",
        ),
    ),
    "commitment_kept": Template(
        W("核查符合承诺", "Your commitment was found kept"),
        W(
            "【一窗】您以告知承诺方式办理的“{item}”（办件 {number}）已经核查，符合承诺。",
            "[Yichuang] What you committed to in your application ({item}, case {number}) was checked and found kept.",
        ),
    ),
    "mending_ordered": Template(
        W("请按期改正", "Please put it right in time"),
        W(
            "【一窗】核查发现您的“{item}”（办件 {number}）有与承诺不符的情况，请在 {due} 前改正，之后再次核查。请登录查看责令限期改正通知书。",
            "[Yichuang] The check of {item} (case {number}) found something that does not keep your commitment. Put it right by "
            "{due}; it is checked again then. Sign in to read the order.",
        ),
    ),
    "commitment_broken": Template(
        W("认定未履行承诺", "Your commitment was found broken"),
        W(
            "【一窗】核查认定您的“{item}”（办件 {number}）没有履行告知承诺，已记录在案，修复前不再适用告知承诺。请登录查看告知书，可以提出异议。",
            "[Yichuang] The check found that your commitment in {item} (case {number}) was not kept. This is on record: until it is "
            "repaired, no further commitment is taken. Sign in to read the notice; you may object.",
        ),
    ),
    "check_ended": Template(
        W("不再核查", "No further check"),
        W(
            "【一窗】“{item}”（办件 {number}）的证照已经失效，您作出的承诺不再核查。",
            "[Yichuang] The certificate of {item} (case {number}) is no longer in force: what you committed to is checked no more.",
        ),
    ),
    "certificate_ends": Template(
        W("您的证照快到期了", "Your certificate is about to end"),
        W(
            "【一窗】您的“{name}”有效期至 {due}。需要继续使用的，请在 {by} 前登录“我的证照”申请延续（原办件 {number}，{item}）。",
            "[Yichuang] Your {name} is valid until {due}. To go on using it, apply for its renewal by {by} under My "
            "certificates (case {number}, {item}).",
        ),
    ),
}
