"""Files stay short, functions stay small, everything public is described."""

import ast

FILE_LINES = 400
FUNCTION_LINES = 50
PARAMETERS = 7
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parameters(function):
    """The parameters a caller gives: all but `self` and `cls`."""
    spec = function.args
    named = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    starred = [a.arg for a in (spec.vararg, spec.kwarg) if a]
    return [name for name in named + starred if name not in ("self", "cls")]


def code_lines(function):
    """Lines of a function without decorators, signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def public_definitions(tree):
    """Public functions and classes of a module, and the public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def is_overload(function):
    return any(ast.unparse(decorator).endswith("overload") for decorator in function.decorator_list)


def test_no_file_is_too_long(sources, root):
    files = [s.path for s in sources if not s.generated]
    files += [p for folder in ("tests", "benchmarks") for p in (root / folder).rglob("*.py")]
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    long = {str(p.relative_to(root)): n for p, n in lengths.items() if n > FILE_LINES}
    assert long == {}


def test_no_function_takes_too_many_parameters(sources):
    many = [
        f"{source.at(function)} {function.name}"
        for source in sources
        for function in source.walk(*FUNCTIONS)
        if len(parameters(function)) > PARAMETERS
    ]
    assert many == []


def test_no_function_is_too_long(sources):
    long = [
        f"{source.at(function)} {function.name}: {code_lines(function)} lines"
        for source in sources
        if not source.generated
        for function in source.walk(*FUNCTIONS)
        if code_lines(function) > FUNCTION_LINES
    ]
    assert long == []


def test_everything_public_has_a_docstring(sources):
    silent = [source.name for source in sources if ast.get_docstring(source.tree) is None]
    silent += [
        f"{source.at(node)} {node.name}"
        for source in sources
        for node in public_definitions(source.tree)
        if ast.get_docstring(node) is None
        if isinstance(node, ast.ClassDef) or not is_overload(node)
    ]
    assert silent == []


def test_there_is_something_to_look_at(sources):
    assert {source.module.partition(".")[0] for source in sources} == {
        "parley",
        "parley_experiments",
        "parley_analysis",
        "parley_workshop",
    }
