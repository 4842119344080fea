"""What devices say when they refuse. One place for the words."""

from yichuang.core.words import W

DEVICE = W("设备", "machine")
PLACE = W("网点", "place")
NO_KIOSK = W("请选择本网点的自助机", "Choose a kiosk of this place")
NO_WINDOW = W("本网点没有这个窗口", "This place has no such window")
CODE_UNKNOWN = W(
    "启用码不对、用过了，或者已经过期。请核对，或者请管理员重新生成。",
    "The code is wrong, was used, or is too old. Check it, or ask the administrator for a new one.",
)
NAME_TAKEN = W(
    "本网点已有设备叫“{name}”，请换一个名称",
    "A machine of this place is called “{name}” already: choose another name",
)
REVOKED = W("设备已停用", "The machine is revoked already")
NOT_A_DEVICE = W("只有已启用的设备可以报告状态", "Only an enrolled machine reports how it is")
