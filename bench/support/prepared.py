"""What comparisons with "by hand" begin with: a home that has what recipes read, and the steps of those recipes."""

import sys

from support import by_hand, call, sandbox


class Prepared:
    """Fetches and, for toolkits, builds what is missing in `home`; writes the recipes of `names` below `folder`.

    sources: another home, whose downloads are used instead. Ends the script with exit code 2 where an environment is
    missing.
    """

    def __init__(self, program, home, folder, names, jobs, sources=None):
        self.program, self.home, self.names, self.jobs = program, home, names, jobs
        if sources:
            home.mkdir(parents=True, exist_ok=True)
            (sources / "sources").mkdir(parents=True, exist_ok=True)
            (home / "sources").symlink_to((sources / "sources").resolve())
        fetched = call.answer(program, home, "fetch", *names)["sources"]
        call.text(program, home, "generate", "--backend", "cmake", "--out", folder / "recipes", *names)
        recipes = sorted(file.parent for file in (folder / "recipes").rglob("recipe.json"))
        self.steps = by_hand.Steps(recipes, home, {source["name"]: source["tree"] for source in fetched})
        self._look_around([sandbox.read_recipe(recipe) for recipe in recipes])

    def _look_around(self, recipes):
        """Looks for the home's environments and toolkits; only a build makes a toolkit."""
        for recipe in recipes:
            if sandbox.root_of(self.home, recipe["environment"]) is None:
                print(f"{recipe['variant']}: {self.home} lacks {recipe['environment']}", file=sys.stderr)
                raise SystemExit(2)
            if recipe["toolkit"] and by_hand.toolkit_of(self.home, recipe) is None:
                name = f"{recipe['product']}/{recipe['branch']}:{recipe['variant']}"
                build = ["build", name, "-j", self.jobs, "--no-link", "--no-test", "--no-cache"]
                call.text(self.program, self.home, *build)
            if recipe["toolkit"] and by_hand.toolkit_of(self.home, recipe) is None:
                print(f"{recipe['variant']}: {self.home}/toolkits has none of its wheels", file=sys.stderr)
                raise SystemExit(2)
