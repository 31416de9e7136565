"""Money, people, promises and hours: every month of every arm, counted by somebody else.

The model checks its own books at the end of each month. Here they are kept a second time, from
the transfers as they happen and from the columns as they stand, without asking the model whether
they balance.
"""

from collections import Counter, defaultdict

import numpy as np
import pytest
import worlds
from world.helpers import ARMS, small

from parley.mechanisms.delivery import OPEN
from parley.model import OUTSIDE_WALLETS, PartneringModel
from parley.promises import PROJECT
from parley.steps.books import SHARES, STOCKS

MONTHS = 20
PROJECT_CHANNELS = ("contractor", "organisations")


class SecondBooks:
    """Keeps count of a model from outside: every transfer, every promise, every good.

    Attributes:
        model: The model that is watched.
        balances: What each wallet should hold (cents).
        flows: This month's transfers by kind (cents).
        settled: All that left each channel so far, by outcome, and all that went in (cents).
        ended: State in which each promise ended, by row.
        handed_over: What finished projects have turned into goods so far, by village (cents).
        cases_seen: Cases so far by desk and what became of them.
    """

    def __init__(self, model):
        self.model = model
        self.balances = Counter(model.ledger.balances())
        self.flows = Counter()
        self.settled = defaultdict(Counter)
        self.ended = {}
        self.goods = model.state.goods.copy()
        self.handed_over = np.zeros(model.people.n_villages)
        self.cases_seen = Counter()
        self.case_states = {name: model.people[f"case_{name}"].copy() for name in model.desks}
        self._listen()

    def _listen(self):
        ledger = self.model.ledger
        transfer, pay, settle = ledger.transfer, ledger.pay, ledger.settle

        def noted_transfer(source, target, cents, kind):
            transfer(source, target, cents, kind)
            self.balances[source] -= cents
            self.balances[target] += cents
            self.flows[kind] += cents

        def noted_pay(source, channel, cents):
            pay(source, channel, cents)
            self.settled[channel]["paid"] += cents

        def noted_settle(channel, target, cents, outcome):
            settle(channel, target, cents, outcome)
            self.settled[channel][outcome] += cents

        ledger.transfer, ledger.pay, ledger.settle = noted_transfer, noted_pay, noted_settle

    def month(self):
        """Let a month pass and compare."""
        self.flows.clear()
        self.model.step()
        self.money()
        self.channels()
        self.promises()
        self.goods_in_use()
        self.people()
        self.cases()
        self.indices()
        self.levels_and_hours()

    def money(self):
        """A1: wallets hold what came in less what went out; nothing inside is overdrawn."""
        ledger, now = self.model.ledger, self.model.now
        assert ledger.balances() == dict(self.balances)
        assert sum(self.balances.values()) == 0
        assert min(v for k, v in self.balances.items() if k not in OUTSIDE_WALLETS) >= 0
        assert self.flows["revenue"] == now.revenue
        assert self.flows["wages"] + self.flows["purchases"] == now.wages + now.purchases
        assert self.flows["process"] == now.process_paid
        net = self.flows["dividends"] - self.flows["injection"]
        assert self.model.company.headquarters.dividends[-1] == net

    def channels(self):
        """A2: delivered + diverted + overhead + pending = paid, per channel and since the start."""
        for name, seen in self.settled.items():
            pending = self.balances[name]
            assert seen["paid"] == sum(seen.values()) - seen["paid"] + pending, name
            assert self.balances[f"diverted:{name}"] == seen["diverted"], name
        overhead = sum(seen["overhead"] for seen in self.settled.values())
        assert self.balances["overhead"] == overhead

    def promises(self):
        """A4: made = kept + late + broken + forgiven + open; what has ended stays ended."""
        book = self.model.promises
        rows = book.rows
        counts = book.counts()
        ends = (counts.kept, counts.late, counts.broken, counts.forgiven, counts.open)
        assert sum(ends) == counts.made == len(rows.state)
        for row, state in self.ended.items():
            assert rows.state[row] == state, f"promise {row} changed after its end"
        self.ended |= {int(r): int(rows.state[r]) for r in np.flatnonzero(rows.state != OPEN)}
        paid = sum(self.settled[name]["paid"] for name in PROJECT_CHANNELS)
        arrived = sum(self.settled[name]["delivered"] for name in PROJECT_CHANNELS)
        assert int(rows.paid.sum()) == paid
        assert int(rows.arrived.sum()) == arrived
        assert bool((rows.handed_over <= rows.arrived).all())
        assert bool((rows.arrived <= rows.paid).all())
        assert bool((rows.paid <= rows.cost).all())

    def goods_in_use(self):
        """Goods come from finished projects alone and are used up at their rate: none from air."""
        model = self.model
        rows = model.promises.rows
        total = np.bincount(rows.village, rows.handed_over, model.people.n_villages)
        fresh = (total - self.handed_over) / model.cents_per_income / model.people.village_sizes
        left = 1.0 - 1.0 / model.p.distribution.goods_life_months
        expected = (self.goods.sum(axis=1) + fresh) * left
        assert model.state.goods.sum(axis=1) == pytest.approx(expected, rel=1e-12, abs=1e-15)
        self.goods, self.handed_over = model.state.goods.copy(), total

    def people(self):
        """A3: nobody comes, goes or moves; what is handed to people is what was sent to them."""
        model, now = self.model, self.model.now
        people = model.people
        assert {len(column) for column in people.columns.values()} == {model.world.population}
        assert int(people.village_sizes.sum()) == people.n
        given = self.settled["transfers"]["delivered"] + 0
        wages = self.balances["people"] - given
        assert wages >= 0
        p = model.p.distribution
        earned = (now.wages + now.purchases) / model.cents_per_income
        transfers = p.transfer_match * now.transfers_arrived / model.cents_per_income
        from_goods = p.public_good_factor * float(now.flow.sum(axis=1) @ people.village_sizes)
        private = people["benefit"].sum() - people["budget_benefit"].sum()
        assert private == pytest.approx(earned, rel=1e-9, abs=1e-12)
        remedies = self.flows["remedy"] / model.cents_per_income
        least, most = transfers + remedies, transfers + remedies + from_goods
        assert least - 1e-9 <= people["budget_benefit"].sum() <= most + 1e-9
        compensated = float(now.settled.sum()) * model.cents_per_income
        assert compensated == pytest.approx(self.flows["settlement"], rel=1e-9)

    def cases(self):
        """A3: cases filed = closed + open + withdrawn, counted from how people's states change."""
        people, seen, month = self.model.people, self.cases_seen, self.model.now.index
        for name, office in self.model.desks.items():
            case, before = people[f"case_{name}"], self.case_states[name]
            new = (people[f"since_{name}"] == month) & (case > 0)
            new &= (before != 1) & (case != 4)
            ended = (case != 1) & ((before == 1) | new)
            assert ((case == before) | new | ended).all(), "no state changes without a cause"
            seen[name, "filed"] += int(new.sum())
            for word, state in (("resolved", 2), ("declared", 3), ("withdrawn", 4)):
                seen[name, word] += int((ended & (case == state)).sum())
            waiting = int((case == 1).sum())
            left = sum(seen[name, word] for word in ("resolved", "declared", "withdrawn"))
            assert seen[name, "filed"] == office.filed == left + waiting
            assert seen[name, "resolved"] == office.resolved
            assert seen[name, "resolved"] + seen[name, "declared"] == office.closed
            assert seen[name, "withdrawn"] == office.withdrawn
            self.case_states[name] = case.copy()

    def indices(self):
        """A5, A7: indices in [0, 1], shares on the simplex, no NaN, no negative stock."""
        model = self.model
        people, state = model.people, model.state
        for name, column in people.columns.items():
            assert bool(np.isfinite(column).all()), name
        for name in SHARES:
            assert 0.0 <= float(people[name].min()) <= float(people[name].max()) <= 1.0, name
        for name in STOCKS:
            assert float(people[name].min()) >= 0.0, name
        assert bool((people["trust_company"] <= people["cap_company"]).all())
        assert bool((people["active"] == (people["rung"] > 0)).all())
        assert {int(r) for r in np.unique(people["rung"])} <= {0, 1, 2, 3, 4}
        for agenda in (state.agenda, state.agenda_alone, state.agenda_announced):
            assert float(agenda.min()) >= 0.0
            assert float(agenda.sum()) == pytest.approx(1.0, abs=1e-6)
        assert bool(((state.known >= 0.0) & (state.known <= 1.0)).all())
        assert bool(((state.efficacy >= 0.0) & (state.efficacy <= 1.0)).all())
        assert 0.0 <= state.disruption <= model.p.mobilisation.disruption_max
        assert 0.0 <= model.company.trust_in_community <= 1.0
        assert 0.0 <= model.municipality.capacity <= 1.0
        for channel in model.channels.values():
            assert 0.0 < channel.diverted_share < 1.0
        for stock in (state.goods, state.state_goods, [state.environment]):
            assert float(np.min(stock)) >= 0.0

    def levels_and_hours(self):
        """A5, A6: executed <= funded <= announced; hours within what there is; meetings end."""
        model, now, team = self.model, self.model.now, self.model.site_team
        practices, facts = model.world.practices, model.world.place.facts
        nominal = np.asarray(practices.nominal)
        assert bool((team.executed <= team.funded + 1e-12).all())
        assert bool((team.funded <= nominal + 1e-12).all())
        assert float(team.executed.min(initial=0.0)) >= 0.0
        own = facts.staff_hours_per_1000 * model.people.n / 1000.0
        used = float(team.funded @ model.dial_hours)
        assert used <= (nominal @ model.dial_hours if practices.hires_staff else own) + 1e-9
        p = model.p.room
        assert now.rounds <= p.max_rounds
        assert now.community_hours == pytest.approx(
            float(model.people["attended"].sum()) * now.rounds * p.hours_per_round
        )
        if not now.is_agenda_month:
            assert now.community_hours == 0.0
        assert now.process_paid <= now.process_planned <= now.budget


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_every_month_of_every_arm_balances(place, preset):
    books = SecondBooks(PartneringModel(small(place, preset, MONTHS), 1, 2))
    for _ in range(MONTHS):
        books.month()


TENSE = {
    **worlds.CARRIED_OUT,
    "mobilisation.threshold_mean": 0.4,
    "bargain.standoff_margin_ratio": 2.0,
    "risk.reprisal_per_visible_act": 0.05,
    "desk.known_share": 1.0,
    "desk.problem_months": 6.0,
    "desk.servers_per_1000": 40.0,
}


@pytest.mark.parametrize("rule", ["linear", "counts"])
def test_every_month_of_a_place_in_turmoil_balances(rule):
    """Protest, force, concessions, granted claims, a price fall, a spill: all at once."""
    stack = worlds.practices(0.5, transfer_share=0.3)
    world = worlds.world(stack, months=60, trust_rule=rule).with_parameters(**TENSE)
    model = PartneringModel(world, 4)
    books = SecondBooks(model)
    for _ in range(60):
        books.month()
    kinds = Counter(event.kind for event in model.recorder.events)
    assert {"blockade", "response", "delivered"} <= set(kinds)
    assert bool((model.promises.rows.kind != PROJECT).any())
    assert len(books.ended) > 20
    ends = {word for (_, word), count in books.cases_seen.items() if count}
    assert ends == {"filed", "resolved", "declared", "withdrawn"}


@pytest.mark.slow
@pytest.mark.parametrize(("place", "preset"), ARMS)
@pytest.mark.parametrize("luck", [0, 1, 2])
def test_ten_years_of_every_arm_balance(place, preset, luck):
    books = SecondBooks(PartneringModel(small(place, preset, 120, price_source="process"), luck, 9))
    for _ in range(120):
        books.month()
