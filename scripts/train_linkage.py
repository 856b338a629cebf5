"""Trains the model that finds people registered twice, and writes `register/duplicates/model.json`.

Usage: `.venv/bin/python -m scripts.train_linkage [PEOPLE] [SEED]` (some minutes). How often each
level is met with one person comes from the labels of a drawn register; how often with two, from
pairs drawn at random. Two figures are decided, not measured: nothing makes one person of two first
names that share nothing (twins, spouses), nor of two birth dates that no slip explains (father and
son), whatever they share besides.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RANDOM_PAIRS = 1_000_000
THRESHOLD = 0.9
# Powers of two. A household shares name, telephone, e-mail and place: about 60 points.
DECIDED = {
    ("first_names", "different"): -70,
    ("birth_date", "different"): -45,
    ("first_names", "missing"): -20,
    ("first_names", "shared"): -6,
    # Told by the last name already: it is one event, not two.
    ("first_names", "swapped"): 0,
    ("last_name", "missing"): -10,
}
# Met so seldom in what is drawn that it counts as met that often.
LEAST_M, LEAST_U = 5e-4, 1e-7


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    figures = _trained(people, seed)
    told = {
        "version": f"{people}-{seed}",
        "about": "python -m scripts.train_linkage: for each level, its share among pairs that are "
        "one person, and among pairs drawn at random",
        "threshold": THRESHOLD,
        "fields": figures,
    }
    from register.duplicates.model import FILE

    FILE.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _trained(people: int, seed: int) -> dict[str, dict[str, list[float]]]:
    from register.bench.people_twice import people_twice
    from register.duplicates.labelled import labelled
    from register.duplicates.linkage import linker, row_of
    from register.duplicates.model import Model

    drawn = labelled(people_twice(people, seed))
    rows = [row_of(key, each.person, each.cluster) for key, each in enumerate(drawn)]
    with linker(rows, Model({}, THRESHOLD, ""), ("cluster",)) as linking:
        linking.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=seed)
        linking.training.estimate_m_from_label_column("cluster")
        told = linking.misc.save_model_to_json()
    return {each["output_column_name"]: _figures(each) for each in told["comparisons"]}


def _figures(told: dict[str, Any]) -> dict[str, list[float]]:
    found = {}
    for level in told["comparison_levels"]:
        code = level["label_for_charts"]
        decided = DECIDED.get((told["output_column_name"], code))
        if decided is not None:
            found[code] = [2.0**decided, 1.0]
        elif code != "missing":
            m, u = level.get("m_probability") or 0, level.get("u_probability") or 0
            found[code] = [round(max(m, LEAST_M), 9), round(max(u, LEAST_U), 9)]
    return found


if __name__ == "__main__":
    main()
