"""The text of a new place file in which every number that is needed stands as an assumption."""

from __future__ import annotations

import csv
import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from parley.paths import package_file, scenarios_folder
from parley.place_context import CONTEXT
from parley.place_lines import (
    ANSWERED,
    ASSUMED,
    Assumed,
    block,
    clipped,
    comment,
    heading,
    inline,
    lines,
    number,
    rule_of,
    text,
)
from parley.place_lines import fields as fields_of
from parley.place_report import STORY_WORDS, UNWRITTEN, WORKSHOP_WORDS
from parley.registry import load_registry
from parley.scenario_types import NEEDS, PlaceFacts

WINDOW = ("2010-01", "2019-12")
"""First and last month of the window whose mean price is the reference price."""

_FITTED = ("2000-01..2019-12", "2005-01..2023-05")
_FIRST_EARNING_LAW = "1990-01"
_RUN_MONTHS, _RUN_PEOPLE = 60, 1000
_DECIMALS = 6

STORY = (
    f"{UNWRITTEN}: {STORY_WORDS[0]} to {STORY_WORDS[1]} plain words for a reader who has never "
    "heard of the place: who lives there, what the company does, what happened between them, and "
    "why it matters."
)
"""What a template says where the story belongs."""

WORKSHOP = (
    f"{UNWRITTEN}: {WORKSHOP_WORDS[0]} to {WORKSHOP_WORDS[1]} words on what a workshop can do with "
    "this place: the dilemma it shows and the question to ask."
)
"""What a template says where the use in a workshop belongs."""

_HEAD = """\
A place of your own, written by `parley new-place`. It validates and runs as it is, but every
number is an assumption until you replace it. For each one: put the number you found into `value`,
its reference into `source` (a key that `parley references` lists, or one of your own, see
[references.<key>] at the end), the year into `year`, the
plausible lowest and highest into `range`, and set `grade` to "measured" (read in the source) or
"estimated elsewhere" (derived; show the arithmetic in `note`). What you know without a publication
is `grade = "expert"`. `parley validate` counts what is left."""

_REFERENCE = """\
References of your own. Remove the signs of comment, choose a key (first author or publisher and
year) and name it under `source`. Say who published it: a statistics office, a court, a journal."""

_EVENT = """\
Dated events: what came from outside, whatever the company and its neighbours did to each other.
Remove the signs of comment and repeat for each event. Kinds and what each changes are in
parley.event_kinds; a `note` changes nothing and tells readers what happened."""


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A group of residents, as answered.

    Attributes:
        key: Its name in the file.
        label: Its name on pages.
        share: Share of residents.
        left_out: Whether it is left out of talks.
    """

    key: str
    label: str
    share: float
    left_out: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a new place when its file is written.

    Attributes:
        title: Title.
        country: Country.
        start: First month (`YYYY-MM`).
        sells: Series of the price of what the company sells.
        people: Residents of the catchment (persons).
        income: Median income of an adult resident (US$ per month).
        revenue: Revenue of the site at the reference price (US$ per year).
        groups: Groups of residents; their shares sum to one.
    """

    title: str
    country: str
    start: str
    sells: str
    people: float
    income: float
    revenue: float
    groups: tuple[GroupAnswer, ...]


@functools.cache
def starting_values() -> Mapping[str, Any]:
    """The neutral values that a new place starts from, from `place_template.toml`."""
    return tomllib.loads(package_file("place_template.toml").read_text("utf-8"))


def place_text(answers: Answers) -> str:
    """The whole file of a new place."""
    return lines(
        [
            comment(" ".join(_HEAD.split())),
            [
                "",
                f"title = {text(answers.title)}",
                f"country = {text(answers.country)}",
                f"story = {block(STORY)}",
                f"workshop = {block(WORKSHOP)}",
                f"start = {text(answers.start)}",
            ],
            heading("What the company sells"),
            ["[price]", *price_lines(answers.sells)],
            *([f"\n[{key}]", *said] for key, said in price_parameters(answers.sells).items()),
            heading("Facts of the place"),
            *_facts(answers),
            heading("Royalties: the part that stays with the producing area"),
            *_producing_area(),
            heading("Where it stands among others: for readers, read by no rule"),
            *_context(),
            heading("People: groups partition the residents, tags cut across groups"),
            *(_group(group) for group in _settled(answers.groups)),
            _tag(),
            heading("What happened there"),
            *_event(answers.start),
            heading("Where the numbers come from"),
            *_reference(),
        ]
    )


def run_text(title: str, place_file: str) -> str:
    """A scenario that runs a place file of the same folder."""
    return lines(
        [
            comment("A first run of the place. Change a line and run it again."),
            [
                "",
                f"title = {text(f'{title}: a first run')}",
                f"place = {text(place_file)}",
                'practices = "hsbp"      # none, transactional, csr, hsbp, ...',
                f"months = {_RUN_MONTHS}",
                f"population = {_RUN_PEOPLE}       # simulated residents, who stand for all",
            ],
        ]
    )


def price_lines(sells: str, prefix: str = "") -> list[str]:
    """The entries of `[price]`."""
    note = (
        "The record is the World Bank's (worldbank_pinksheet). That this series stands for what "
        "the company sells is an assumption until you say otherwise."
    )
    entries = {
        "series": sells,
        "reference_from": WINDOW[0],
        "reference_to": WINDOW[1],
        "source": "assumption",
        "grade": "assumption",
        "note": note,
    }
    return [f"{prefix}{key} = {text(value)}" for key, value in entries.items()]


def price_parameters(sells: str) -> dict[str, list[str]]:
    """How the price of a series moves once its record ends: fitted, so with a source."""
    path = scenarios_folder() / "data" / "price_process_estimates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {(r["series"], r["window"]): r for r in csv.DictReader(file)}
    pairs = [rows[sells, window] for window in _FITTED]
    spread = [float(row["ann_logvol_monthly"]) for row in pairs]
    estimates = ("halflife_years_median_unbiased", "halflife_years_ols")
    speed = [math.log(2) / float(row[name]) for name in estimates for row in pairs]
    half_life = pairs[0]["halflife_years_median_unbiased"]
    half_life = "infinite" if half_life == "inf" else f"{half_life} years"
    notes = (
        f"Standard deviation of monthly log changes of {sells} times the root of 12.",
        f"ln 2 / the median-unbiased half-life of {sells}, which is {half_life}; the range also "
        "holds that of least squares.",
    )
    names = ("price.volatility_per_sqrt_year", "price.reversion_per_year")
    return {
        f"parameters.{name}": _fitted(name, values, note)
        for name, values, note in zip(names, (spread, speed), notes, strict=True)
    }


def _fitted(name: str, values: list[float], note: str) -> list[str]:
    """One fitted number of the price, the first; the range is over windows and estimates."""
    low, high = (number(round(end, 4)) for end in (min(values), max(values)))
    return [
        f"value = {number(round(values[0], 4))}",
        f"unit = {text(load_registry().parameters[name].unit)}",
        'source = "worldbank_pinksheet"',
        'grade = "estimated elsewhere"',
        'year = "2000-2019"',
        f"range = [{low}, {high}]" if low != high else 'range = "exact"',
        f"note = {text(note)}",
    ]


def assumed(key: str, entry: Mapping[str, Any], factor: float = 1.0) -> Assumed:
    """A starting value as an assumption, inside what is allowed.

    Args:
        key: Dotted key in a place file.
        entry: `value` and `range`, as in the file of starting values.
        factor: What both are multiplied by.
    """
    rule = rule_of(key)
    value, low, high = (clipped(v * factor, rule) for v in (entry["value"], *entry["range"]))
    note = ANSWERED if "of" in entry and entry["value"] == 1.0 else ASSUMED
    return Assumed(value, rule.unit, low, high, note)


def _facts(answers: Answers) -> list[list[str]]:
    """One commented table for each fact."""
    start = starting_values()
    factors = {"people": answers.people, "income": answers.income, "revenue": answers.revenue}
    known = load_registry().parameters
    parts = []
    for field in fields(PlaceFacts):
        rule = known[f"place.{field.name}"]
        key, described = f"facts.{field.name}", [f"{rule.label}. {rule.description}"]
        said = [*described, f"Allowed: {rule.allowed}."]
        if field.name == "company_interest":
            entry = Assumed(start["company_interest"], rule.unit)
            parts.append(_table(key, comment(*said), entry))
        elif field.name == "security_start":
            inner = start["facts"]["security_start"]
            parts.append([*comment(*said), f"[{key}]"])
            for need in NEEDS:
                one = assumed(f"{key}.{need}", inner[need])
                parts.append([*comment(inner[need]["hint"]), f"{need} = {inline(one)}"])
            parts.append([""])
        else:
            raw = start["facts"][field.name]
            entry = assumed(key, raw, factors.get(raw.get("of", ""), 1.0))
            parts.append(_table(key, comment(*said, raw["hint"]), entry))
    return parts


def _table(key: str, said: list[str], entry: Assumed) -> list[str]:
    """A number as a table of its own."""
    return [*said, f"[{key}]", *(f"{name} = {value}" for name, value in fields_of(entry)), ""]


def _producing_area() -> list[list[str]]:
    """The first step of the royalty."""
    entry = starting_values()["producing_area"]["share"]
    return [
        comment("Add a table for every later reform, with the month from which it holds."),
        comment(entry["hint"]),
        ["[[producing_area_share]]", f"from = {text(_FIRST_EARNING_LAW)}"],
        [f"share = {inline(assumed('share.share', entry))}"],
    ]


def _context() -> list[list[str]]:
    """The numbers of `[context]`: required ones live, the others as comments."""
    parts: list[list[str]] = [["[context]"]]
    for key, rule in CONTEXT.items():
        said = f"{rule.label}. Allowed: {rule.bounds.allowed}."
        if rule.required:
            entry = starting_values()["context"][key]
            one = assumed(f"context.{key}", entry)
            parts.append([*comment(said, entry["hint"]), f"{key} = {inline(one)}"])
        else:
            number = f"{key} = {{ value = , unit = {text(rule.bounds.unit)}, source = , grade = }}"
            parts.append([*comment(said, "May be left out."), f"# {number}"])
    return parts


def _settled(groups: tuple[GroupAnswer, ...]) -> list[GroupAnswer]:
    """Groups with shares of six decimals that sum to one as they are written."""
    *most, last = groups
    rounded = [replace(group, share=round(group.share, _DECIMALS)) for group in most]
    left = 1.0 - math.fsum(group.share for group in rounded)
    return [*rounded, replace(last, share=round(left, _DECIMALS))]


def _group(group: GroupAnswer) -> list[str]:
    """One group of residents."""
    start = starting_values()
    own = start["group"] | (start["group_left_out"] if group.left_out else {})
    low, high = 0.5 * group.share, min(1.5 * group.share, 1.0)
    share = Assumed(group.share, "share", low, high, ANSWERED)
    written = [
        f"[groups.{group.key}]",
        f"label = {text(group.label)}",
        f"marginalised = {str(group.left_out).lower()}      # left out of talks?",
        *comment(start["group"]["share"]["hint"]),
        f"share = {inline(share)}",
    ]
    for name in ("status", "income_ratio", "near_share", "affiliated_share"):
        unit = {"status": "index", "income_ratio": "ratio"}.get(name, "share")
        entry = assumed(f"groups.{group.key}.{name}", own[name])
        one = Assumed(entry.value, unit, entry.low, entry.high)
        written += [*comment(start["group"][name]["hint"]), f"{name} = {inline(one)}"]
    needs = Assumed(start["needs"], "weight")
    return [*written, *comment("What they need most; sums to 1."), f"needs = {inline(needs)}", ""]


def _tag() -> list[str]:
    """One tag, women, which every place reports."""
    written = ["[tags.woman]", 'label = "Women"', "marginalised = false"]
    for name, entry in starting_values()["tag"].items():
        one = assumed(f"tags.woman.{name}", entry)
        unit = "share" if name == "share" else "ratio"
        shown = Assumed(one.value, unit, one.low, one.high)
        written += [*comment(entry["hint"]), f"{name} = {inline(shown)}"]
    return written


def _reference() -> list[list[str]]:
    """A reference to copy, as a comment."""
    return [
        comment(" ".join(_REFERENCE.split())),
        ["#"],
        [
            "# [references.office_2020]",
            '# authors = "National statistics office"',
            "# year = 2020",
            '# title = "Census of population and housing"',
            '# where = "National statistics office, the capital"',
        ],
    ]


def _event(start: str) -> list[list[str]]:
    """An event to copy, as a comment."""
    size = Assumed(0.5, "ratio", 0.3, 0.8)
    return [
        comment(" ".join(_EVENT.split())),
        ["#"],
        [
            "# [[events]]",
            f'# date = "{int(start[:4]) + 1}-06-01"',
            '# kind = "livelihood_shock"',
            '# label = "A drought"',
            '# source = "assumption"',
            '# grade = "assumption"',
            f"# magnitude = {inline(size)}",
            f"# months = {inline(Assumed(6, 'months', 3, 12))}",
        ],
    ]
