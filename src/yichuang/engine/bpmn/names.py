"""What BPMN's elements are called by people; used to say what cannot be executed."""

from typing import Final

from yichuang.core.words import Words

ELEMENTS: Final[dict[str, Words]] = {
    "process": Words("流程", "process"),
    "userTask": Words("人工任务", "user task"),
    "startEvent": Words("开始事件", "start event"),
    "endEvent": Words("结束事件", "end event"),
    "exclusiveGateway": Words("排他网关", "exclusive gateway"),
    "parallelGateway": Words("并行网关", "parallel gateway"),
    "sequenceFlow": Words("顺序流", "sequence flow"),
    "itemDefinition": Words("数据类型", "item definition"),
    "dataStore": Words("数据存储", "data store"),
    "dataInputAssociation": Words("数据输入", "data input"),
    "dataOutputAssociation": Words("数据输出", "data output"),
    "dataInput": Words("输入数据", "data input"),
    "dataOutput": Words("输出数据", "data output"),
    "inputSet": Words("输入集", "input set"),
    "outputSet": Words("输出集", "output set"),
    "relationship": Words("关系", "relationship"),
    "ioSpecification": Words("数据规格", "data specification"),
    "conversation": Words("会话", "conversation"),
    "partnerEntity": Words("伙伴", "partner"),
    "escalation": Words("升级", "escalation"),
    "timeCycle": Words("循环定时", "timer cycle"),
    "correlationSubscription": Words("相关性", "correlation"),
    "resource": Words("资源", "resource"),
    "potentialOwner": Words("承办人", "owner"),
    "performer": Words("执行人", "performer"),
    "humanPerformer": Words("人工执行人", "human performer"),
    "property": Words("属性", "property"),
    "callableElement": Words("可调用元素", "callable element"),
    "interface": Words("接口", "interface"),
    "globalTask": Words("全局任务", "global task"),
    "globalUserTask": Words("全局人工任务", "global user task"),
    "import": Words("导入", "import"),
    "choreography": Words("编排", "choreography"),
    "task": Words("未定类型的任务", "abstract task"),
    "serviceTask": Words("服务任务", "service task"),
    "scriptTask": Words("脚本任务", "script task"),
    "businessRuleTask": Words("业务规则任务", "business rule task"),
    "sendTask": Words("发送任务", "send task"),
    "receiveTask": Words("接收任务", "receive task"),
    "manualTask": Words("手工任务", "manual task"),
    "callActivity": Words("调用活动", "call activity"),
    "subProcess": Words("子流程", "sub-process"),
    "eventSubProcess": Words("事件子流程", "event sub-process"),
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
SEVERAL_TIMES: Final = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess", "callActivity"}
)
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
