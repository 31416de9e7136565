"""Constructs that the source does without."""

import ast

TYPES = {"Generator", "BitGenerator"}
MAKERS = {"Philox", "PCG64", "SeedSequence", "default_rng"}
"""What makes a generator, and has to be given a seed."""


def test_no_bare_except(sources):
    bare = [s.at(node) for s in sources for node in s.walk(ast.ExceptHandler) if node.type is None]
    assert bare == []


def test_no_assert_outside_tests(sources):
    assert [s.at(node) for s in sources for node in s.walk(ast.Assert)] == []


def test_no_global_statement(sources):
    assert [s.at(node) for s in sources for node in s.walk(ast.Global)] == []


def test_only_the_command_line_prints(sources):
    printing = [
        source.at(call)
        for source in sources
        if not source.within("parley.cli", "parley.generate")
        for call in source.walk(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert printing == []


def test_nobody_uses_the_standard_library_s_random_numbers(sources):
    using = [
        source.at(node)
        for source in sources
        for node, module in source.imported()
        if module.split(".")[0] == "random" and not source.only_for_types(node)
    ]
    assert using == []


def test_nobody_uses_numpy_s_global_random_state(sources):
    """Everything under `np.random` but the types, and generators made from an explicit seed."""
    using = [
        f"{source.at(node)} {node.attr}"
        for source in sources
        for node in source.walk(ast.Attribute)
        if ast.unparse(node.value) in ("np.random", "numpy.random")
        if node.attr not in TYPES
        if not (node.attr in MAKERS and is_seeded(source, node))
    ]
    assert using == []


def is_seeded(source, function):
    return any(
        call.func is function and (call.args or call.keywords) for call in source.walk(ast.Call)
    )


def test_rules_draw_no_random_numbers_of_their_own(sources):
    """Mechanisms get their draws as arguments; steps and institutions take them from streams."""
    drawing = [
        source.at(node)
        for source in sources
        if source.within("parley.mechanisms", "parley.steps", "parley.institutions")
        for node in source.walk(ast.Attribute, ast.Name)
        if getattr(node, "attr", getattr(node, "id", None)) in ("random", "rng", "default_rng")
    ]
    assert drawing == []


def test_mechanisms_read_no_clock_and_no_file(sources):
    impure = {"time", "datetime", "os", "pathlib", "logging", "sys", "io"}
    reading = [
        f"{source.at(node)} {module}"
        for source in sources
        if source.within("parley.mechanisms")
        for node, module in source.imported()
        if module.split(".")[0] in impure
    ]
    assert reading == []
