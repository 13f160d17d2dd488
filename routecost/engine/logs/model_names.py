"""Models of a pricing sheet under the names that logs have for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from routecost.model.pricing.sheet import PricingSheet

_VENDOR = re.compile(r"^(?:[a-z]{2,6}\.)?(?:anthropic|amazon|meta|mistral|cohere|deepseek|openai|google)\.")
_SUFFIX = re.compile(r"(?:[@-](?:20\d{6}|20\d\d-\d\d-\d\d|latest|default)|-v\d{1,2}(?::\d{1,2})?|:\d{1,2})$")


def sheet_models(sheet: PricingSheet) -> Mapping[str, str | None]:
    """Return the models of a sheet by their plain name; None for a name that two of them share."""
    plain: dict[str, str | None] = {}
    for model in sheet.models:
        name = plain_name(model)
        plain[name] = None if name in plain else model
    return plain


def plain_name(model: str) -> str:
    """Return the name of a model without path, vendor, region, date and version of an interface.

    Clouds and gateways add these: ``vertex_ai/claude-x@20261014`` and ``us.anthropic.claude-x-20261014-v1:0``
    are the model ``claude-x``. Points in version numbers become hyphens.
    """
    name = model.strip().lower().rsplit("/", 1)[-1]
    name = _VENDOR.sub("", name)
    while (shorter := _SUFFIX.sub("", name)) != name:
        name = shorter
    return name.replace(".", "-")
