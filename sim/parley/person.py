"""A person: a Mesa agent that is a view of one row of the population's columns.

Views are made when somebody asks and forgotten afterwards; two views of the same row are equal.
The body of `Person` is also the data dictionary of the columns: it names every column, its type,
unit and range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self, overload

import mesa
import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.errors import ConservationError, did_you_mean

if TYPE_CHECKING:
    from parley.population import Population


class Column[T]:
    """An attribute of a person that lives in a column of the population.

    Attributes:
        name: Name of the column.
        dtype: Type of its entries.
        width: Entries in a row; 0 for a plain column of one number a person.
        fixed: True where people are sorted by the column, so that nobody may change it.
        meaning: What it holds, with unit and range.
    """

    __slots__ = ("dtype", "fixed", "meaning", "name", "width")

    def __init__(
        self, dtype: npt.DTypeLike, meaning: str, *, width: int = 0, fixed: bool = False
    ) -> None:
        """Describe a column; the attribute it is assigned to gives it its name."""
        self.name = ""
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self.width = width
        self.fixed = fixed
        self.meaning = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    @overload
    def __get__(self, person: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, person: Person, owner: type | None = None) -> T: ...
    def __get__(self, person: Person | None, owner: type | None = None) -> Self | T:
        """Read the person's entry: a Python number, or for a wide column its row (shared)."""
        if person is None:
            return self
        entry: T = person._population.cells[self.name][person._row]
        return entry

    def zeros(self, n: int) -> npt.NDArray[Any]:
        """A column of n rows of zeros."""
        return np.zeros((n, self.width) if self.width else n, dtype=self.dtype)


def _real(meaning: str) -> Column[float]:
    return Column(np.float64, meaning)


def _flag(meaning: str) -> Column[bool]:
    return Column(np.bool_, meaning)


def _six(meaning: str) -> Column[Floats]:
    return Column(np.float64, meaning, width=6)


class Person(mesa.Agent):
    """One resident.

    Columns of a scenario's own tags are read as `tag_<key>`; columns added with
    `Population.add_column` are read and written like those below. Nothing else can be stored on a
    person, because a view does not outlive its use.
    """

    __slots__ = ("_population", "_row")

    _population: Population
    _row: int

    pos = None

    # who and where; people are sorted by these
    village: Column[int] = Column(np.int16, "Village, counted from 0.", fixed=True)
    group: Column[int] = Column(np.int16, "Group, in the order of the place.", fixed=True)
    block: Column[int] = Column(np.int32, "Run of equal village, group and tags.", fixed=True)

    # traits
    status = _real("Local standing, in (0, 1].")
    exposure = _real("Exposure to the site, in [0, 1]; falls with distance.")
    income = _real("Income at the start (median monthly incomes), above 0; its median is 1.")
    needs = _six("Weights of the six kinds of need; they sum to 1.")
    known_factor = _real("Multiplies the chance of being known to those who invite, at least 0.")
    connected = _flag("Can be reached online.")
    leader = _flag("Leads a community organisation.")
    affiliated = _flag("Belongs to an organisation that can speak for them.")
    threshold = _real("Willingness at which the person acts (index).")
    risk_aversion = _real("Weight of risk in the decision to act, in [0, 1].")
    meeting_days = _real("Cost of attending a meeting (days of income), at least 0.")
    stake = _real("What the person has to win or lose by the site, in [0, 1].")

    # trust
    trust_company = _real("Trust in the company, in [0, 1].")
    trust_state = _real("Trust in local government, in [0, 1].")
    trust_community = _real("Trust in other residents, in [0, 1].")
    good_company = _real("Good experiences with the company beyond the start (counts).")
    bad_company = _real("Bad experiences with the company beyond the start (counts).")
    good_state = _real("Good experiences with local government beyond the start (counts).")
    bad_state = _real("Bad experiences with local government beyond the start (counts).")
    good_community = _real("Good experiences with other residents beyond the start (counts).")
    bad_community = _real("Bad experiences with other residents beyond the start (counts).")
    cap_company = _real("Highest trust in the company still possible, in [0, 1].")
    opinion = _real("View of the company as voiced to others, in [0, 1].")

    # expectations and grievance
    aspiration = _real("Benefit aspired to (median monthly incomes per month), at least 0.")
    state_aspiration = _real("Benefit from the state one is used to (same unit), at least 0.")
    aid = _real("Cash from interventions this month, whoever paid (median monthly incomes).")
    expected_influence = _real("Influence expected from taking part, in [-1, 1].")
    grievance_operational = _real("Grievance over present operations, in [0, 1].")
    grievance_partnership = _real("Grievance over the partnership itself, in [0, 1].")
    grievance_legacy = _real("Grievance over past wrongs, in [0, 1].")
    blame_state = _real("Part of the operational grievance aimed at the state, in [0, 1].")

    # risk and complaints
    fear = _real("Fear of taking part, in [0, 1].")
    case_desk: Column[int] = Column(
        np.int8,
        "Last case at the desk: 0 none, 1 open, 2 resolved, 3 declared closed, 4 withdrawn.",
    )
    since_desk: Column[int] = Column(np.int16, "Month in which it was filed.")
    case_forum: Column[int] = Column(np.int8, "Last case at the forum for past wrongs, likewise.")
    since_forum: Column[int] = Column(np.int16, "Month in which it was filed.")

    # life
    security = _six("Level of the six securities, in [0, 1]; 1 is secure.")
    benefit = _real("Benefit from the company this month (median monthly incomes).")
    budget_benefit = _real("Part of it paid from the community budget (same unit).")
    shared_benefit = _real("Part of it held against a fair share of the rent (same unit).")
    state_benefit = _real("Benefit from the state this month (median monthly incomes).")
    income_now = _real("Income from all sources this month (median monthly incomes).")
    income_usual = _real("Income the person is used to (median monthly incomes).")
    outside_skill = _real("Skill for work that does not hang on the company, in [0, 1].")
    venture_income = _real("Part of income from the person's own ventures (same unit).")
    deprivation = _real("Relative deprivation in what the company brings, in [0, 1].")
    dignity = _real("How the person feels treated, in [0, 1].")

    # this month
    active = _flag("Takes part in collective action.")
    rung: Column[int] = Column(np.int8, "0 none, 1 petition, 2 march, 3 blockade, 4 violence.")
    invited = _flag("Was invited to a meeting this month.")
    attended = _flag("Attended a meeting this month.")
    informed = _flag("Knows how the agenda was decided.")
    ever_partner = _flag("Has taken part in the partnership at least once.")
    hit = _flag("Met reprisal for taking part this month.")
    silent = _flag("Hides a grievance this month.")
    signal_voice = _real("Voice as judged this month, in [-1, 1].")
    signal_benefit = _real("Benefit as judged this month, in [-1, 1].")

    def __init__(self, population: Population, row: int) -> None:
        """View a row. Does not register with the model: the population already is.

        Args:
            population: The people the person is one of.
            row: Row in its columns, counted from 0.
        """
        _set_population(self, population)
        _set_row(self, row)

    @property
    def row(self) -> int:
        """Row in the population's columns, counted from 0."""
        return self._row

    @property
    def population(self) -> Population:
        """The population whose row this is."""
        return self._population

    @property
    def model(self) -> mesa.Model:
        """The model the person lives in."""
        return self._population.model

    @property
    def unique_id(self) -> int:
        """Identifier of the person within the model."""
        return self._population.first_id + self._row

    @property
    def village_name(self) -> str:
        """Name of the village, such as `village 3`; names count from 1."""
        return f"village {self.village + 1}"

    @property
    def group_name(self) -> str:
        """Key of the person's group, as in results."""
        return self._population.group_keys[self.group]

    @property
    def tags(self) -> tuple[str, ...]:
        """Keys of the tags the person carries."""
        carried = self._population.block_tags[self.block]
        return tuple(k for k, has in zip(self._population.tag_keys, carried, strict=True) if has)

    @property
    def marginalised(self) -> bool:
        """Whether the group or a tag of the person is marginalised."""
        return bool(self._population.block_marginalised[self.block])

    def remove(self) -> NoReturn:
        """Refuse: nobody leaves the population during a run.

        Raises:
            ConservationError: Always.
        """
        raise ConservationError(f"{self!r} cannot be removed: people are conserved during a run")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the column's type
        """Read a tag or an added column."""
        if name.startswith("_"):
            raise AttributeError(name)
        cell = self._population.cells.get(name)
        if cell is not None:
            return cell[self._row]
        raise AttributeError(f"a person has no {name!r}{_hint(self, name)}", name=name, obj=self)

    def __setattr__(self, name: str, value: object) -> None:
        """Write a column; refuse anything that a view would only forget."""
        population = self._population
        if name in population.cells:
            population.check_writable(name)
            population.cells[name][self._row] = value
        elif hasattr(getattr(type(self), name, None), "__set__"):
            super().__setattr__(name, value)  # a property of a subclass
        else:
            hint = _hint(self, name) or "; add a column first: people.add_column(name, default)"
            raise AttributeError(f"a person cannot keep {name!r}{hint}", name=name, obj=self)

    def __reduce__(self) -> tuple[type[Person], tuple[Population, int]]:
        """Copy and pickle as a view of the (copied) population."""
        return type(self), (self._population, self._row)

    def __eq__(self, other: object) -> bool:
        """Views of one row of one population are the same person."""
        if not isinstance(other, Person):
            return NotImplemented
        return self._row == other._row and self._population is other._population

    def __hash__(self) -> int:
        """Hash of the identifier, equal for equal views."""
        return self._population.first_id + self._row

    def __repr__(self) -> str:
        """Say who it is."""
        kind = ", ".join((self.village_name, self.group_name, *self.tags))
        return f"<{type(self).__name__} {self.unique_id}: {kind}>"


def columns_of(person_type: type[Person]) -> tuple[Column[Any], ...]:
    """The columns a class of persons declares, those of its bases first."""
    found: dict[str, Column[Any]] = {}
    for base in reversed(person_type.__mro__):
        found |= {k: v for k, v in vars(base).items() if isinstance(v, Column)}
    return tuple(found.values())


def _hint(person: Person, name: str) -> str:
    """Suggest the column that may have been meant."""
    suggestion = did_you_mean(name, person._population.cells)
    return f"; {suggestion}" if suggestion else ""


# The setters of the two slots, which spare the detour through __setattr__ for every view made.
_set_population = vars(Person)["_population"].__set__
_set_row = vars(Person)["_row"].__set__
