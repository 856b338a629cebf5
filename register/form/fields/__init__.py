"""Form fields that read what people type the French way, and say how to mend it."""

from register.business import SIREN, SIRET

from .business import BusinessNumberField
from .choices import YesNoField
from .codes import CodeField, CodesField
from .dates import DatePartsField
from .money import AmountField
from .numbers import SurfaceField, WholeNumberField
from .phone import PhoneField
from .postal import PostalCodeField
from .text import PersonNameField, PlainTextField

__all__ = [
    "SIREN",
    "SIRET",
    "AmountField",
    "BusinessNumberField",
    "CodeField",
    "CodesField",
    "DatePartsField",
    "PersonNameField",
    "PhoneField",
    "PlainTextField",
    "PostalCodeField",
    "SurfaceField",
    "WholeNumberField",
    "YesNoField",
]
