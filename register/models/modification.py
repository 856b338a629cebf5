"""What each field of the declaration was, who changed it and from what (CCH R441-2-15)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .demand import Demand
from .document import Document
from .household import Person
from .journal import Event


class ChangeSource(models.TextChoices):
    """The three sources from which a declaration may change (arrêté du 23 mars 2015)."""

    APPLICANT = "applicant", pgettext_lazy("source", "The applicant")
    DOCUMENT = "document", pgettext_lazy("source", "A document")
    THIRD_PARTY = "third", pgettext_lazy("source", "Somebody else, with the applicant’s agreement")


class FieldChange(models.Model):
    """One answer of the declaration that changed; when, by whom and in which words: its event.

    One act may change several: they share its event.

    `question` is the page and the field of the form; `person` the one it is about. Both values are
    as the register keeps them: amounts in euros with two decimals, days in ISO 8601, codes.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="field_changes")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="field_changes")
    question = models.CharField(_("question"), max_length=80)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=ChangeSource.choices)
    document = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("change of the declaration")
        verbose_name_plural = _("changes of the declaration")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.question}"
