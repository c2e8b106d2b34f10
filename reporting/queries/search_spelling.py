"""The nearest spelling of what was typed, out of the words that the person may see."""

from typing import Any, Final

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Upper

from commissioning.models import Organisation
from contracts.models import Contract, ContractProvider
from reporting.queries.search_kinds import Sight
from reporting.rules.search import Typed, corrected, is_spelt

MOST_TITLES: Final = 1_000
"""A short word is a little like a word of every other title; a known one stands in some of so many."""


class WordsOf(Func):
    """The words of a text, a row each."""

    template = "unnest(tsvector_to_array(to_tsvector('simple', %(expressions)s)))"
    output_field = TextField()
    set_returning = True


def spelt_as_known(sight: Sight, words: Typed) -> Typed:
    """The words in the spelling of titles, providers and units in sight; the same where none is near."""
    doubtful = [word for word in words.words if is_spelt(word)]
    if not doubtful:
        return words
    of_units = " ".join(f"{unit.name} {unit.host.name}" for unit in sight.units).split()
    spelt = corrected(words.words, [*_known(sight, doubtful), *of_units])
    return words if spelt == words.words else words.with_words(spelt)


def _known(sight: Sight, words: list[str]) -> list[str]:
    """Words of the titles and providers in sight that hold anything like the words: one query, by the trigrams."""
    alike = sight.contracts.filter(like("title", words)).order_by().values("pk")[:MOST_TITLES]
    titles = Contract.objects.filter(pk__in=alike).order_by()
    theirs = ContractProvider.objects.filter(contract__in=sight.contracts.order_by()).order_by()
    names = Organisation.objects.filter(like("name", words), pk__in=theirs.values("organisation_id")).order_by()
    found = _words_of(titles, "title").union(_words_of(names, "name"))
    return [str(row["word"]) for row in found]


def _words_of(rows: Any, column: str) -> Any:
    return rows.annotate(word=WordsOf(column)).values("word").distinct()


def like(column: str, words: list[str]) -> Q:
    """Anything in the column like one of the words, in capitals as its index of trigrams is. How like: the settings."""
    found = Q()
    for word in words:
        found |= Q(TrigramWordSimilar(Upper(column), Value(word.upper())))
    return found
