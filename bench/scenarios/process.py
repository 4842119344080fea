"""Steps of processes in memory, without the database: the fiftieth round must cost what the first did."""

import time
from statistics import median

from bench.figures import Result
from yichuang.engine.bpmn.play import Memory, Place, Play
from yichuang.engine.bpmn.run import Marks
from yichuang.engine.values import ProcessModel, parse_process

NAME = "process"
BAR = 0.2  # ms of our CPU for one step
ROUNDS, FEW = 50, 5  # the second for `--quick`
TURNS = 41
XML = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yc="https://yichuang.example/bpmn">
 <message id="m" name="补正"/>
 <process id="p" isExecutable="true">
  <startEvent id="s"/>
  <exclusiveGateway id="again"/>
  <parallelGateway id="fork"/>
  <userTask id="a" name="甲部门审查" yc:nameEn="Review A" yc:post="CGZF.review"/>
  <boundaryEvent id="late" attachedToRef="a" cancelActivity="false">
   <timerEventDefinition yc:workingDays="3"/>
  </boundaryEvent>
  <userTask id="r" name="催办" yc:nameEn="Remind" yc:post="CGZF.review"/>
  <endEvent id="re"/>
  <subProcess id="u">
   <startEvent id="us"/>
   <userTask id="b" name="乙部门审查" yc:nameEn="Review B" yc:post="GAFJ.review"/>
   <endEvent id="ue"/>
   <sequenceFlow id="u1" sourceRef="us" targetRef="b"/><sequenceFlow id="u2" sourceRef="b" targetRef="ue"/>
  </subProcess>
  <parallelGateway id="join"/>
  <exclusiveGateway id="x" default="on"/>
  <userTask id="d" name="决定" yc:nameEn="Decide" yc:post="CGZF.decide" yc:act="decide"/>
  <endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="again"/>
  <sequenceFlow id="f2" sourceRef="again" targetRef="fork"/>
  <sequenceFlow id="f3" sourceRef="fork" targetRef="a"/><sequenceFlow id="f4" sourceRef="fork" targetRef="u"/>
  <sequenceFlow id="f5" sourceRef="a" targetRef="join"/><sequenceFlow id="f6" sourceRef="u" targetRef="join"/>
  <sequenceFlow id="f7" sourceRef="join" targetRef="x"/>
  <sequenceFlow id="f8" sourceRef="x" targetRef="again">
   <conditionExpression>outcomes.a = "again" and risk in [2..4]</conditionExpression>
  </sequenceFlow>
  <sequenceFlow id="on" sourceRef="x" targetRef="d"/>
  <sequenceFlow id="f9" sourceRef="d" targetRef="e"/>
  <sequenceFlow id="g1" sourceRef="late" targetRef="r"/><sequenceFlow id="g2" sourceRef="r" targetRef="re"/>
 </process>
</definitions>
"""


def run(quick: bool) -> list[Result]:
    """Rounds of two reviews, one in a sub-process, that end in the next round; each step as a command makes it."""
    model = parse_process(XML.encode())
    result = Result(NAME, "one step of a process: read into memory, moved, ready to be written", BAR, "ms of CPU")
    rounds = FEW if quick else ROUNDS
    turns = [_turn(model, rounds) for _ in range(3 if quick else TURNS)]
    first, last = ([turn[index] for turn in turns] for index in (0, -1))
    result.take([median(turn) for turn in turns])
    growth = median(last) / median(first)
    result.facts |= {"rounds": rounds, "first_round_ms": round(median(first), 4), "last_over_first": round(growth, 2)}
    if not quick and growth > 1.5:
        result.faults.append(f"round {rounds} costs {growth:.2f} times the first")
    return [result]


def _turn(model: ProcessModel, rounds: int) -> list[float]:
    """Milliseconds of CPU for one step, by round; the marking and the variables are what is read from rows each time."""
    memory = Memory({"risk": 3}, {})
    play = Play(model, {}, memory)
    play.begin()
    found = []
    marking: dict[str, Marks] = play.marking
    for _ in range(rounds):
        began = time.process_time()
        for scope, node in (("", "a"), ("/u", "b")):
            play = Play(model, marking, Memory(dict(memory.variables), dict(memory.outcomes)))
            (mark,) = (one for one in play.marking[scope] if one.node == node)
            play.complete(Place(scope, mark), "again", {})
            marking, memory = play.marking, play.memory
        found.append((time.process_time() - began) * 1000 / 2)
    return found
