"""What the drawing tools say, in Chinese (their own words are English); one table for each tool."""

from typing import Final

_EVENTS: Final = {
    "": "", "Message ": "消息", "Timer ": "定时", "Signal ": "信号", "Error ": "错误", "Conditional ": "条件",
    "Escalation ": "升级", "Compensation ": "补偿", "Link ": "链接", "Cancel ": "取消", "Terminate ": "终止",
}  # fmt: skip
_PLACES: Final = {
    "start event": "开始事件", "end event": "结束事件", "boundary event": "边界事件",
    "intermediate catch event": "中间捕获事件", "intermediate throw event": "中间抛出事件",
}  # fmt: skip
_TYPED: Final = {
    f"{kind}{place}".capitalize() + tail: f"{zh}{where}{'（不中断）' if tail else ''}"
    for kind, zh in _EVENTS.items()
    for place, where in _PLACES.items()
    for tail in ("", " (non-interrupting)")
}
PROCESS_WORDS: Final[dict[str, str]] = {
    **_TYPED,
    "Activate create/remove space tool": "增减空间", "Activate global connect tool": "连线工具", "Activate hand tool": "拖动画布",
    "Activate lasso tool": "框选", "Add lane above": "在上方加泳道", "Add lane below": "在下方加泳道", "Add text annotation": "加批注",
    "Align elements": "对齐", "Align elements ": "对齐", "Align elements left": "左对齐", "Align elements right": "右对齐",
    "Align elements top": "上对齐", "Align elements bottom": "下对齐", "Align elements center": "居中", "Align elements middle": "垂直居中",
    "Append compensation activity": "追加补偿活动", "Append conditional intermediate catch event": "追加条件事件",
    "Append end event": "追加结束事件", "Append gateway": "追加网关", "Append intermediate/boundary event": "追加中间事件",
    "Append message intermediate catch event": "追加消息事件", "Append receive task": "追加接收任务",
    "Append signal intermediate catch event": "追加信号事件", "Append task": "追加任务",
    "Append timer intermediate catch event": "追加定时事件", "Change element": "更改类型", "Change type": "更改类型",
    "Collection": "集合", "Connect to other element": "连到其他元素", "Connect using association": "用关联线连接",
    "Connect using data input association": "用数据输入连接", "Create data object reference": "数据对象",
    "Create data store reference": "数据存储", "Create end event": "结束事件", "Create expanded sub-process": "子流程",
    "Create gateway": "网关", "Create group": "分组", "Create intermediate/boundary event": "中间事件",
    "Create pool/participant": "泳池", "Create start event": "开始事件", "Create task": "任务", "Delete": "删除",
    "Distribute elements horizontally": "水平均布", "Distribute elements vertically": "垂直均布",
    "Divide into three lanes": "分成三条泳道", "Divide into two lanes": "分成两条泳道", "Loop": "循环", "Open {element}": "打开 {element}",
    "Parallel multi-instance": "多实例（同时）", "Sequential multi-instance": "多实例（依次）",
    "Participant multiplicity": "多个参与者", "Search in diagram": "在图中查找", "Toggle non-interrupting": "切换是否中断",
    "Ad-hoc sub-process": "临时子流程", "Ad-hoc sub-process (collapsed)": "临时子流程（收起）",
    "Ad-hoc sub-process (expanded)": "临时子流程（展开）", "Business rule task": "业务规则任务", "Call activity": "调用活动",
    "Complex gateway": "复杂网关", "Conditional flow": "条件流", "Data object reference": "数据对象", "Data store reference": "数据存储",
    "Default flow": "默认流", "Empty pool/participant": "空泳池", "Expanded pool/participant": "展开的泳池",
    "Event sub-process": "事件子流程", "Event-based gateway": "事件网关", "Exclusive gateway": "排他网关",
    "Inclusive gateway": "包容网关", "Manual task": "手工任务", "Parallel gateway": "并行网关", "Receive task": "接收任务",
    "Script task": "脚本任务", "Send task": "发送任务", "Sequence flow": "顺序流", "Service task": "服务任务", "Sub-process": "子流程",
    "Sub-process (collapsed)": "子流程（收起）", "Sub-process (expanded)": "子流程（展开）", "Task": "未定类型的任务",
    "Transaction": "事务子流程", "User task": "人工任务", "Group": "分组", "Process": "流程",
}  # fmt: skip
DECISION_WORDS: Final[dict[str, str]] = {
    "Activate hand tool": "拖动画布", "Activate lasso tool": "框选", "Add cell description": "加单元格说明", "Add input": "加条件列",
    "Add input column left": "左边加条件列", "Add input column right": "右边加条件列", "Add output": "加结果列",
    "Add output column left": "左边加结果列", "Add output column right": "右边加结果列", "Add predefined values": "加可选值",
    "Add rule": "加一行规则", "Add rule above": "上方加一行", "Add rule below": "下方加一行", "Add values": "加值", "After": "晚于",
    "And": "并且", "Annotation": "说明", "Annotations": "说明", "Before": "早于", "Between": "介于", "Boolean value": "是否值",
    "Change cell expression language": "更改表达式语言", "Change type": "更改类型", "Clear predefined values": "清除可选值",
    "Comparison": "比较", "Comparison operator": "比较符", "Copy input column": "复制条件列", "Copy output column": "复制结果列",
    "Copy rule": "复制这一行", "Custom values": "自定义值", "Cut input column": "剪切条件列", "Cut output column": "剪切结果列",
    "Cut rule": "剪切这一行", "Date": "日期", "Date and time": "日期时间", "Date value": "日期", "Decision name": "决策名称",
    "Decision name: ": "决策名称：", "Decision table": "决策表", "Definition ID": "文件标识", "Definition name": "文件名称", "Delete": "删除",
    "Duration value": "时长", "Edit": "编辑", "Edit boolean": "编辑是否", "Edit date": "编辑日期", "Edit duration": "编辑时长",
    "Edit end date": "编辑结束日期", "Edit input": "编辑条件列", "Edit number": "编辑数字", "Edit output": "编辑结果列",
    "Edit start date": "编辑开始日期", "Edit string": "编辑文字", "Edit time": "编辑时间",
    "Editing not supported for set expression language": "这种表达式语言不能编辑", "End date": "结束日期", "End value": "结束值",
    "Enter expression": "填写表达式", "Equals": "等于", "Exactly": "正好", "Exclude": "不含", "Expression": "表达式",
    "Expression language": "表达式语言", "Expression language:": "表达式语言：", "Greater": "大于", "Greater or equals": "大于等于",
    "Hit policy": "命中规则", "Hit policy:": "命中规则：", "Include": "含", "Input": "条件", "Input expression": "条件表达式",
    "Input expression: ": "条件表达式：", "Input label": "条件名称", "Input label: ": "条件名称：", "Input type": "条件类型",
    "Input values": "条件可选值", "Less": "小于", "Less or equals": "小于等于", "Match none": "都不是", "Match one": "是其中之一",
    "Move rule": "移动这一行", "No": "否", "No values": "没有值", "Output": "结果", "Output label": "结果名称",
    "Output label: ": "结果名称：", "Output name": "结果变量", "Output name: ": "结果变量：", "Output type": "结果类型",
    "Output values": "结果可选值", "Paste input column left": "左边粘贴条件列", "Paste input column right": "右边粘贴条件列",
    "Paste output column left": "左边粘贴结果列", "Paste output column right": "右边粘贴结果列", "Paste rule above": "上方粘贴一行",
    "Paste rule below": "下方粘贴一行", "Predefined values": "可选值", "Range": "区间", "Range end operator": "区间止的比较符",
    "Range end value": "区间止", "Range start operator": "区间起的比较符", "Range start value": "区间起",
    "Remove cell description": "删除单元格说明", "Remove input column": "删除条件列", "Remove output column": "删除结果列",
    "Remove rule": "删除这一行", "Resize": "调整宽度", "Set date": "选日期", "Set date and time": "选日期时间", "Set duration": "选时长",
    "Set time": "选时间", "Set value": "选值", "Start date": "开始日期", "Start value": "开始值", "String value": "文字",
    "Strings must be in double quotes": "文字要加英文双引号", "Test type": "判断方式", "Then": "则", "Time": "时间", "Type": "类型",
    "Use now": "用现在", "Use today": "用今天", "Value": "值", "Values": "值", "View DRD": "查看需求图", "When": "当", "Yes": "是",
    "Unique": "唯一", "First": "第一个", "Priority": "优先", "Any": "任一", "Collect": "全部列出", "Collect (Sum)": "合计",
    "Collect (Min)": "最小", "Collect (Max)": "最大", "Collect (Count)": "计数", "Rule order": "按行次序", "Output order": "按结果次序",
    "string": "文字", "boolean": "是否", "number": "数字", "date": "日期", "time": "时间", "dateTime": "日期时间",
    "dayTimeDuration": "天时时长", "yearMonthDuration": "年月时长", "Variable name": "变量名", "Variable type": "变量类型",
    '"value"': '"值"', '"value", "value", ...': '"值", "值", …', "e.g. { sample }": "例如 { sample }", "e.g. { example }": "例如 { example }",
}  # fmt: skip
