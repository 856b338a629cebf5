"""Automatic rules in words: what starts them, on which files, what they do, how often at most."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rules.conditions import AllOf
from rules.formatting import listed, number, quoted
from rules.kinds.automation import Act, AutomaticRule, Automation, Mode, OnUnknown, Verb, Wait
from rules.references import WRITING, title_of
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .deadlines import counted
from .published import Published

MODES: Mapping[Mode, Promise] = {
    Mode.ACTIVE: gettext_lazy("This rule acts."),
    Mode.DRY_RUN: gettext_lazy("This rule is being tried: it only notes what it would do."),
}


def publish(body: Automation, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per automatic rule."""
    for rule in body.rules:
        parts = [(_("Starts"), f"{capfirst(start(rule, vocabulary))}.")]
        if rule.condition != AllOf():
            parts.append((_("If"), sentence(rule.condition, vocabulary)))
        acts = listed([act(item, vocabulary) for item in rule.acts], every=True)
        parts.append((_("Then"), f"{capfirst(acts)}."))
        parts.append((_("Limits"), _limits(rule)))
        parts.append(("", str(rule.explanation)))
        yield Published(rule.code, str(rule.title), rule.legal_basis, rule.chapter, tuple(parts))


def start(rule: AutomaticRule, vocabulary: Vocabulary) -> str:
    """What starts a rule, as a clause."""
    trigger, lists = rule.trigger, vocabulary.lists
    if trigger.moment:
        moment = lists.moments[trigger.moment]
        return _("each night, where {moment}").format(moment=moment)
    step = quoted(str(lists.events[trigger.event]))
    if trigger.after is None:
        return _("at the step {step}").format(step=step)
    wait = _waited(trigger.after)
    if not trigger.unless:
        return _("{wait} after the step {step}").format(wait=wait, step=step)
    others = listed([quoted(str(lists.events[code])) for code in trigger.unless], every=False)
    return _("{wait} after the step {step}, unless {others} came since").format(
        wait=wait, step=step, others=others
    )


def act(item: Act, vocabulary: Vocabulary) -> str:
    """What a rule does, as a clause."""
    lists = vocabulary.lists
    words = {
        "body": lists.bodies.get(item.body, ""),
        "tag": quoted(str(lists.tags.get(item.target, item.target))),
        "target": _target(item),
        "title": quoted(str(item.title or "")),
    }
    text = str(_ACTS[item.verb]).format(**words)
    if item.due is None:
        return text
    due = _waited(item.due) if isinstance(item.due, Wait) else title_of("deadlines", item.due)
    return _("{act}, within {delay}").format(act=text, delay=due)


def _target(item: Act) -> str:
    return title_of("letters", item.target) if item.verb in WRITING else quoted(item.target)


_ACTS: Mapping[Verb, Promise] = {
    Verb.ASSIGN: gettext_lazy("the file is given to follow to {body}"),
    Verb.LABEL: gettext_lazy("the working tag {tag} is put on the file"),
    Verb.TASK: gettext_lazy("a task is given to {body}: {title}"),
    Verb.MESSAGE: gettext_lazy("the text {target} is written to the applicant by {body}"),
    Verb.LETTER: gettext_lazy("the text {target} is sent to the applicant by {body}"),
    Verb.WEBHOOK: gettext_lazy("the software {target} is told, without personal data"),
}


def _limits(rule: AutomaticRule) -> str:
    parts = [_("At most {n} times a day.").format(n=number(rule.quota)), str(MODES[rule.mode])]
    if rule.condition != AllOf():
        unknown = (
            _("When the file does not say, a task asks to complete it.")
            if rule.on_unknown is OnUnknown.TASK
            else _("When the file does not say, nothing is done.")
        )
        parts.append(unknown)
    return " ".join(parts)


def _waited(wait: Wait) -> str:
    return counted(wait.value, wait.unit)
