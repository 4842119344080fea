"""Opinions and reasons to pick and then edit (意见模板)."""

from yichuang.core.words import W

AGREE = (
    W(
        "经审查，申请材料齐全、真实有效，符合办理条件，拟同意。",
        "Reviewed: the papers are complete and genuine and the conditions are met. I agree.",
    ),
    W("已核对登记信息，未发现不符情形，同意。", "Checked against the registers; nothing contradicts. I agree."),
)
DISAGREE = (
    W("申请材料与登记信息不一致：", "The papers contradict the registers: "),
    W("不符合办理条件：", "The conditions are not met: "),
)
DENY = (
    W("经审查，您的申请不符合以下法定条件：", "After review, your application does not meet this legal condition: "),
    W("经核查，所提交材料不真实：", "On examination, a paper handed in proved untrue: "),
)
