"""Finds the data files that come with Parley, in a checkout and in an installed wheel."""

from pathlib import Path

from parley.errors import ParleyError

_PACKAGE = Path(__file__).resolve().parent


def package_file(name: str) -> Path:
    """Locate a data file of the package itself, such as `parameters.toml`.

    Args:
        name: File name inside the package folder.

    Returns:
        Its path.

    Raises:
        ParleyError: If the file is not there, so the installation is damaged.
    """
    path = _PACKAGE / name
    if not path.is_file():
        raise ParleyError(f"{path} is missing; reinstall Parley.")
    return path


def scenarios_folder() -> Path:
    """Locate the bundled places, practices and interventions.

    Returns:
        `_scenarios` inside the package where a wheel put it, else `scenarios` at the top of the
        checkout the package runs from.

    Raises:
        ParleyError: If neither is there, so the installation is damaged.
    """
    candidates = (_PACKAGE / "_scenarios", _PACKAGE.parents[1] / "scenarios")
    for folder in candidates:
        if folder.is_dir():
            return folder
    tried = " or ".join(map(str, candidates))
    raise ParleyError(f"No bundled scenarios at {tried}; reinstall Parley.")
