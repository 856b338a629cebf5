"""What automatic rules name elsewhere: texts and delays of modules, programs of partners."""

from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _

from . import registry
from .errors import RuleError
from .formatting import quoted
from .kinds import Body
from .kinds.automation import Act, Automation, Verb

Named = Literal["letters", "deadlines", "endpoint"]
WRITING = frozenset({Verb.MESSAGE, Verb.LETTER})


def named(kind: Named) -> dict[str, str]:
    """The codes that modules in force give to texts, or to delays, with their titles.

    Or those of the programs that partners declared to be told, with their organisations.
    """
    if kind == "endpoint":
        programs = registry.vocabulary().lists.registered.get(kind)
        return {code: str(name) for code, name in programs().items()} if programs else {}
    return {
        item.code: str(item.title)
        for module in registry.in_force(kind)
        for item in module.body.items
    }


def title_of(kind: Named, code: str) -> str:
    """The title of a text or of a delay, quoted; the code of one that is not in force."""
    return quoted(named(kind).get(code, code))


def check_references(body: Body) -> None:
    """Raise RuleError, with its path, where a rule names what is not there."""
    if not isinstance(body, Automation):
        return
    for place, rule in enumerate(body.rules):
        for rank, act in enumerate(rule.acts):
            for kind, key, code in _named_by(act):
                known = named(kind)
                if code not in known:
                    path = f"rules[{place}].actions[{rank}].{key}"
                    raise RuleError(path, _missing(kind, code, known))


def _named_by(act: Act) -> Iterator[tuple[Named, str, str]]:
    if act.verb in WRITING:
        yield "letters", "letter", act.target
    if act.verb is Verb.WEBHOOK:
        yield "endpoint", "endpoint", act.target
    if isinstance(act.due, str):
        yield "deadlines", "due", act.due


def _missing(kind: Named, code: str, known: dict[str, str]) -> str:
    choices = ", ".join(f"{each} ({title})" for each, title in sorted(known.items()))
    messages = {
        "letters": _("no text in force has the code {code}; those in force are: {choices}"),
        "deadlines": _("no delay in force has the code {code}; those in force are: {choices}"),
        "endpoint": _("no partner declared a program {code}; those declared are: {choices}"),
    }
    return messages[kind].format(code=quoted(code), choices=choices or _("none"))
