"""A reader who wants to know the hidden counts, with pencil and paper: a subtraction at a time."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.attack.sums import Count, Members, Sum, nested, pooled, same_staff, sums

THRESHOLD = 10
FEWEST = 5
"""How many values a hidden count keeps at least where nothing of its block is published."""
_HEADCOUNT = ("workforce", "all", "", "ALL")
Counts = Mapping[Count, int | None]
"""Each count that a reader knows of, None where it is hidden."""
Senders = Mapping[tuple[str, str, str], Mapping[str, set[str]]]


def with_totals(
    shown: Counts, truth: Mapping[Count, int]
) -> tuple[dict[Count, int | None], dict[Count, int]]:
    """Return the counts with the totals that no figure tells and that follow from some of them."""
    shown, truth = dict(shown), dict(truth)
    while True:
        new = {
            total: sum(truth[count] for count in addends)
            for total, addends in sums(truth)
            if total not in truth
        }
        if not new:
            return shown, truth
        truth |= new
        shown |= dict.fromkeys(new)


def follows(counts: Counts, known_sums: Iterable[Sum]) -> dict[Count, int]:
    """Return the hidden counts that follow by subtraction, one after the other."""
    table = {count: value for count, value in counts.items() if value is not None}
    known_sums = list(known_sums)
    found: dict[Count, int] = {}
    while True:
        new = {}
        for total, addends in known_sums:
            missing = [count for count in (total, *addends) if count not in table]
            if len(missing) == 1:
                rest = sum(table[count] for count in addends if count in table)
                new[missing[0]] = rest if missing[0] == total else table[total] - rest
        if not new:
            return found
        table |= new
        found |= new


def breaches(
    figures: Counts, truth: Mapping[Count, int], members: Members, senders: Senders
) -> list[str]:
    """Return what of the hidden a reader of ``figures`` can tell; empty where nothing.

    Args:
        figures: each count that stands in a figure, None where it is hidden.
        truth: the same counts, all of them.
        members: whom an organisation pools.
        senders: who sent each source, by period, level and organisation.
    """
    shown, truth = with_totals(figures, truth)
    exact = [each for each in sums(shown) if each.total in shown]
    exact += [each for each in same_staff(shown, senders) if each.total in shown]
    pooling = list(pooled(shown, members))
    told = shown | follows(shown, exact)
    found = [
        f"{count} shows {value}"
        for count, value in figures.items()
        if value is not None and 0 < value < THRESHOLD
    ]
    found += [
        f"{count} follows"
        for count, value in follows(shown, [*exact, *_without_joint_posts(told, pooling)]).items()
        if value == truth[count] and 0 < value < THRESHOLD
    ]
    # What is pooled leaves open how many are counted twice, as far as the headcounts tell.
    telling = {_block(count) for count, value in told.items() if value is not None}
    for total, addends in exact:
        hidden = [count for count in addends if told[count] is None]
        fewest = FEWEST if telling.isdisjoint(map(_block, hidden)) else THRESHOLD
        # Of totals alone, that no figure would show, it tells nothing; nor of parts of nobody.
        if told[total] and not figures.keys().isdisjoint(hidden):
            if sum(truth[count] for count in hidden) < fewest - 1:
                found.append(f"{hidden} are few together")
            # That a count is large may be told.
            if len(hidden) == 1 and truth[hidden[0]] < THRESHOLD:
                found.append(f"{hidden[0]} is the one hole in {total}")
    found += [f"{part} leaves few of {whole}" for whole, part in _few_between(told)]
    found += [f"few are counted twice in {total}" for total in _few_twice(told, pooling)]
    found += [f"all of {total} are in one group" for total in _alike(told, exact, truth)]
    return found


def _without_joint_posts(told: Counts, pooling: Iterable[Sum]) -> Iterator[Sum]:
    """Yield the pooled counts that are sums: those of events, and where nobody is counted twice."""
    for one in pooling:
        heads = [told.get(Count(*count[:3], *_HEADCOUNT)) for count in (one.total, *one.addends)]
        of_people = one.total.population in ("workforce", "pay", "board")
        if not of_people or (None not in heads and heads[0] == sum(filter(None, heads[1:]))):
            yield one


def _block(count: Count) -> tuple[str, ...]:
    return (*count[:5], count.characteristic.partition(":")[0])


def _few_between(shown: Counts) -> Iterator[tuple[Count, Count]]:
    for whole, part in nested(shown):
        # Who was asked in the staff survey is told by the rule of its owner.
        if whole.population == "survey_base":
            continue
        all_of, some = shown[whole], shown[part]
        if all_of is not None and some is not None and 0 < all_of - some < THRESHOLD:
            yield whole, part


def _few_twice(shown: Counts, pooling: Iterable[Sum]) -> Iterator[Count]:
    for total, addends in pooling:
        values = [shown[count] for count in (total, *addends)]
        if total.group not in ("ALL", "KNOWN") and None not in values:
            twice = sum(value or 0 for value in values[1:]) - (values[0] or 0)
            if 0 < twice < THRESHOLD:
                yield total


def _alike(shown: Counts, exact: Iterable[Sum], truth: Mapping[Count, int]) -> Iterator[Count]:
    """Return each total of few people of whom all but one group is shown to be empty."""
    for total, addends in exact:
        is_partition = len({count.characteristic for count in addends}) == 1
        is_partition &= addends[0][3:5] == total[3:5] and addends[0].group not in ("KNOWN",)
        names = {count.group for count in addends}
        if not is_partition or names & {"KNOWN", "NEVER_ASKED", "NOT_WHITE_BRITISH"}:
            continue
        if total.group == "KNOWN" or len(addends) < 2:
            continue
        filled = [count for count in addends if shown[count] != 0]
        if len(filled) == 1 and 0 < truth[total] <= 2 * THRESHOLD:
            yield total
