"""Small tables on standard output: numbers to the right, words to the left."""

import statistics


def spread(values, digits):
    """Median, least and greatest as texts."""
    return [f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values))]


def ratio(values, peers):
    """Ratio of the medians of two lists."""
    return statistics.median(values) / statistics.median(peers)


def show(head, rows):
    """Prints a table; the first column is words."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        words = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(words).rstrip(), flush=True)


def verdict(text, value, limit):
    """Prints one line that says whether value <= limit; returns whether it is."""
    good = value <= limit
    print(f"{'ok  ' if good else 'FAIL'} {text}: {value:.4g}, at most {limit:.4g}", flush=True)
    return good
