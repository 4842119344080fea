"""What feedback says when it refuses. One place for the words."""

from yichuang.core.words import W

SERVICE = W("评价", "rating")
STAFF = W(
    "评价由办事人本人作出，工作人员登录后不能代为评价；您自己办事的，请退出后用个人账号或者短信里的链接评价",
    "Whoever was served rates it: nobody signed in as staff can. For your own affairs sign out and use your own account, or "
    "the link in your message",
)
NOT_SERVED = W("这次服务不是为您办的，不能由您评价", "You were not served this time, so it is not yours to rate")
OVER = W("评价期限（30 天）已过", "The 30 days for rating have passed")
RATED = W("这次服务已经评价过，每次服务只能评价一次", "This service has been rated already; each can be rated once")
CODE_OVER = W(
    "二维码已失效，请窗口重新显示，或者用号票、短信里的链接评价",
    "This code works no more: ask the window to show a new one, or use your ticket or the link in your message",
)
KEY = W("请从页面上的按钮提交", "Send the form by its button")
NOT_ALLOWED = W("您的岗位不能查看评价统计", "Your role does not see the ratings")
DAYS = W("请选择开始日期不晚于结束日期、最多一年的时间段", "Choose a beginning before the end, a year at most")
