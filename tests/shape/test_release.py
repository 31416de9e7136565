"""The version and the licence are the same wherever they are written."""

import re


def test_version_is_the_same_everywhere(root, project):
    version = project["project"]["version"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [version]
    assert re.findall(r"^## (.+)$", changelog, re.MULTILINE)[0] in (version, "Unreleased")


def test_licence_is_the_same_everywhere(root, project):
    assert project["project"]["license"] == "Apache-2.0"
    assert "license: Apache-2.0" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert "Apache License" in (root / "LICENSE").read_text(encoding="utf-8").splitlines()[1]
