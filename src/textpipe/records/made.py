"""Records that are made of another form when they are asked for."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

R = TypeVar("R")


class Made(Sequence[R]):
    """Records that are held in another form and made when they are asked for: equal to the tuple of them,
    and pickled as such."""

    __slots__ = ()

    @abstractmethod
    def _records(self) -> tuple[R, ...]:
        """The records, made once."""

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R]: ...
    def __getitem__(self, index: int | slice) -> R | Sequence[R]:
        return self._records()[index]

    def __iter__(self) -> Iterator[R]:
        return iter(self._records())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made | tuple) and self._records() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._records())

    def __repr__(self) -> str:
        return repr(self._records())

    def __reduce__(self) -> tuple[type[tuple[R, ...]], tuple[tuple[R, ...]]]:
        return tuple, (self._records(),)
