"""Ballots count one vote a phone, and take nothing but the key of an answer."""

import threading

import pytest

from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.votes import MOST_BALLOTS, MOST_VOTERS, Ballot, Ballots

DILEMMA = load_dilemmas()[0]
FIRST, SECOND = (option.key for option in DILEMMA.options[:2])


def test_thirty_phones_at_once_are_all_counted():
    ballot = Ballot(DILEMMA)
    phones = [
        threading.Thread(target=ballot.cast, args=(f"phone{k}", FIRST if k % 3 else SECOND))
        for k in range(30)
    ]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    counts = ballot.counts()
    assert (counts[FIRST], counts[SECOND]) == (20, 10)
    assert list(counts) == [option.key for option in DILEMMA.options]


def test_a_second_vote_replaces_the_first():
    ballot = Ballot(DILEMMA)
    assert ballot.cast("one", FIRST)
    assert ballot.cast("one", SECOND)
    assert ballot.counts()[FIRST] == 0
    assert ballot.counts()[SECOND] == 1


@pytest.mark.parametrize("option", ["", "nothing", "../secrets", "<script>", "__class__"])
def test_other_answers_are_not_counted(option):
    ballot = Ballot(DILEMMA)
    assert not ballot.cast("one", option)
    assert sum(ballot.counts().values()) == 0


@pytest.mark.parametrize("voter", ["", "x" * 65])
def test_nameless_and_endless_voters_are_not_counted(voter):
    assert not Ballot(DILEMMA).cast(voter, FIRST)


def test_a_closed_or_full_ballot_takes_no_more():
    ballot = Ballot(DILEMMA)
    assert all(ballot.cast(str(k), FIRST) for k in range(MOST_VOTERS))
    assert not ballot.cast("late", FIRST)
    assert ballot.cast("0", SECOND)
    ballot.close()
    assert not ballot.cast("0", FIRST)
    assert ballot.counts()[SECOND] == 1


def test_ballots_are_found_by_codes_that_differ_and_old_ones_are_forgotten():
    ballots = Ballots()
    opened = [ballots.ask(DILEMMA) for _ in range(MOST_BALLOTS + 1)]
    assert len({ballot.code for ballot in opened}) == len(opened)
    assert ballots.find(opened[-1].code) is opened[-1]
    assert ballots.find(opened[0].code) is None
    assert not opened[0].open
    assert ballots.find("") is None
