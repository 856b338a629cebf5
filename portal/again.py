"""What an association told with its last demand is shown with the next one, and not asked again."""

from register.form.answers import Answers
from register.form.recorded import recorded
from register.principals import Principal
from register.selectors import space
from register.templatetags.shell import siren_spaced

PAGES = ("association", "coordonnees", "coordonnees-adresse")


def fill_in(answers: Answers, principal: Principal) -> bool:
    """Fill the pages that say who it is and how to reach it, as long as nothing is written there.

    They are read and confirmed one by one, as any page. False when nothing was known.
    """
    if not answers.is_association or any(answers.raw(page) for page in PAGES):
        return False
    own = space.own_demands(principal).filter(association__isnull=False)
    last = own.first()
    if last is None:
        return False
    told = recorded(space.declared(last))
    for page in PAGES:
        answers.write(page, told.raw(page))
    # It is never changed, hence no answer that can be: the numbering goes on with it.
    siren = [siren_spaced(last.association.siren)]
    answers.write("association", {**answers.raw("association"), "siren": siren})
    return True
