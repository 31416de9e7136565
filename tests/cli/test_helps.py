"""No help loses a word: brackets in it are shown, not read as styles."""

import re

import pytest

from parley.cli import app


def words(text):
    """Words of a help or a docstring, without the lines of boxes and where lines were broken."""
    return re.sub(r"[\s│]+", "", text)


COMMANDS = {command.name: command.callback for command in app.registered_commands}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_says_all_that_was_written(cli, name):
    code, out, _ = cli(name, "--help")
    assert code == 0
    assert words(COMMANDS[name].__doc__.replace("\\[", "[")) in words(out)


def test_the_extra_to_install_is_named(cli):
    assert 'pipinstall"parley-sim[workshop]"' in words(cli("workshop", "--help")[1])
    assert 'pipinstall"parley-sim[sa]"' in words(cli("sensitivity", "--help")[1])


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_loses_a_bracket(cli, name):
    _, out, _ = cli(name, "--help")
    shown = words(out)
    for hint in COMMANDS[name].__annotations__.values():
        for extra in getattr(hint, "__metadata__", ()):
            for bracket in re.findall(r"\[[^]]*\]", extra.help or ""):
                assert words(bracket) in shown
