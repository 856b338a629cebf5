"""The texts in force on one file, filled with what the reader may read of it."""

from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from register import access, papers
from register.letters import texts
from register.letters.values import values_of
from register.models import Demand, Event
from register.principals import Principal
from register.selectors.charter import coming_versions
from rules import registry
from rules.kinds.letters import Letter, Letters
from rules.letters import Filled, fill
from rules.publication.letters import channels
from rules.registry import Installed

POST = "post"
PAPER = "event.piece"
# What was written to the applicant alone is shown to nobody who prepares a letter.
WORDS = "step.words"


@dataclass(frozen=True)
class Preview:
    """One text as the applicant would read it. `withheld`: a value that the reader may not read.

    `lacking`: a value that the file does not have; the text would not be sent. `may_address`: the
    reader may read the name and the address that the envelope shows.
    """

    letter: Letter
    channels: str
    filled: Filled
    module: str
    version: int
    withheld: bool
    lacking: tuple[str, ...]
    may_address: bool
    is_in_force: bool = True

    @property
    def is_posted(self) -> bool:
        """True for a text that leaves on paper."""
        return POST in self.letter.channels

    @property
    def can_print(self) -> bool:
        """True when the letter can be shown as it would be posted."""
        may_leave = self.is_in_force and self.is_posted and self.may_address
        return may_leave and not self.withheld and not self.lacking


def texts_of(demand: Demand) -> list[Letter]:
    """Every text that may be sent about this demand, in the order of the modules."""
    return [letter for _module, letter in texts.letters_in_force(demand.department_id)]


def coming_texts(principal: Principal, demand: Demand) -> list[tuple[Installed[Letters], Letter]]:
    """The texts that versions not yet in force add or change, to whoever may read these."""
    current = {letter.code: letter for letter in texts_of(demand)}
    return [
        (version, letter)
        for version in coming_versions(principal, "letters", demand.department_id)
        for letter in version.body.letters
        if letter != current.get(letter.code)
    ]


def preview(principal: Principal, demand: Demand, code: str, version: str = "") -> Preview | None:
    """The text of this code on this file, in the language of the demand; None if there is none.

    `version` is the identifier of one that is not yet in force.
    """
    if version:
        coming = coming_texts(principal, demand)
        found = [pair for pair in coming if str(pair[0].version_id) == version]
    else:
        found = list(texts.letters_in_force(demand.department_id))
    for module, letter in found:
        if letter.code == code:
            shown = _preview(principal, demand, module, letter)
            return replace(shown, is_in_force=not version)
    return None


def message_from(principal: Principal, demand: Demand, letter: Letter) -> str:
    """A text to start a message from, as the writer may read it; what the file lacks is named."""
    return _filled(principal, demand, letter, None, is_message=True)[0].text


def _preview(
    principal: Principal, demand: Demand, module: Installed[Letters], letter: Letter
) -> Preview:
    rights = access.fields(principal, demand)
    placeholders = registry.vocabulary().lists.placeholders
    told = _latest(demand, letter.about)
    filled, hidden, lacking = _filled(principal, demand, letter, told)
    return Preview(
        letter=letter,
        channels=channels(letter),
        filled=filled,
        module=module.code,
        version=module.number,
        withheld=bool(hidden),
        lacking=tuple(str(placeholders[code].label) for code in sorted(lacking)),
        may_address=all(map(rights.can_read, texts.ENVELOPE)),
    )


def _filled(
    principal: Principal,
    demand: Demand,
    letter: Letter,
    told: Event | None,
    *,
    is_message: bool = False,
) -> tuple[Filled, set[str], set[str]]:
    """The text, the placeholders that are masked to the reader, and those without a value."""
    rights = access.fields(principal, demand)
    placeholders = registry.vocabulary().lists.placeholders
    hidden = {
        code
        for code in letter.placeholders
        if placeholders[code].field_set and not rights.can_read(placeholders[code].field_set)
    }
    if told is not None:
        hidden |= letter.placeholders & {WORDS}
    if told is not None and papers.tells_more_than(told.reason, rights):
        hidden |= letter.placeholders & {PAPER}
    with translation.override(demand.language):
        values = values_of(demand, told, principal.organisation, is_message=is_message)
        masked = dict.fromkeys(hidden, _("[masked]"))
        labels = {code: f"[{placeholders[code].label}]" for code in letter.placeholders}
    lacking = {code for code in letter.placeholders if not values.get(code)} - hidden
    shown = {code: values[code] for code in letter.placeholders - hidden - lacking}
    with translation.override(demand.language):
        filled = fill(letter, demand.language, {**labels, **masked, **shown}, registry.vocabulary())
    return filled, hidden, lacking


def _latest(demand: Demand, kind: str) -> Event | None:
    """The step that a text tells: the latest of its kind."""
    return demand.events.filter(kind=kind).order_by("-at", "-pk").first() if kind else None
