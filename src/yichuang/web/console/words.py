"""How the ledger's acts are called on the pages of the console."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yichuang.core import roles
from yichuang.core.ledger import Entry
from yichuang.core.words import W, Words
from yichuang.network import queries as network
from yichuang.people import queries as people
from yichuang.webkit.filters import day

ACTS: dict[str, Words] = {
    "people.open_staff_account": W("开通账号", "Account opened"),
    "people.change_staff": W("更改姓名或岗位所在", "Name or seat changed"),
    "people.renew_password": W("重置密码", "First password renewed"),
    "people.change_password": W("本人修改密码", "Changed the password"),
    "people.sign_out_everywhere": W("本人退出所有登录", "Signed out everywhere"),
    "people.disable_account": W("停用账号", "Account closed"),
    "people.enable_account": W("恢复账号", "Account opened again"),
    "people.grant_role": W("授予角色：{what}", "Role granted: {what}"),
    "people.revoke_role": W("收回角色：{what}", "Role taken back: {what}"),
    "people.assign_post": W("安排岗位：{what}", "Post given: {what}"),
    "people.end_post": W("离开岗位：{what}", "Post ended: {what}"),
    "people.issue_token": W("领取接口令牌", "Token for programs issued"),
    "people.revoke_token": W("作废接口令牌", "Token for programs revoked"),
    "publish_pack": W("发布第 {version} 版", "Version {version} published"),
    "withdraw_pack": W("第 {version} 版下线", "Version {version} withdrawn"),
    "publish_package": W("发布第 {version} 版", "Version {version} published"),
    "withdraw_package": W("第 {version} 版下线", "Version {version} withdrawn"),
    "save_spoken_words": W("更改说法：{words}", "Words changed: {words}"),
    "network.place_created": W("建立网点", "Place created"),
    "network.place_changed": W("更改网点", "Place changed"),
    "network.special_day_set": W("{day} 临时安排", "{day} arranged"),
    "network.special_day_cleared": W("{day} 取消临时安排", "{day} back to ordinary hours"),
    "network.window_opened": W("新开窗口 {window}", "Window {window} opened"),
    "network.window_changed": W("更改窗口 {window}", "Window {window} changed"),
    "make-queue": W("建立队列 {queue}", "Queue {queue} made"),
    "save-queue": W("更改队列 {queue}", "Queue {queue} changed"),
    "retire-queue": W("停用队列 {queue}", "Queue {queue} retired"),
    "keep-queue": W("窗口 {window} 办理的队列有变", "What window {window} serves was changed"),
    "move-item": W("事项 {item} 改换队列", "Item {item} moved between queues"),
    "set-group-plan": W("更改预约的安排", "Plan of appointments changed"),
    "publish-slots": W("放出 {first} 至 {last} 的预约", "Appointments of {first} to {last} published"),
    "network.department_created": W("建立部门", "Department opened"),
    "network.department_changed": W("更改部门信息", "Particulars changed"),
    "network.department_closed": W("撤销部门", "Department closed"),
    "network.department_reopened": W("恢复部门", "Department opened again"),
    "set-duty": W("排定 {day}{half}的值班：{staff}", "Duty of {day}, {half}: {staff}"),
    "people.change_email": W("本人更改邮箱", "Changed the e-mail address"),
    "people.remove_email": W("本人删除邮箱", "Removed the e-mail address"),
    "import_draft": W("从表格导入第 {version} 版草稿", "Draft of version {version} from a workbook"),
    "save_draft_file": W("在编辑器里保存草稿（{file}）", "Draft saved from the editor ({file})"),
    "discard_draft": W("放弃草稿", "Draft taken away"),
    "registry.load": W("导入共享库数据", "Rows loaded into a shared base"),
    "registry.settle": W("核实数据矛盾", "Contradiction between sources settled"),
    "tenants.made": W("建立租户", "Tenant made"),
    "tenants.changed": W("更改名称、部门或配额", "Name, department or quotas changed"),
    "tenants.suspended": W("停用", "Suspended"),
    "tenants.active": W("恢复", "Resumed"),
    "tenants.deleted": W("注销", "Deleted"),
    "tenants.token_made": W("新建访问令牌", "Token made"),
    "tenants.token_revoked": W("吊销访问令牌", "Token revoked"),
    "tenants.published": W("发布定义 {code} 第 {version} 版", "Definition {code} published, version {version}"),
    "device_named": W("登记设备", "Machine named"),
    "device_code_made": W("生成启用码", "Enrolment code made"),
    "device_enrolled": W("设备启用", "Machine enrolled"),
    "device_revoked": W("停用设备", "Machine revoked"),
    "network.calendar_day_set": W("更改 {day}", "{day} changed"),
    "network.calendar_year_confirmed": W("确认 {year} 年", "Year {year} confirmed"),
    "network.calendar_seeded": W("载入 {year} 年的 {days} 天", "{days} days of {year} taken over"),
}
HALVES = {"am": W("上午", "morning"), "pm": W("下午", "afternoon")}
VACANT = W("空缺", "vacant")
ASKED_BY = W("{what}（{who}提出，另一人复核）", "{what} (asked by {who}, confirmed by another)")
DAILY = frozenset({"people.sign_in"})  # would hide what matters; the last one stands on the page itself


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the history shows it."""

    at: datetime
    who: str
    words: Words


def history(entries: Iterable[Entry], *, most: int = 50) -> tuple[Line, ...]:
    """The newest acts first. An act that has no words here shows its code, so that none is hidden."""
    telling = (entry for entry in entries if entry.act not in DAILY)
    newest = sorted(telling, key=lambda entry: (entry.at, entry.seq), reverse=True)[:most]
    names = _names(newest)
    return tuple(Line(entry.at, entry.actor_name_masked, words_of(entry, names)) for entry in newest)


def words_of(entry: Entry, names: Mapping[str, Words]) -> Words:
    """The act in words: roles, posts and colleagues by `names`, days as people write them."""
    words = ACTS.get(entry.act, Words(entry.act, entry.act))
    told = {"what": "", **entry.detail}
    done = words.format(**{key: _said(key, str(value), names) for key, value in told.items()})
    asked_by = entry.detail.get("asked_by")
    return ASKED_BY.format(what=done, who=str(asked_by)) if asked_by else done


def _names(entries: Iterable[Entry]) -> dict[str, Words]:
    """What the codes in the entries are called, of each kind in one look."""
    staff = {UUID(str(entry.detail["staff"])) for entry in entries if entry.act == "set-duty" and entry.detail["staff"]}
    members = {str(id): Words(name, name) for id, name in people.names_of_staff(staff).items()}
    return {**roles.WORDS, **{row.code: row.name for row in network.list_posts()}, **members}


def _said(key: str, value: str, names: Mapping[str, Words]) -> Words:
    if key == "half":
        return HALVES.get(value, Words(value, value))
    if key == "staff" and not value:
        return VACANT
    if key == "day":
        with suppress(ValueError):
            return Words(day(date.fromisoformat(value), False), day(date.fromisoformat(value), True))
    return names.get(value, Words(value, value)) if key in {"what", "staff"} else Words(value, value)
