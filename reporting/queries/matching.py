"""Which contracts hold the words that somebody typed: one condition for the search and the register's filter."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVectorExact, SearchVectorField
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import StartsWith

from commissioning.rules import slug_of
from contracts.models import ContractProvider
from contracts.models.contract import ContractQuerySet
from reporting.rules.search import SHORT, Typed, typed

ENGLISH: Final = "english"


class IsOneOf(Func):
    """A value that an array holds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class Words(Func):
    """A contract's words in any of their forms, the title's with weight A: a generated column that no field names."""

    def __init__(self, *expressions: Any) -> None:
        super().__init__(*(expressions or [F("title")]), output_field=SearchVectorField())

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        beside, values = compiler.compile(self.get_source_expressions()[0])
        return f'{beside.rpartition(".")[0]}."words"', list(values)


class TitleOf(Func):
    """Of the words those of the title."""

    template = "ts_filter(%(expressions)s, '{a}')"
    output_field = SearchVectorField()


def bare_reference() -> Replace:
    """The reference without its marks, as an index of contracts holds it."""
    return Replace("slug", Value("-"), Value(""))


def bare(text: str) -> str:
    """«cs/0147», «CS-0147» and «CS 0147» alike; nothing where the text holds neither letter nor digit."""
    return slug_of(text).replace("-", "") if any(sign.isalnum() and sign.isascii() for sign in text) else ""


def has_words(text: str) -> Q:
    """Every word in the title, the reference, the description or a provider's name, or all as a reference begins.

    Written so that PostgreSQL may answer each part from its index and join the answers: it cannot where one is EXISTS.
    """
    return holds(typed(text))


def holds(words: Typed, *, within: ContractQuerySet | None = None) -> Q:
    """``within``: the only contracts that matter, where they are known, so that providers' names are read of fewer."""
    found = Q()
    for word in words.words:
        found &= _holds(word, within)
    begins = bare(words.text)
    return found | _begins(begins) if words and len(begins) >= SHORT and _has_digit(begins) else found


def _holds(word: str, within: ContractQuerySet | None) -> Q:
    found = Q(SearchVectorExact(Words(), _english(word)))
    if len(word) >= SHORT:
        found |= Q(title__icontains=word) | Q(reference__icontains=word) | Q(description__icontains=word)
    begins = bare(word)
    if _has_digit(begins):
        found |= _begins(begins)
    return found | is_provided_by(Typed(word, (word,)), within=within)


def _begins(reference: str) -> Q:
    return Q(StartsWith(bare_reference(), reference))


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def in_title(words: Typed) -> Q:
    """All of the words in the title, in any of their forms."""
    return Q(SearchVectorExact(TitleOf(Words()), _english(*words.words)))


def _english(*words: str) -> SearchQuery:
    """The words in any of their forms, those with spaces as a phrase; a short one as the beginning of a word."""
    if len(words) == 1 and len(words[0]) < SHORT:
        letters = "".join(sign for sign in words[0] if sign.isalnum())
        return SearchQuery(f"{letters}:*" if letters else "", config=ENGLISH, search_type="raw")
    text = " ".join('"{}"'.format(word.replace('"', " ")) for word in words)
    return SearchQuery(text, config=ENGLISH, search_type="websearch")


def named(words: Typed, column: str) -> Q:
    """Every word in the name that the column holds."""
    found = Q()
    for word in words.words:
        found &= Q(**{f"{column}__icontains" if len(word) >= SHORT else f"{column}__istartswith": word})
    return found


def is_provided_by(words: Typed, *, within: ContractQuerySet | None = None) -> Q:
    """A provider has every word in its name."""
    return _is_of(_named_rows(words, within))


def is_one_provided_by(words: Typed, *, within: ContractQuerySet | None = None) -> Q:
    """The same, to be asked of contracts that are found already: each is looked up in a table made once."""
    return Q(pk__in=_named_rows(words, within).order_by().values("contract_id"))


def _named_rows(words: Typed, within: ContractQuerySet | None) -> QuerySet[ContractProvider]:
    rows = ContractProvider.objects.filter(named(words, "organisation__name"))
    return rows if within is None else rows.filter(contract__in=within.order_by().values("pk"))


def _is_of(rows: QuerySet[ContractProvider]) -> Q:
    return Q(IsOneOf(F("pk"), ArraySubquery(rows.order_by().values("contract_id"))))


def has_provider(organisations: Iterable[str | int]) -> Q:
    """Contracts of any of these providers, by their ids."""
    rows = ContractProvider.objects.filter(organisation_id__in=[int(number) for number in organisations])
    return _is_of(rows)
