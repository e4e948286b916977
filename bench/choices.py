"""How much is hidden: by the product, at the least, and by the usual practice."""

import time
from random import Random
from typing import Any

from fewest_hidden import fewest_hidden
from hidden_counts import (
    attack_on,
    every_quarter,
    headlines,
    hidden_counts,
    hide_zeros_below,
    never_hidden,
    rule_of,
    search_of,
    true_counts,
    withheld_counts,
)
from random_people import CHARACTERISTICS, QUARTERS, Shape
from random_releases import released, shipped_policy
from random_systems import random_system
from usual_practice import sums_of, usual_practice

from pipeline.protect.figures import protect

Report = dict[str, Any]


def tiny_shape(random: Random) -> Shape:
    """Return a shape for which the fewest counts to hide can be found.

    Nobody works for two employers: the search holds those who do only against what is shown.
    """
    names = ("sex", "disability", "marital_status")
    return Shape(
        employers=random.choice((2, 2, 3)),
        quarters=QUARTERS[5:6],
        characteristics=(random.choice(names),),
        staff=(25, random.choice((60, 120))),
        joint=0.0,
    )


def middle_shape(random: Random) -> Shape:
    """Return a shape like that of an ICB: some employers, all characteristics, a year end."""
    return Shape(
        employers=random.randint(3, 8),
        quarters=QUARTERS[4:6],
        characteristics=CHARACTERISTICS,
        staff=(40, random.choice((150, 300))),
        has_trust=random.random() < 0.5,
        joint=random.choice((0.0, 0.02, 0.05)),
        directorates=random.choice((0, 3)),
    )


def small(cases: int) -> Report:
    """Hold what the product hides in tiny systems against the fewest that must be hidden.

    The fewest among the choices that the policy allows, which hides no headcount of 10 or more;
    and beside it the fewest among all choices, which the usual practice has.
    """
    policy = every_quarter(shipped_policy())
    rule = rule_of(policy)
    rows = []
    for seed in range(cases):
        system = random_system(seed, tiny_shape(Random(seed)))
        withheld = withheld_counts(system, policy)
        own = hidden_counts(protect(system.figures, system.members, policy)[1])
        truth = true_counts(system)
        started = time.perf_counter()
        kept = never_hidden(truth, policy)
        of_policy = fewest_hidden(system.laws, truth, withheld, rule, kept=kept)
        of_all = fewest_hidden(system.laws, truth, withheld, rule)
        if of_policy.hidden is None or of_all.hidden is None:
            continue
        told = search_of(system, truth, rule)
        told_by_product = len(told(own))
        # Some cuts of the search say too much: what is found to do with fewer counts does.
        most = len(truth) if told_by_product else len(own - withheld)
        usual, _ = usual_practice(truth, sums_of(system.laws), withheld, told)
        rows.append(
            {
                "seed": seed,
                "counts": len(truth) - len(withheld),
                "fewest": min(len(of_policy.hidden), most),
                "fewest_with_headcounts": min(len(of_all.hidden), most),
                "fewest_by_search": len(of_policy.hidden),
                "product": len(own - withheld),
                "usual_practice": len(usual - withheld),
                "told_by_product": told_by_product,
                "search_seconds": round(time.perf_counter() - started, 1),
            }
        )
    names = ("fewest", "fewest_with_headcounts", "product", "usual_practice")
    total = {name: sum(row[name] for row in rows) for name in names}
    ratio = total["product"] / total["fewest"] if rows else float("nan")
    return {
        "cases": len(rows),
        "given_up": cases - len(rows),
        "hidden": total,
        "product_to_fewest": round(ratio, 3),
        "product_to_fewest_with_headcounts": round(
            total["product"] / total["fewest_with_headcounts"], 3
        ),
        "usual_practice_to_fewest": round(total["usual_practice"] / total["fewest"], 3),
        "worst_case": max(round(row["product"] / row["fewest"], 3) for row in rows),
        "told_by_product": sum(row["told_by_product"] for row in rows),
        "of_each": rows,
    }


def usual(systems: int) -> Report:
    """Hold the product against the usual practice, under the product's own attack."""
    policy = shipped_policy()
    rows = []
    for seed in range(systems):
        system = random_system(seed, middle_shape(Random(seed)))
        release = released(system, policy)
        withheld = withheld_counts(system, policy)
        own = hidden_counts(release.published)
        truth = true_counts(system)
        both = hide_zeros_below(truth, policy) | withheld
        hidden, attacks = usual_practice(
            truth, sums_of(system.laws), both, attack_on(system, policy, release.decided)
        )
        rows.append(
            {
                "seed": seed,
                "counts": len(truth) - len(withheld),
                "small": sum(
                    0 < number < policy.threshold
                    for cell, number in truth.items()
                    if cell not in withheld
                ),
                "product": len(own - withheld),
                "usual_practice": len(hidden - withheld),
                "headlines": sum(headlines(system, set())),
                "headlines_of_product": sum(headlines(system, own)),
                "headlines_of_usual_practice": sum(headlines(system, hidden)),
                "breaches_of_product": len(release.attack.breaches),
                "rounds_of_product": release.rounds,
                "blocks_withheld_by_product": release.withheld,
                "attacks_on_usual_practice": attacks,
            }
        )
    names = [name for name in rows[0] if name != "seed"]
    return {
        "systems": len(rows),
        **{name: sum(row[name] for row in rows) for name in names},
        "of_each": rows,
    }
