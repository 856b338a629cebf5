"""Automatic rules of a step, started once the step is committed."""

from register.models import Outbox
from register.services.automation import evaluate_effect


def start_rules(effect: Outbox) -> None:
    """Start the rules of the step that the effect names; what was done is not done twice."""
    evaluate_effect(effect)
