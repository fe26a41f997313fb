# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables in Markdown, targets and which are met, and pages that hold such tables."""

import dataclasses

import rate_curves


def cell(value, form="{:.2f}"):
    return "–" if value is None else value if isinstance(value, str) else form.format(value)


def table(title, header, rows):
    """Numbers have two digits."""
    lines = [f"\n### {title}\n", "| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows])


def in_kinds(reports):
    """Reports by kind."""
    kinds = {}
    for one in reports:
        kinds.setdefault(one.kind, []).append(one)
    return kinds


def mean_of_kinds(kinds, value):
    """The geometric mean of the geometric means of in_kinds()."""
    return rate_curves.geometric_mean([rate_curves.geometric_mean(list(map(value, group)))
                                       for group in kinds.values()])


@dataclasses.dataclass
class Target:
    """`value` is to be at most `limit`; for `worst`, which is to be at least that, both are negated."""

    what: str
    limit: float
    value: float
    where: str = ""

    def is_met(self):
        return self.value <= self.limit


def largest(what, limit, reports, value):
    """The target of every clip, held by the one that is furthest from it."""
    worst = max(reports, key=value)
    missed = sum(value(r) > limit for r in reports)
    return Target(what, limit, value(worst), worst.name + (f" ({missed} clips miss it)" if missed else ""))


def targets_table(targets):
    return table("Targets", ["target", "at most", "measured", "met", "furthest from it"],
                 [[t.what, t.limit, cell(t.value, "{:.3f}"), "yes" if t.is_met() else "**no**", t.where]
                  for t in targets])


def marks(bench):
    """The lines around what that benchmark (bench_webp.py) writes into a page."""
    return f"<!-- tables of {bench} -->\n", f"<!-- end of tables of {bench} -->"


def put(path, bench, text):
    """Writes tables to a file: between its marks where it has them."""
    begin, end = marks(bench)
    page = path.read_text() if path.exists() else ""
    if begin in page and end in page:
        before, rest = page.split(begin, 1)
        text = before + begin + text + "\n\n" + end + rest.split(end, 1)[1].rstrip("\n")
    path.write_text(text + "\n")
