"""The words of what the applicant agreed to receive, and by which ways."""

from django.utils.translation import gettext as _

from portal.space.steps import Step, Told
from portal.space.words import day_of, label_of
from register.models import SafeWay
from register.selectors.preferences import EMAIL, LETTERS, SMS, Consent, Preferences
from register.templatetags.shell import phone_spaced


def chosen(told: Told) -> Step:
    """What the applicant changed: each way with her answer; or the safe way of a sealed file."""
    if "safe_way" in told.event.details:
        return _safe_way(told)
    names = {EMAIL: _("e-mails"), SMS: _("text messages"), LETTERS: _("letters by post")}
    details = told.event.details
    step = Step(told.fill(_("On %(day)s, you chose how you are written to.")), "bell")
    agreed = ", ".join(word for name, word in names.items() if details.get(name) is True)
    refused = ", ".join(word for name, word in names.items() if details.get(name) is False)
    step.answers(_("Yes to"), agreed)
    step.answers(_("No more"), refused)
    return step.link(told.page("preferences"), _("See how you are written to"))


def _safe_way(told: Told) -> Step:
    sentence = (
        _("On %(day)s, %(who)s wrote down how to reach you without danger.")
        if told.by_somebody_else
        else _("On %(day)s, you chose how to be reached without danger.")
    )
    step = Step(told.fill(sentence), "bell")
    step.answers(_("From now on"), label_of(SafeWay, told.event.details["safe_way"]))
    return step.link(told.page("preferences"), _("See how you are written to"))


def said(consent: Consent, known: Preferences) -> str:
    """Under a box: the address that the way leads to, and since when the answer holds."""
    place = {
        EMAIL: known.email or _("no e-mail address"),
        SMS: phone_spaced(known.phone) or _("no telephone: a counter can add yours"),
        LETTERS: ", ".join(known.address) or _("no postal address: a counter can add yours"),
    }[consent.name]
    if consent.name == SMS and not known.has_sms:
        place = _("%(place)s; none is sent for now in this department") % {"place": place}
    answer = _("agreed") if consent.agreed else _("not asked for")
    return _("%(place)s. Since %(day)s: %(answer)s.") % {
        "place": place,
        "day": day_of(consent.since),
        "answer": answer,
    }
