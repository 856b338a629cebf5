"""What the nightly checks of the rules found last: kept until the next night replaces it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleCheck(models.Model):
    """One check on one subject (a module's version, past decisions): its last result.

    `failures` are messages for the people who write the rules; none holds personal data.
    """

    check_code = models.CharField(_("check"), max_length=20)
    subject = models.CharField(_("subject"), max_length=120)
    total = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, blank=True)
    ran_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("check of the rules")
        verbose_name_plural = _("checks of the rules")
        ordering = ["check_code", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["check_code", "subject"], name="one_result_per_check")
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.subject}"
