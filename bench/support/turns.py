"""Two sides of a comparison in turn."""

from support import machine


def take_turns(rounds, first, second, told):
    """Results of both, round by round: who begins takes turns, so that a machine that slows down slows both.

    first, second: what measures one side, given the number of the round. told(result): who the second side is in the
    line that each round prints; the first one is "by hand".
    """
    results = [], []
    for number in range(1, rounds + 1):
        sides = list(zip(results, (first, second)))
        for done, measure in sides if number % 2 else reversed(sides):
            done.append(measure(number))
        hand, other = results[0][-1], results[1][-1]
        print(
            f"round {number}: CPU {hand['cpu']:.2f} s by hand, {other['cpu']:.2f} s {told(other)}; "
            f"wall {hand['wall']:.2f} s, {other['wall']:.2f} s; load {machine.load():.2f}",
            flush=True,
        )
    return results
