"""Who must sign a version, and who has: signatures hold for one content and one round of review."""

from contextlib import suppress

from . import registry
from .manifest import parse_manifest
from .models import RuleModuleVersion, RuleVersionMove


def required(version: RuleModuleVersion) -> tuple[str, ...]:
    """The kinds of bodies of which one must sign.

    A draft cannot rid itself of a signatory: those of the version in force must sign it too.
    """
    asked = list(parse_manifest(version.manifest).signatures)
    with suppress(LookupError):
        asked += registry.get(version.module.code).manifest.signatures
    return tuple(dict.fromkeys(asked))


def given(version: RuleModuleVersion) -> list[RuleVersionMove]:
    """The signatures that hold: of this round of review, on this very content."""
    return list(
        version.moves.filter(
            move="sign", review_round=version.review_round, content_hash=version.content_hash
        )
    )


def missing(version: RuleModuleVersion) -> tuple[str, ...]:
    """The kinds of bodies whose signature is still awaited."""
    signed = {row.party for row in given(version)}
    return tuple(party for party in required(version) if party not in signed)
