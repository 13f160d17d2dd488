"""The tools of ``routecost mcp``: their arguments, and the commands that answer them.

A tool is a command with ``--format json``, so that its result is the JSON of the command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from routecost.errors import UnknownNameError, UsageError
from routecost.problems import did_you_mean
from routecost.records import dataclass

MOST_TEXT = 1_000
MOST_ITEMS = 50

JsonSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a tool; ``option`` is that of the command, or empty for an argument of it.

    ``kind`` is text, document (a path or a built-in name), texts, flag, count or counts.
    """

    kind: str
    option: str
    description: str
    required: bool = False

    @property
    def schema(self) -> JsonSchema:
        """The JSON Schema of the value."""
        return {**_SCHEMAS[self.kind], "description": self.description}

    def words(self, name: str, value: object) -> Iterator[str]:
        """Yield the value as words of a command line. Raises UsageError for one of another type."""
        expected, read = _READERS[self.kind]
        values = read(value)
        if values is None:
            raise UsageError(f"argument {name}: expected {expected}")
        for text in values:
            if len(text) > MOST_TEXT or not text.isprintable():
                limit = f"at most {MOST_TEXT:,} characters, none of them invisible"
                raise UsageError(f"argument {name}: expected text of {limit}")
            yield text if not self.option else self.option if self.kind == "flag" else f"{self.option}={text}"


def _texts(value: object) -> list[str] | None:
    return [value] if isinstance(value, str) and value else None


def _list(value: object) -> list[str] | None:
    if isinstance(value, list) and len(value) <= MOST_ITEMS and all(map(_texts, value)):
        return value
    return None


def _flag(value: object) -> list[str] | None:
    return (["true"] if value else []) if isinstance(value, bool) else None


def _count(value: object) -> list[str] | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return [str(value)] if is_number and len(str(value)) <= 40 else None


def _counts(value: object) -> list[str] | None:
    if not isinstance(value, dict) or not value or len(value) > MOST_ITEMS:
        return None
    numbers = {meter: _count(count) for meter, count in value.items()}
    return None if None in numbers.values() else [f"{meter}={n[0]}" for meter, n in numbers.items() if n]


_READERS: dict[str, tuple[str, Callable[[object], list[str] | None]]] = {
    "text": ("text", _texts),
    "document": ("a path or a built-in name", _texts),
    "texts": (f"a list of at most {MOST_ITEMS} texts", _list),
    "flag": ("true or false", _flag),
    "count": ("a number", _count),
    "counts": (f"an object of at most {MOST_ITEMS} numbers by meter, such as {{input: 2000}}", _counts),
}
_TEXT: JsonSchema = {"type": "string", "minLength": 1, "maxLength": MOST_TEXT}
_SCHEMAS: dict[str, JsonSchema] = {
    "text": _TEXT,
    "document": _TEXT,
    "texts": {"type": "array", "items": _TEXT, "maxItems": MOST_ITEMS},
    "flag": {"type": "boolean", "default": False},
    "count": {"type": "integer", "minimum": 1},
    "counts": {
        "type": "object",
        "additionalProperties": {"type": "number", "minimum": 0},
        "minProperties": 1,
        "maxProperties": MOST_ITEMS,
    },
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: ``command`` answers it, ``tables`` are those that its result may have, with their columns."""

    name: str
    title: str
    description: str
    command: tuple[str, ...]
    arguments: Mapping[str, Argument]
    tables: Mapping[str, str]
    always: tuple[str, ...]

    @property
    def input_schema(self) -> JsonSchema:
        """The JSON Schema of the arguments."""
        required = [name for name, one in self.arguments.items() if one.required]
        properties = {name: one.schema for name, one in self.arguments.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    @property
    def output_schema(self) -> JsonSchema:
        """The JSON Schema of the result: a version of the JSON of the command may have more keys."""
        rows = {"type": "array", "items": {"type": "object"}}
        tables = {name: {**rows, "description": text} for name, text in self.tables.items()}
        name = " ".join(self.command)
        properties = {
            "schema": {"const": f"routecost.{name}/1"},
            "currency": {"type": "string", "description": "ISO code of all amounts of money."},
            **tables,
        }
        return {"type": "object", "properties": properties, "required": ["schema", *self.always]}

    def words(self, values: Mapping[str, object]) -> list[str]:
        """Return the command line that answers a call. Raises UsageError for arguments of another shape."""
        for name in values:
            if name not in self.arguments:
                hint = did_you_mean(name, self.arguments)
                raise UsageError(f'tool "{self.name}" has no argument "{name}"{hint}')
        options: list[str] = []
        positions: list[str] = []
        for name, argument in self.arguments.items():
            value = values.get(name)
            if value is not None:
                (options if argument.option else positions).extend(argument.words(name, value))
            elif argument.required:
                raise UsageError(f'tool "{self.name}" needs the argument "{name}": {argument.description}')
        return [*self.command, *options, "--format=json", "--", *positions]

    def documents(self, values: Mapping[str, object]) -> Iterator[str]:
        """Yield the arguments that may be paths."""
        for name, argument in self.arguments.items():
            value = values.get(name)
            if argument.kind == "document" and isinstance(value, str):
                yield value


_SCENARIO = (
    "Scenario: a built-in name such as article-fleet, or the path of a YAML file. Default: scenario.yaml"
)
_DAY = Argument("text", "--as-of", "Use the prices in force on this day, YYYY-MM-DD.")
_SHEET = Argument(
    "document", "--pricing", "Pricing sheet, a built-in name or a path, in place of the scenario's own."
)
_CHOSEN: dict[str, Argument] = {
    "pricing": _SHEET,
    "as_of": _DAY,
    "baseline": Argument("text", "--baseline", "Strategy that changes in percent refer to."),
    "strategies": Argument("texts", "--strategy", "Names of the strategies to show. Default: all."),
}
_UNITS = (
    "Money is unrounded, in the currency of the result; shares and changes are fractions (0.2 is 20%); "
    "null is unknown, never 0. Prices are per million tokens unless the field per says otherwise."
)

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "compare",
            "Compare the cost of strategies",
            "Compare what the strategies of a scenario cost per task, day, month (30 days) and year, and "
            f"against its baseline. Use it to choose between models, mixes of models and routing. {_UNITS}",
            ("compare",),
            {
                "scenario": Argument("document", "", f"{_SCENARIO}, else article-fleet."),
                **_CHOSEN,
                "mixes": Argument(
                    "texts", "--mix", "Mixes to add, in percent by tier from low to high, such as 80/15/5."
                ),
                "what_if": Argument(
                    "texts",
                    "--what-if",
                    "Price changes, such as 'claude-sonnet-5-5 input -20% from 2027-06'.",
                ),
                "by": Argument(
                    "texts", "--by", "Divide costs by owner, task_type, model, provider, tier or tag:NAME."
                ),
            },
            {"strategies": "A row per strategy: cost_per_task, cost_per_month, vs_baseline and more."},
            ("scenario", "currency", "strategies"),
        ),
        Tool(
            "sweep",
            "Sweep mixes, fields or assumptions",
            "Price many variants of a scenario. Set exactly one of mix (every mix of the tiers), over "
            "(ranges of up to three fields) and tornado (which assumption matters most). At most 1,000 rows: "
            f"take a larger step if there are more. {_UNITS}",
            ("sweep",),
            {
                "scenario": Argument("document", "", f"{_SCENARIO}, else article-fleet."),
                "mix": Argument("flag", "--mix", "Price all mixes of the tiers."),
                "step": Argument("text", "--step", "With mix: the step of the shares. Default: 5%."),
                "hold": Argument("texts", "--hold", "With mix: fixed shares, such as opus=5%."),
                "ranges": Argument("texts", "--range", "With mix: bounds, such as haiku=50%:90%."),
                "over": Argument(
                    "texts",
                    "--over",
                    "Fields with START:STOP:STEP or a,b,c, such as tokens.input=1000:9000:1000.",
                ),
                "tornado": Argument("flag", "--tornado", "Change each assumption alone, and rank them."),
                "change": Argument("text", "--by", "With tornado: the change of each. Default: 20%."),
                **_CHOSEN,
            },
            {
                "points": "A row per mix, or per point and strategy: cost_per_day, cost_per_month and more.",
                "assumptions": "With tornado, a row per assumption: cost_per_month_down and _up, swing.",
                "crossings": "Where two strategies cost the same.",
            },
            ("scenario", "currency"),
        ),
        Tool(
            "validate",
            "Lint a routing table",
            "Check a routing table (task type to model tier) for gaps, tiers that are too low or too high, "
            "missing escalation and old evidence. The result has a row per finding, with file, line and "
            "column; no rows is a sound table. Explain a code with the resource routecost://rules/CODE.",
            ("validate",),
            {
                "table": Argument("document", "", "Table: a built-in name such as article, or a path.", True),
                "taxonomy": Argument("document", "--taxonomy", "Taxonomy in place of the table's own."),
                "pricing": _SHEET,
                "evidence": Argument("document", "--evidence", "File of measured successes per task type."),
                "scenario": Argument("document", "--scenario", "Scenario that uses the table."),
                "as_of": _DAY,
                "select": Argument("texts", "--select", "Rules to run: codes, prefixes or names, as RT2."),
                "ignore": Argument("texts", "--ignore", "Rules to skip."),
                "suggest": Argument("flag", "--suggest", "Suggest a tier per row; needs a scenario."),
            },
            {
                "findings": "A row per finding: code, rule, severity, message, file, line, column.",
                "suggestions": "A row per route: task, tier, suggested, why.",
            },
            ("table", "findings"),
        ),
        Tool(
            "price",
            "Price calls or summed usage",
            "Return the bill of equal calls, or of summed usage, on each tier of a pricing sheet or on the "
            "models that you name, with a line per meter. State counts per call and calls, so that price "
            "steps by context size apply; or the sums of a log with summed. The meter input excludes cached "
            f"tokens: count those as cache_read, cache_write_5m or cache_write_1h. {_UNITS}",
            ("pricing", "price"),
            {
                "pricing": Argument("document", "", "Sheet: a built-in name, or a path.", True),
                "counts": Argument("counts", "", "Units by meter, such as {input: 2000, output: 500}.", True),
                "calls": Argument("count", "--calls", "The number of equal calls. Default: 1."),
                "summed": Argument("flag", "--summed", "The counts are sums over many calls."),
                "models": Argument("texts", "--model", "Models or tiers. Default: every tier."),
                "mode": Argument("text", "--mode", "Processing mode, such as batch. Default: standard."),
                "as_of": Argument("text", "--as-of", "Day of the prices, YYYY-MM-DD. Default: today."),
            },
            {
                "costs": "A row per model: tier, model, cost_per_call, cost.",
                "lines": "A row per model and meter: quantity, price, per, amount, source.",
            },
            ("sheet", "currency", "costs", "lines"),
        ),
    )
}


def tool_named(name: str) -> Tool:
    """Return a tool. Raises UnknownNameError."""
    if name not in TOOLS:
        raise UnknownNameError(f'no tool named "{name}"{did_you_mean(name, TOOLS)}')
    return TOOLS[name]
