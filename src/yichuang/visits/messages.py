"""What visits say when they refuse. One place for the words."""

from yichuang.core.words import W

TICKET = W("号票", "ticket")
QUEUE = W("队列", "queue")
WINDOW = W("窗口", "window")
HALL_CLOSED = W("大厅现在没有开门，{opens}", "The hall is closed now; {opens}")
OPENS = W("{at}开门后可以取号", "numbers are given when it opens: {at}")
OPENS_UNKNOWN = W("请先查看开放时间", "see its hours first")
STOPPED = W("今天已停止取号，已取号的人都会办完；{opens}", "No more numbers today; who has one is served. {opens}")
NOT_EXTENDED = W(
    "现在是延时办理，只办：{only}",
    "These are extended hours, only for: {only}",
)
LATER = W("请选择比现在的关门时间更晚的时间", "Choose a time after the hall closes now")
NOT_TODAY_HOURS = W(
    "今天没有开放时间，请安排当天的延时办理", "The hall does not open today: arrange extended hours for the day"
)
WINDOW_UNKNOWN = W("请从本大厅的窗口中选择", "Choose among the windows of this hall")
LAST_WINDOW = W(
    "今天服务到最后一位：队列 {queue} 还有 {n} 人等候，没有别的窗口在办，请先请大厅主任安排",
    "Everybody with a number is served today: queue {queue} has people waiting ({n}) and no other window serves it. Ask the manager first",
)
HOME_NOT_TODAY = W("上门当天才能登记，这次预约在{at}", "This is put on record on the day of the visit: {at}")
HOME_OVER = W("这次上门已经结束", "This visit is over")
HOME_PHOTO = W("请先拍照", "Take a photograph first")
HOME_MATERIAL = W("请从列表中选择材料", "Choose the paper from the list")
HOME_NOTHING = W("还没有新拍的材料", "Nothing new was photographed yet")
ORIGINAL_NAME = W("请写明取走的是什么（最多 60 字）", "Say what is taken along (at most 60 characters)")
ORIGINAL_PIECES = W("份数请填 1 至 99", "1 to 99 pieces")
RETURN_WAY = W("请选择怎样归还", "Choose how it came back")
CONSENT_CHOICE = W("请选择同意，或者改用哪种方式", "Choose to agree, or which other way")
EXTENDED_HOURS = W("延时办理", "Extended hours")
KEY_MISSING = W("页面已过期，请刷新后再取号", "This page is out of date: load it again, then take a number")
LETTER_TAKEN = W(
    "字母 {queue} 已用于队列“{name}”，请换一个字母，或者在列表中更改它",
    "The letter {queue} is that of the queue “{name}”: take another, or change that one in the list",
)
QUEUE_LETTER = W("队列字母为一个大写英文字母", "The letter of a queue is one capital letter")
QUEUE_NAME = W(
    "请填写队列名称，中文和英文都要有（最多 {n} 字）", "Name the queue in both languages (at most {n} characters)"
)
QUEUE_AIM = W("等候目标请填 {least} 至 {most} 分钟", "The longest wait: {least} to {most} minutes")
QUEUE_ORDER = W("显示顺序请填 {least} 至 {most}", "The order: {least} to {most}")
QUEUE_WINDOWS = W("请至少选择一个办理的窗口", "Choose at least one window that serves it")
QUEUE_NAMES_NOTHING = W("请选择至少一个事项或部门", "Choose at least one item or department")
QUEUE_NAMES_TOO_MUCH = W(
    "选了事项或部门的，请选“指定的事项和部门”；否则请取消选择",
    "With items or departments choose “named items and departments”; else choose none",
)
QUEUE_ITEM = W("没有已发布的事项 {code}", "No item {code} is published")
QUEUE_DEPARTMENT = W("没有部门 {code}，或者已撤销", "There is no department {code}, or it was closed")
QUEUE_NAMED_TWICE = W(
    "{code} 已由队列 {queue} 办理，请先从那里去掉", "{code} leads to queue {queue}: take it away there first"
)
QUEUE_IN_USE = W(
    "队列 {queue} 今天还有 {n} 人没有办完，不能停用", "Queue {queue} still has people today ({n}): it cannot be retired"
)
QUEUE_BOOKED = W(
    "队列 {queue} 还有 {n} 个没有办的预约或候补，请先改期、取消或者等办完",
    "Queue {queue} has appointments or entries of its waiting list ({n}): move or cancel them first, or let them pass",
)
QUEUE_EXTENDED = W(
    "延时办理还安排了队列 {queue}，请先更改延时办理", "Extended hours name queue {queue}: change these first"
)
QUEUE_ALONE_AT = W(
    "窗口 {window} 开着，只办这个队列：请先给它别的队列，或者关窗",
    "Window {window} is open and serves this queue only: give it another one first, or close it",
)
LOAN_ENDED = W(
    "这次借用已经按另一种方式登记结束，请刷新页面", "This loan was ended the other way already: load the page again"
)
KEY_REUSED = W("这个页面已经用过，请刷新后再登记", "This page was used already: load it again")
NO_WINDOWS = W("本网点还没有在用的窗口，请先设置窗口", "This place has no window in use: set up its windows first")
HAS_QUEUES = W("本网点已经有队列", "This place has queues already")
NO_QUEUE = W("本大厅没有办理该事项的队列，请问导办", "No queue of this hall takes this; ask at the desk by the door")
TOO_MANY_NUMBERS = W(
    "您今天在这里已经取过 {n} 个号，请到大厅找导办取号",
    "You took {n} numbers here today: ask at the desk by the door of the hall",
)
ONE_EACH = W("您今天在这里已经有号 {number}", "You have a number here today already: {number}")
MANY_COMPANIONS = W("同行人数请填 0 至 20", "Companions: 0 to 20")
REASON_UNKNOWN = W("请从列表中选择优先的类别", "Choose the reason of the priority from the list")
ONLY_STAFF_PRIORITY = W("优先号由工作人员核对后登记", "Priority is entered by staff, who have seen the reason")
GREEN_NEEDS_REASON = W(
    "绿色通道的号请登记优先的类别", "Enter the category of priority for a number of the green channel"
)
ONLY_STAFF_GREEN = W(
    "绿色通道由工作人员取号，请找导办", "Numbers of the green channel are given by staff: ask at the desk by the door"
)
LENT = W(
    "本大厅今天的号由大厅节点掌管，请在大厅办理：自助机、导办台或窗口",
    "The hall's own node keeps the numbers of this hall today: do this in the hall, at a kiosk, the desk by the door or a window",
)
NOT_LENT = W(
    "大厅节点还没有领到今天的号段，或者今天已交还中心。请联系大厅主任",
    "This hall node has not been lent today's numbers, or has handed the day back. Ask the manager of the hall",
)
WAITS_FOR_CENTRE = W(
    "这项设置由中心保存，大厅节点上不能修改。请在中心系统办理",
    "This is kept at the centre and cannot be changed at the hall node. Do it at the centre",
)
CONFLICT = W("冲突", "conflict")
SETTLED = W("这条冲突已按另一种方式处理", "This conflict was settled the other way already")
HELD_UNKNOWN = W("请选择以哪一方的记录为准", "Choose whose record holds")
NOTE_MISSING = W("请写明处理的理由", "Say why")
CANNOT_STAND = W(
    "大厅的记录现在登记不进去：同一窗口已有别的号，或者号码已被使用。请先办结窗口的号，或者以中心的记录为准",
    "The hall's record cannot be entered now: its window has another number, or the number is used. End the number at the window first, or let the centre's record hold",
)
SAY_SWITCHED_OFF = W(
    "请先到大厅确认节点已经关机，再勾选确认。节点没有关机时收回，同一个号可能被叫两次",
    "See first that the node in the hall is switched off, then say so. If it still runs, one number may be called twice",
)
NOT_LENT_OUT = W("这一天没有由节点掌管", "This day is not kept by a node")
NOT_PAIRED = W("这个节点还没有配对", "This node is not paired")
PAIRED = W(
    "本系统已经是另一个节点，请用新的数据目录", "This installation is another node already: use a new data folder"
)
KEY_CHANGED = W(
    "这台节点换过数据目录。请在管理后台停用旧节点，登记一台新的节点再配对",
    "The node was set up anew: revoke it in the console, name a new machine there and pair with that",
)
JOURNAL_BROKEN = W(
    "大厅日志第 {seq} 条对不上，没有登记。请联系系统管理员",
    "Entry {seq} of the hall's journal does not fit and was not entered. Ask the system administrator",
)
NO_NUMBERS_LEFT = W(
    "{queue} 队列预领的号已用完，接通网络后会自动补充。请先请导办登记",
    "The numbers lent for queue {queue} are used up; more come when the network is back. The desk by the door takes names meanwhile",
)
NOT_NOW = W("号票 {number} 现在是“{state}”，不能{move}", "Ticket {number} is “{state}” now: {move} is not possible")
RETURNED_ONCE = W(
    "过号后只能重新排队一次，请重新取号", "One can join again once after a missed call; take a new number"
)
NOT_AT_DESK = W("请先开窗，再叫号", "Open your window first")
DESK_TAKEN = W("窗口 {window} 已由{name}开窗", "{name} has opened window {window}")
DESK_ELSEWHERE = W("您已在窗口 {window} 开窗，请先关窗", "You have window {window} open; close it first")
DESK_PAUSED = W("窗口正在暂停，请先恢复", "The window is paused; resume first")
DESK_BUSY = W("号票 {number} 还没有办理结束", "Ticket {number} is still at this window")
NO_QUEUES = W("这个窗口没有可叫的队列，请大厅主任设置", "No queue is served at this window; the hall manager sets them")
NOBODY = W("现在没有人等候", "Nobody is waiting")
OUTCOME_UNKNOWN = W("请选择办理结果", "Choose how the service ended")
CALLED_ENOUGH = W("号票 {number} 已呼叫三次，请按过号处理", "Ticket {number} was called three times: let it pass")
NOBODY_CALLED = W("窗口没有已叫的号", "The window has called nobody")
PAGE_OLD = W(
    "页面已过期，请看清现在的号，再按一次", "This page was out of date: look who is there now, then press again"
)
SHOWN_OTHER = W(
    "窗口现在是 {now}，不是 {number}：没有改动。请核对后再按",
    "The window has {now} now, not {number}: nothing was changed. Look, then press again",
)
SHOWN_LEFT = W(
    "{number} 已不在本窗口，现在是“{state}”：没有改动",
    "{number} is not at your window any more, it is “{state}” now: nothing was changed",
)
CALLED_MEANWHILE = W(
    "{number} 刚刚已再次呼叫，共叫过 {n} 次",
    "{number} has been called again meanwhile: {n} times in all",
)
BOOKING = W("预约", "appointment")
SLOT = W("预约时段", "slot")
WAITING_ENTRY = W("候补", "entry of the waiting list")
PAUSED = W(
    "您 90 天内有三次预约未到，{until} 前暂停预约；仍可直接到大厅取号办理",
    "Three appointments in 90 days were missed: no new ones until {until}. You can still come and take a number",
)
TOO_MANY_OPEN = W(
    "同时最多保留 {n} 个预约，请先取消不需要的", "You can hold {n} appointments at a time; cancel one first"
)
ONCE_A_DAY = W("同一证件、同一事项一天只能预约一次", "The same document can book an item only once a day")
SAME_TIME = W("您在这个时段已有预约", "You have an appointment at this time already")
NOT_RELEASED = W("这个时段 {at} 起开放预约", "This slot can be booked from {at}")
SLOT_OVER = W("这个时段已经开始或者已过", "This time has begun or gone by")
SLOT_FULL = W(
    "这个时段刚刚约满，请选择其他时段或者候补",
    "This slot has just been filled; choose another or join the waiting list",
)
ADDRESS_MISSING = W("上门办理请填写地址", "Give the address for a home visit")
ADDRESS_LONG = W("地址不超过 {n} 个字", "The address has at most {n} characters")
NO_ITEM = W("请选择要办的事项", "Choose what you come for")
NOT_HERE = W("这个时段不办理该事项", "This is not taken in this slot")
BOOKING_NOT_NOW = W(
    "预约 {number} 现在是“{state}”，不能{move}", "Appointment {number} is “{state}” now: to {move} is not possible"
)
TOO_LATE = W(
    "预约开始前 2 小时内不能在网上取消或改期，请联系大厅",
    "Within two hours of its beginning, ask the hall to cancel or move it",
)
OTHER_ITEMS = W("改期只能改到同类时段", "It can be moved to a slot of the same kind only")
TOO_EARLY = W("预约时间是 {at}，提前 15 分钟起可以报到", "The appointment is at {at}; check in from 15 minutes before")
NOT_TODAY = W("预约在 {at}，请到时再来", "The appointment is on {at}; please come then")
WRONG_HALL = W("预约在{place}，请到那里报到", "The appointment is at {place}; check in there")
ONLY_AT_HALL = W("上门、视频预约不用到大厅报到", "A home visit or a talk by video needs no check-in")
NO_BOOKING_TODAY = W("没有找到今天在这里的预约", "There is no appointment here today")
NOT_YOUR_PERSON = W("只能为本人或者您代理的人预约", "You can book for yourself and for those you stand for")
REASON_MISSING = W("请写明原因", "Give the reason")
HELPER_UNKNOWN = W("请选择本大厅的工作人员", "Choose a member of staff of this hall")
DAYS_AHEAD = W("开放天数请填 7 至 15", "Open 7 to 15 days ahead")
RELEASE = W("请填写放号的时间，例如 08:30", "Give the time of the release, such as 08:30")
WALK_IN = W("为现场取号保留 20% 至 90%", "Keep 20 % to 90 % for people who just come")
WINDOWS = W("数量请填 0 至 {n}", "A number from 0 to {n}")
MINUTES = W("每人用时请填 5 至 120 分钟", "5 to 120 minutes each")
RANGE_WRONG = W("请选择不超过 {n} 天的起止日期", "Choose a range of at most {n} days, the first before the last")
WAIT_RANGE = W("候补日期请在 {first} 至 {last} 之间", "Choose days between {first} and {last}")
WAITS_ALREADY = W("您已在候补这个事项", "You are on this waiting list already")
TOO_MANY_WAITS = W("同时最多候补 {n} 项", "You can be on {n} waiting lists at a time")
HALL_DOES_NOT_BOOK = W("这个大厅没有开放该事项的预约", "This hall takes no appointments for it")
OFFER_OVER = W("名额的保留时间已过，我们会继续为您候补", "The place is not kept any longer; you stay on the list")
NOT_BEGUN = W("预约还没有开始", "The appointment has not begun yet")
TRAVEL = W("请从列表中选择路上要多久", "Choose from the list how long the way takes")
NO_WAY_NOW = W("这个号现在不在等候，不需要提醒", "This number does not wait, so there is nothing to be told")
COME_BACK_FIRST = W("您设了“暂时离开”，请先点“我回来了”。", "You have stepped away: say first that you are back. ")
NOTHING = W("", "")
NO_DESK = W("窗口 {window} 没有开窗", "Window {window} is not open")
SERVES_NOTHING = W(
    "请至少选择一个队列，不再叫号请暂停或者关窗", "Choose at least one queue; to call nobody, pause or close it"
)
LEFT_ALONE = W(
    "队列 {queue} 有 {n} 人等候，没有别的窗口在办，请先让别的窗口办理这个队列",
    "Queue {queue} has people waiting ({n}) and no other window serves it: give it to another window first",
)
NOT_STAFF_HERE = W("请选择本大厅可以叫号的工作人员", "Choose somebody who serves in this hall")
ITEM_UNKNOWN = W("没有事项 {item}", "There is no item {item}")
ITEM_STAYS = W(
    "队列 {queue} 收该事项所属部门的全部事项，该事项仍会到那里",
    "Queue {queue} takes everything of the item's department, so the item would still lead there",
)
NOT_QUALIFIED = W(
    "号票 {number} 的事项要有上岗资格的窗口办理，现在是窗口 {windows}",
    "Ticket {number} is for a window whose clerk is qualified for it, now: {windows}",
)
LOAN, LOAN_ITEM = W("借用", "loan"), W("便民物品", "thing to lend")
LOAN_NAME = W(
    "请填写中文名称（不超过 30 字）和英文名称（不超过 60 字）",
    "Give a Chinese name (30 at most) and an English one (60 at most)",
)
LOAN_NAME_TAKEN = W("已有这个名称的物品", "There is a thing of this name already")
LOAN_OWNED = W("数量请填 {least} 至 {most}（借出的不能少算）", "A number from {least} (those that are out) to {most}")
LOAN_MINUTES = W("每次借用请填 10 至 720 分钟", "10 to 720 minutes each time")
LOAN_WHO = W("请填写借用人姓名", "Give the name of who borrows it")
NONE_LEFT = W("“{item}”都借出了", "All of these are out: {item}")

PAUSE_WHY = W("请从列表中选择暂停的原因", "Choose why from the list")
PAUSE_MINUTES = W(
    "暂停时间请填 1 到 {n} 分钟，不确定的可以不填", "A pause lasts 1 to {n} minutes; leave it empty if you do not know"
)
