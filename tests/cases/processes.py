"""A process for the dog pack in which every kind of step runs, and a way to publish the pack with it."""

from pathlib import Path
from typing import Any

from tests.catalog.dog import FOLDER, copy_of_pack

from yichuang.catalog import commands as catalog
from yichuang.catalog.queries import list_versions
from yichuang.core.actors import SYSTEM

DOG = FOLDER.name
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yc="https://yichuang.example/bpmn"
             targetNamespace="https://yichuang.example/packs/test" id="d">
  <message id="m_papers" name="papers-handed-in"/>
  <message id="m_held" name="hearing-held"/>
"""
TAIL = "</definitions>\n"
# 街道审查 (催办 after three working days) → 会签 in a sub-process (two of three) → a called process that tells the
# applicant → papers or three working days, whichever comes first → the decision
WHOLE = (
    HEAD
    + """
  <process id="dog" name="养犬登记" yc:nameEn="Dog registration" isExecutable="true">
    <startEvent id="accepted"/>
    <sequenceFlow id="f1" sourceRef="accepted" targetRef="street"/>
    <userTask id="street" name="街道审查" yc:nameEn="Review by the sub-district" yc:post="CGZF.street_review"/>
    <boundaryEvent id="late" name="三个工作日未办" yc:nameEn="Not done in three working days" attachedToRef="street"
                   cancelActivity="false"><timerEventDefinition yc:workingDays="3"/></boundaryEvent>
    <sequenceFlow id="f2" sourceRef="late" targetRef="urge"/>
    <serviceTask id="urge" name="街道审查已三个工作日" yc:nameEn="Three working days with the sub-district" yc:operation="remind"/>
    <sequenceFlow id="f3" sourceRef="urge" targetRef="urged"/>
    <endEvent id="urged"/>
    <sequenceFlow id="f4" sourceRef="street" targetRef="together"/>
    <subProcess id="together" name="联合审查" yc:nameEn="Joint review">
      <startEvent id="t_start"/>
      <sequenceFlow id="t1" sourceRef="t_start" targetRef="joint"/>
      <userTask id="joint" name="会签" yc:nameEn="Countersigning" yc:post="CGZF.review">
        <multiInstanceLoopCharacteristics isSequential="true" yc:posts="CGZF.review CGZF.street_review SCJG.review" yc:need="NEED"/>
      </userTask>
      <sequenceFlow id="t2" sourceRef="joint" targetRef="t_end"/>
      <endEvent id="t_end"/>
    </subProcess>
    <sequenceFlow id="f5" sourceRef="together" targetRef="way"/>
    <exclusiveGateway id="way" default="f7"/>
    <sequenceFlow id="f6" sourceRef="way" targetRef="call"><conditionExpression>outcomes.joint = "agree"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f7" sourceRef="way" targetRef="decide"/>
    <callActivity id="call" name="公示" yc:nameEn="Publicity" calledElement="publicity"/>
    <sequenceFlow id="f8" sourceRef="call" targetRef="decide"/>
    <userTask id="decide" name="作出决定" yc:nameEn="Decision" yc:post="CGZF.decide" yc:act="decide"/>
    <sequenceFlow id="f9" sourceRef="decide" targetRef="end"/>
    <endEvent id="end"/>
  </process>
  <process id="publicity" name="公示" yc:nameEn="Publicity" isExecutable="true">
    <startEvent id="p_start"/>
    <sequenceFlow id="p1" sourceRef="p_start" targetRef="tell"/>
    <sendTask id="tell" name="进入公示" yc:nameEn="The publicity begins" yc:operation="tell-applicant"/>
    <sequenceFlow id="p2" sourceRef="tell" targetRef="first"/>
    <eventBasedGateway id="first"/>
    <sequenceFlow id="p3" sourceRef="first" targetRef="papers"/>
    <intermediateCatchEvent id="papers" name="补交了材料" yc:nameEn="Papers came"><messageEventDefinition messageRef="m_papers"/></intermediateCatchEvent>
    <sequenceFlow id="p4" sourceRef="first" targetRef="over"/>
    <intermediateCatchEvent id="over" name="公示期满" yc:nameEn="The publicity is over"><timerEventDefinition yc:workingDays="3"/></intermediateCatchEvent>
    <sequenceFlow id="p5" sourceRef="papers" targetRef="p_meet"/>
    <sequenceFlow id="p6" sourceRef="over" targetRef="p_meet"/>
    <exclusiveGateway id="p_meet"/>
    <sequenceFlow id="p7" sourceRef="p_meet" targetRef="p_end"/>
    <endEvent id="p_end"/>
  </process>
"""
    + TAIL
)


def publish(tmp_path: Path, monkeypatch: Any, at: Any, process: str, route: str = "") -> int:
    """The dog pack with this process (and route.dmn) is in force, in its next version: that number."""
    folder, newest = copy_of_pack(tmp_path / f"v{len(list(tmp_path.iterdir()))}"), list_versions(DOG)[0][0]
    item = folder / "item.yaml"
    item.write_text(item.read_text("utf-8").replace("version: 1\n", f"version: {newest + 1}\n"), "utf-8")
    (folder / "process.bpmn").write_text(process, "utf-8")
    if route:
        (folder / "route.dmn").write_text(route, "utf-8")
    monkeypatch.setattr("yichuang.catalog.commands.publish.all_examples", lambda *_: [])
    catalog.publish_pack(folder=folder, actor=SYSTEM, at=at)
    return newest + 1
