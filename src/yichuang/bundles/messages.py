"""The words of the room's refusals, in one place."""

from yichuang.core.words import W

THE_PACKAGE = W("套餐", "package")
THE_BUNDLE = W("一件事", "package filing")
THE_DRAFT = W("草稿", "draft")
SIGN_IN = W("请先登录再申报", "Please sign in to file")
ONLY_PEOPLE = W(
    "一件事由申请人或者代理人在网上提交；窗口可以帮您查看和领取",
    "A package is filed online by the applicant or an agent; a counter helps you to follow it and to collect results",
)
CONTENT_CHANGED = W(
    "文件夹的内容在您打开页面之后有变化，请重新核对后再发布",
    "The folder has changed since you opened the page: please read it again before publishing",
)
PACKAGE_GONE = W(
    "“{name}”已下线，现在不能提交新的；已提交的照常办理",
    "“{name}” is withdrawn: nothing new can be filed; what was filed goes on",
)
NO_PACKAGE = W("没有这个套餐", "There is no such package")
OLD_VERSION = W(
    "这个套餐已有新版本，请按最新内容核对后提交；您填写的内容没有丢失",
    "This package has a newer version; please look at it again before filing. What you typed is kept",
)
NOT_AUTHORISED = W("您没有代办其中“{name}”的有效授权", "You hold no valid authority for “{name}”, which is part of it")
UNKNOWN_FIELD = W("套餐的表单里没有“{name}”", "The package's form has no “{name}”")
UNKNOWN_PART = W("套餐里没有“{name}”这一项", "The package has no item “{name}”")
NOT_ASKING = W("这一项现在不需要补充", "Nothing is asked of you for this item now")
NOT_YOUR_FILE = W("找不到您上传的这个文件，请重新上传", "This file is not among yours; please upload it again")
FILE_LOST = W(
    "“{name}”的文件已经用在别的办件里，请换一份",
    "A file of “{name}” lies in another case by now; please hand in another",
)
ITEM_NOT_NOW = W(
    "“{name}”暂时停办；恢复以后会自动提交，您也可以退出这一项",
    "“{name}” is not offered at present; it is filed by itself once it is again, or you may give it up",
)
DECIDED = W("已经决定", "decided")
CANNOT_LEAVE = W("“{name}”{state}，不能退出", "“{name}” is {state}; it can no longer be given up")
NOTHING_TO_LEAVE = W(
    "各项都已经决定或者结束，没有可以撤回的", "Everything is decided or has ended; nothing can be withdrawn"
)
ITEM_GONE = W(
    "“{name}”暂时停办，套餐现在不能提交", "“{name}” is not offered at present, so the package cannot be filed"
)
WAITS_TOGETHER = W(
    "您选了等齐后一次领取：还有结果没有办好",
    "You chose to collect all together: not every result is there yet",
)
NOTHING_WAITS = W("没有等着一起领取的结果", "No result waits for others")
UNKNOWN_WAY = W("请选择领取方式", "Please choose how you collect the results")
WAITS_FOR = W("等“{name}”核准", "“{name}” has to be granted first")
STOPPED_AS_LEFT = W(
    "您退出了一件事中的“{name}”，本项以它为前提，随之终止", "You gave up “{name}” of the same package; this rests on it"
)
STOPPED = W(
    "一件事中“{name}”未办成，本项以它为前提，随之终止", "“{name}” of the same package was not granted; this rests on it"
)
UNKNOWN_PARTY = W("没有登记过这个人或单位", "This person or organisation is not registered")
