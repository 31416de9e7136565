"""The model is a Mesa model: what a Mesa user writes works, and a finished model is freed."""

import gc
import weakref

import mesa
import numpy as np
import pytest
import worlds
from mesa.agentset import AbstractAgentSet
from world.helpers import differing, finished, small

from parley.errors import ConservationError, RunError
from parley.institutions.chain import ChainPosition
from parley.institutions.channel import CHANNELS, Channel
from parley.institutions.community import CommunityOrganisation, Facilitator
from parley.institutions.company import Company, Headquarters, SiteTeam
from parley.institutions.desk import Desk
from parley.institutions.government import Municipality, NationalGovernment
from parley.institutions.partnership import Partnership
from parley.model import PartneringModel
from parley.person import Person

INSTITUTIONS = {
    Company: 1,
    Headquarters: 1,
    SiteTeam: 1,
    NationalGovernment: 1,
    Municipality: 1,
    Facilitator: 1,
    CommunityOrganisation: 4,
    Channel: len(CHANNELS),
    ChainPosition: 3 + 3 + 1 + 1,
    Partnership: 1,
    Desk: 2,
}


@pytest.fixture
def model():
    return PartneringModel(worlds.world(months=12))


def test_it_is_a_mesa_model(model):
    assert isinstance(model, mesa.Model)
    assert model.time == 0
    model.step()
    assert model.time == 1
    assert model.now.index == 0


def test_a_run_ends_where_its_scenario_ends(model):
    model.run_model()
    assert model.time == 12
    with pytest.raises(RunError, match="ends after 12 months"):
        model.step()


def test_institutions_are_ordinary_agents(model):
    found = {kind: len(agents) for kind, agents in model.agents_by_type.items() if kind != Person}
    assert found == INSTITUTIONS
    assert len(model.agents) == sum(INSTITUTIONS.values())
    assert len(model.agents.select(agent_type=CommunityOrganisation)) == 4
    assert {agent.name for agent in model.agents_by_type[Channel]} == set(CHANNELS)
    assert sorted(a.village for a in model.agents_by_type[CommunityOrganisation]) == [0, 1, 2, 3]


def test_identifiers_of_people_and_institutions_are_all_different(model):
    ids = [agent.unique_id for agent in model.agents]
    ids += [person.unique_id for person in model.people]
    assert len(set(ids)) == len(ids)


def test_people_are_found_by_type_and_selected_as_in_mesa(model):
    everybody = model.agents_by_type[Person]
    assert isinstance(everybody, AbstractAgentSet)
    assert everybody is model.people
    assert len(everybody) == 400
    model.run_model()
    poor = model.people.select(lambda person: person.income < 0.5)
    assert 0 < len(poor) < 400
    assert all(person.income < 0.5 for person in poor)
    assert len(poor) == int((model.people["income"] < 0.5).sum())
    angry = model.people.select(where=model.people["grievance_operational"] > 0.05)
    assert angry.agg("grievance_operational", min) > 0.05
    women = model.people.select(lambda person: person.tag_woman, at_most=10)
    assert len(women) == 10
    by_group = model.people.groupby("group_name").agg("trust_company", np.mean)
    assert set(by_group) == {"majority", "minority"}
    assert all(0.0 < value < 1.0 for value in by_group.values())


def test_one_person_can_be_followed_through_a_run(model):
    """A view taken before the run shows the present at any time."""
    leader = model.people.select(lambda person: person.leader)[0]
    path = []
    while model.now.index < model.world.months - 1:
        model.step()
        path.append(leader.trust_company)
        assert leader.trust_company == model.people["trust_company"][leader.row]
    assert len(set(path)) > 1
    assert leader.model is model


def test_a_mesa_data_collector_can_report_the_model():
    model = PartneringModel(worlds.world(months=6))
    collector = mesa.DataCollector(
        {"trust": lambda m: m.people.agg("trust_company", np.mean), "rent": lambda m: m.now.rent}
    )
    for _ in range(6):
        model.step()
        collector.collect(model)
    table = collector.get_model_vars_dataframe()
    series = model.recorder.series["trust_company"][:, 0]
    assert table["trust"].tolist() == pytest.approx(series.tolist(), rel=1e-12)


# --- a rule of one's own on twenty people -------------------------------------------------------


class Watchers(mesa.Agent):
    """Twenty named people who tell each other, each month, what they have found out.

    A rule of a Mesa user: it lives in an ordinary agent, reads and writes people, and steps along.
    """

    def __init__(self, model, people):
        super().__init__(model)
        self.people = people
        self.months = 0

    def step(self):
        self.months += 1
        for person in self.people:
            if person.trust_company > 0.25:
                person.trust_company -= 0.01
                person.warned += 1


def run_with_watchers(months=12):
    model = PartneringModel(worlds.world(months=months))
    model.people.add_column("warned", 0)
    twenty = model.people.select(where=model.people["village"] == 2, at_most=20)
    watchers = Watchers(model, list(twenty))
    for _ in range(months):
        model.step()
        model.agents_by_type[Watchers].do("step")
    return model, watchers


def test_a_rule_of_ones_own_on_twenty_named_people_steps_along():
    model, watchers = run_with_watchers()
    assert watchers.months == 12
    assert len(watchers.people) == 20
    assert len({person.unique_id for person in watchers.people}) == 20
    warned = model.people["warned"]
    rows = [person.row for person in watchers.people]
    assert int(warned.sum()) > 20
    assert int(warned.sum()) == int(warned[rows].sum())
    plain = finished(worlds.world(months=12))
    gap = model.people["trust_company"] - plain.people["trust_company"]
    assert float(gap[rows].mean()) < -0.01, "the twenty trust less"
    others = np.setdiff1d(np.arange(400), rows)
    assert abs(float(gap[others].mean())) < 0.005, "others have it by hearsay at most"


def test_the_books_and_the_record_hold_with_such_a_rule():
    model, _ = run_with_watchers(24)
    model.ledger.check()
    assert np.isfinite(model.recorder.series["trust_company"]).all()
    again, _ = run_with_watchers(24)
    assert differing(model, again) == []


def test_a_rule_that_breaks_a_bound_is_stopped_by_the_books():
    model = PartneringModel(worlds.world(months=12))
    model.step()
    model.people[7].grievance_legacy = 1.5
    with pytest.raises(ConservationError, match="grievance_legacy"):
        model.step()


# --- memory -------------------------------------------------------------------------------------


def test_a_finished_model_is_freed():
    """Model, people, institutions, columns and ties go with the last reference to the model."""

    def traces():
        model = finished(small("colombia", "hsbp", 6, 100))
        view = model.people[3]
        assert view.trust_company >= 0.0
        parts = (model, model.people, model.company, model.organisations[0], model.ties)
        return [weakref.ref(part) for part in (*parts, model.people["needs"], model.recorder)]

    gc.collect()
    alive = traces()
    gc.collect()
    assert [trace() for trace in alive] == [None] * len(alive)


def test_many_models_in_a_row_do_not_pile_up():
    """The number of objects alive after a run does not grow from run to run."""
    world = worlds.world(months=3, population=100)

    def count():
        finished(world)
        gc.collect()
        return len(gc.get_objects())

    count()
    first = count()
    for _ in range(4):
        last = count()
    assert last - first < 200


def test_results_outlive_the_model():
    """What is taken out of a model stays good when the model is gone."""
    model = finished(worlds.world(months=3))
    series, events = model.recorder.series, model.recorder.events
    trust = series["trust_company"].copy()
    del model
    gc.collect()
    assert np.array_equal(series["trust_company"], trust)
    assert isinstance(events, list)
