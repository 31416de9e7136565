"""Texts of the data that a room reads, which are to be there in every language."""

from parley_workshop import about
from parley_workshop.translations import one_line, paragraphs


def place_texts(file):
    """Every text of a place that a room reads; notes and titles of sources stay as they are."""
    place = file.place
    labels = [group.label for group in place.groups] + [tag.label for tag in place.tags]
    events = [event.label for event in (*place.events, *file.history)]
    told = [place.title, *paragraphs(place.story), *paragraphs(file.workshop)]
    return {one_line(text) for text in (*labels, *events, *told)}


def model_texts(outcomes, units):
    """Names of facts, and what outcomes are and how practices reach them.

    A path begins with a practice, whose name is in the catalogues.
    """
    known = about.outcomes()
    found = {rule.label for rule in about.facts().values()} | set(units)
    for name in outcomes:
        found |= {known[name].definition, *known[name].path} - about.dials().keys()
    return {one_line(text) for text in found}
