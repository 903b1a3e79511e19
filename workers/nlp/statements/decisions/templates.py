"""Records that describe a decision, and which of their fields are weighed together.

A named tuple describes a decision. A template names some of its fields, "frame mark"; their values are one
feature. Training and the file of weights hold features as text. A model looks up the values themselves,
which saves making strings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

type Record = tuple[Any, ...]

_SEPARATOR = "\t"  # stands between the values of a feature; the keys of tokens never hold it


class Feature(NamedTuple):
    """A template and the values of its fields, as text."""

    template: str
    value: str


class Templates:
    """The templates of one kind of record.

    Fields are `str`, `int`, `bool` (or None: then the template is no feature). The empty template is the
    bias. Templates of one group are looked up together: few fields that have few values between them.
    """

    def __init__(self, record: type, *groups: tuple[str, ...]) -> None:
        self.groups = groups
        self._hints = {name: _plain(hint) for name, hint in get_type_hints(record).items()}
        self._places = {name: place for place, name in enumerate(self._hints)}

    def features(self, record: Record) -> Iterator[Feature]:
        """The features of a record for training, always in the same order."""
        for template in chain(*self.groups):
            values = [record[self._places[name]] for name in template.split()]
            if None not in values:
                yield Feature(template, _SEPARATOR.join(map(str, values)))

    def key(self, feature: Feature) -> Any:
        """What `pick` finds in a record that has the feature."""
        names = feature.template.split()
        texts = feature.value.split(_SEPARATOR) if names else []
        values = [_typed(self._hints[name], text) for name, text in zip(names, texts, strict=True)]
        return values[0] if len(values) == 1 else tuple(values)

    def fields(self, templates: Iterable[str]) -> list[str]:
        """The fields that occur in some templates, in the order of the record."""
        return sorted({name for t in templates for name in t.split()}, key=self._places.__getitem__)

    def pick(self, names: Sequence[str]) -> Callable[[Record], Any]:
        """A function from a record to the values of some fields: a tuple unless there is just one."""
        places = [self._places[name] for name in names]
        return itemgetter(*places) if places else _nothing


def _nothing(record: Record) -> Record:
    return record[:0]


def _plain(hint: Any) -> Any:
    """The type of a field that may be None."""
    return (
        next((h for h in get_args(hint) if h is not NoneType), hint) if NoneType in get_args(hint) else hint
    )


def _typed(hint: Any, text: str) -> str | int:
    if hint is bool:
        return text == "True"
    return int(text) if hint is int else text


_LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34)
_SIZES = tuple(sum(size >= n for n in _LENGTHS) for size in range(_LENGTHS[-1]))


def bucket(number: int) -> int:
    """A coarse logarithmic size."""
    if number < 0:
        return 0
    return _SIZES[number] if number < _LENGTHS[-1] else len(_LENGTHS)
