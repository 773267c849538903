"""What `devkit build --explain` says: the cost of each layer, and why a step was not taken from the cache."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from devkit.api import IMAGE_MISSING, DevkitError, Evidence, Result
from devkit_build.building import last_build
from devkit_build.engine import connected
from devkit_build.imagefile import read_image
from devkit_build.sizes import check_budget, layers_of, readable
from devkit_build.steps import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import TaskContext
    from devkit_build.sizes import Layer

_NAMED = 5


def explain(context: TaskContext) -> Result:
    """Answer `build --explain` from the image that was built last; IMAGE_MISSING when the engine lost it."""
    image = read_image(context.root)
    if not image.image_id:
        message = f"`{image.reference}` is not in the engine, which holds one platform of an image"
        raise DevkitError(IMAGE_MISSING, message, help="devkit build --platform with one platform")
    with connected(os.environ) as client:
        layers = layers_of(client.history(image.image_id))
    last = last_build(context.root)
    data = {
        "reference": image.reference,
        "size": image.size,
        "layers": [{"instruction": layer.instruction, "size": layer.size} for layer in layers],
        "steps": last.get("steps", []),
        "reason": rebuild_reason(last),
    }
    lines = [*layer_lines(layers), "", *step_lines(last)]
    return Result(schema="devkit.build.explain/1", data=data, lines=lines)


def layer_lines(layers: Sequence[Layer]) -> list[str]:
    """Return the layers that cost something for people."""
    total = sum(layer.size for layer in layers)
    shown = [f"{readable(layer.size):>10}  {shortened(layer.instruction)}" for layer in layers if layer.size]
    return [*shown, f"{readable(total):>10}  in all"]


def step_lines(last: Mapping[str, Any]) -> list[str]:
    """Return the steps of the last build for people: cached, or run and why."""
    steps = last.get("steps", [])
    lines = [f"{_cost(step):>10}  {shortened(step['name'])}" for step in steps]
    reason = rebuild_reason(last)
    first = next((step["name"] for step in steps if not step["cached"] and "] FROM " not in step["name"]), "")
    if not first:
        return [*lines, "every step came from the cache"]
    return [*lines, f"rebuilt from {shortened(first)}", f"because {reason}"]


def _cost(step: Mapping[str, Any]) -> str:
    return "cached" if step["cached"] else f"{step['seconds']:.1f} s"


def rebuild_reason(last: Mapping[str, Any]) -> str:
    """Return why the last build did not take all from the cache, as far as what it was built from tells."""
    if last.get("is_fresh"):
        return "--no-cache was given"
    if last.get("is_first", True):
        return "it was the first build here"
    changed = [*last.get("changed", []), *last.get("changed_options", [])]
    if not changed:
        return "the cache of the builder no longer held it, or the base image is another one"
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    return f"these changed: {', '.join(changed[:_NAMED])}{more}"


def check_size(context: TaskContext, *, budget: int) -> None:
    """Hold the image that was built last to its budget (readable)."""
    image = read_image(context.root)
    if not image.image_id:
        context.say("the engine does not hold the image, whose size is not known")
        return
    with connected(os.environ) as client:
        layers = layers_of(client.history(image.image_id))
    context.record("size", image.size)
    check_budget(image.reference, image.size, layers, budget)
    context.rest_on(Evidence(holds=lambda _: True))  # that of the image is all
