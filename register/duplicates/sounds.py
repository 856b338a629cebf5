"""How a French ear would write a name down: what two spellings of one name share."""

import re

_HEARD = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"(sch|sh|ch)"), "x"),
    (re.compile(r"(th|tt)"), "t"),
    (re.compile(r"(qu|ck|k|q|c(?![eiyh]))"), "k"),
    (re.compile(r"(c|z|ss)"), "s"),
    (re.compile(r"(g(?=[eiy])|dj)"), "j"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(y|h)"), ""),
)
_REPEATED = re.compile(r"(.)\1+")
_INNER_VOWELS = re.compile(r"(?<!^)[aeiou]")


def sound(name: str) -> str:
    """The consonants one hears in a folded name, and its first vowel: "mohammed" gives "mmd"."""
    heard = name.replace(" ", "")
    for pattern, letter in _HEARD:
        heard = pattern.sub(letter, heard)
    return _INNER_VOWELS.sub("", _REPEATED.sub(r"\1", heard)) or name[:1]
