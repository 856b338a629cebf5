"""Simulations asked for: which version, how far, and what was found (counts only)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SimulationState(models.TextChoices):
    """Where a simulation stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Failed")


class Simulation(models.Model):
    """What one version of a module would change on the whole stock, counted once.

    `content_hash` is that of the version when it was read: a draft may have changed since. `result`
    holds codes and numbers of files, never a demand nor a name.
    """

    version = models.ForeignKey(
        "rules.RuleModuleVersion", on_delete=models.CASCADE, related_name="simulations"
    )
    content_hash = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=SimulationState.choices, default=SimulationState.WAITING
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    fault = models.CharField(max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["version", "-asked_at"], name="simulation_of_version")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=SimulationState.values), name="simulation_known_state"
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="simulation_one_at_a_time",
                violation_error_message=_("A simulation of this version is already under way."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_under_way(self) -> bool:
        """True until it finished or failed."""
        return self.state in (SimulationState.WAITING, SimulationState.RUNNING)

    @property
    def percent(self) -> int:
        """How far it went, in percent."""
        return round(100 * self.done / self.total) if self.total else 0
