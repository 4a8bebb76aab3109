"""The written rows of models/training/written/: one file a language, `kind TAB pair TAB domain TAB text`.

Groups and attributes are marked in the text: `{g:Norwegians} are {a:reserved}`. README.md there says what the kinds mean,
how the rows came about and under which licence they stand. Near copies are refused when a file is read.
"""
import re
from pathlib import Path

import numpy as np

from . import duplicates

FOLDER = Path(__file__).resolve().parents[1] / "written"
KINDS = (
    "asserted", "benevolent", "homogenising", "mention", "statistic", "specific", "neutral", "effusive", "warm", "blunt", "clear",
    "plain", "level1", "level2", "level3", "level4",
)
#: kinds in which both a group and an attribute must be marked
MARKED = {"asserted", "benevolent", "homogenising", "mention", "specific"}
MARK = re.compile(r"\{([ga]):([^{}]*)\}")
TAGS = {"g": "group", "a": "attribute"}


class RowError(ValueError):
    """A row cannot be used; the message names file and line."""


def parse(line: str) -> tuple[str, str, str, str, list[tuple[int, int, str]]]:
    """-> kind, pair id (or ""), domain, text without marks, spans (start, end, tag) in characters of that text."""
    cells = line.split("\t")
    if len(cells) != 4:
        raise RowError(f"{len(cells)} cells, 4 are needed: kind, pair, domain, text")
    kind, pair, domain, marked = cells
    if kind not in KINDS:
        raise RowError(f'unknown kind "{kind}"; known: {", ".join(KINDS)}')
    text, spans, at = "", [], 0
    for found in MARK.finditer(marked):
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), TAGS[found[1]]))
        text, at = text + found[2], found.end()
    text += marked[at:]
    if "{" in text or "}" in text:
        raise RowError("a brace that belongs to no mark")
    if kind in MARKED and {tag for _, _, tag in spans} != {"group", "attribute"}:
        raise RowError(f'"{kind}" needs {{g:…}} and {{a:…}}')
    return kind, pair, domain, text, spans


def read(language: str, folder: Path = FOLDER) -> list[tuple]:
    """All rows of a language as `parse` gives them. RowError names the first bad or doubled line."""
    rows, bands = [], {}
    for number, line in enumerate((folder / f"{language}.tsv").read_text("utf-8").splitlines(), 1):
        try:
            row = parse(line)
            signed = duplicates.signature(row[3])
            keys = [(band, signed[band * 4 : band * 4 + 4].tobytes()) for band in range(duplicates.BANDS)]
            for key in keys:
                for other, other_number in bands.get(key, ()):
                    if (np.asarray(other) == signed).mean() >= duplicates.NEAR:
                        raise RowError(f"nearly the same as line {other_number}")
            for key in keys:
                bands.setdefault(key, []).append((signed, number))
        except RowError as error:
            raise RowError(f"{language}.tsv:{number}: {error}") from None
        rows.append(row)
    return rows


def languages(folder: Path = FOLDER) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.tsv"))


FRAMES = (
    "The {group} {predicate}.", "My neighbour is {article} {group}. {Pronoun} {predicate}.", "I met {article} {group} who {predicate}.",
    "We talked to the {group} for a while. {Pronoun} {predicate}.", "{Article} {group} lives next door and {predicate}.", "The {group} in the story {predicate}.",
)


def tuples(folder: Path = FOLDER):
    """Short made sentences from tuples/*.tsv (`group TAB pronoun TAB clichéd predicates TAB other predicates`, divided by "; "):
    (text, group, whether a cliché says so). Each predicate goes into two frames, the same ones in every run."""
    for path in sorted((folder / "tuples").glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            cells = line.split("\t")
            if len(cells) != 4:
                raise RowError(f"{path.name}:{number}: {len(cells)} cells, 4 are needed: group, pronoun, clichés, others")
            group, pronoun = cells[0].strip(), cells[1].strip()
            article = "" if group.lower().startswith("the ") else "an" if group[0].lower() in "aeiou" else "a"
            bare = group[4:] if not article else group
            for said, predicates in ((True, cells[2]), (False, cells[3])):
                for at, predicate in enumerate(part.strip() for part in predicates.split(";") if part.strip()):
                    for turn in (at, at + 1 + number % 4):
                        text = FRAMES[turn % len(FRAMES)].format(
                            group=bare, article=article or "the", Article=(article or "the").capitalize(), Pronoun=pronoun.capitalize(), predicate=predicate
                        )
                        yield text, group, said
