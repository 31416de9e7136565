"""The questions of `parley new-place`, and what is right about their answers."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from parley.commands.options import names
from parley.errors import Problem, ScenarioError, did_you_mean
from parley.place import available_places, read_place
from parley.place_lines import rule_of
from parley.place_template import Answers, GroupAnswer, place_text, run_text
from parley.place_variant import Changes, variant_text
from parley.price_data import log_price_path, series_names
from parley.reading import Reading, check_date

type Ask = Callable[[str, str, str], str]
"""Puts a question with its usual answer, after saying what was wrong with the last one, if
anything; gives back what was said."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_USUAL = {
    "start": "2012-01",
    "sells": "copper",
    "people": "10000",
    "income": "200",
    "groups": "farmers=0.6,town=0.4",
    "left_out": "",
}
_INCOMES_PER_RESIDENT = 2.0
"""Usual answer on revenue, in median incomes per resident and month."""

_ANY_REVENUE = "10000000"
"""Stands in for it where the answers it rests on are refused in any case (US$ per year)."""

_QUESTIONS = {
    "title": "Title, as shown on pages",
    "country": "Country",
    "sells": "Price series of what the company sells (copper, gold, coal_za, ...)",
    "start": "First month of a run (YYYY-MM)",
    "people": "How many residents can the site affect?",
    "income": "Median income of an adult resident (US$ per month)",
    "revenue": "What does the site earn (US$ per year)?",
    "groups": "Groups of residents with shares that sum to 1 (name=share,name=share)",
    "left_out": "Groups that are left out of talks (empty for none)",
}
_RULES = {
    "people": "facts.catchment_population",
    "income": "facts.median_income_usd",
    "revenue": "facts.revenue_usd_per_year",
}
_SUM_TOLERANCE = 1e-6
_LIKENESS = 0.8
"""How alike two names of countries are that may be meant for one; see `difflib`."""

_LEAST_SHARE = 1e-4
_TAKEN = ("all", "marginalised", "woman")
"""Names that mean something else in reports, or that the template gives to a tag."""


@dataclass(frozen=True)
class Asked:
    """A place about to be written.

    Attributes:
        name: Name of the place.
        like: The place it extends, None for none.
        place_file: Where the place goes.
        run_file: Where its scenario goes.
        problems: What is wrong with the answers so far.
        new_country: Whether a country is right even if a known one is spelt much like it.
    """

    name: str
    like: str | None
    place_file: Path
    run_file: Path
    problems: list[Problem] = field(default_factory=list)
    new_country: bool = False

    def texts(self, given: Mapping[str, str], ask: Ask | None) -> tuple[str, str]:
        """The place file and the scenario file.

        Args:
            given: Answers given as options.
            ask: Puts the other questions; None to take the usual answers.

        Raises:
            ScenarioError: An answer is missing or wrong; all problems at once.
        """
        said = dict(given)
        usual = self._usual()
        if "country" in said:
            self._known_country(said["country"])
        for name, question in _QUESTIONS.items():
            if self.like and name in ("groups", "left_out"):
                self._refuse_groups(said, name)
            elif name not in said:
                default = usual[name] if name != "revenue" or self.like else _usual_revenue(said)
                said[name] = default
                wrong = ""
                while ask is not None:
                    last, said[name] = said[name], ask(question, default, wrong)
                    insists = name == "country" and wrong and said[name] == last != ""
                    wrong = self._wrong(name, said)
                    if insists or not wrong:
                        break
        self._texts_given(said)
        text = self._variant(said, usual) if self.like else self._whole(said)
        return text, run_text(said["title"], self.place_file.name)

    def _wrong(self, name: str, said: Mapping[str, str]) -> str:
        """What is wrong with one answer, empty when nothing is."""
        trial = replace(self, problems=[])
        value = said[name]
        if name in ("title", "country"):
            trial._texts_given({"title": "-", "country": "-", name: value})
            if name == "country":
                trial._known_country(value)
        elif self.like and not value:
            return ""  # as in the place that is extended
        elif name in _RULES:
            trial._number(name, value)
        elif name == "sells":
            trial._known_series(value)
        elif name == "start":
            trial._start(value, said["sells"] or None)
        else:
            trial._groups(said["groups"], names([said.get("left_out", "")]))
        return "; ".join(map(str, trial.problems))

    def _texts_given(self, said: Mapping[str, str]) -> None:
        """A title and a country are needed."""
        for name, allowed in (("title", "a title"), ("country", "the name of a country")):
            if not said[name].strip():
                self._fail(name, None, "is missing", allowed)

    def _known_country(self, given: str) -> None:
        """Not a country of the bundled places, or of the place that is extended, misspelt.

        There is no list of all countries here: one that resembles none of these is taken as it is.
        """
        known = set(_countries())
        if self.like:
            known.add(read_place(self.like, None, "process").place.country)
        folded = {name.casefold(): name for name in known}
        close = get_close_matches(given.strip().casefold(), folded, n=1, cutoff=_LIKENESS)
        if self.new_country or given.strip() in known or not close:
            return
        step = f"did you mean {folded[close[0]]!r}? if not: give it again, or add --new-country"
        self._fail("country", given, "is spelt much like a country known here", "", step)

    def _usual(self) -> dict[str, str]:
        """The answers taken where none is given."""
        title = self.name.replace("_", " ").capitalize()
        if not self.like:
            return {"title": title, "country": "", "revenue": "", **_USUAL}
        parent = read_place(self.like, None, "process")
        nothing = dict.fromkeys(("sells", "people", "income", "revenue"), "")
        return {
            "title": title,
            "country": parent.place.country,
            "start": f"{parent.start:%Y-%m}",
            **nothing,
        }

    def _whole(self, said: Mapping[str, str]) -> str:
        """The text of a file that stands alone."""
        numbers = {name: self._number(name, said[name]) for name in _RULES}
        groups = self._groups(said["groups"], names([said["left_out"]]))
        start = self._start(said["start"], said["sells"])
        self._stop_if_wrong()
        return place_text(
            Answers(
                title=said["title"],
                country=said["country"],
                start=start,
                sells=said["sells"],
                groups=groups,
                **numbers,
            )
        )

    def _variant(self, said: Mapping[str, str], usual: Mapping[str, str]) -> str:
        """The text of a file that extends another."""
        if self.like is None:
            raise ValueError("a variant extends a place")
        numbers = {name: self._number(name, said[name]) for name in _RULES if said[name]}
        if said["sells"] or said["start"] != usual["start"]:
            self._start(said["start"], said["sells"] or None)
        self._stop_if_wrong()
        extends = self.like
        if extends not in available_places():
            extends = Path(os.path.relpath(self.like, self.place_file.parent)).as_posix()
        changes = Changes(
            title=said["title"],
            country=said["country"],
            start=said["start"] if said["start"] != usual["start"] else None,
            sells=said["sells"] or None,
            **numbers,
        )
        return variant_text(self.like, extends, changes)

    def _fail(self, name: str, value: object, message: str, allowed: str, step: str = "") -> None:
        option = f"--{name.replace('_', '-')}"
        self.problems.append(Problem("new-place", option, value, message, allowed, step))

    def _stop_if_wrong(self) -> None:
        if self.problems:
            raise ScenarioError(self.problems)

    def _refuse_groups(self, said: Mapping[str, str], name: str) -> None:
        """A variant keeps the groups of the place it extends."""
        if name in said:
            step = "leave the option out, or leave --like out"
            message = f"the groups are those of {self.like}"
            self._fail(name, said[name], message, "", step)

    def _number(self, name: str, given: str) -> float:
        """One number, held against its rule."""
        rule = rule_of(_RULES[name])
        try:
            value = float(given.replace("_", ""))
        except ValueError:
            message = "is not a number in plain digits"
            self._fail(name, given, message, rule.allowed, "write 9000 and not 9,000")
            return 1.0
        if not rule.allows(value):
            self._fail(name, given, "is not allowed", rule.allowed)
            return 1.0
        return value

    def _start(self, start: str, sells: str | None) -> str:
        """A start inside the record of what is sold."""
        known = sells is None or self._known_series(sells)
        reading = Reading("new-place")
        month = check_date(reading, "--start", start)
        self.problems.extend(reading.problems)
        if sells is not None and known and not reading.problems:
            try:
                log_price_path(sells, month, (month, month))
            except ScenarioError as error:
                problem = next(p for p in error.problems if p.key == "start")
                self._fail("start", start, problem.message, problem.allowed, "choose another start")
        return f"{month:%Y-%m}"

    def _known_series(self, sells: str) -> bool:
        """Whether there is a record of this price."""
        if sells in series_names():
            return True
        step = did_you_mean(sells, series_names()) or "take the one that moves most alike"
        self._fail("sells", sells, "is not a series of prices", ", ".join(series_names()), step)
        return False

    def _groups(self, given: str, left_out: tuple[str, ...]) -> tuple[GroupAnswer, ...]:
        """Groups with their shares; equal ones where none is given."""
        pairs = [pair.partition("=") for pair in names([given])]
        groups: list[GroupAnswer] = []
        for label, equals, share in pairs:
            key = re.sub(r"[^a-z0-9]+", "_", label.strip().casefold()).strip("_")
            value = _share(share) if equals else 1.0 / len(pairs)
            if key in _TAKEN:
                step = "choose another name"
                self._fail("groups", label, f"the name {key!r} is reserved", "", step)
                continue
            if not _NAME.fullmatch(key) or value is None or key in {g.key for g in groups}:
                form = "write name=share, e.g. farmers=0.6,town=0.4, each name once"
                self._fail("groups", label + equals + share, "is not a group", "", form)
                continue
            shown = label.strip().replace("_", " ").capitalize()
            out = label.strip() in left_out or key in left_out
            groups.append(GroupAnswer(key, shown, value, out))
        total = sum(group.share for group in groups)
        if groups and abs(total - 1.0) > _SUM_TOLERANCE and len(groups) == len(pairs):
            self._fail("groups", given, f"the shares sum to {total:.6g}", "a sum of 1", "rescale")
        known = tuple(dict.fromkeys([*(g.key for g in groups), *(p[0].strip() for p in pairs)]))
        for name in left_out:
            if name not in known:
                step = did_you_mean(name, known)
                self._fail("left_out", name, "is not one of the groups", ", ".join(known), step)
        if not pairs:
            self._fail("groups", None, "is missing", "at least one group, e.g. residents=1")
        return tuple(groups)


def asked_of(name: str, like: str | None, out: Path, *, force: bool) -> Asked:
    """Where a new place goes, if it may go there.

    Args:
        name: Name of the place.
        like: The place it extends, None for none.
        out: Folder for the files.
        force: Whether files that exist may be replaced.

    Raises:
        ScenarioError: The name or the place to extend is wrong, or a file exists; all at once.
    """
    problems = []
    name = name.removesuffix(".toml")
    files = (out / f"{name}.toml", out / f"{name}_run.toml")
    if not _NAME.fullmatch(name):
        allowed = "lower-case letters, digits and single underscores, a letter first"
        plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        step = f"{plain!r} would do; use --out for another folder" if plain else ""
        problems.append(Problem("new-place", "NAME", name, "is not a usable name", allowed, step))
    elif name in available_places():
        step = f"choose another name, or extend it: --like {name}"
        message = "comes with Parley under that name"
        problems.append(Problem("new-place", "NAME", name, message, "", step))
    for file in files:
        if not problems and not force and file.exists():
            step = "choose another name or folder, or replace it with --force"
            problems.append(Problem(str(file), "", None, "exists already", "", step))
    by_name = like is not None and "/" not in like and not like.endswith(".toml")
    if like is not None and by_name and like not in available_places():
        hint = did_you_mean(like, available_places()) or "or give the path of a .toml file"
        known = ", ".join(available_places())
        problems.append(Problem("new-place", "--like", like, "unknown place", known, hint))
    if problems:
        raise ScenarioError(problems)
    return Asked(name, like, *files)


@functools.cache
def _countries() -> tuple[str, ...]:
    """Countries of the places that come with Parley."""
    found = (read_place(key, None, "process").place.country for key in available_places())
    return tuple(dict.fromkeys(found))


def _usual_revenue(said: Mapping[str, str]) -> str:
    """A site that earns so many median incomes for each resident and month."""
    try:
        people, income = float(said["people"]), float(said["income"])
    except ValueError:
        return _ANY_REVENUE
    if not (rule_of(_RULES["people"]).allows(people) and rule_of(_RULES["income"]).allows(income)):
        return _ANY_REVENUE
    return f"{_INCOMES_PER_RESIDENT * 12 * people * income:.0f}"


def _share(given: str) -> float | None:
    """A share of at least one in ten thousand and up to 1, None when it is none."""
    try:
        value = float(given)
    except ValueError:
        return None
    return value if _LEAST_SHARE <= value <= 1.0 else None
