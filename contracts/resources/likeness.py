"""Which of many names are close to one: a cheap filter before the rule that decides.

The rule, `commissioning.rules.doubtful_match`, wants a likeness of DOUBTFUL_RATIO = 2 * matched / (length + length).
So at most `lost` letters of the longer name stand alone, each breaking at most three of its groups of three letters:
names that pass share at least so many groups, hence one or more of the rarest. Nothing the rule accepts is missed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import islice

from commissioning.rules import DOUBTFUL_RATIO, doubtful_match, name_and_numbers, name_without_form


def _groups(name: str) -> Counter[str]:
    return Counter(name[place : place + 3] for place in range(len(name) - 2))


_SLOTS = 41
_SLOT_BITS = 16


def _letters(name: str) -> int:
    """How often each letter stands in the name, as a row of ones for each, so that `&` counts what two names share.

    Letters that fall into one slot only raise the count: it stays an upper bound. Of a letter that stands more often
    than a slot has bits some go uncounted; names with one pass uncounted.
    """
    slots = Counter(ord(letter) % _SLOTS for letter in name)
    return sum(((1 << min(count, _SLOT_BITS)) - 1) << (slot * _SLOT_BITS) for slot, count in slots.items())


def _is_uneven(name: str) -> bool:
    return len(name) > _SLOT_BITS and max(Counter(ord(letter) % _SLOTS for letter in name).values()) > _SLOT_BITS


def _least_shared(name: str) -> int:
    """How many groups of three a name as long as this one shares at least with any name that passes."""
    longest = len(name) * (2 - DOUBTFUL_RATIO) / DOUBTFUL_RATIO
    alone_here = math.floor(len(name) - DOUBTFUL_RATIO * len(name))
    alone_there = math.floor(longest - DOUBTFUL_RATIO * (len(name) + longest) / 2)
    return len(name) - 2 - 3 * alone_here - 2 * max(alone_here, alone_there)


class NameIndex:
    """Normalised names, each under a number, that can be asked for those close to another."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        self.names = dict(names)
        self.by_group: dict[str, list[int]] = defaultdict(list)
        self.by_plain_name: dict[str, list[int]] = defaultdict(list)
        self.letters = {number: _letters(name) for number, name in self.names.items()}
        self.words = {number: name_and_numbers(name) for number, name in self.names.items()}
        for number, name in self.names.items():
            for group in _groups(name):
                self.by_group[group].append(number)
            self.by_plain_name[name_without_form(name)].append(number)

    def close_to(self, name: str, *, most: int | None = None) -> list[int]:
        """The numbers of names that a person should compare with this one, likeliest first, so many at most."""
        same_but_form = self.by_plain_name.get(name_without_form(name), ())
        likeliest = dict.fromkeys([*same_but_form, *self._alike(name)])
        doubtful = (number for number in likeliest if doubtful_match(name, self.names[number]))
        return list(islice(doubtful, most))

    def _alike(self, name: str) -> list[int]:
        """Those that the two upper bounds of the likeness let pass: lengths, and letters whatever their order.

        Names with other numbers are passed over here, since a file may hold hundreds that differ in nothing else.
        """
        words, numbers = name_and_numbers(name)
        letters, length, uneven = _letters(name), len(name), _is_uneven(name)
        passed = []
        for number in self._candidates(name):
            other_words, other_numbers = self.words[number]
            if other_words == words and other_numbers != numbers:
                continue
            other = len(self.names[number])
            needed = DOUBTFUL_RATIO * (length + other) / 2
            if length < needed or other < needed:
                continue
            shared = (letters & self.letters[number]).bit_count()
            if shared >= needed or uneven:
                passed.append((needed - shared, number))
        return [number for _, number in sorted(passed)]

    def _candidates(self, name: str) -> Iterable[int]:
        least = _least_shared(name)
        if least < 1:  # too short for groups to tell
            return self.names
        groups = sorted(_groups(name), key=lambda group: len(self.by_group.get(group, ())))
        wanted = min(least, 3)
        counts: Counter[int] = Counter()
        for group in groups[: max(1, len(name) - 2 - least + wanted)]:
            counts.update(self.by_group.get(group, ()))
        return [number for number, shared in counts.items() if shared >= wanted]
