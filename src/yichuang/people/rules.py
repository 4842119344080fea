"""Who may be whom, and for how long: pure functions on values."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Set
from datetime import date, timedelta
from uuid import UUID

from yichuang.core.masks import mask_name
from yichuang.core.refusals import Reason
from yichuang.core.roles import ALL, SECURITY_ADMIN, SECURITY_AUDITOR, SYSTEM_ADMIN, THREE_ADMINISTRATORS, WORDS
from yichuang.core.words import W, Words
from yichuang.people.values import Budget, GrantView, PartyKind, QualificationRow

ADULT_AGE = 18  # 民法典 art. 17
CHILD_AGE = 14  # 个人信息保护法 art. 28: data of younger children is sensitive
MAX_AGENCY_DAYS = 3 * 366  # our own caution: the law asks for a period in the paper (民法典 art. 165), not its length
PASSWORD_MIN, PASSWORD_MAX = 10, 128
LONGEST_EVIDENCE = 200

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
CODE_WAIT = timedelta(seconds=60)
CODES_PER_PHONE = Budget("code.phone", 5, timedelta(days=1))
CODES_PER_EMAIL = Budget("code.email", 5, timedelta(days=1))  # of one person, to whatever addresses
CODES_PER_ADDRESS = Budget("code.address", 60, timedelta(hours=1))  # a hall's visitors share one address
CODES_IN_ALL = Budget("code.all", 600, timedelta(minutes=10))
CODE_TRIES_PER_ADDRESS = Budget("code.tries", 100, timedelta(hours=1))

# Lock-out: five wrong passwords lock the account for the address they came from. Guesses from many addresses lock the
# whole account later, so that a stranger cannot shut somebody out with five words; the SMS code stays open to the owner.
TRIES_PER_PAIR = Budget("password.pair", 5, timedelta(minutes=15), renew=True)
TRIES_PER_ACCOUNT = Budget("password.account", 20, timedelta(minutes=15), renew=True)
TRIES_PER_ADDRESS = Budget("password.address", 100, timedelta(minutes=15))


def fold(text: str) -> str:
    """One spelling of what people type: full-width to half-width, no spaces or control characters.

    NFKC is kept away from Chinese: it would rewrite compatibility ideographs that a name may really have.
    """
    folded = "".join(unicodedata.normalize("NFKC", c) if unicodedata.east_asian_width(c) == "F" else c for c in text)
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]", "", folded)


def normalise_username(text: str) -> str:
    """User names are compared without regard to case."""
    return fold(text).casefold()


# RFC 5321 lengths; quoted local parts and address literals exist on paper only
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)


def normal_email(text: str) -> str:
    """Half-width, without spaces, the domain in small letters; the part before @ belongs to its house and stays."""
    name, at, domain = unicodedata.normalize("NFKC", fold(text)).rpartition("@")
    return f"{name}{at}{domain.lower()}"


def check_email(text: str) -> list[Reason]:
    """Reasons against an e-mail address."""
    found = normal_email(text)
    if len(found) <= 254 and len(found.rpartition("@")[0]) <= 64 and _EMAIL.fullmatch(found):
        return []
    words = W(
        "请输入完整的电子邮箱地址，例如 name@example.com", "Enter a whole e-mail address, such as name@example.com"
    )
    return [Reason("EMAIL_FORMAT", words, "/email")]


def age_on(birth: date, today: date) -> int:
    """Full years (周岁); somebody born on 29 February turns on 1 March of common years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def is_minor(birth: date | None, today: date) -> bool:
    """Under 18 (未成年人). Unknown is not a minor."""
    return birth is not None and age_on(birth, today) < ADULT_AGE


def adult_from(birth: date) -> date:
    """The 18th birthday."""
    try:
        return birth.replace(year=birth.year + ADULT_AGE)
    except ValueError:  # 29 February
        return date(birth.year + ADULT_AGE, 3, 1)


def masked_name(kind: PartyKind, name: str, birth: date | None, today: date) -> str:
    """Companies are open; a child under 14 shows nothing of its name; others as `core.masks` says."""
    if kind == "company":
        return name
    if birth is not None and age_on(birth, today) < CHILD_AGE:
        return "*" * max(len(name), 2)
    return mask_name(name)


def judge_password(password: str, username: str) -> list[Reason]:
    """Reasons against a new password, all at once; common passwords are looked up by the caller.

    Length first (OWASP ASVS 5.0 6.2.1), letters and digits because 等保 2.0 level 3 asks for complexity.
    """
    reasons = []
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        text = W("密码长度应为 {least} 至 {most} 个字符", "A password has {least} to {most} characters")
        reasons.append(_password("PASSWORD_LENGTH", text.format(least=PASSWORD_MIN, most=PASSWORD_MAX)))
    if not (re.search(r"[^\W\d_]", password) and re.search(r"\d", password)):
        reasons.append(
            _password("PASSWORD_TOO_PLAIN", W("密码应同时包含字母和数字", "Use letters and digits in the password"))
        )
    if username and normalise_username(username) in password.casefold():
        reasons.append(
            _password("PASSWORD_HAS_NAME", W("密码不能包含用户名", "The password must not contain the user name"))
        )
    return reasons


def _password(code: str, words: Words) -> Reason:
    return Reason(code, words, "/password", basis="GB/T 22239-2019 8.1.4.1")


def judge_staff(*, username: str, name: str, staff_no: str, window: str) -> list[Reason]:
    """Reasons against the particulars of a member of staff, all at once. `username` as `normalise_username` spells it."""
    checks = (
        (bool(name) and len(name) <= 60, "NAME_MISSING", W("请填写姓名（60 字以内）", "Give the name (at most 60 characters)"), "/name"),
        (
            re.fullmatch(r"[0-9A-Za-z-]{1,20}", staff_no) is not None,
            "STAFF_NO_FORMAT",
            W("工号应为 1 至 20 位字母、数字或连字符", "A staff number has 1 to 20 letters, digits or hyphens"),
            "/staff_no",
        ),
        (
            re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,29}", username) is not None,
            "USERNAME_FORMAT",
            W("用户名应为 2 至 30 位小写字母、数字、点、下划线或连字符，以字母或数字开头", "A user name has 2 to 30 small letters, digits, dots, underscores or hyphens and begins with a letter or digit"),
            "/username",
        ),
        (len(window) <= 8, "WINDOW_FORMAT", W("窗口号最长 8 位", "A window number has at most 8 characters"), "/window"),
    )  # fmt: skip
    return [Reason(code, words, field) for holds, code, words, field in checks if not holds]


def overlaps(one_from: date, one_to: date | None, two_from: date, two_to: date | None) -> bool:
    """Whether two periods, both ends included, share a day."""
    return (one_to is None or two_from <= one_to) and (two_to is None or one_from <= two_to)


def judge_grant(
    *,
    role: str,
    place: UUID | None,
    department: UUID | None,
    valid_from: date,
    valid_to: date | None,
    held: Collection[GrantView],
    to_oneself: bool,
) -> list[Reason]:
    """Reasons against granting a role.

    三员分立 (GB/T 22239-2019 8.1.4.2, 8.1.5): nobody is two of the three administrators in the same days, and nobody
    grants anything to themselves.
    """
    reasons = []
    if role not in ALL:
        reasons.append(Reason("ROLE_UNKNOWN", W("没有这个角色", "There is no such role"), "/role"))
    if to_oneself:
        words = W("不能给自己授权", "You cannot grant powers to yourself")
        reasons.append(Reason("GRANT_TO_ONESELF", words, "/staff"))
    if valid_to is not None and valid_to < valid_from:
        reasons.append(_ends_early())
    live = [g for g in held if overlaps(valid_from, valid_to, g.valid_from, g.valid_to)]
    if any((g.role, g.place, g.department) == (role, place, department) for g in live):
        reasons.append(Reason("ROLE_HELD", W("此人已有这项授权", "They already hold this role"), "/role"))
    return reasons + _judge_administrators(role, {g.role for g in live})


def judge_qualification(
    *,
    item: str,
    department: str,
    evidence: str,
    valid_from: date,
    valid_to: date | None,
    held: Iterable[QualificationRow],
    to_oneself: bool,
) -> list[Reason]:
    """Reasons against qualifying a clerk for an item, a department, or (neither) everything."""
    reasons = []
    if to_oneself:
        words = W("不能给自己授予资格", "You cannot qualify yourself")
        reasons.append(Reason("QUALIFIED_BY_ONESELF", words, "/staff"))
    if item and department:
        words = W("请只选事项或部门中的一项", "Choose an item or a department, not both")
        reasons.append(Reason("QUALIFIED_TWICE", words, "/item"))
    if not 2 <= len(evidence.strip()) <= LONGEST_EVIDENCE:
        words = W(
            "请写明依据，如考核编号，2 至 200 字", "Say on what it rests, such as the examination: 2 to 200 characters"
        )
        reasons.append(Reason("EVIDENCE_MISSING", words, "/evidence"))
    if valid_to is not None and valid_to < valid_from:
        reasons.append(_ends_early())
    same = (one for one in held if not one.ended and (one.item, one.department) == (item, department))
    if any(overlaps(valid_from, valid_to, one.valid_from, one.valid_to) for one in same):
        words = W("此人这段时间已有这项资格", "They hold this qualification in these days already")
        reasons.append(Reason("QUALIFICATION_HELD", words, "/valid_from"))
    return reasons


def renewer_of(owner_roles: Collection[str]) -> str:
    """The one office that may set a new first password for who holds these roles, now or later (三员分立).

    Who sets a password can sign in with it: so nobody sets that of an office that grants powers to them or watches them.
    The system administrator: everybody but the three. The security administrator: the system administrator and the
    auditor. The auditor: the security administrator.
    """
    if SECURITY_ADMIN in owner_roles:
        return SECURITY_AUDITOR
    return SECURITY_ADMIN if THREE_ADMINISTRATORS & set(owner_roles) else SYSTEM_ADMIN


def _judge_administrators(role: str, held: Set[str]) -> list[Reason]:
    if role not in THREE_ADMINISTRATORS:
        return []
    words = W("三员分立：已是{other}，不能再任{role}", "Already {other}: may not be {role} too")
    return [
        Reason("ADMINISTRATORS_EXCLUDE", words.format(other=WORDS[other], role=WORDS[role]), "/role")
        for other in sorted(held & (THREE_ADMINISTRATORS - {role}))
    ]


def _ends_early() -> Reason:
    words = W("截止日期不能早于起始日期", "The last day cannot be before the first")
    return Reason("ENDS_BEFORE_START", words, "/valid_to")


def judge_agency(
    *,
    same: bool,
    agent_kind: PartyKind,
    agent_birth: date | None,
    principal_birth: date | None,
    by_guardian: bool,
    valid_from: date,
    valid_to: date,
    today: date,
) -> list[Reason]:
    """Reasons against an authorisation (委托代理, 民法典 arts. 161–165)."""
    reasons = []
    if same:
        reasons.append(Reason("AGENT_IS_PRINCIPAL", W("不能委托自己", "You cannot authorise yourself"), "/agent"))
    if agent_kind != "person":
        words = W("代理人应为自然人，请填写经办人", "The agent must be a person: name who will come")
        reasons.append(Reason("AGENT_NOT_A_PERSON", words, "/agent"))
    if is_minor(agent_birth, today):
        words = W("代理人应年满十八周岁", "The agent must be at least eighteen")
        reasons.append(Reason("AGENT_UNDER_AGE", words, "/agent", basis="民法典 第十七条"))
    if is_minor(principal_birth, today) and not by_guardian:
        words = W("未成年人应由监护人委托", "For a minor, the guardian authorises")
        reasons.append(Reason("PRINCIPAL_UNDER_AGE", words, "/principal", basis="民法典 第二十三条"))
    return reasons + _judge_period(valid_from, valid_to, today)


def _judge_period(valid_from: date, valid_to: date, today: date) -> list[Reason]:
    if valid_to < valid_from:
        return [_ends_early()]
    if valid_to < today:
        words = W("截止日期已过，请重新填写", "The last day has already passed")
        return [Reason("ENDS_IN_THE_PAST", words, "/valid_to")]
    if (valid_to - valid_from).days > MAX_AGENCY_DAYS:
        words = W("委托期限最长三年，到期可再委托", "An authority lasts three years at most; it can be renewed")
        return [Reason("AGENCY_TOO_LONG", words, "/valid_to")]
    return []


def judge_guardian(
    *, same: bool, guardian_birth: date | None, ward_birth: date | None, declared: bool, basis: str, today: date
) -> list[Reason]:
    """Reasons against recording a guardian: only for somebody under 18, or declared by a court (民法典 arts. 23–28)."""
    reasons = []
    if same or is_minor(guardian_birth, today):
        words = W("监护人应为另一位成年人", "The guardian must be another, adult person")
        reasons.append(Reason("GUARDIAN_UNFIT", words, "/guardian", basis="民法典 第二十七条"))
    if not is_minor(ward_birth, today) and not declared:
        words = W(
            "被监护人已成年；须有法院认定其无或者限制民事行为能力的判决",
            "The person is of age: a court must have declared them to lack capacity",
        )
        reasons.append(Reason("WARD_OF_AGE", words, "/ward", basis="民法典 第二十四条"))
    if not basis.strip():
        words = W("请写明所核对的监护关系证明", "Name the document that proves the guardianship")
        reasons.append(Reason("BASIS_MISSING", words, "/basis"))
    return reasons


def guardianship_ends(ward_birth: date | None, today: date) -> date | None:
    """The last day of a minor's guardianship: the day before the eighteenth birthday; open for others."""
    if ward_birth is None or not is_minor(ward_birth, today):
        return None
    return adult_from(ward_birth) - timedelta(days=1)


def judge_reason(reason: str) -> list[Reason]:
    """A reason for seeing a full value is a sentence, not a keystroke."""
    if len(set(fold(reason))) >= 4:
        return []
    words = W("请写明查看完整信息的理由（不少于四个字）", "Say why you need the full value (a few words)")
    return [Reason("REASON_MISSING", words, "/reason")]
