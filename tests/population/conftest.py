"""A small made-up place whose every number is plain to see."""

import dataclasses
import datetime

import mesa
import pytest

from parley.population import Population, build_population
from parley.practice_types import Practices
from parley.registry import default_parameters
from parley.scenario_types import Group, Place, PlaceFacts, Scenario, Tag
from parley.streams import Streams

GROUPS = (
    Group("farmers", "Farmers", 0.55, 0.6, False, 1.0, (0.1, 0.25, 0.2, 0.2, 0.15, 0.1), 0.4, 0.4),
    Group("town", "Townspeople", 0.3, 0.9, False, 1.5, (0.1, 0.4, 0, 0.2, 0.2, 0.1), 0.5, 0.6),
    Group("elders", "First people", 0.15, 0.3, True, 0.6, (0.2, 0.1, 0.3, 0.2, 0.1, 0.1), 0.5, 0.3),
)
TAGS = (
    Tag("women", "Women", True, (0.5, 0.5, 0.5), 0.8, 0.7, 1.0),
    Tag("displaced", "Displaced", True, (0.1, 0.0, 0.3), 0.5, 0.6, 0.8),
)
FACTS = PlaceFacts(
    catchment_population=20_000.0,
    villages=5,
    median_income_usd=150.0,
    revenue_usd_per_year=4e8,
    catchment_share=0.2,
    capital_cost_usd=1e9,
    ramp_up_months=0.0,
    local_wage_share=0.03,
    local_purchase_share=0.02,
    royalty_rate_share=0.05,
    company_capacity=0.5,
    community_capacity=0.4,
    state_capacity=0.4,
    staff_hours_per_1000=20.0,
    officers_per_1000=2.0,
    force_alignment_share=0.4,
    spoiler_presence=0.5,
    election_interval_months=48,
    municipal_income_per_month=0.1,
    trust_company=0.35,
    trust_state=0.3,
    trust_community=0.55,
    trust_in_community=0.4,
    operational_grievance_start=0.2,
    legacy_grievance=0.5,
    legacy_affected_share=0.3,
    legacy_state_share=0.5,
    environment_start=0.2,
    unaffiliated_share=0.555,
    internet_share=0.5,
    leaders_per_1000=10.0,
    income_log_sd=0.7,
    need_concentration=12.0,
    security_start=(0.6, 0.4, 0.5, 0.5, 0.4, 0.55),
    company_interest=(0.1, 0.3, 0.1, 0.2, 0.2, 0.1),
)
NOTHING = Practices(
    key="nothing",
    label="Nothing",
    nominal=(0.0,) * 18,
    owner="company",
    payer="company",
    admits="organisations",
    protection="none",
    judge="company",
    forum_separation=1.0,
    spends=True,
    delivers=True,
    transfer_share=0.0,
    hires_staff=False,
    hooks_connected=True,
    price_multiplier=1.0,
    note="",
)


@pytest.fixture(scope="session")
def make_scenario():
    """Make a scenario of so many people; keyword arguments change facts of the place."""

    def make(population=1000, *, groups=GROUPS, tags=TAGS, parameters=None, **facts):
        place = Place(
            key="made_up",
            title="Made up",
            country="Nowhere",
            story="",
            groups=groups,
            tags=tags,
            facts=dataclasses.replace(FACTS, **facts),
            producing_area_share=((0, 0.3),),
            events=(),
            price_path=(),
        )
        return Scenario(
            title="Made up",
            question="",
            place=place,
            practices=NOTHING,
            parameters=parameters or default_parameters(),
            start=datetime.date(2015, 1, 1),
            months=12,
            population=population,
            trust_rule="linear",
            price_source="process",
            conservation_checks=True,
        )

    return make


@pytest.fixture(scope="session")
def make_people(make_scenario):
    """Make a population with a bare Mesa model around it; arguments as for a scenario."""

    def make(population=1000, *, root_seed=0, **changes) -> Population:
        scenario = make_scenario(population, **changes)
        return build_population(scenario, Streams(root_seed, 0), mesa.Model(rng=1))

    return make
