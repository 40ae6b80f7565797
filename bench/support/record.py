"""What the record of a home says that steps have cost, as `ortforge runs` tells it."""

from support import call


def cpu_seconds(step):
    return (step["user_ms"] + step["system_ms"]) / 1000


class Cost:
    """The newest time that a step was built: one attempt, or several that went on from each other."""

    def __init__(self, attempts):
        self.attempts = len(attempts)
        self.cpu = sum(map(cpu_seconds, attempts))
        # The last attempt has counted for all of them: they share a work folder.
        self.hits = attempts[-1]["cache_hits"]
        self.objects = self.hits + attempts[-1]["cache_misses"]


class Record:
    """Steps that ran here; nothing is known of those of a run that was killed."""

    def __init__(self, program, home):
        runs = sorted(run["id"] for run in call.answer(program, home, "runs")["runs"])
        self.steps = [step for run in runs for step in call.answer(program, home, "runs", run)["steps"]]
        ran = ("built", "failed", "interrupted")
        self.steps = [step for step in self.steps if step["status"] in ran and step["environment"] != "imported"]

    def cost(self, key):
        """Cost of the step with this key; None when it is not on record as built here."""
        attempts = [step for step in self.steps if step["key"] == key]
        while attempts and attempts[-1]["status"] != "built":
            attempts.pop()
        chain = []
        for step in reversed(attempts):
            if chain and step["status"] == "built":
                break
            chain.insert(0, step)
            if not step["reason"].startswith("goes on"):
                break
        return Cost(chain) if chain else None

    def spent(self, keys, variants):
        """Runs that worked on steps with these keys, and the CPU seconds that they spent on these variants in all."""
        runs = {step["run"] for step in self.steps if step["key"] in keys}
        steps = [step for step in self.steps if step["run"] in runs and variants & set(step["variants"])]
        return sorted(runs), sum(map(cpu_seconds, steps))
