"""What visits say when they refuse. One place for the words."""

from yichuang.core.words import W

TICKET = W("号票", "ticket")
QUEUE = W("队列", "queue")
WINDOW = W("窗口", "window")
HALL_CLOSED = W("大厅现在没有开门，{opens}", "The hall is closed now; {opens}")
OPENS = W("{at}开门后可以取号", "numbers are given when it opens: {at}")
OPENS_UNKNOWN = W("请先查看开放时间", "see its hours first")
NO_QUEUE = W("本大厅没有办理该事项的队列，请问导办", "No queue of this hall takes this; ask at the desk by the door")
ONE_EACH = W("您今天在这里已经有号 {number}", "You have a number here today already: {number}")
MANY_COMPANIONS = W("同行人数请填 0 至 20", "Companions: 0 to 20")
REASON_UNKNOWN = W("请从列表中选择优先的类别", "Choose the reason of the priority from the list")
ONLY_STAFF_PRIORITY = W("优先号由工作人员核对后登记", "Priority is entered by staff, who have seen the reason")
NOT_NOW = W("号票 {number} 现在是“{state}”，不能{move}", "Ticket {number} is “{state}” now: {move} is not possible")
RETURNED_ONCE = W(
    "过号后只能重新排队一次，请重新取号", "One can join again once after a missed call; take a new number"
)
NOT_AT_DESK = W("请先开窗，再叫号", "Open your window first")
DESK_TAKEN = W("窗口 {window} 已由{name}开窗", "{name} has opened window {window}")
DESK_ELSEWHERE = W("您已在窗口 {window} 开窗，请先关窗", "You have window {window} open; close it first")
DESK_PAUSED = W("窗口正在暂停，请先恢复", "The window is paused; resume first")
DESK_BUSY = W("号票 {number} 还没有办理结束", "Ticket {number} is still being served")
NO_QUEUES = W("这个窗口没有可叫的队列，请大厅主任设置", "No queue is served at this window; the hall manager sets them")
NOT_YOURS = W("号票 {number} 不在您的窗口", "Ticket {number} is not at your window")
NOBODY = W("现在没有人等候", "Nobody is waiting")
OUTCOME_UNKNOWN = W("请选择办理结果", "Choose how the service ended")
CALLED_ENOUGH = W("号票 {number} 已呼叫三次，请按过号处理", "Ticket {number} was called three times: let it pass")
NOBODY_CALLED = W("窗口没有已叫的号", "The window has called nobody")
