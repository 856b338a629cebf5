"""The facts that rule modules may use, and how each is read from SQL and from an object."""

from dataclasses import replace

from register.parameters import ParameterCatalogue
from register.territories import territory_tree
from rules.local_facts import LocalFacts
from rules.vocabulary import Vocabulary

from .answers import RELATION, answer_fact, chosen
from .derived_facts import DERIVED_FACTS
from .event_facts import event_facts
from .filling import WHILE_FILLING
from .home_facts import HOUSING_FACTS, PAPER_FACTS, WISH_FACTS
from .household_facts import HOUSEHOLD_FACTS, RESOURCE_FACTS
from .lists import lists
from .lookups import RELATIONS
from .phrases import PHRASES
from .principal_facts import principal_facts
from .row_facts import STATE_FACTS
from .set_facts import people_facts, territory_facts
from .themes import THEMES

__all__ = ["build_vocabulary"]


def build_vocabulary() -> Vocabulary:
    """Every fact, declared once."""
    facts = (
        *territory_facts(),
        *people_facts(),
        *STATE_FACTS,
        *HOUSEHOLD_FACTS,
        *RESOURCE_FACTS,
        *HOUSING_FACTS,
        *WISH_FACTS,
        *PAPER_FACTS,
        *DERIVED_FACTS,
        *principal_facts(),
        *event_facts(),
    )
    worded = (
        replace(fact, phrases=PHRASES.get(fact.code, {}), theme=THEMES.get(fact.code, ""))
        for fact in facts
    )
    return Vocabulary(
        worded,
        {**RELATIONS, RELATION: chosen},
        territory_tree(),
        ParameterCatalogue(),
        lists=lists(),
        local=LocalFacts(answer_fact, WHILE_FILLING),
    )
