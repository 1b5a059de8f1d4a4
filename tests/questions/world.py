"""A random world, written through the service and kept beside it as plain facts, and what networkx says of it.

Workflows change, vanish and come back; runs write and read what was declared and what was not. The model knows nothing
of how the service stores or asks: it keeps intervals, and answers by networkx on the graph that holds at an instant.
"""

import asyncio
import collections
import dataclasses
import random
from typing import Any

import networkx

from graph.questions.levels import EdgeSource
from graph.recording.commands import InputName
from graph.recording.recorder import StepMessage
from tests.service.client import Service

END = 1 << 63

Intervals = list[tuple[int, int]]
Hop = tuple[str, str, str]


@dataclasses.dataclass(frozen=True)
class Shape:
    """How big a world is."""

    assets: int
    workflows: int
    steps: int
    width: int
    changes: int


SHAPES = (
    Shape(assets=6, workflows=2, steps=3, width=2, changes=3),
    Shape(assets=12, workflows=4, steps=3, width=3, changes=3),
    Shape(assets=40, workflows=5, steps=8, width=2, changes=2),
    Shape(assets=120, workflows=6, steps=15, width=2, changes=2),
    Shape(assets=300, workflows=8, steps=30, width=2, changes=2),
)


class World:
    """The facts: what was declared from when to when, which steps were there, what was seen since when."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.shape = SHAPES[seed % len(SHAPES)]
        # Ids differ from keys, and sort otherwise than numbers.
        self.ids = {f"a{n}": f"A{n}" for n in range(self.shape.assets)}
        self.consumed: dict[tuple[str, str], Intervals] = collections.defaultdict(list)
        self.produced: dict[tuple[str, str], Intervals] = collections.defaultdict(list)
        self.lives: dict[str, Intervals] = collections.defaultdict(list)
        self.names: dict[str, list[tuple[int, str]]] = collections.defaultdict(list)
        self.read: dict[tuple[str, str], int] = {}
        self.wrote: dict[tuple[str, str], int] = {}
        self.instants: list[int] = []
        self.current: dict[str, dict[str, tuple[list[str], list[str]]]] = {}
        self.written: set[str] = set()
        self.known: set[str] = set()

    # Writing

    async def build(self, service: Service) -> None:
        """Write the world: each round changes some workflows, then runs some steps."""
        for turn in range(self.shape.changes):
            service.clock.forward(10_000)
            self.instants.append(service.clock.now)
            await asyncio.gather(
                *(
                    self._change(service, f"w{n}")
                    for n in range(self.shape.workflows)
                    if turn == 0 or self.chance.random() < 0.6
                )
            )
            service.clock.forward(10_000)
            self.instants.append(service.clock.now)
            await self._run_some(service)
        service.clock.forward(10_000)

    async def _change(self, service: Service, workflow: str) -> None:
        now = service.clock.now
        if workflow in self.current and self.chance.random() < 0.25:
            self._hold(workflow, {}, now)
            del self.current[workflow]
            await service.lineage.registrar.delete(workflow)
            return
        steps = {
            f"s{n}": (self._some_assets(), self._some_assets())
            for n in self.chance.sample(range(self.shape.steps), self.chance.randint(1, self.shape.steps))
        }
        before = self.current.get(workflow, {})
        for step in sorted(before.keys() & steps.keys()):
            if self.chance.random() < 0.5:
                steps[step] = before[step]
        self._hold(workflow, steps, now)
        self.current[workflow] = steps
        document = {
            "slug": workflow,
            "steps": [self._declare(workflow, step, *sides, now) for step, sides in steps.items()],
        }
        await service.lineage.registrar.register(document)

    def _declare(self, workflow: str, step: str, ins: list[str], outs: list[str], now: int) -> dict[str, Any]:
        name = f"{step} at {now}" if self.chance.random() < 0.5 else step
        self.names[f"{workflow}/{step}"].append((now, name))
        self.known |= {*ins, *outs}
        return {
            "id": step,
            "name": name,
            "consumes": [{"assetId": self.ids[each]} for each in ins],
            "produces": [{"assetId": self.ids[each]} for each in outs],
        }

    def _some_assets(self) -> list[str]:
        return self.chance.sample(sorted(self.ids), self.chance.choice([0, *range(1, self.shape.width + 1)] * 2 + [1]))

    def _hold(self, workflow: str, steps: dict[str, tuple[list[str], list[str]]], now: int) -> None:
        """Close what ends at this instant and open what begins."""
        before = self.current.get(workflow, {})
        for held, side in ((self.consumed, 0), (self.produced, 1)):
            old = {(f"{workflow}/{step}", asset) for step, sides in before.items() for asset in sides[side]}
            new = {(f"{workflow}/{step}", asset) for step, sides in steps.items() for asset in sides[side]}
            _close(held, old - new, now)
            for edge in new - old:
                held[edge].append((now, END))
        old_steps, new_steps = ({f"{workflow}/{step}" for step in each} for each in (before, steps))
        _close(self.lives, old_steps - new_steps, now)
        for step in new_steps - old_steps:
            self.lives[step].append((now, END))

    async def _run_some(self, service: Service) -> None:
        reports = []
        for workflow in sorted(self.current):
            steps = self.current[workflow]
            run = await service.start(workflow)
            for step in self.chance.sample(sorted(steps), min(len(steps), 3)):
                reports.append(self._report(service, run, workflow, step, *steps[step]))
        # One after the other as far as the queue goes: what is read must have been written by then.
        for report in reports:
            await report

    async def _report(
        self, service: Service, run: str, workflow: str, step: str, ins: list[str], outs: list[str]
    ) -> None:
        key, now = f"{workflow}/{step}", service.clock.now
        read = [each for each in ins if each in self.written and self.chance.random() < 0.8]
        if self.written and self.chance.random() < 0.3:
            read = sorted({*read, self.chance.choice(sorted(self.written))})
        wrote = [each for each in outs if self.chance.random() < 0.8]
        if self.chance.random() < 0.3:
            wrote = sorted({*wrote, self.chance.choice(sorted(self.ids))})
        for each in read:
            self.read.setdefault((key, each), now)
        for each in wrote:
            self.wrote.setdefault((key, each), now)
        self.written |= set(wrote)
        self.known |= set(wrote)
        result = {"assets": [{"assetId": self.ids[each], "payload": now} for each in wrote]}
        message = StepMessage(
            {"result": result},
            1,
            "succeeded",
            result,
            inputs=tuple(InputName(asset=each) for each in read),
        )
        await service.lineage.recorder.report_step(run, step, message)

    # What holds

    def steps_at(self, at: int, source: EdgeSource, workflows: frozenset[str] = frozenset()) -> dict[str, "Sides"]:
        """Step → what it consumes and produces at the instant."""
        sides: dict[str, Sides] = {step: Sides() for step, lives in self.lives.items() if _holds(lives, at)}
        if source in (EdgeSource.DECLARED, EdgeSource.ALL):
            for (step, asset), held in self.consumed.items():
                if _holds(held, at):
                    sides[step].ins.add(asset)
            for (step, asset), held in self.produced.items():
                if _holds(held, at):
                    sides[step].outs.add(asset)
        if source in (EdgeSource.OBSERVED, EdgeSource.ALL):
            for (step, asset), since in self.read.items():
                if since <= at and step in sides:
                    sides[step].ins.add(asset)
            for (step, asset), since in self.wrote.items():
                if since <= at and step in sides:
                    sides[step].outs.add(asset)
        return {step: each for step, each in sides.items() if not workflows or step.partition("/")[0] in workflows}

    def name_at(self, step: str, at: int) -> str:
        """What the step was called."""
        return max((since, name) for since, name in self.names[step] if since <= at)[1]


@dataclasses.dataclass
class Sides:
    """What a step consumes and produces."""

    ins: set[str] = dataclasses.field(default_factory=set)
    outs: set[str] = dataclasses.field(default_factory=set)


def hops(steps: dict[str, Sides]) -> set[Hop]:
    """Every (consumed, step, produced)."""
    return {(a, step, b) for step, sides in steps.items() for a in sides.ins for b in sides.outs}


def asset_graph(steps: dict[str, Sides]) -> "networkx.DiGraph[str]":
    """The assets, with an edge wherever a step leads from one to the other."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((a, b) for a, _, b in hops(steps))
    return graph


def _holds(intervals: Intervals, at: int) -> bool:
    return any(begin <= at < end for begin, end in intervals)


def _close(held: Any, keys: set[Any], now: int) -> None:
    for key in keys:
        begin, _ = held[key].pop()
        held[key].append((begin, now))
