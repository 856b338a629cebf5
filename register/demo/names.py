"""First and last names drawn at random for people who do not exist (`names.json`)."""

import json
from pathlib import Path

_NAMES = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))

FIRST_NAMES_F: tuple[str, ...] = tuple(_NAMES["first_names_f"])
FIRST_NAMES_M: tuple[str, ...] = tuple(_NAMES["first_names_m"])
LAST_NAMES: tuple[str, ...] = tuple(_NAMES["last_names"])
