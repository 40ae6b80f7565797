"""The steps of recipes as a person would type them: each once, in a work folder of its own (docs/environments.md)."""

import json
import os
import shutil
from pathlib import Path

from support import machine, sandbox


class Steps:
    """The distinct steps of some recipes, in an order that has what a step needs before it."""

    def __init__(self, recipe_folders, home, sources):
        """sources: {name: folder of a fetched source}; home: has the root and the toolkit of the recipes."""
        self.home, self.sources = Path(home), sources
        self.steps = []  # (step, its recipe, folder of the recipe, {name: scope} of the recipe's steps)
        features = machine.cpu_features()
        seen, left_out = set(), set()
        for folder in recipe_folders:
            recipe = sandbox.read_recipe(folder)
            scopes = {step["name"]: step["scope"] for step in recipe["steps"]}
            for step in recipe["steps"]:
                scope, needs = step["scope"], [scopes[name] for name in step["needs"]]
                if scope in seen:
                    continue
                seen.add(scope)
                # As ortforge does: tests of instruction sets that this machine lacks do not run.
                if set(step["features"]) - features or left_out & set(needs):
                    left_out.add(scope)
                else:
                    self.steps.append((step, recipe, Path(folder), scopes))

    def lay_out(self, top, jobs):
        """Makes the work folders below `top`; the commands, [(directory, argv)], that measure.measured() takes."""
        outputs = {step["scope"]: step["output"] for step, _, _, _ in self.steps}
        commands = []
        for step, recipe, folder, scopes in self.steps:
            work = top / step["scope"]
            needs = [scopes[name] for name in step["needs"]]
            mounts = {outputs[need]: top / need / outputs[need] for need in needs}
            mounts.update({f"sources/{name}": self.sources[name] for name in step["sources"]})
            if step["toolkit"]:
                mounts["toolkit"] = toolkit_of(self.home, recipe)
            for name in ("home", "build", "recipe", step["output"], *mounts):
                (work / name).mkdir(parents=True, exist_ok=True)
            for name in step["files"]:
                (work / "recipe" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, work / "recipe" / name)
            if "continues" in step:  # in a copy of that step's build tree
                tree = top / scopes[step["continues"]] / "build" / step["continues"]
                commands.append(("/", ["cp", "-a", str(tree), str(work / "build")]))
            root = sandbox.root_of(self.home, step.get("environment", recipe["environment"]))
            cores = jobs if step["kind"] == "build" else 1
            for command in step["commands"]:
                variables = {**command["environment"], "CMAKE_BUILD_PARALLEL_LEVEL": str(cores)}
                argv = sandbox.enter(root, work, command["argv"], command["directory"], variables, mounts)
                commands.append(("/", argv))
        return commands


def toolkit_of(home, recipe):
    """The toolkit prefix of a home that was made of the wheels of a recipe; None when there is none."""
    wanted = {(wheel["name"], wheel["digest"]) for wheel in recipe["toolkit"]}
    for file in sorted(Path(home, "toolkits").glob("*/toolkit.json")):
        wheels = json.loads(file.read_text(encoding="utf-8"))["wheels"]
        if {(wheel["name"], wheel["digest"]) for wheel in wheels} == wanted:
            return os.fspath(file.parent / "prefix")
    return None
