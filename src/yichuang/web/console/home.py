"""The first page: what wants attention from this administrator, most urgent first, and the way to each page."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yichuang.catalog import queries as catalog
from yichuang.core import roles, second
from yichuang.core.actors import Actor
from yichuang.core.clock import local_date, now
from yichuang.core.ledger import checks
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.network.permissions import can_keep_place
from yichuang.notices import queries as messages
from yichuang.notices.values import LogFilters
from yichuang.people import queries as people
from yichuang.people.values import ENDING_DAYS
from yichuang.web.console import machine
from yichuang.web.console.pages import PAGES, render
from yichuang.webkit.actor import actor_of

WEEK = timedelta(days=7)
OF_FOLDERS = {
    "new": W("{n} 个事项包从未发布", "Item packs that were never published: {n}"),
    "newer": W("{n} 个事项包有新版本待发布", "Item packs with a new version to publish: {n}"),
    "changed": W("{n} 个事项包改了内容没有改版本号", "Item packs changed under the same version number: {n}"),
    "unreadable": W("{n} 个事项包无法读取", "Item packs that cannot be read: {n}"),
}
MANY = 100
OF_MESSAGES = {
    "parked": W("{n} 条消息多次发送失败、已停止", "Messages given up after many tries: {n}"),
    "undelivered": W("{n} 条消息未送达", "Messages not delivered: {n}"),
}
PUBLISHED_IN = 11  # the State Council's notice of next year's holidays comes in November


@dataclass(frozen=True, slots=True)
class Attention:
    """One line: what is the matter, where it is put right (empty: on no page), and how urgent (red, yellow, blue)."""

    words: Words
    href: str
    colour: str = "yellow"


def home(request: HttpRequest) -> HttpResponse:
    """The lines of all roles that somebody holds."""
    actor, at = actor_of(request), now()
    asks = [ask for role, ask in ASKED if role in actor.roles]
    found = [line for ask in asks for line in ask(actor, at)]
    order = ("red", "yellow", "blue")
    context = {
        "attention": sorted(found, key=lambda line: order.index(line.colour)),
        "pages": [page for page in PAGES[1:] if actor.roles & frozenset(page[3])],
        "my_roles": [roles.WORDS[role] for role in sorted(actor.roles)],
    }
    return render(request, "console/home.html", context)


def _machine(actor: Actor, at: datetime) -> Iterator[Attention]:
    return (Attention(words, "", colour) for words, colour in machine.troubles(at=at))


def _accounts(actor: Actor, at: datetime) -> Iterator[Attention]:
    figures = people.staff_figures(actor, at=at)
    if figures.first_password:
        words = W("{n} 个账号仍在使用初始密码", "Accounts that still have their first password: {n}")
        yield Attention(words.format(n=figures.first_password), reverse("console:staff"), "blue")


def _year(actor: Actor, at: datetime) -> Iterator[Attention]:
    today = local_date(at)
    confirmed = {row.year for row in network.list_years() if row.confirmed}
    for year in (today.year, today.year + 1):
        if year not in confirmed and (year == today.year or today.month >= PUBLISHED_IN):
            words = W(
                "{year} 年的工作日历还没有确认，跨年的期限只能标为“暂定”",
                "The working days of {year} are not confirmed: limits that reach it are marked provisional",
            )
            yield Attention(
                words.format(year=year),
                f"{reverse('console:calendar')}?year={year}",
                "red" if year == today.year else "yellow",
            )


def _halls(actor: Actor, at: datetime) -> Iterator[Attention]:
    """Closures and other hours that begin soon, at the places that somebody keeps."""
    today = local_date(at)
    for place in network.list_places():
        soon = [s.day for s in place.timetable.exceptions if today <= s.day <= today + WEEK]
        if soon and can_keep_place(actor, place.id):
            words = W("{place}：{day}有临时安排", "{place}: other hours on {day}")
            day = W(f"{soon[0].month}月{soon[0].day}日", f"{soon[0]:%d %B}")
            href = reverse("console:place", args=[place.code])
            yield Attention(words.format(place=place.name, day=day), href, "red" if soon[0] == today else "blue")


def _powers(actor: Actor, at: datetime) -> Iterator[Attention]:
    figures, staff = people.staff_figures(actor, at=at), reverse("console:staff")
    if figures.without_role:
        words = W("{n} 名工作人员有账号但没有任何角色", "Members of staff with an account but no role: {n}")
        yield Attention(words.format(n=figures.without_role), f"{staff}?state=powerless")
    if figures.ending:
        words = W("{n} 项角色将在 {days} 天内到期", "Roles that end within {days} days: {n}")
        yield Attention(words.format(n=figures.ending, days=ENDING_DAYS), staff)
    held = {post for post, holders in people.post_holders(actor, at=at).items() if any(one.open for one in holders)}
    closed = {row.id for row in network.list_departments() if row.closed}
    empty = [post for post in network.list_posts() if post.code not in held and post.department not in closed]
    if empty:
        words = W("{n} 个岗位没有人在岗，任务会停在那里", "Posts where nobody sits, so that tasks would wait: {n}")
        yield Attention(words.format(n=len(empty)), f"{reverse('console:posts')}?state=empty")


def _items(actor: Actor, at: datetime) -> Iterator[Attention]:
    shelf = reverse("console:items")
    states: Counter[str] = Counter(row.folder for row in catalog.list_shelf(actor, limit=1000, at=at).items)
    for state, words in OF_FOLDERS.items():
        if states[state]:
            yield Attention(words.format(n=states[state]), shelf, "yellow" if state in {"new", "newer"} else "red")
    asked = catalog.list_unanswered(actor, 1000, since=local_date(at - WEEK))
    if asked:
        words = W("近 7 天有 {n} 种说法没有搜到事项", "Searches of the last 7 days that found no item: {n}")
        yield Attention(words.format(n=len(asked)), reverse("console:searches"))


def _sending(actor: Actor, at: datetime) -> Iterator[Attention]:
    log = reverse("console:messages")
    for only, words in OF_MESSAGES.items():
        found = messages.list_messages(actor, LogFilters(only=only), limit=MANY, at=at).items  # type: ignore[arg-type]  # a key of OF_MESSAGES
        if found:
            count = f"{MANY}+" if len(found) == MANY else str(len(found))
            yield Attention(words.format(n=count), f"{log}?only={only}", "red" if only == "parked" else "yellow")


def _ledger(actor: Actor, at: datetime) -> Iterator[Attention]:
    page, runs = reverse("console:ledger"), checks.list_checks(actor, at=at, limit=1)
    if checks.ledger_state(actor, at=at).behind:
        words = W("留痕账本超过 5 分钟没有签名", "The ledger has not been signed for over 5 minutes")
        yield Attention(words, page, "red")
    if runs and runs[0].state == "faulty":
        words = W("上次核验发现 {n} 处问题", "Faults that the last verification found: {n}")
        yield Attention(words.format(n=runs[0].found), page, "red")
    elif not runs or runs[0].state == "broken":
        yield Attention(W("留痕账本还没有完成过核验", "No verification of the ledger has been completed"), page)


def _second(actor: Actor, at: datetime) -> Iterator[Attention]:
    """What colleagues asked for and this administrator may confirm."""
    waiting = [row for row in second.list_proposals(actor, at=at) if row.state == "waiting" and not row.mine]
    if waiting:
        words = W("{n} 项操作等您复核", "Acts that wait for your confirmation: {n}")
        yield Attention(words.format(n=len(waiting)), reverse("console:second"))


ASKED: tuple[tuple[str, Callable[[Actor, datetime], Iterator[Attention]]], ...] = (
    (roles.SYSTEM_ADMIN, _machine),
    (roles.SYSTEM_ADMIN, _accounts),
    (roles.SYSTEM_ADMIN, _year),
    (roles.SYSTEM_ADMIN, _sending),
    (roles.SECURITY_ADMIN, _powers),
    (roles.SECURITY_AUDITOR, _ledger),
    *(
        (role, _second)
        for role in (roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN, roles.SECURITY_AUDITOR, roles.ITEM_EDITOR)
    ),
    (roles.HALL_MANAGER, _halls),
    (roles.ITEM_EDITOR, _items),
)
