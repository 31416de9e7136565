"""Sets of people behave as Mesa's own sets of agents do."""

import copy

import mesa
import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy

from parley.people import People
from parley.person import Column, Person
from parley.population import build_population
from parley.streams import Streams


class Plain(mesa.Agent):
    """An ordinary Mesa agent with some of a person's attributes."""

    def __init__(self, model, person):
        super().__init__(model)
        self.row = person.row
        for name in ("income", "trust_company", "group", "leader", "village_name"):
            setattr(self, name, getattr(person, name))

    def double(self, factor=2.0):
        self.income *= factor
        return self.income


class Visitor(Person):
    """A person of one's own: one more column, a rule for one and a rule for many."""

    visits: Column[float] = Column(np.float64, "Visits received (count).")

    def call(self, times=1):
        self.visits += times
        return self.visits

    def greet(self):
        self.visits += 1

    @classmethod
    def greet_all(cls, people, times=1):
        people["visits"] = people["visits"] + 10 * times


@pytest.fixture
def people(make_people):
    return make_people(120)


@pytest.fixture
def plain(people):
    """The same people as ordinary agents in an ordinary Mesa set, which holds them weakly."""
    model = mesa.Model(rng=1)
    agents = [Plain(model, person) for person in people]
    yield AgentSet(agents, random=model.random)
    assert len(agents) == len(people)


def rows(agents):
    return [agent.row for agent in agents]


def poor(agent):
    return agent.income < 0.8


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"filter_func": poor},
        {"at_most": 7},
        {"at_most": 0.25},
        {"at_most": 1.0},
        {"at_most": 1},
        {"at_most": 0},
        {"filter_func": poor, "at_most": 3},
        {"filter_func": poor, "at_most": 0.05},
        {"agent_type": mesa.Agent},
        {"agent_type": mesa.Model},
    ],
)
def test_select_as_mesa_does(people, plain, arguments):
    chosen = people.select(**arguments)
    assert isinstance(chosen, People)
    assert chosen is not people
    assert rows(chosen) == rows(plain.select(**arguments))


def test_select_by_columns(people):
    mask = (people["income"] < 0.8) & people["tag_women"]
    wanted = np.flatnonzero(mask).tolist()
    assert people.select(where=mask).rows.tolist() == wanted
    assert people.select(mask).rows.tolist() == wanted
    assert people[mask].rows.tolist() == wanted
    women = people.select(where=lambda p: p["tag_women"])
    assert women.select(poor).rows.tolist() == wanted
    assert women.select(where=women["income"] < 0.8, at_most=2).rows.tolist() == wanted[:2]
    for wrong in (np.ones(3, bool), np.ones(120)):
        with pytest.raises(ValueError, match="120 yes-no values"):
            people.select(where=wrong)


@pytest.mark.parametrize("key", ["income", "leader", "group", lambda a: a.trust_company, "row"])
@pytest.mark.parametrize("ascending", [True, False])
def test_sort_as_mesa_does(people, plain, key, ascending):
    assert rows(people.sort(key, ascending)) == rows(plain.sort(key, ascending))


@pytest.mark.parametrize("by", ["group", "leader", "village_name", lambda a: a.income < 1])
def test_groupby_as_mesa_does(people, plain, by):
    ours, theirs = people.groupby(by), plain.groupby(by)
    assert isinstance(ours, GroupBy)
    assert list(ours.groups) == list(theirs.groups)
    assert {k: rows(v) for k, v in ours} == {k: rows(v) for k, v in theirs}
    assert ours.count() == theirs.count()
    assert ours.agg("income", np.mean) == pytest.approx(theirs.agg("income", np.mean))
    as_lists = people.groupby(by, result_type="list").groups
    assert {k: rows(v) for k, v in as_lists.items()} == {k: rows(v) for k, v in theirs}
    means = ours.map(lambda some: some.agg("income", np.mean))
    assert means == pytest.approx(theirs.map(lambda some: some.agg("income", np.mean)))
    ours.do("set", "benefit", 2.0)
    assert people["benefit"].sum() == 240.0


def test_get_and_agg_as_mesa_does(people, plain):
    for names in ("income", "village_name", ["income", "leader"], ["row", "village_name"]):
        assert people.get(names) == plain.get(names)
    assert people.get("luck", "default", 3) == plain.get("luck", "default", 3)
    assert people.get(["luck", "row"], "default") == plain.get(["luck", "row"], "default")
    with pytest.raises(AttributeError, match="luck"):
        people.get("luck")
    with pytest.raises(ValueError, match="handle_missing"):
        people.get("income", handle_missing="ignore")
    for func in (sum, min, max, np.mean, len, [min, max, np.std]):
        assert people.agg("income", func) == pytest.approx(plain.agg("income", func))
    assert people.agg("row", max) == 119
    assert isinstance(people.agg("income", max), float)
    assert len(people.get("needs")) == 120


def test_set_do_and_map_as_mesa_does(make_scenario, plain):
    people = build_population(make_scenario(120), Streams(0, 0), mesa.Model(rng=1), Visitor)
    assert people.set("benefit", 1.5) is people
    assert people["benefit"].sum() == 180.0
    people[:3].set("benefit", [1, 2, 3])
    assert people["benefit"][:4].tolist() == [1, 2, 3, 1.5]
    with pytest.raises(AttributeError):
        people.set("village", 0)
    with pytest.raises(AttributeError):
        people.set("luck", 0)

    assert people.map("call", 2) == [2.0] * 120
    assert people.map(lambda p, k: p.row + k, k=1) == list(range(1, 121))
    assert people.do("call", times=3) is people
    assert people.shuffle_do("call") is people
    people[:2].do(lambda p: p.call(100))
    assert people["visits"][:4].tolist() == [106, 106, 6, 6]
    assert [p.row for p in people] == rows(plain)


def test_do_uses_the_rule_for_many_where_there_is_one(make_scenario):
    people = build_population(make_scenario(120), Streams(0, 0), mesa.Model(rng=1), Visitor)
    people.do("greet")
    people[10:12].do("greet", times=2)
    assert people["visits"][9:13].tolist() == [10, 30, 30, 10]
    people.shuffle_do("greet")
    assert people["visits"][9:13].tolist() == [11, 31, 31, 11]


def test_shuffle_repeats_with_the_model_and_loses_nobody(make_people):
    one, two = make_people(120), make_people(120)
    first, second = one.shuffle(), one.shuffle()
    assert sorted(rows(first)) == list(range(120))
    assert rows(first) != list(range(120))
    assert rows(first) != rows(second)
    assert rows(two.shuffle()) == rows(first)
    seen = []
    one[:6].shuffle_do(lambda p: seen.append(p.row))
    assert sorted(seen) == [0, 1, 2, 3, 4, 5]


def test_set_algebra(people):
    a, b = people[0:6], people[4:8]
    assert (a & b).rows.tolist() == [4, 5]
    assert (a | b).rows.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert (a - b).rows.tolist() == [0, 1, 2, 3]
    assert (a ^ b).rows.tolist() == [0, 1, 2, 3, 6, 7]
    assert (a & [people[1]]).rows.tolist() == [1]
    assert (people - a).rows.tolist() == list(range(6, 120))
    assert a == people[np.array([5, 4, 3, 2, 1, 0])]
    assert a != b
    assert people[2] in a
    assert people[7] not in a
    assert "someone" not in a


def test_a_set_is_a_container_in_mesas_sense(people):
    assert isinstance(people, AbstractAgentSet)
    assert len(people) == 120
    assert people.to_list() == list(people)
    assert copy.copy(people).rows.tolist() == list(range(120))
    assert rows(people[3:6]) == [3, 4, 5]
    assert people[3:6][-1].row == 5
    assert people[3:6]["income"].tolist() == people["income"][3:6].tolist()
    few = people[np.array([4, 2])]
    few["income"] = [9, 8]
    assert people["income"][[2, 4]].tolist() == [8, 9]
    assert repr(few) == "<People of 2>"
    for wrong in ([-1], [120]):
        with pytest.raises(IndexError, match="0 to 119"):
            People(people, wrong)
    assert len(People(people, [])) == 0
    assert People(people, []).groupby("group").count() == {}
