"""What the holder of a certificate is told of it; part of `notices.texts`."""

from yichuang.core.words import W
from yichuang.notices.texts.template import Template

CERTIFICATES: dict[str, Template] = {
    "end_intended": Template(
        W("您的证照有一项处理告知", "A notice about your certificate"),
        W(
            "【一窗】就您持有的“{item}”，机关拟作出处理：{act}。您可以在 {due} 前陈述、申辩，请登录“我的证照”查看告知书（办件 {number}）。",
            "[Yichuang] The organ intends this about your certificate ({item}): {act}. You may answer until {due}: sign in, "
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
    "certificate_ends": Template(
        W("您的证照快到期了", "Your certificate is about to end"),
        W(
            "【一窗】您的“{name}”有效期至 {due}。需要继续使用的，请在 {by} 前登录“我的证照”申请延续（原办件 {number}，{item}）。",
            "[Yichuang] Your {name} is valid until {due}. To go on using it, apply for its renewal by {by} under My "
            "certificates (case {number}, {item}).",
        ),
    ),
}
