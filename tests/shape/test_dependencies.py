"""Declared, locked and used dependencies are the same, and no file names a package index."""

import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PACKAGES = ("parley", "parley_experiments", "parley_analysis", "parley_workshop")
INDIRECT = {"networkx"}
"""Declared though never imported here: Mesa imports it without declaring it."""

INDEX_HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "pypi" + ".python.org",
    "npmjs" + ".org",
    "anaconda" + ".org",
    "conda" + "forge.org",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "debian" + ".org",
)
LOCKS = ("requirements.lock", "requirements-workshop.lock", "requirements-dev.lock")
INDEX_FILES = ("uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "package-lock.json")
LOCKED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


def tracked(root):
    """Files under version control; skips where there is no version control."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")
    return [root / name for name in names if name and (root / name).is_file()]


def locked(root, name):
    text = (root / name).read_text(encoding="utf-8")
    return {canonicalize_name(m["name"]): Version(m["version"]) for m in LOCKED.finditer(text)}


def requirements(project, *groups):
    """Requirements of the project and of dependency groups, included groups followed."""
    found = list(project["project"]["dependencies"])
    for group in groups:
        for entry in project["dependency-groups"][group]:
            if isinstance(entry, str):
                found.append(entry)
            else:
                found += project["dependency-groups"][entry["include-group"]]
    return [Requirement(text) for text in found]


@cache
def providers_of_modules():
    return packages_distributions()


def imported_distributions(sources):
    """Distributions whose modules the files import, other than those of this repository."""
    providers = providers_of_modules()
    modules = {module.split(".")[0] for s in sources for _, module in s.imported()}
    ours = {*PACKAGES, *(source.module.split(".")[0] for source in sources)}
    outside = modules - set(sys.stdlib_module_names) - ours
    return {
        canonicalize_name(distribution)
        for module in outside
        for distribution in providers.get(module, [module])
    }


def test_every_import_is_declared(sources, project):
    extras = [
        Requirement(r) for e in project["project"]["optional-dependencies"].values() for r in e
    ]
    declared = {canonicalize_name(r.name) for r in [*requirements(project), *extras]}
    assert imported_distributions(sources) - declared == set()


def test_every_import_of_the_tests_is_declared(sources_of_tests, project, root):
    extras = [
        Requirement(r) for e in project["project"]["optional-dependencies"].values() for r in e
    ]
    declared = {canonicalize_name(r.name) for r in requirements(project, "build", "dev") + extras}
    for lock in (root / "benchmarks").glob("*.lock"):  # environments of their own
        declared |= locked(lock.parent, lock.name).keys()
    assert imported_distributions(sources_of_tests) - declared == set()


def test_every_declared_dependency_is_imported(sources, project):
    declared = {canonicalize_name(r.name) for r in requirements(project)}
    assert declared - imported_distributions(sources) - INDIRECT == set()


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])],
)
def test_lock_satisfies_what_is_declared(root, project, lock, groups):
    versions = locked(root, lock)
    unmet = [
        str(requirement)
        for requirement in requirements(project, *groups)
        if versions.get(canonicalize_name(requirement.name), Version("0"))
        not in requirement.specifier
    ]
    assert unmet == []


def test_each_lock_extends_the_smaller_one(root):
    runtime, workshop, development = (locked(root, name) for name in LOCKS)
    assert runtime.items() <= workshop.items() <= development.items()


def test_the_lock_of_the_workshop_has_its_extra(root, project):
    versions = locked(root, "requirements-workshop.lock")
    wanted = map(Requirement, project["project"]["optional-dependencies"]["workshop"])
    unmet = [
        str(requirement)
        for requirement in wanted
        if versions.get(canonicalize_name(requirement.name), Version("0"))
        not in requirement.specifier
    ]
    assert unmet == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(root, lock):
    text = (root / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert len(entries) == len(locked(root, lock)) > 10
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_no_tracked_file_names_a_package_index(root):
    naming = [
        f"{path.relative_to(root)}: {host}"
        for path in tracked(root)
        for host in INDEX_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert naming == []


def test_no_lock_file_of_a_kind_that_names_an_index(root):
    assert [path.name for path in tracked(root) if path.name in INDEX_FILES] == []
