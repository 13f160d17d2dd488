"""The sliders of a scenario, and the changes of its document that they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routecost.documents.core.scalars import read_number
from routecost.documents.workload.mix_shares import text_of
from routecost.documents.workload.volume import VOLUMES
from routecost.model.results.interactive.what_if_page import Key, PageMix, Point, SetField, Slider
from routecost.units import ONE, ZERO, exact

if TYPE_CHECKING:
    from routecost.documents.core.field_paths import Field
    from routecost.documents.scenario.scenario_file import ScenarioFile
    from routecost.problems import KeyPath

HUNDRED = Decimal(100)
_LEAST_EXACT = 50
"""Whole numbers from this one on are set directly; others, and those of several fields, by a percentage."""
_MOST_TIMES = {Key.VOLUME: 10, Key.INPUT: 5, Key.OUTPUT: 5}
_MOST_PLACES = 6
_PERIODS = {
    "tasks_per_day": "tasks a day",
    "tasks_per_week": "tasks a week",
    "tasks_per_month": "tasks a month",
    "tasks_per_working_day": "tasks a working day",
}


@exact
def sliders_of(file: ScenarioFile) -> tuple[Slider, ...]:
    """Return the sliders of volume, tokens and cached share that a scenario has."""
    fields = [field for field in file.fields if field.raw is not None and field.path[0] == "workload"]
    sliders = (
        _scaled(
            Key.VOLUME, "Volume", "", [one for one in fields if _own(one.path) in [(key,) for key in VOLUMES]]
        ),
        _scaled(
            Key.INPUT, "Input", "tokens per task", [one for one in fields if _is_token(one.path, "input")]
        ),
        _scaled(
            Key.OUTPUT, "Output", "tokens per task", [one for one in fields if _is_token(one.path, "output")]
        ),
        _cached(file),
    )
    return tuple(
        _limited(file, slider) if slider.fields else slider for slider in sliders if slider is not None
    )


def _limited(file: ScenarioFile, slider: Slider) -> Slider:
    """Return a slider without the values at its ends that make the document invalid."""
    stated = int((slider.stated - slider.low) / slider.step)

    def reach(end: int) -> int:
        """Return the value nearest to an end up to which all values are valid."""
        if file.variant(changes([slider], {slider.key: slider.value(end)})).scenario is not None:
            return end
        valid, invalid = stated, end
        while abs(invalid - valid) > 1:
            middle = (valid + invalid) // 2
            variant = file.variant(changes([slider], {slider.key: slider.value(middle)}))
            valid, invalid = (middle, invalid) if variant.scenario is not None else (valid, middle)
        return valid

    first, last = reach(0), reach(slider.count)
    if first == last:
        return slider  # it has no other value: the reason says why
    low, high = slider.value(first), slider.value(last)
    if first:  # moves are from multiples to multiples
        low = -(-low // slider.coarse) * slider.coarse
    return replace(slider, low=low, high=high)


def _own(path: KeyPath) -> KeyPath:
    """Return the part of a path below its task type."""
    return path[3:] if path[1:2] == ("task_types",) else path[1:]


def _is_token(path: KeyPath, kind: str) -> bool:
    own = _own(path)
    own = own[2:] if own[:1] == ("tier_tokens",) else own[1:] if own[:1] == ("tokens",) else ()
    return kind in own and "meters" not in own


def _numbers(raw: Any) -> tuple[Decimal, ...]:
    return tuple(
        read_number(end, "a number", percent=True) for end in (raw if isinstance(raw, list) else [raw])
    )


def _scaled(key: Key, label: str, unit: str, fields: Sequence[Field]) -> Slider | None:
    """Return a slider that sets one whole number, or else multiplies all of them."""
    stated = tuple(SetField(field.path, _numbers(field.raw)) for field in fields)
    if not any(number for field in stated for number in field.stated):
        return None
    first = stated[0].stated[0]
    is_one = len(stated) == len(stated[0].stated) == 1 and "per_call" not in stated[0].path
    if not is_one or first != first.to_integral_value() or first < _LEAST_EXACT:
        most = HUNDRED * _MOST_TIMES[key]
        return Slider(
            key, label, "% of what is stated", Decimal(10), most, ONE, HUNDRED, stated, is_factor=True
        )
    step = ONE.scaleb(first.adjusted() - 1)
    most = (first * _MOST_TIMES[key] / step).to_integral_value() * step
    name = unit or _PERIODS[str(stated[0].path[-1])]
    return Slider(key, label, name, step, most, ONE, first, stated, is_factor=False, coarse=step)


def _cached(file: ScenarioFile) -> Slider:
    """Return a slider of the share of input that is read from a cache; without fields if none is stated."""
    by_type: dict[KeyPath, dict[str, Field]] = {}
    for field in file.fields:
        if field.path[0] == "workload" and _own(field.path)[:1] == ("cache",):
            by_type.setdefault(field.path[:-1], {})[str(field.path[-1])] = field
    if not all("read" in keys for keys in by_type.values()):
        unit = "% of the input is read from a cache"  # of which the scenario states no share
        return Slider(Key.CACHE, "Cache share", unit, ZERO, HUNDRED, ONE, ZERO, (), is_factor=False)
    reads = {path: _share(keys["read"]) for path, keys in by_type.items()}
    writes = {
        path: sum((_share(field) for name, field in keys.items() if name != "read"), ZERO)
        for path, keys in by_type.items()
    }
    stated = tuple(SetField((*path, "read"), (read,)) for path, read in reads.items())
    room = min(1 - write for write in writes.values())
    if len(set(reads.values())) == 1:
        percent = next(iter(reads.values())) * HUNDRED
        step = ONE.scaleb(-_places(percent))
        unit = "% of the input is read from a cache"
        return Slider(
            Key.CACHE,
            "Cache share",
            unit,
            ZERO,
            room * HUNDRED // step * step,
            step,
            percent,
            stated,
            is_factor=False,
        )
    times = min((1 - writes[path]) / read for path, read in reads.items() if read)
    most = min(times * HUNDRED // 1, HUNDRED * 10)
    unit = "% of the stated cache shares"
    return Slider(Key.CACHE, "Cache share", unit, ZERO, most, ONE, HUNDRED, stated, is_factor=True)


def _share(field: Field) -> Decimal:
    return ZERO if field.raw is None else _numbers(field.raw)[0]


def _places(percent: Decimal) -> int:
    exponent = percent.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def changes(sliders: Sequence[Slider], point: Point) -> dict[KeyPath, Any]:
    """Return the changes of a document that the sliders make which are not at their stated values."""
    return {
        field.path: written[0] if len(written) == 1 else written
        for slider in sliders
        if point[slider.key] != slider.stated
        for field in slider.fields
        for written in ([text_of(number) for number in values(slider, field, point[slider.key])],)
    }


@exact
def values(slider: Slider, field: SetField, value: Decimal) -> tuple[Decimal, ...]:
    """Return the numbers of a field at a value of its slider."""
    if slider.is_factor:
        return tuple(number * value / HUNDRED for number in field.stated)
    return (value / HUNDRED if slider.key is Key.CACHE else value,)


@exact
def mixes_of(file: ScenarioFile) -> tuple[PageMix, ...]:
    """Return the mixes whose shares can be set: those of strategies themselves."""
    return tuple(_mixes(file))


def _mixes(file: ScenarioFile) -> Iterator[PageMix]:
    strategies = file.document.get(("strategies",))
    for name, strategy in strategies.items() if isinstance(strategies, Mapping) else ():
        stated = strategy.get("mix") if isinstance(strategy, Mapping) else None
        if isinstance(stated, Mapping) and len(stated) > 1:
            shares = {str(tier): _numbers(raw)[0] for tier, raw in stated.items()}
            places = max(_places(share * HUNDRED) for share in shares.values())
            yield PageMix(str(name), ("strategies", str(name), "mix"), shares, places)


def mix_changes(mix: PageMix, shares: Mapping[str, Decimal]) -> dict[KeyPath, Any]:
    """Return the change of a document that gives a mix these shares."""
    return {mix.path: {tier: text_of(share) for tier, share in shares.items()}}
