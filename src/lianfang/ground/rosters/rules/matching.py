"""Who is who: rows of a roster against those known in the community and against each other. Pure: nothing is read or written here.

A row is somebody known by the number of their paper; else by telephone number and name; else by name and door, where nothing else
speaks against it. Whoever is met in the file becomes known for the rows after them, so that one person twice is one person. Where two
things speak for different answers, nothing is guessed: the row waits, with a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from lianfang.ground.people.roster_types import Known, NewHome, RosterChanges, Told
from lianfang.ground.people.rules.papers import Paper
from lianfang.ground.people.types import Relation, ResidenceKind, Sex
from lianfang.ground.rosters import loading_types as said
from lianfang.ground.rosters.loading_types import QuestionKind, Verdict
from lianfang.kernel.errors import Refused
from lianfang.kernel.ids import HouseholdId, PersonId, PlaceId, new_id

Group = tuple[PlaceId, str]
"""Rows of one door that keep house together: the door, and the mark of the household where the roster has one."""


@dataclass(slots=True)
class Entry:
    """A row that can be compared: values in normal form, blind indexes, the door it stands at."""

    ordinal: int
    sheet: str
    line: int
    name: str
    sex: Sex | None
    birth: date | None
    paper: Paper | None
    paper_index: bytes | None
    phone: str
    phone_index: bytes | None
    relation: Relation | None
    kinds: tuple[ResidenceKind, ...]
    door: PlaceId
    mark: str
    content: bytes
    more_phones: tuple[tuple[str, bytes], ...] = ()  # what else stands in the cell, each with its index
    person_id: PersonId | None = None  # whom an earlier comparison would have added for this row

    @property
    def group(self) -> Group:
        """With whom the person keeps house."""
        return self.door, self.mark


@dataclass(slots=True)
class Home:
    """Where somebody belongs in one sense: known, or to begin with the group of a row."""

    kind: ResidenceKind
    door: PlaceId
    relation: str
    residence_id: UUID | None  # None of a home to begin
    household_id: HouseholdId | None
    group: Group | None = None  # of a home to begin


@dataclass(slots=True, eq=False)
class Somebody:
    """One person, known or met in this file. `sex` to `phone` are what is to be written: of somebody known only what is new."""

    person_id: PersonId
    name: str
    paper_index: bytes | None
    phone_index: bytes | None
    known: Known | None
    born: date | None
    is_male: bool | None
    homes: list[Home] = field(default_factory=list)
    sex: Sex | None = None
    birth: date | None = None
    paper: Paper | None = None
    phone: str = ""
    more_phones: tuple[str, ...] = ()
    more_indexes: tuple[bytes, ...] = ()  # of all further telephone numbers, known or told
    row: tuple[str, int] | None = None  # the first row of this file
    written: bool = False  # somebody new: among the changes already

    @property
    def told(self) -> Told:
        """What is to be written."""
        if self.known is not None:
            return Told("", self.sex, self.birth, self.paper, self.phone, self.more_phones)
        return Told(
            self.name, self.sex, self.birth, self.paper, self.phone, self.more_phones, self.paper_index if self.paper else None,
            self.phone_index if self.phone else None,
        )  # fmt: skip

    def home(self, kind: ResidenceKind) -> Home | None:
        """Where they belong in one sense."""
        return next((home for home in self.homes if home.kind is kind), None)


class Asked(NamedTuple):
    """A question that a row raises: about whom, and the two doors where it is about doors."""

    kind: QuestionKind
    person_id: PersonId
    door: PlaceId
    other_door: PlaceId | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row, and why."""

    verdict: Verdict
    reasons: tuple[Refused, ...]
    person_id: PersonId | None = None
    asked: Asked | None = None


class _Doubt(Exception):
    """The row cannot be decided; never leaves this module."""

    def __init__(self, why: Refused, asked: Asked | None = None) -> None:
        self.outcome = Outcome(Verdict.WAITING, (why,), None, asked)
        super().__init__()


_MALE = {Sex.MALE: True, Sex.FEMALE: False}


class Matching:
    """One roster on its way: rows are taken one after the other, then the changes are given."""

    def __init__(
        self,
        known: Iterable[Known],
        *,
        birth_of: Callable[[Known], date | None],
        earlier: Iterable[tuple[bytes, PersonId | None]],
        door_words: Callable[[PlaceId], str] = str,
    ) -> None:
        self._birth_of = birth_of
        self._door_words = door_words
        self._by_id: dict[PersonId, Somebody] = {}
        self._by_paper: dict[bytes, Somebody] = {}
        self._by_phone: dict[bytes, tuple[Somebody, ...]] = {}
        self._by_door: dict[PlaceId, tuple[Somebody, ...]] = {}
        self._begun: list[tuple[Somebody, Home]] = []  # homes to begin, in the order of the rows
        self._corrected: dict[PersonId, Somebody] = {}
        self._relations: list[tuple[UUID, str]] = []
        self._groups: dict[Group, HouseholdId] = {}
        self._marks: dict[PlaceId, str] = {}
        self._parted: set[PlaceId] = set()  # doors with more than one household in the roster
        self._last: Group | None = None
        for one in known:
            self._know(one)
        held = {person_id: person_id for person_id in self._by_id}  # one object for one id: of a hundred thousand rows that is felt
        self._earlier = {content: held.get(person, person) if person else None for content, person in earlier}

    def _know(self, known: Known) -> None:
        homes = [Home(home.kind, home.door_id, home.relation, home.residence_id, home.household_id) for home in known.homes]
        somebody = Somebody(
            known.person_id, known.name, known.paper_index, known.phone_index, replace(known, homes=()), None, _MALE.get(known.sex), homes,
            more_indexes=known.more_phone_indexes,
        )  # fmt: skip
        self._list(somebody)

    def _list(self, somebody: Somebody) -> None:
        self._by_id[somebody.person_id] = somebody
        if somebody.paper_index:
            self._by_paper.setdefault(somebody.paper_index, somebody)
        if somebody.phone_index:
            self._reached(somebody, somebody.phone_index)
        for index in somebody.more_indexes:
            self._reached(somebody, index)
        for home in somebody.homes:
            self._stands(somebody, home.door)

    def _reached(self, somebody: Somebody, index: bytes) -> None:
        """Somebody is reached by a telephone number."""
        self._by_phone[index] = (*self._by_phone.get(index, ()), somebody)

    def _stands(self, somebody: Somebody, door: PlaceId) -> None:
        """Somebody belongs to a door."""
        there = self._by_door.get(door, ())
        if somebody not in there:
            self._by_door[door] = (*there, somebody)

    def take(self, entry: Entry) -> Outcome:
        """Compare the next row."""
        if self._marks.setdefault(entry.door, entry.mark) != entry.mark:
            self._parted.add(entry.door)
        if entry.content in self._earlier:
            return self.stood_before(entry, self._earlier[entry.content])
        try:
            somebody = self._same(entry)
            if somebody is None:
                return self._add(entry)
            self._refuse_two_doors(somebody, entry)
        except _Doubt as doubt:
            return doubt.outcome
        return self._met_again(somebody, entry)

    # --- who is it

    def _same(self, entry: Entry) -> Somebody | None:
        if entry.paper_index and (somebody := self._by_paper.get(entry.paper_index)):
            if somebody.name != entry.name:
                raise _Doubt(said.PaperOfAnother(), Asked(QuestionKind.OTHER_NAME, somebody.person_id, entry.door))
            return somebody
        for index in (entry.phone_index, *(index for _, index in entry.more_phones)) if entry.phone_index else ():
            for somebody in self._by_phone.get(index, ()):
                if somebody.name == entry.name and self._contradiction(somebody, entry) is None:
                    return somebody
        return self._at_the_door(entry)

    def _at_the_door(self, entry: Entry) -> Somebody | None:
        """Somebody of this name at this door. Two of one name in one file are two; one known with another paper is a question."""
        there = [somebody for somebody in self._by_door.get(entry.door, ()) if somebody.name == entry.name]
        fitting = [somebody for somebody in there if self._contradiction(somebody, entry) is None]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise _Doubt(said.SeveralAlike())
        for somebody in there:
            if somebody.known is not None and somebody.row is None:
                why = self._contradiction(somebody, entry) or said.SeveralAlike()
                raise _Doubt(why, Asked(QuestionKind.DIFFERS, somebody.person_id, entry.door))
        return None

    def _contradiction(self, somebody: Somebody, entry: Entry) -> Refused | None:
        if somebody.paper_index and entry.paper_index:
            return said.PaperDiffers() if somebody.paper_index != entry.paper_index else None
        if entry.birth and (born := self._born(somebody)) and born != entry.birth:
            return said.BirthDiffersFromKnown()
        male = _MALE.get(entry.sex) if entry.sex else None
        if male is not None and somebody.is_male is not None and male != somebody.is_male:
            return said.BirthDiffersFromKnown()
        return None

    def _born(self, somebody: Somebody) -> date | None:
        if somebody.born is None and somebody.known is not None:
            somebody.born = self._birth_of(somebody.known)
        return somebody.born

    def _refuse_two_doors(self, somebody: Somebody, entry: Entry) -> None:
        for kind in entry.kinds:
            home = somebody.home(kind)
            if home is not None and home.door != entry.door:
                asked = Asked(QuestionKind.TWO_DOORS, somebody.person_id, entry.door, home.door)
                raise _Doubt(said.AtTwoDoors(door=self._door_words(home.door)), asked)

    # --- what becomes of the row

    def stood_before(self, entry: Entry, person_id: PersonId | None) -> Outcome:
        """What a person has changed since an earlier roster said the same holds: the row is no news."""
        somebody = self._by_id.get(person_id) if person_id else None
        if somebody is not None:
            somebody.row = somebody.row or (entry.sheet, entry.line)
            self._join(somebody, entry)
        return Outcome(Verdict.UNCHANGED, (said.AsBefore(),), person_id)

    def _add(self, entry: Entry) -> Outcome:
        somebody = Somebody(
            entry.person_id or PersonId(new_id()), entry.name, entry.paper_index, entry.phone_index, None, entry.birth, _MALE.get(entry.sex) if entry.sex else None,
            sex=entry.sex, birth=entry.birth, paper=entry.paper, phone=entry.phone, more_phones=tuple(phone for phone, _ in entry.more_phones),
            more_indexes=tuple(index for _, index in entry.more_phones), row=(entry.sheet, entry.line),
        )  # fmt: skip
        for kind in entry.kinds:
            self._begin(somebody, kind, entry)
        self._list(somebody)
        return Outcome(Verdict.ADDED, (said.NewHere(),), somebody.person_id)

    def _begin(self, somebody: Somebody, kind: ResidenceKind, entry: Entry) -> None:
        self._last = self._last if self._last == entry.group else entry.group  # one object for all who keep house together
        home = Home(kind, entry.door, entry.relation or "", None, None, self._last)
        somebody.homes.append(home)
        self._begun.append((somebody, home))

    def _join(self, somebody: Somebody, entry: Entry) -> None:
        """Whoever keeps house with somebody known joins their household."""
        for home in somebody.homes:
            if home.door == entry.door and home.household_id is not None:
                self._groups.setdefault(entry.group, home.household_id)

    def _met_again(self, somebody: Somebody, entry: Entry) -> Outcome:
        again, elsewhere = somebody.row, all(home.door != entry.door for home in somebody.homes)
        taken = [*self._fill(somebody, entry), *self._settle(somebody, entry)]
        self._join(somebody, entry)
        if again is not None:
            sheet, line = again
            why = said.SameAsRowOtherSense if elsewhere else said.SameAsRow
            return Outcome(Verdict.MERGED, (why(sheet=sheet, line=line), *taken), somebody.person_id)
        somebody.row = (entry.sheet, entry.line)
        if taken:
            return Outcome(Verdict.CHANGED, tuple(taken), somebody.person_id)
        return Outcome(Verdict.UNCHANGED, (said.AsKnown(),), somebody.person_id)

    def _fill(self, somebody: Somebody, entry: Entry) -> Iterator[Refused]:
        """What the row tells and is not known, and a new telephone number of somebody known."""
        if entry.paper and entry.paper_index and somebody.paper_index is None:
            somebody.paper, somebody.paper_index = entry.paper, entry.paper_index
            self._by_paper.setdefault(entry.paper_index, somebody)
            yield said.PaperTaken()
        first = somebody.known is not None and somebody.row is None
        yield from self._fill_phones(somebody, entry, first=first)
        if entry.birth and self._born(somebody) is None:
            somebody.birth = somebody.born = entry.birth
            yield said.BirthTaken()
        if entry.sex in _MALE and somebody.is_male is None:
            somebody.sex, somebody.is_male = entry.sex, entry.sex is Sex.MALE
            yield said.SexTaken()
        if somebody.known is not None and somebody.told != Told():
            self._corrected[somebody.person_id] = somebody

    def _fill_phones(self, somebody: Somebody, entry: Entry, *, first: bool) -> Iterator[Refused]:
        """A new first number takes the place of the one that is known; the others of the cell are kept beside it."""
        index = entry.phone_index
        if index and index != somebody.phone_index and index not in somebody.more_indexes and (first or somebody.phone_index is None):
            somebody.phone, somebody.phone_index = entry.phone, index
            self._reached(somebody, index)
            yield said.PhoneTaken()
        more = [
            (phone, index) for phone, index in entry.more_phones if index != somebody.phone_index and index not in somebody.more_indexes
        ]
        for phone, index in more:
            somebody.more_phones, somebody.more_indexes = (*somebody.more_phones, phone), (*somebody.more_indexes, index)
            self._reached(somebody, index)
        if more:
            yield said.MorePhonesTaken(count=len(more))

    def _settle(self, somebody: Somebody, entry: Entry) -> Iterator[Refused]:
        """Homes that the row tells of, and the relation to the head."""
        for kind in entry.kinds:
            if somebody.home(kind) is None:
                self._begin(somebody, kind, entry)
                self._stands(somebody, entry.door)
                yield said.HomeTaken()
        told = entry.relation
        if told is None or told is Relation.OTHER:
            return
        for home in somebody.homes:
            if home.door != entry.door or home.relation == told:
                continue
            if home.residence_id is not None and somebody.row is None:
                home.relation = told.value
                self._relations.append((home.residence_id, told.value))
                yield said.RelationTaken()
                return
            home.relation = home.relation or told.value

    def changes(self, households: Iterable[tuple[PlaceId, HouseholdId]], *, at_once: int) -> Iterator[RosterChanges]:
        """All changes in the order of the rows, in pieces of about so many people; each piece stands by itself."""
        standing: defaultdict[PlaceId, list[HouseholdId]] = defaultdict(list)
        for door, household in households:
            standing[door].append(household)
        piece = RosterChanges(
            corrections=[(person, somebody.told) for person, somebody in self._corrected.items()], relations=list(self._relations)
        )
        for index in (self._by_door, self._by_phone, self._by_paper, self._by_id):
            index.clear()  # nobody is compared any more
        self._begun.reverse()
        while self._begun:  # each is let go when it is written
            somebody, home = self._begun.pop()
            if somebody.known is None and not somebody.written:
                if len(piece.persons) >= at_once:
                    yield piece
                    piece = RosterChanges()
                piece.persons.append((somebody.person_id, somebody.told))
                somebody.written = True
            household = self._household(somebody, home, standing, piece)
            piece.homes.append(NewHome(new_id(), somebody.person_id, household, home.kind, home.relation))
        if piece:
            yield piece

    def _household(
        self, somebody: Somebody, home: Home, standing: Mapping[PlaceId, list[HouseholdId]], piece: RosterChanges
    ) -> HouseholdId:
        """The household of a home to begin: one's own at that door, the group's, the door's only one, or a new one."""
        for other in somebody.homes:
            if other.door == home.door and other.household_id is not None:
                home.household_id = other.household_id
                return other.household_id
        group = home.group or (home.door, "")
        household = self._groups.get(group)
        if household is None:
            there = standing.get(home.door, [])
            if there and (home.door not in self._parted or not group[1]):
                household = there[0]
            else:
                household = HouseholdId(new_id())
                piece.households.append((household, home.door))
            self._groups[group] = household
        home.household_id = household
        return household
