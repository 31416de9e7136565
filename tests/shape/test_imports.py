"""Who may import whom: the short lists that import-linter's contracts leave to a test."""

import sys

import pytest

OURS = ("parley", "parley_experiments", "parley_analysis", "parley_workshop")
ANALYSIS_MAY = (
    "parley.store",
    "parley.registry",
    "parley.worth",
    "parley.provenance",
    "parley.errors",
    "parley.arrays",
)
"""Results, the registry (with what difference is worth telling), and versions."""
MECHANISMS_MAY = ("parley.arrays", "parley.parameters", "parley.mechanisms")
COMMAND_LINE = ("parley.cli", "parley.commands")
MESA_IN = (
    "parley.model",
    "parley.population",
    "parley.people",
    "parley.person",
    "parley.institutions",
)
MECHANISMS_USE = ("numpy", "scipy")


def lies_in(module, packages):
    return any(module == p or module.startswith(p + ".") for p in packages)


def offences(sources, importers, forbidden):
    """Imports made by `importers` for which `forbidden(imported)` holds."""
    return [
        f"{source.at(node)} {module}"
        for source in sources
        if source.within(*importers)
        for node, module in source.imported()
        if forbidden(module)
    ]


def test_imports_are_absolute(sources):
    assert offences(sources, OURS, lambda module: module.startswith(".")) == []


def test_analysis_reads_only_store_and_registry(sources):
    assert (
        offences(
            sources,
            ["parley_analysis"],
            lambda m: lies_in(m, OURS) and not lies_in(m, (*ANALYSIS_MAY, "parley_analysis")),
        )
        == []
    )


def test_mechanisms_import_only_array_types_and_parameters(sources):
    assert (
        offences(
            sources,
            ["parley.mechanisms"],
            lambda m: lies_in(m, OURS) and not lies_in(m, MECHANISMS_MAY),
        )
        == []
    )


def test_mechanisms_use_only_the_standard_library_numpy_and_scipy(sources):
    assert (
        offences(
            sources,
            ["parley.mechanisms"],
            lambda m: (
                not lies_in(m, (*OURS, *MECHANISMS_USE))
                and m.split(".")[0] not in sys.stdlib_module_names
            ),
        )
        == []
    )


def test_mesa_is_touched_only_by_model_population_and_institutions(sources):
    touching = [
        f"{source.at(node)} {module}"
        for source in sources
        if not source.within(*MESA_IN)
        for node, module in source.imported()
        if lies_in(module, ("mesa",))
    ]
    assert touching == []


@pytest.mark.parametrize("unstable", ["mesa.space", "mesa.experimental", "mesa.batchrunner"])
def test_parts_of_mesa_that_are_not_used(sources, unstable):
    assert offences(sources, OURS, lambda module: lies_in(module, (unstable,))) == []


def test_only_the_command_line_reaches_up(sources):
    """Beside it, only `import parley` offers `compare`, and that by name, when first used."""
    upward = [
        f"{source.at(node)} {module}"
        for source in sources
        if source.within("parley") and not source.within(*COMMAND_LINE)
        for node, module in source.imported()
        if lies_in(module, OURS[1:]) and not source.only_for_types(node)
    ]
    assert upward == []


def test_the_command_line_reaches_up_only_inside_its_functions(sources):
    eager = [
        f"{source.at(node)} {module}"
        for source in sources
        if source.within(*COMMAND_LINE)
        for node, module in source.imported()
        if lies_in(module, OURS[1:]) and node in source.tree.body
    ]
    assert eager == []


def test_the_model_does_not_lean_on_the_command_line(sources):
    leaning = [
        f"{source.at(node)} {module}"
        for source in sources
        if source.within("parley") and not source.within(*COMMAND_LINE)
        for node, module in source.imported()
        if lies_in(module, COMMAND_LINE)
    ]
    assert leaning == []
