"""What the rules decided on a demand: with which versions, from which facts, with which outcome."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .demand import Demand
from .journal import Event


class DecisionKind(models.TextChoices):
    """What rules decide."""

    ACCESS = "access", pgettext_lazy("decision", "Right to act")
    DEADLINE = "deadline", pgettext_lazy("decision", "Delay")
    SCORE = "score", pgettext_lazy("decision", "Score")
    LABEL = "label", pgettext_lazy("decision", "Priority")
    REFUSAL = "refusal", pgettext_lazy("decision", "Refusal")


class RuleDecision(models.Model):
    """One decision of the rules, kept with all it takes to make it again (CCH R441-2-15).

    `subject` is the action, or the code of the delay, grid, priority, reason or paper. `facts`
    holds only what the rules asked for. It goes with the demand: erased with it, never kept longer.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="decisions")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="decisions"
    )
    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    subject = models.CharField(max_length=100)
    version_ids = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    on = models.DateField(_("day that the rules looked at"))
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("decision of the rules")
        verbose_name_plural = _("decisions of the rules")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
