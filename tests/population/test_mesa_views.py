"""People as Mesa agents: views of rows, collectors, and models that can be freed."""

import gc
import weakref
from itertools import pairwise

import mesa
import numpy as np
import pytest

from parley.errors import ConservationError
from parley.person import Person
from parley.population import build_population
from parley.streams import Streams


@pytest.fixture
def people(make_people):
    return make_people(120)


# --- one person ---------------------------------------------------------------------------------


def test_a_view_is_a_mesa_agent_equal_whenever_asked_for(people):
    a, b = people[7], people[7]
    assert a is not b
    assert isinstance(a, mesa.Agent)
    assert a == b
    assert hash(a) == hash(b)
    assert len({a, b, people[8]}) == 2
    assert a != people[8]
    assert a != "someone"
    assert a.model is people.model
    assert a.random is people.model.random
    assert a.rng is people.model.rng
    assert a.pos is None
    assert people[-1] == people[119]
    with pytest.raises(IndexError):
        people[120]


def test_people_of_two_models_differ(make_people):
    one, two = make_people(60), make_people(60)
    assert one[3] != two[3]
    one[3].benefit = 9.0
    assert two[3].benefit == 0.0
    assert one[3] not in two
    with pytest.raises(ValueError, match="another population"):
        one[:3] | two[:3]


def test_identifiers_do_not_clash_with_institutions(make_scenario):
    model = mesa.Model(rng=1)
    before = mesa.Agent(model)
    people = build_population(make_scenario(60), Streams(0, 0), model)
    after = mesa.Agent(model)
    ids = [before.unique_id, *(p.unique_id for p in people), after.unique_id]
    assert ids == list(range(1, 63))


def test_reading_and_writing_go_to_the_columns(people):
    person = people[11]
    person.trust_company = 0.75
    assert people["trust_company"][11] == 0.75
    people["rung"][11] = 3
    people["active"][11] = True
    assert (person.rung, person.active) == (3, True)
    kinds = (person.trust_company, person.active, person.rung, person.village, person.tag_women)
    assert [type(k) for k in kinds] == [float, bool, int, int, bool]
    person.security[2] = 0.125
    person.needs = (1, 0, 0, 0, 0, 0)
    assert people["security"][11, 2] == 0.125
    assert people["needs"][11].tolist() == [1, 0, 0, 0, 0, 0]


def test_names_and_tags(people):
    for person in people:
        assert person.village_name == f"village {person.village + 1}"
        assert person.group_name == ("farmers", "town", "elders")[person.group]
        carried = {"women": person.tag_women, "displaced": person.tag_displaced}
        assert person.tags == tuple(k for k, has in carried.items() if has)
        assert person.marginalised == (bool(person.tags) or person.group_name == "elders")
    assert people.member("marginalised").tolist() == [p.marginalised for p in people]
    assert repr(people[0]).startswith("<Person 1: village 1, farmers")


def test_what_a_view_would_forget_is_refused(people):
    person = people[0]
    with pytest.raises(AttributeError, match="no 'incme'; did you mean 'income'"):
        _ = person.incme
    with pytest.raises(AttributeError, match=r"cannot keep 'trust_compny'; did you mean"):
        person.trust_compny = 1.0
    with pytest.raises(AttributeError, match="add a column first"):
        person.zzz = 1.0
    for name in ("village", "group", "block", "tag_women"):
        with pytest.raises(AttributeError, match="sorted"):
            setattr(person, name, 1)
    for name in ("pos", "model", "unique_id", "row"):
        with pytest.raises(AttributeError):
            setattr(person, name, None)


# --- people are conserved -----------------------------------------------------------------------


def test_nobody_comes_or_goes(people, make_people):
    with pytest.raises(ConservationError, match="cannot be removed"):
        people[0].remove()
    for act in (people.discard, people.remove):
        with pytest.raises(ConservationError, match="nobody can be removed"):
            act(people[0])
    stranger = make_people(50)[0]
    with pytest.raises(ConservationError, match="nobody can be added"):
        people.add(stranger)
    people.add(people[5])
    people.discard(stranger)
    for act in (people.shuffle, people.clear, people.pop):
        with pytest.raises(ConservationError):
            act(inplace=True) if act == people.shuffle else act()
    with pytest.raises(ConservationError, match="selection"):
        people.select(at_most=3, inplace=True)
    assert len(people) == len(list(people)) == 120


def test_a_selection_may_change(people):
    few = people[:5]
    few.add(people[9])
    few.add(people[0])
    few.discard(people[1])
    few.discard(people[50])
    few.remove(people[2])
    assert few.rows.tolist() == [0, 3, 4, 9]
    with pytest.raises(KeyError):
        few.remove(people[2])
    assert few.select(at_most=2, inplace=True) is few
    assert few.rows.tolist() == [0, 3]
    assert len(people) == 120


# --- inside a model -----------------------------------------------------------------------------


def test_registered_by_type_and_beside_institutions(make_scenario):
    model = mesa.Model(rng=1)
    people = build_population(make_scenario(60), Streams(0, 0), model)
    office = mesa.Agent(model)
    assert model.agents_by_type[Person] is people
    assert list(model.agents) == [office]
    office.remove()
    assert model.agents_by_type[Person] is people
    assert len(people) == 60


def test_data_collector(make_scenario):
    model = mesa.Model(rng=1)
    people = build_population(make_scenario(60), Streams(0, 0), model)
    model.people = people
    collector = mesa.DataCollector(
        model_reporters={"income": lambda m: m.people.agg("income", np.mean)},
        agenttype_reporters={Person: {"trust": "trust_company", "who": lambda p: p.group_name}},
    )
    collector.collect(model)
    people.set("trust_company", 0.5)
    model.run_for(1)
    collector.collect(model)
    table = collector.get_agenttype_vars_dataframe(Person)
    assert len(table) == 120
    assert (table.loc[1.0, "trust"] == 0.5).all()
    assert table.loc[0.0, "who"].tolist() == [p.group_name for p in people]
    means = collector.get_model_vars_dataframe()["income"]
    assert means.tolist() == pytest.approx([people["income"].mean()] * 2)


def test_a_rule_of_ones_own_on_twenty_named_people(make_scenario):
    """Plain Mesa: a class of one's own, a step, and agents that stay themselves."""

    class Village(mesa.Model):
        def __init__(self):
            super().__init__(rng=5)
            self.people = build_population(make_scenario(300), Streams(2, 0), self)
            self.people.add_column("warned", False)
            elders = self.people.select(lambda p: p.group_name == "elders" and p.village == 2)
            self.callers = elders.shuffle().select(at_most=20)
            self.named = {f"caller {i}": person for i, person in enumerate(self.callers)}

        def step(self):
            self.callers.shuffle_do(self.spread_word)

        def spread_word(self, caller):
            caller.warned = True
            caller.trust_company = min(1.0, caller.trust_company + 0.01)

    model = Village()
    before = model.people["trust_company"].copy()
    model.run_for(3)
    changed = np.flatnonzero(model.people["trust_company"] != before)
    assert 5 <= len(changed) <= 20
    assert set(changed) == {p.row for p in model.named.values()}
    np.testing.assert_allclose(model.people["trust_company"][changed], before[changed] + 0.03)
    assert model.people["warned"].sum() == len(changed)
    assert model.named["caller 0"] == model.people[model.named["caller 0"].row]


def test_a_finished_model_is_freed(make_scenario):
    """Mesa models hold themselves in a cycle: collecting must free the columns too."""

    def finished():
        model = mesa.Model(rng=1)
        people = build_population(make_scenario(60), Streams(0, 0), model)
        model.people, model.friend = people, people[3]
        model.some = people.select(lambda p: p.leader)
        people.groupby("group").do("set", "benefit", 1.0)
        people.report_mean(people["needs"])
        model.run_for(2)
        return [weakref.ref(x) for x in (model, people, model.some, people["needs"])]

    alive = finished()
    gc.collect()
    assert [ref() for ref in alive] == [None] * 4


def test_views_cost_nothing_until_made(make_people):
    """No agent objects stand behind the people: making them adds next to no objects."""
    gc.collect()
    before = len(gc.get_objects())
    kept = make_people(20_000)
    gc.collect()
    assert len(gc.get_objects()) - before < 2_000
    assert len(kept) == 20_000


def test_iteration_runs_in_row_order(people):
    assert all(a.row + 1 == b.row for a, b in pairwise(people))
    assert all(a.block <= b.block for a, b in pairwise(people))
