"""What every template may ask for: icons, and French numbers, money, dates and punctuation.

`{% load shell %}` then `{% icon "check" %}`, `{{ text|french }}`, `{{ amount|euros }}`,
`{{ day|date_long }}`, `{{ demand.number|number_spaced }}`.
"""

import re
from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import phonenumbers
from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from register.business import SIREN, SIRET
from register.web import typed
from register.web.inputs import attributes

register = template.Library()
register.filter(attributes)

NARROW = "\u202f"
NO_BREAK = "\u00a0"
NUMBER_LENGTH = 18
FRANCE = 33
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
TONE_ICONS = {
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "exclamation-circle-fill",
    "error": "exclamation-circle-fill",
    "info": "info-circle-fill",
    "plain": "info-circle-fill",
    "accent": "circle-half",
}

_BEFORE_HIGH = re.compile(r"(?<=[^\s/&(])[ \u00a0\u202f]*([!?%]+)(?!\w)|[ \u00a0\u202f]+(;)")
_BEFORE_COLON = re.compile(r"[ \u00a0\u202f]+:")
_OPENING = re.compile(r"«[ \u00a0\u202f]*")
_CLOSING = re.compile(r"[ \u00a0\u202f]*»")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


@register.inclusion_tag("components/form_state.html", takes_context=True)
def form_state(context: Context) -> dict[str, str]:
    """What every form in which somebody types bears (`register/web/typed.py`)."""
    request = context["request"]
    principal = request.principal
    member = (principal.observer or principal).membership
    return {"state": typed.note(request.user.pk, **({"m": member.pk} if member else {}))}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A drawing of the sprite `icons.svg`.

    Without `label` it only decorates the word beside it and stays silent for screen readers.
    """
    if not label:
        return _silent(name, css)
    return _drawn(name, css, format_html('role="img" aria-label="{}"', label))


@lru_cache(maxsize=512)
def _silent(name: str, css: str) -> SafeString:
    """One that decorates, the same on every page of the process."""
    return _drawn(name, css, mark_safe('aria-hidden="true"'))


def _drawn(name: str, css: str, voice: SafeString) -> SafeString:
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        css,
        voice,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def tone_icon(tone: str, css: str = "") -> SafeString:
    """The drawing that goes with a state's colour, so that colour never speaks alone."""
    return icon(TONE_ICONS.get(tone, "circle"), css=css)


class KeptNode(Node):
    """What a block of a template says, by language and by the values that it names."""

    # An address that nobody answers is a place too: no crowd of them fills the memory.
    MOST = 200

    def __init__(self, nodelist: NodeList, names: list[str]) -> None:
        self.nodelist = nodelist
        self.names = names
        self.texts: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The text written before, else that of a context where nothing else can be read."""
        values = {name: context.get(name) for name in self.names}
        key = (get_language(), *values.values())
        text = self.texts.get(key)
        if text is None:
            if len(self.texts) >= self.MOST:
                self.texts.clear()
            text = self.texts[key] = self.nodelist.render(context.new(values))
        return text


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept place %}…{% endkept %}`: written once a process, and said to everybody.

    The block reads the values that it names, the language, and nothing of the request: neither
    who is signed in nor the token of her forms can be in it.
    """
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, token.split_contents()[1:])


class SaidAgainNode(Node):
    """Writes a block into a variable."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        """Nothing here: the text goes where the variable is."""
        context[self.name] = self.nodelist.render(context)
        return ""


@register.tag
def said_again(parser: Parser, token: Token) -> SaidAgainNode:
    """`{% said_again menu %}…{% endsaid_again %}`: a block that a page shows twice."""
    nodelist = parser.parse(("endsaid_again",))
    parser.delete_first_token()
    return SaidAgainNode(nodelist, token.split_contents()[1])


@register.simple_tag(takes_context=True)
def current_place(context: Context) -> str:
    """Where the page shown is, as far as menus tell it: the first two parts of its address."""
    path = getattr(context.get("request"), "path", "")
    parts = path.split("/", 3)
    return path.removesuffix(parts[3]) if len(parts) > 3 else path


@register.simple_tag(takes_context=True)
def nav_current(context: Context, prefix: str, *others: str) -> SafeString:
    """Mark a navigation link whose section holds the page shown.

    `others`: parts of that section which have a link of their own.
    """
    request, place = context.get("request"), context.get("place") or ""
    path = request.path if request else str(place)
    return SafeString(
        ' aria-current="true"' if path.startswith(prefix) and not path.startswith(others) else ""
    )


@register.simple_tag
def service_territory() -> str:
    """Name of the territory this installation serves, shown beside the service's name."""
    return str(settings.SERVICE_TERRITORY)


@register.filter
def french(text: object) -> str:
    """French punctuation for a text typed by a person or an editor.

    Narrow no-break space before ; ! ? %, no-break space before : and inside « », typographic
    apostrophe (usage of the Imprimerie nationale). Plain text in, plain text out; nothing is done
    when the page is not in French.
    """
    escaped = conditional_escape(str(text)) if hasattr(text, "__html__") else str(text)
    if not (get_language() or "fr").startswith("fr"):
        return escaped
    result = _APOSTROPHE.sub("\u2019", escaped)
    result = _BEFORE_HIGH.sub(lambda found: NARROW + (found[1] or found[2]), result)
    result = _BEFORE_COLON.sub(NO_BREAK + ":", result)
    result = _OPENING.sub("«" + NO_BREAK, result)
    result = _CLOSING.sub(NO_BREAK + "»", result)
    return mark_safe(result) if hasattr(text, "__html__") else result  # noqa: S308 (was safe)


@register.filter
def cited(basis: object) -> str:
    """The source of a rule, quoted as the rules write it: French law is cited in French.

    On a page in another language it is marked as a French quotation (WCAG 3.1.2).
    """
    if (get_language() or "fr").startswith("fr"):
        return french(basis)
    return format_html('<cite lang="fr">{}</cite>', basis) if basis else ""


@register.filter
def euros(amount: Decimal | float | int | None) -> str:
    """An amount in euros: whole euros without cents, otherwise two decimals ("23 403 €")."""
    if amount is None or amount == "":
        return ""
    value = Decimal(str(amount))
    places = 0 if value == value.to_integral_value() else 2
    return f"{number_format(value, places, force_grouping=True)}{NO_BREAK}€"


@register.filter
def date_long(day: date | None) -> str:
    """A day in words ("1er avril 2026", "1 April 2026"); of a moment, the day it was in Paris."""
    if not day:
        return ""
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localdate(day)
    if (get_language() or "fr").startswith("fr"):
        ordinal = "1er" if day.day == 1 else str(day.day)
        return f"{ordinal}{NO_BREAK}{date_format(day, 'F')}{NO_BREAK}{day.year}"
    return date_format(day, "j F Y")


@register.filter
def number_spaced(number: str | None) -> str:
    """A registration number cut where it is read: territory, month and year, rank, counter.

    "0210426000123GDPUB" reads "021 0426 000123 GDPUB". The spaces are no-break; the number itself
    is stored, copied and compared without them. Source: arrêté of 7 November 2000 (structure).
    """
    compact = re.sub(r"\s", "", number or "")
    if len(compact) != NUMBER_LENGTH:
        return compact
    return NO_BREAK.join((compact[:3], compact[3:7], compact[7:13], compact[13:]))


@register.filter
def siren_spaced(number: str | None) -> str:
    """A SIREN read by threes ("123 456 789"); what a SIRET has besides, the place, comes last.

    The spaces are no-break; it is stored, copied and compared without them. Another text is given
    back as it is.
    """
    text = number or ""
    if len(text) not in (SIREN, SIRET) or not text.isdecimal():
        return text
    return NO_BREAK.join(filter(None, (text[:3], text[3:6], text[6:9], text[9:])))


@register.filter
def phone_spaced(number: str | None) -> str:
    """A telephone number as it is said aloud ("03 80 00 00 00"), with its country code abroad.

    It is kept and called in international form; a text that is no number is given back as it is.
    """
    try:
        parsed = phonenumbers.parse(number or "", "FR")
    except phonenumbers.NumberParseException:
        return number or ""
    style = phonenumbers.PhoneNumberFormat
    is_french = parsed.country_code == FRANCE
    said = phonenumbers.format_number(parsed, style.NATIONAL if is_french else style.INTERNATIONAL)
    return said.replace(" ", NO_BREAK)


@register.filter
def device_name(user_agent: str) -> str:
    """A browser's own description in words people know ("Firefox, Android").

    Browsers imitate one another: the first name found in this order is the true one.
    """
    found = (
        next((name for mark, name in marks if mark in user_agent), None)
        for marks in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name) or gettext("Unknown device")


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a line of the error summary leads: the question's first input, groups included."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def strip_colon(label: object) -> str:
    """A question used inside a sentence: without its final punctuation."""
    return str(label).rstrip(" \u00a0\u202f:?.")


@register.filter
def is_list(value: object) -> bool:
    """Whether an answer has several lines."""
    return isinstance(value, list | tuple)
