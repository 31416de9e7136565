"""The command line: `parley COMMAND`. Commands live in `parley.commands`; here are exit codes.

Exit codes: 0 all well; 1 a check failed (a run stopped with an error, a figure would mislead);
2 bad input; 3 something inside Parley broke; 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from parley.commands import (
    compare,
    describe,
    discover,
    handout,
    merge,
    new_place,
    params,
    places,
    references,
    run,
    sensitivity,
    study,
    sweep,
    validate,
    workshop,
    workshop_kit,
)
from parley.commands.options import gather
from parley.errors import (
    ConservationError,
    OptionError,
    ParleyError,
    RegistryError,
    RunError,
)

OK, CHECK_FAILED, BAD_INPUT, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

app = typer.Typer(
    name="parley",
    help="A laboratory for the relations between companies and the communities they work among.",
    epilog="Start with: parley compare --demo",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for module in (
    run,
    compare,
    sweep,
    merge,
    sensitivity,
    discover,
    study,
    handout,
    validate,
    describe,
    params,
    places,
    new_place,
    references,
    workshop,
    workshop_kit,
):
    module.register(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"parley {version('parley-sim')}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the full traceback when Parley breaks.")
    ] = False,
) -> None:
    """A laboratory for the relations between companies and the communities they work among."""
    del version, debug  # the first acts by its callback, the second is read by `main`


def main() -> None:
    """Run the command line and leave with its exit code."""
    for variable in _THREAD_VARIABLES:  # runs are spread over processes, not threads
        os.environ.setdefault(variable, "1")
    try:
        app(gather(sys.argv[1:]), prog_name="parley")
    except OptionError as error:
        _complain(str(error))
        sys.exit(BAD_INPUT)
    except (RunError, ConservationError, RegistryError) as error:
        _complain(str(error))
        sys.exit(INTERNAL)
    except ParleyError as error:
        _complain(str(error))
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.stderr.close()  # the reader, such as `head`, has had enough
        sys.exit(OK)
    except Exception as error:  # noqa: BLE001 - the last resort, which reports what it caught
        _report_defect(error)
        sys.exit(INTERNAL)


def _complain(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"error: {line}", err=True)


def _report_defect(error: Exception) -> None:
    """One line on the screen and the traceback in a file, or all of it with --debug."""
    text = "".join(traceback.format_exception(error))
    if "--debug" in sys.argv:
        typer.echo(text, err=True)
        return
    with tempfile.NamedTemporaryFile(
        "w", prefix="parley-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"{' '.join(sys.argv)}\n\n{text}")
    first = str(error).partition("\n")[0]
    typer.echo(
        f"internal error: {type(error).__name__}: {first}. This is a defect of Parley; the "
        f"traceback is in {Path(file.name)}",
        err=True,
    )


if __name__ == "__main__":
    main()
