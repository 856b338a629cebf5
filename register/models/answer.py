"""Answers to local questions: one typed column per kind of answer, found by question and value."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rules.models import RuleModuleVersion

from .demand import Demand

# The column in which an answer of each type of question is kept.
COLUMNS = {
    "boolean": "yes_no",
    "integer": "whole",
    "decimal": "amount",
    "money_month": "amount",
    "money_year": "amount",
    "date": "day",
    "choice": "code",
    "choices": "code",
    "text": "text",
}


def _index(column: str) -> models.Index:
    """From a question and an answer to the demands: what filters and rules look up."""
    return models.Index(
        fields=["question", column, "demand"],
        condition=Q(**{f"{column}__isnull": False}),
        name=f"local_answer_{column}",
    )


class LocalAnswer(models.Model):
    """What the applicant answered to a question of a territory, under the version that asked it.

    Several choices are several rows, so that each is found by its code; any other answer is one
    row. Amounts are in the unit of the question. A missing row is a question left unanswered.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="local_answers")
    question = models.CharField(_("question"), max_length=100)
    version = models.ForeignKey(RuleModuleVersion, on_delete=models.PROTECT, related_name="+")
    yes_no = models.BooleanField(null=True, blank=True)
    whole = models.IntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=100, null=True, blank=True)
    text = models.TextField(max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer to a local question")
        verbose_name_plural = _("answers to local questions")
        ordering = ["pk"]
        indexes = [_index(column) for column in ("yes_no", "whole", "amount", "day", "code")]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "question", "code"],
                condition=Q(code__isnull=False),
                name="local_answer_choice_once",
            ),
            models.UniqueConstraint(
                fields=["demand", "question"],
                condition=Q(code__isnull=True),
                name="local_answer_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.question}"
