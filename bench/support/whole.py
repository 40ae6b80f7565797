"""A matrix in which a composed branch is built whole: one build tree with all that its components make apart."""

import json
import re
import shutil

from support import machine

# Stands for a provider that is built apart.
_LEFT_OUT = {"onnxruntime_USE_CUDA_INTERFACE"}


def _components(pipelines, name):
    """Components of a pipeline, "other.component" looked up."""
    found = []
    for component in pipelines[name]:
        if isinstance(component, str):
            other, _, wanted = component.partition(".")
            component = next(each for each in _components(pipelines, other) if each["name"] == wanted)
        found.append(component)
    return found


def _both(*conditions):
    return " && ".join(f"({condition})" for condition in conditions if condition)


def _conditioned(member, *conditions):
    when = _both(*conditions, member.get("when"))
    return {**member, "when": when} if when else dict(member)


def edit(product, branch_name):
    """Changes a product, as its JSON file has it, so that the branch is built by the pipeline "whole"."""
    branch = product["branches"][branch_name]
    apart = [one for one in _components(product["pipelines"], branch["pipeline"]) if one["kind"] == "build"]
    (whole,) = [one for one in _components(product["pipelines"], "whole") if one["kind"] == "build"]
    options = whole.setdefault("options", [])
    for component in apart:
        for option in component.get("options", []):
            if option["name"] not in _LEFT_OUT:
                options.append(_conditioned(option, component.get("when")))
    conditions = {one["name"]: _both(f"component=={whole['name']}", one.get("when")) for one in apart}
    for option in branch["cmake"]:
        if "when" in option:
            option["when"] = re.sub(
                r"component==(\w+)", lambda found: f"({conditions.get(found[1], found[0])})", option["when"]
            )
    for line in branch["lines"].values():
        places = line.get("environments", {})
        # The last one has the most: the toolkit beside the compilers.
        for name in [one["name"] for one in apart if one["name"] in places]:
            places[whole["name"]] = places.pop(name)
    branch["pipeline"] = "whole"


def matrix(folder, product, branch):
    """Makes folder/matrix, with what lies beside the shipped one; its path."""
    for name in ("matrix", "templates"):
        shutil.copytree(machine.REPOSITORY / name, folder / name)
    (folder / "examples").symlink_to(machine.REPOSITORY / "examples")
    file = folder / "matrix" / f"{product}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    edit(content, branch)
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return folder / "matrix"
