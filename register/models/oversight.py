"""How rights are watched over: what must never be allowed, its nightly checks, who looked."""

from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .demand import Demand
from .organisation import Membership


class AccessAssertion(models.Model):
    """What must never (or always) be allowed, written by the data-protection officer.

    `body` has the shape of one item of a module's `assertions.json` (`rules/assertions.py`). A row
    is never changed: it is retired, and another one is written.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    body = models.JSONField(_("assertion"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(_("reason"), max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("access assertion")
        verbose_name_plural = _("access assertions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class AssertionCheck(models.Model):
    """One run of every access assertion on the real register."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("check of access assertions")
        verbose_name_plural = _("checks of access assertions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class AssertionResult(models.Model):
    """What one check found for one assertion: counts by organisation and role, never a name."""

    check_run = models.ForeignKey(AssertionCheck, on_delete=models.CASCADE, related_name="results")
    code = models.SlugField(max_length=80)
    people = models.PositiveIntegerField(default=0)
    # People were concerned, but no demand of the register is: nothing was proved.
    is_without_demand = models.BooleanField(default=False)
    counter_examples = models.PositiveIntegerField(default=0)
    # [{"organisation": 7, "role": "agent", "action": "view", "data": "", "demands": 3}, …]
    details = models.JSONField(default=list, blank=True)
    # Rules that no longer read: told rather than passed over.
    fault = models.CharField(max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("result of an access assertion")
        verbose_name_plural = _("results of access assertions")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["check_run", "code"], name="one_result_per_assertion")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.counter_examples}"


class LookKind(models.TextChoices):
    """How the manager looked into somebody's rights."""

    EXPLAIN = "explain", _("Explanation of an access")
    COMPARE = "compare", _("Comparison of two people")
    SEE_AS = "see_as", _("Register seen as somebody")


class Look(models.Model):
    """One look of the manager into somebody's rights: whose, why, until when; never changed."""

    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=LookKind.choices)
    subject = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    demand = models.ForeignKey(
        Demand, on_delete=models.CASCADE, null=True, blank=True, related_name="looks"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("look into somebody’s rights")
        verbose_name_plural = _("looks into people’s rights")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a look that is already written."""
        if not self._state.adding:
            raise ValidationError(_("A look already written cannot be changed."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the journal of the manager's own looks stays whole."""
        raise ValidationError(_("A look already written cannot be changed."))
