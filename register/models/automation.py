"""What automatic rules did or would have done, the work they ask for, and whom they tell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rules.models import RuleModuleVersion

from .demand import Demand
from .journal import Event
from .organisation import Organisation


class RunOutcome(models.TextChoices):
    """What became of a rule that was started on a demand."""

    DONE = "done", pgettext_lazy("automatic rule", "Done")
    PLANNED = "planned", pgettext_lazy("automatic rule", "Would have been done")
    SKIPPED = "skipped", pgettext_lazy("automatic rule", "Not done")


class SkipReason(models.TextChoices):
    """Why a rule that was started did nothing."""

    CONDITION = "condition", _("its condition is not met")
    UNKNOWN = "unknown", _("the file does not say")
    QUOTA = "quota", _("it has done its share of the day")
    LOOP = "loop", _("it already acted in this chain of steps")
    DEPTH = "depth", _("the chain of steps is too long")
    NO_BODY = "no_body", _("no organisation is in charge")
    NO_TEXT = "no_text", _("its text is not in force or cannot be filled")
    NO_DELAY = "no_delay", _("its delay is not in force")
    NO_ENDPOINT = "no_endpoint", _("its endpoint is not registered")
    NOT_OPEN = "not_open", _("the file is not open to the organisation to be told")


class AutomationRun(models.Model):
    """One rule started on one demand: what it did, or why not. No personal data.

    `key` names the step, the rule and its version, or the delay and the rule: the same is never
    done twice. The run of a delay is weighed again, and rewritten, until something is done.
    `chain` is the rules that led there, this one last; `about_on` the day of the delay, if any.
    """

    key = models.CharField(max_length=200, unique=True)
    rule = models.CharField(_("automatic rule"), max_length=180)
    version = models.ForeignKey(RuleModuleVersion, on_delete=models.PROTECT, related_name="+")
    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="automation_runs")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="automation_runs"
    )
    about_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=RunOutcome.choices)
    reason = models.CharField(max_length=20, choices=SkipReason.choices, blank=True)
    acts = models.JSONField(default=list, blank=True)
    chain = models.JSONField(default=list, blank=True)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("start of an automatic rule")
        indexes = [
            models.Index(fields=["rule", "demand", "about_on"], name="run_rule_demand"),
            models.Index(fields=["rule", "-at"], name="run_rule_at"),
        ]

    def __str__(self) -> str:
        return self.key


class AutomationDay(models.Model):
    """How often a rule acted on a day: its quota is taken here, one statement at a time."""

    rule = models.CharField(max_length=180)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("share of the day of an automatic rule")
        constraints = [models.UniqueConstraint(fields=["rule", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"


class TaskKind(models.TextChoices):
    """What is asked of an organisation on a demand."""

    TASK = "task", pgettext_lazy("task", "Task")
    FOLLOW = "follow", pgettext_lazy("task", "File to follow")
    COMPLETE = "complete", pgettext_lazy("task", "File to complete")
    TELL = "tell", pgettext_lazy("task", "To be told by the safe way")
    IDENTITY = "identity", pgettext_lazy("task", "Identity to check again")


class Task(models.Model):
    """Something that an organisation has to do on a demand, perhaps by a day.

    A rule gives it in a run; or the register does, for a step that it may not write to the
    applicant of a sealed file, or an identity that is to be checked again.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="tasks")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=10, choices=TaskKind.choices)
    title_fr = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    run = models.ForeignKey(
        AutomationRun, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    position = models.PositiveSmallIntegerField(default=0)
    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="task"
    )
    created_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("task")
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="one_task_per_act"),
            models.CheckConstraint(
                condition=models.Q(run__isnull=False, event__isnull=True)
                | models.Q(run__isnull=True, event__isnull=False),
                name="task_of_a_run_or_a_step",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on"],
                condition=models.Q(done_at__isnull=True),
                name="task_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} {self.kind}"


class WorkingTag(models.Model):
    """A working tag put on a demand: it sorts the work and gives no priority (CCH L441-1)."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="working_tags")
    code = models.CharField(max_length=20)
    run = models.ForeignKey(AutomationRun, on_delete=models.CASCADE, related_name="tags")
    added_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("working tag")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["demand", "code"], name="tag_once")]

    def __str__(self) -> str:
        return self.code


class WebhookEndpoint(models.Model):
    """An address of a partner's software that automatic rules may tell, under a name."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="webhooks",
        verbose_name=_("organisation"),
    )
    url = models.URLField(_("address"), max_length=300)
    secret = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("endpoint of a partner’s software")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
