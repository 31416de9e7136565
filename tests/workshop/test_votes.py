"""Votes of a room: one a phone, counted right, of this room and this question only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import OptionError
from parley_workshop.board import Arm
from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.texts import Text
from parley_workshop.vote_limits import Limit
from parley_workshop.vote_questions import (
    came_true,
    name_of_column,
    name_of_group,
    question_of,
    question_of_outcome,
)
from parley_workshop.votes import (
    CODE,
    LONGEST_TEXT,
    MOST_VOTERS,
    PHONE,
    Answer,
    Poll,
    Question,
    Room,
    Rooms,
    Verdict,
    new_code,
)
from parley_workshop.words import LANGUAGES, Words


def text(said):
    return Text(tuple((code, f"{said} {code}") for code in LANGUAGES))


def question(answers=3):
    return Question(text("Which?"), tuple(Answer(text(f"Answer {k}")) for k in range(answers)))


@pytest.fixture
def room():
    return Room("BCDFGH")


# --- one vote ---------------------------------------------------------------------------------


def test_thirty_phones_are_all_counted(room):
    poll = room.ask(question())
    for k in range(30):
        assert room.vote(room.new_phone(), poll.number, k % 3 // 2) is Verdict.COUNTED
    assert poll.counts() == (20, 10, 0)
    assert poll.voters == 30


def test_a_phone_has_one_vote_and_may_change_it_until_the_vote_is_closed(room):
    poll, phone = room.ask(question()), room.new_phone()
    assert room.vote(phone, 1, 0) is Verdict.COUNTED
    assert room.vote(phone, 1, 2) is Verdict.COUNTED
    assert (poll.counts(), poll.choice(phone)) == ((0, 0, 1), 2)
    poll.close()
    assert room.vote(phone, 1, 0) is Verdict.OVER
    assert (poll.counts(), poll.choice(phone)) == ((0, 0, 1), 2)


def test_counts_are_hidden_until_the_vote_is_closed_unless_it_is_open_to_all(room):
    hidden = room.ask(question())
    hidden.vote("one", 1)
    assert (hidden.shown(), hidden.voters) == (None, 1)
    hidden.close()
    assert hidden.shown() == (0, 1, 0)
    open_to_all = room.ask(question(), secret=False)
    open_to_all.vote("one", 2)
    assert open_to_all.shown() == (0, 0, 1)


@pytest.mark.parametrize(
    ("votes", "leaders", "winner"),
    [([], (), None), ([1], (1,), 1), ([0, 2], (0, 2), None), ([0, 2, 2], (2,), 2)],
    ids=["nobody", "one", "tie", "most"],
)
def test_what_won(votes, leaders, winner):
    poll = Poll(1, question())
    for k, answer in enumerate(votes):
        poll.vote(str(k), answer)
    assert (poll.leaders(), poll.winner()) == ((), None)  # not before it is closed
    poll.close()
    assert (poll.leaders(), poll.winner()) == (leaders, winner)


@pytest.mark.parametrize("answer", [-1, 3, 99])
def test_there_is_no_other_answer(room, answer):
    poll = room.ask(question())
    assert room.vote(room.new_phone(), 1, answer) is Verdict.NO_ANSWER
    assert poll.voters == 0


def test_no_more_phones_vote_than_may_but_those_that_have_may_change(room):
    poll = room.ask(question(), most=2)
    phones = [room.new_phone() for _ in range(3)]
    verdicts = [room.vote(phone, 1, 0) for phone in phones]
    assert verdicts == [Verdict.COUNTED, Verdict.COUNTED, Verdict.FULL]
    assert room.vote(phones[0], 1, 1) is Verdict.COUNTED
    assert poll.counts() == (1, 1, 0)


CASTS = st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 5)), max_size=40)


@given(CASTS, st.integers(1, 7))
def test_whatever_is_sent_the_last_good_vote_of_each_phone_is_counted_once(casts, most):
    poll = Poll(1, question(), most=most)
    last = {}
    for phone, answer in casts:
        good = 0 <= answer < 3 and (phone in last or len(last) < most)
        assert (poll.vote(str(phone), answer) is Verdict.COUNTED) == good
        if good:
            last[phone] = answer
    assert poll.counts() == tuple(list(last.values()).count(k) for k in range(3))
    assert sum(poll.counts()) == poll.voters <= most


# --- rooms --------------------------------------------------------------------------------------


def test_a_phone_of_another_room_cannot_vote(room):
    other = Room("JKMNPQ")
    poll = room.ask(question())
    other.ask(question())
    assert room.vote(other.new_phone(), 1, 0) is Verdict.STRANGER
    assert poll.voters == 0


def test_a_vote_on_an_earlier_question_is_not_counted_for_the_present_one(room):
    phone = room.new_phone()
    first, second = room.ask(question()), room.ask(question())
    assert first.closed
    assert room.vote(phone, first.number, 0) is Verdict.OVER
    assert (first.voters, second.voters) == (0, 0)
    assert room.vote(phone, second.number, 0) is Verdict.COUNTED


def test_nothing_is_voted_on_between_questions_and_after_the_end(room):
    phone = room.new_phone()
    assert room.vote(phone, 1, 0) is Verdict.NOTHING
    room.ask(question())
    room.close()
    assert room.vote(phone, 1, 0) is Verdict.NOTHING
    with pytest.raises(OptionError, match="closed; open another"):
        room.ask(question())


def test_what_a_phone_looks_at_changes_with_question_vote_and_end(room):
    phone = room.new_phone()
    seen = [room.now(phone)]
    poll = room.ask(question())
    seen.append(room.now(phone))
    poll.vote(phone, 1)
    seen.append(room.now(phone))
    poll.vote("another", 1)
    assert room.now(phone) == seen[-1]
    poll.close()
    seen.append(room.now(phone))
    room.quiet()
    seen.append(room.now(phone))
    assert len(set(seen)) == len(seen)


@given(st.text(max_size=80) | st.from_regex(PHONE, fullmatch=True))
def test_no_id_can_be_made_up(made_up):
    assert not Room("BCDFGH").knows(made_up)


def test_ids_differ_and_have_their_form(room):
    phones = {room.new_phone() for _ in range(100)}
    assert len(phones) == 100
    assert all(PHONE.fullmatch(phone) and room.knows(phone) for phone in phones)


def test_codes_differ_are_found_and_are_forgotten_with_their_room():
    rooms = Rooms()
    opened = [rooms.open() for _ in range(20)]
    assert len({room.code for room in opened}) == 20
    assert all(rooms.find(room.code) is room for room in opened)
    rooms.close(opened[0])
    rooms.close(opened[0])
    assert (rooms.find(opened[0].code), opened[0].closed, len(rooms)) == (None, True, 19)


def test_codes_use_letters_that_are_told_apart():
    codes = [new_code() for _ in range(200)]
    assert all(CODE.fullmatch(code) for code in codes)
    assert set("".join(codes)) & set("01AEIOUYL") == set()
    assert len(set(codes)) == 200


def test_no_more_rooms_than_may_be_open():
    rooms = Rooms(most=2)
    first, _ = rooms.open(), rooms.open()
    with pytest.raises(OptionError, match="2 rooms are open; close one first"):
        rooms.open()
    rooms.close(first)
    rooms.open()


def test_a_room_left_behind_gives_way_where_there_are_too_many():
    rooms = Rooms(most=2)
    first, second = rooms.open(), rooms.open()
    rooms.leave(second)
    third = rooms.open()
    assert (rooms.find(second.code), second.closed) == (None, True)
    assert (rooms.find(first.code), rooms.find(third.code)) == (first, third)
    rooms.leave(second)  # it is closed, so it does not wait
    with pytest.raises(OptionError, match="2 rooms"):
        rooms.open()


# --- sizes and questions ------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [0, 1, 7])
def test_a_question_has_two_to_six_answers(answers):
    with pytest.raises(OptionError, match=f"{answers} answers; allowed: 2 to 6"):
        question(answers)


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(OptionError, match=rf"letters; allowed: up to {LONGEST_TEXT}; shorten"):
        Question(text("x" * LONGEST_TEXT), question().answers)


@pytest.mark.parametrize("most", [0, MOST_VOTERS + 1])
def test_the_number_of_voters_is_bounded(room, most):
    with pytest.raises(OptionError, match=f"{most} voters; allowed: 1 to {MOST_VOTERS}"):
        room.ask(question(), most=most)


@pytest.mark.parametrize("dilemma", load_dilemmas(), ids=lambda dilemma: dilemma.key)
def test_every_dilemma_can_be_voted_on(dilemma):
    asked = question_of(dilemma)
    assert [a.label for a in asked.answers] == [option.label for option in dilemma.options]
    assert asked.text == dilemma.question


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prediction_names_outcome_columns_and_month(language):
    one, two = Arm("Ours", "csr"), Arm("none", "none")
    names = name_of_column("A", one), name_of_column("B", two)
    asked = question_of_outcome("trust_company", *names, 120)
    assert "120" in asked.text(language)
    labels = [answer.label(language) for answer in asked.answers]
    assert "A Ours" in labels[0]
    assert f"B {Words(language)('short.none')}" in labels[1]
    assert "5" in labels[2]
    assert len(set(labels)) == 3


def test_a_prediction_about_a_group_names_it_in_every_language():
    names = [name_of_column(letter, Arm("none", "none")) for letter in "AB"]
    women = question_of_outcome("benefit", *names, 12, name_of_group("women", "Women"))
    poor = question_of_outcome("benefit", *names, 12, name_of_group("marginalised", ""))
    for language, named in zip(LANGUAGES, ("Women", "Mujeres", "Žene"), strict=True):
        assert f"({named})" in women.text(language)
        assert f"({Words(language)('group.marginalised')})" in poor.text(language)
        assert "(" not in question_of_outcome("benefit", *names, 12).text(language)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (1.0, 0.951, 2),
        (1.0, 0.949, 0),
        (0.949, 1.0, 1),
        (-1.0, -2.0, 0),
        (0.0, 1e-9, 1),
        (float("nan"), 1.0, None),
    ],
)
def test_which_prediction_came_true(first, second, answer):
    assert came_true(first, second) == answer


# --- how often ------------------------------------------------------------------------------------


def test_a_bucket_is_refilled_as_time_passes():
    now = [0.0]
    limit = Limit(2.0, 3, clock=lambda: now[0])
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert limit.open("a")
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]


def test_callers_do_not_spend_from_each_other_and_the_oldest_is_forgotten():
    limit = Limit(0.0, 1, most=2, clock=lambda: 0.0)
    assert [limit.allows(key) for key in "aabc"] == [True, False, True, True]
    assert len(limit) == 2
    assert limit.allows("a")
