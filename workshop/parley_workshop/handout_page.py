"""The handout as one file: texts, numbers, style and script in one page that asks for nothing."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from parley.errors import OptionError
from parley.place import available_places, read_place
from parley.place_context import CONTEXT
from parley.registry import load_registry
from parley_analysis.load import failure_statement
from parley_analysis.style import arm_styles
from parley_workshop.handout import pack
from parley_workshop.translations import one_line, paragraphs, translated
from parley_workshop.words import LANGUAGES, Words, catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_analysis.load import OutcomeInfo
    from parley_workshop.handout import Ensembles
    from parley_workshop.handout_grid import Varied

LARGEST_BYTES = 2_000_000
"""What a handout may take."""
STEPS = (1, 2, 3, 4, 6, 12)
"""Keep every so many months, the fewest left out that make the file small enough."""

FOLDER = Path(__file__).resolve().parent / "handout_parts"
SCRIPTS = ("data.js", "chart.js", "predict.js", "tables.js", "page.js")
"""The script of the page, in the order in which its parts follow each other."""

ROYALTY = "Who receives the royalty"
"""Name of the numbers that say how the royalty is divided."""

_PREFIX = "handout."


def render(ensembles: Ensembles, language: str, largest: int = LARGEST_BYTES) -> str:
    """The page as text.

    Args:
        ensembles: What it shows.
        language: Language in which it opens; a reader may change it.
        largest: Bytes that it may take.

    Raises:
        OptionError: The language is unknown, or the file would be too large.
    """
    words = Words(language)
    about = describe(ensembles)
    size = 0
    for step in STEPS:
        page = _page(about | pack(ensembles, step) | {"language": language, "step": step}, words)
        size = len(page.encode("utf-8"))
        if size < largest:
            return page
    raise OptionError(
        f"the handout would take {size / 1e6:.1f} MB, more than {largest / 1e6:g}; "
        "vary fewer dials, take fewer levels or fewer outcomes"
    )


def describe(ensembles: Ensembles) -> dict[str, Any]:
    """Everything the page says beside the numbers, ready for JSON."""
    batch, file = ensembles.batch, _words_of(ensembles)
    place = cast("Any", batch.results.manifest)["places"][ensembles.place]
    return {
        "place": {
            "title": in_every_language(place["title"]),
            "story": [in_every_language(part) for part in paragraphs(file["story"])],
            "events": [
                event | {"label": in_every_language(event["label"])}
                for event in place["events"]
                if event["month"] < batch.months
            ],
        },
        "arms": _arms(ensembles),
        "outcomes": {info.name: _outcome(info) for info in ensembles.outcomes},
        "varied": [_slider(one) for one in ensembles.varied],
        "numbers": [
            one | {key: in_every_language(one[key]) for key in ("label", "unit")}
            for one in file["numbers"]
        ],
        "made": _made(ensembles),
        "texts": {code: describe_texts(code) for code in LANGUAGES},
        "languages": dict(LANGUAGES),
    }


def _arms(ensembles: Ensembles) -> list[dict[str, Any]]:
    """Names and looks of the stacks."""
    batch, styles = ensembles.batch, arm_styles(ensembles.arms)
    about = cast("Any", batch.results.manifest)["arms"]
    return [
        {
            "key": arm,
            "label": _labels(arm, batch.short_arm(arm), "handout.arm.{}", "short.{}", "preset.{}"),
            "note": in_every_language(str(about[arm].get("note", ""))),
            "colour": styles[arm].colour,
            "text": styles[arm].text,
            "dash": _dash(styles[arm].line),
        }
        for arm in ensembles.arms
    ]


def _outcome(info: OutcomeInfo) -> dict[str, Any]:
    """Names of an outcome, and how to read it."""
    forms = ("outcome.{}.label", "handout.outcome.{}.label")
    return {
        "label": _labels(info.name, info.label, *forms),
        "unit": _labels(info.name, info.level_unit, "handout.outcome.{}.unit"),
        "direction": info.direction,
        "level": info.level,
        "steps": info.rule_steps,
        "near": info.near_tautological,
        "adds": info.aggregate == "sum",
    }


def _made(ensembles: Ensembles) -> dict[str, Any]:
    """Versions, seeds and counts."""
    batch = ensembles.batch
    manifest = cast("Mapping[str, Any]", batch.results.manifest)
    told = failure_statement(batch)
    return {
        "version": manifest.get("versions", {}).get("parley-sim", "?"),
        "model": str(manifest.get("model_version", "?")),
        "commit": str((manifest.get("source") or {}).get("commit") or "")[:12],
        "seeds": manifest["root_seeds"],
        "people": manifest["population"],
        "months": batch.months,
        "planned": batch.results.planned,
        "finished": int((batch.runs["status"] == "ok").sum()),
        "failures": "" if told.startswith("All ") else told,
        "replicates": ensembles.replicates,
        "batch": str(manifest["batch"])[:12],
    }


def place_words(place: str) -> dict[str, Any]:
    """The story of a place file, and every single number of it with where it comes from, in words.

    Args:
        place: Name or file of the place.

    Returns:
        `story`, and `numbers`: one record a number, all text, ready for JSON.

    Raises:
        ScenarioError: The file is missing or wrong.
    """
    registry = load_registry()
    labels = {f"facts.{rule.name}": rule.label for rule in registry.parameters.values()}
    labels |= {f"parameters.{rule.key}": rule.label for rule in registry.parameters.values()}
    labels |= {f"context.{key}": number.label for key, number in CONTEXT.items()}
    file = read_place(place, None, "replay")
    heads = labels | {f"groups.{group.key}": group.label for group in file.place.groups}
    heads |= {f"tags.{tag.key}": tag.label for tag in file.place.tags}
    heads |= {f"events[{at}]": event.label for at, event in enumerate(file.history)}
    numbers = [
        {
            "label": labels.get(one.key) or _spelt(one.key, heads),
            "value": _plain(one.value),
            "range": ""
            if one.low is None or one.high is None
            else f"{_plain(one.low)}–{_plain(one.high)}",
            "unit": one.unit,
            "source": source_words(one.source),
            "year": one.year,
            "grade": one.grade,
            "note": one.note,
        }
        for one in file.quantities
        if isinstance(one.value, int | float)
    ]
    return {"story": file.place.story.strip(), "numbers": numbers}


def _spelt(key: str, heads: Mapping[str, str]) -> str:
    """A dotted key in words, with the label of a group, tag, fact or event in place of its key."""
    head, _, name = key.rpartition(".")
    name = name.replace("_", " ")
    if head.startswith("producing_area_share["):
        return f"{ROYALTY}: {name}"
    return f"{heads.get(head) or head.replace('_', ' ').replace('.', ', ')}: {name}"


def _plain(value: float) -> str:
    """A number of a place without powers of ten.

    >>> _plain(2.53e9), _plain(0.244)
    ('2,530,000,000', '0.244')
    """
    return f"{value:,.10g}"


def source_words(source: str) -> str:
    """Authors, year and title behind the keys of a source; `assumption` stays.

    >>> source_words("assumption")
    'assumption'
    """
    references = load_registry().references
    told = []
    for key in (key.strip() for key in source.split(";")):
        one = references.get(key)
        told.append(f"{one.authors} ({one.year}): {one.title}" if one else key)
    return "; ".join(told)


def _words_of(ensembles: Ensembles) -> Mapping[str, Any]:
    """What the folder keeps of the place file; else that of a place that comes with Parley."""
    kept = ensembles.design.get("place_file")
    if kept is not None:
        return cast("Mapping[str, Any]", kept)
    known = ensembles.place in available_places()
    return place_words(ensembles.place) if known else {"story": "", "numbers": []}


def _slider(one: Varied) -> dict[str, Any]:
    forms = {"dial": ("dial.{}.label",), "fact": ("fact.{}.label",), "parameter": ()}[one.kind]
    return {
        "key": one.key,
        "kind": one.kind,
        "label": _labels(one.key, one.label, *forms, "handout.varied.{}"),
        "unit": in_every_language(one.unit),
        "levels": list(one.levels),
        "own": [list(pair) for pair in one.own],
        "start": one.start,
        "source": source_words(one.source) if one.source else "",
    }


def _labels(key: str, english: str, *forms: str) -> dict[str, str]:
    """A label in every language: the first key that a catalogue has, else the English one."""
    found = {}
    for code in LANGUAGES:
        words = Words(code)
        keys = [form.format(key) for form in forms]
        found[code] = next((words(k) for k in keys if words.has(k)), translated(english, code))
    return found


def in_every_language(text: str) -> dict[str, str]:
    """A text of the data by language; "a: b" in its parts where there is no such text whole.

    >>> in_every_language("Women: share")["es"]
    'Mujeres: proporción'
    """
    found, line = {}, one_line(text)
    head, colon, tail = line.rpartition(": ")
    for code in LANGUAGES:
        whole = translated(line, code)
        parts = f"{translated(head, code)}{colon}{translated(tail, code)}"
        found[code] = parts if whole == line else whole
    return found


def _dash(line: str | tuple[int, tuple[float, ...]]) -> str:
    """A line style as the dashes of SVG, for a line 3 wide."""
    return "" if isinstance(line, str) else " ".join(f"{3 * part:g}" for part in line[1])


def describe_texts(code: str) -> dict[str, str]:
    """The texts of the page in a language, without those that became labels."""
    skipped = ("arm.", "outcome.", "varied.")
    texts = {
        k.removeprefix(_PREFIX): v for k, v in catalogue(code).items() if k.startswith(_PREFIX)
    }
    return {key: text for key, text in texts.items() if not key.startswith(skipped)}


def write(page: str, path: Path) -> int:
    """Write a page so that the old or the new file is there, never half of it.

    Returns:
        Its size (bytes).

    Raises:
        OptionError: It cannot be written there, as on a full disk.
    """
    content = page.encode("utf-8")
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OptionError(
            f"{path}: cannot be written ({error.strerror}); the runs are kept, so make room or "
            "name another file with --out"
        ) from error
    return len(content)


def _page(data: Mapping[str, Any], words: Words) -> str:
    """Template, style, script and data in one text."""
    style = (FOLDER / "handout.css").read_text("utf-8")
    script = "".join((FOLDER / name).read_text("utf-8") for name in SCRIPTS)
    script = f'"use strict";\n(function () {{\n{script}}})();\n'
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = f"{data['place']['title'][words.language]} · Parley"
    parts = {
        "policy": policy,
        "language": words.language,
        "title": html.escape(title),
        "noscript": html.escape(words("handout.noscript")),
        "style": style,
        "script": script,
        "data": harmless(data),
    }
    pieces = (FOLDER / "handout.html").read_text("utf-8").split("@@")
    return "".join(parts[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def harmless(data: object) -> str:
    r"""JSON that stands within a page and cannot end or open any element of it.

    >>> harmless("</script>")
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _hash(text: str) -> str:
    """What a content security policy calls a script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
