"""Bundled data are found in a checkout and in a wheel, and their absence is said plainly."""

import pytest

from parley import paths
from parley.errors import ParleyError


def test_a_checkout_s_scenarios_are_found():
    folder = paths.scenarios_folder()
    assert {"places", "practices"} <= {path.name for path in folder.iterdir()}


def test_a_wheel_s_scenarios_come_first(tmp_path, monkeypatch):
    package = tmp_path / "site" / "parley"
    (package / "_scenarios").mkdir(parents=True)
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.scenarios_folder() == package / "_scenarios"


def test_missing_scenarios_are_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "site" / "parley")
    with pytest.raises(ParleyError, match="No bundled scenarios"):
        paths.scenarios_folder()


def test_the_package_s_own_data_are_found():
    assert paths.package_file("parameters.toml").is_file()


def test_a_missing_data_file_is_an_error():
    with pytest.raises(ParleyError, match=r"no-such-file\.toml is missing"):
        paths.package_file("no-such-file.toml")
