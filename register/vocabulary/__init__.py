"""The facts that rule modules may use, and how each is read from SQL and from an object."""

from dataclasses import replace

from register.parameters import ParameterCatalogue
from register.territories import territory_tree
from rules.vocabulary import Vocabulary

from .lists import lists
from .lookups import RELATIONS
from .phrases import PHRASES
from .principal_facts import principal_facts
from .row_facts import household_facts, state_facts
from .set_facts import people_facts, territory_facts
from .themes import THEMES

__all__ = ["build_vocabulary"]


def build_vocabulary() -> Vocabulary:
    """Every fact, declared once."""
    facts = (
        *territory_facts(),
        *people_facts(),
        *state_facts(),
        *household_facts(),
        *principal_facts(),
    )
    worded = (
        replace(fact, phrases=PHRASES.get(fact.code, {}), theme=THEMES.get(fact.code, ""))
        for fact in facts
    )
    return Vocabulary(worded, RELATIONS, territory_tree(), ParameterCatalogue(), lists=lists())
