"""What BPMN's elements are called by people; used to say what cannot be executed."""

from typing import Final

from yichuang.core.words import Words

ELEMENTS: Final[dict[str, Words]] = {
    "task": Words("未定类型的任务", "abstract task"),
    "serviceTask": Words("服务任务", "service task"),
    "scriptTask": Words("脚本任务", "script task"),
    "businessRuleTask": Words("业务规则任务", "business rule task"),
    "sendTask": Words("发送任务", "send task"),
    "receiveTask": Words("接收任务", "receive task"),
    "manualTask": Words("手工任务", "manual task"),
    "callActivity": Words("调用活动", "call activity"),
    "subProcess": Words("子流程", "sub-process"),
    "adHocSubProcess": Words("临时子流程", "ad-hoc sub-process"),
    "transaction": Words("事务子流程", "transaction"),
    "inclusiveGateway": Words("包容网关", "inclusive gateway"),
    "eventBasedGateway": Words("事件网关", "event-based gateway"),
    "complexGateway": Words("复杂网关", "complex gateway"),
    "boundaryEvent": Words("边界事件", "boundary event"),
    "intermediateCatchEvent": Words("中间捕获事件", "intermediate catch event"),
    "intermediateThrowEvent": Words("中间抛出事件", "intermediate throw event"),
    "messageFlow": Words("消息流", "message flow"),
    "dataObject": Words("数据对象", "data object"),
    "dataObjectReference": Words("数据对象引用", "data object reference"),
    "dataStoreReference": Words("数据存储引用", "data store reference"),
    "messageEventDefinition": Words("消息事件", "message event"),
    "timerEventDefinition": Words("定时事件", "timer event"),
    "signalEventDefinition": Words("信号事件", "signal event"),
    "errorEventDefinition": Words("错误事件", "error event"),
    "escalationEventDefinition": Words("升级事件", "escalation event"),
    "compensateEventDefinition": Words("补偿事件", "compensation event"),
    "conditionalEventDefinition": Words("条件事件", "conditional event"),
    "linkEventDefinition": Words("链接事件", "link event"),
    "cancelEventDefinition": Words("取消事件", "cancel event"),
    "terminateEventDefinition": Words("终止事件", "terminate event"),
    "multiInstanceLoopCharacteristics": Words("多实例", "multi-instance marker"),
    "standardLoopCharacteristics": Words("循环", "loop marker"),
}
KINDS: Final = {
    "startEvent": "start",
    "endEvent": "end",
    "userTask": "task",
    "serviceTask": "work",
    "businessRuleTask": "work",
    "sendTask": "work",
    "receiveTask": "receive",
    "intermediateCatchEvent": "catch",
    "intermediateThrowEvent": "throw",
    "boundaryEvent": "boundary",
    "exclusiveGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
    "eventBasedGateway": "event",
    "subProcess": "sub",
    "callActivity": "sub",
}
SEVERAL_TIMES: Final = frozenset({"userTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess", "callActivity"})
FLOW_NODES: Final = frozenset(
    {name for name in ELEMENTS if name.endswith(("Task", "task", "Gateway", "Event", "Process", "Activity"))}
    | {"transaction"}
)
DRAWN_ONLY: Final = frozenset(
    {"documentation", "extensionElements", "textAnnotation", "association", "group", "category", "incoming", "outgoing"}
)


def called(tag: str) -> Words:
    """What an element is called."""
    return ELEMENTS.get(tag, Words(tag, tag))
