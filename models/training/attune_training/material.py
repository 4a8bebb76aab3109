"""The rows of a training: labelled ones, those that only teachers judge, and the evaluation rows that none of them may resemble."""
import pickle
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import data, duplicates, tasks, unlabelled


@dataclass
class Material:
    """`lost`: by source, how many rows came too near an evaluation row."""

    training: list[tasks.Example]
    evaluation: list[tasks.Example]
    lost: dict[str, int]

    def split(self, held_back: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Positions in `training`: labelled rows to learn from, labelled rows held back (that share of the keys), unlabelled rows."""
        held = np.array([data.bucket(example.hold, "validation") < held_back for example in self.training])
        without = np.array([example.source in unlabelled.SOURCES for example in self.training])
        return np.flatnonzero(~held & ~without), np.flatnonzero(held & ~without), np.flatnonzero(~held & without)


def _sampled(examples: list, rows: int | None, seed: int) -> list:
    """At most `rows` examples, drawn at random."""
    if rows is None or len(examples) <= rows:
        return examples
    return random.Random(seed).sample(examples, rows)


def gather(text_per_language: int, unlabelled_per_language: int, rows: int | None, path: Path) -> None:
    """Reads the data folder; the material goes to `path`. `rows`: at most so many of each (None: all)."""
    evaluation = tasks.evaluation_examples()
    training = tasks.training_examples(text_per_language)
    training, lost = duplicates.remove(training + unlabelled.examples(unlabelled_per_language, training), evaluation + tasks.answer_sentences())
    with path.open("wb") as file:
        pickle.dump(Material(_sampled(training, rows, 1), _sampled(evaluation, rows, 2), lost), file)


def load(path: Path) -> Material:
    """What `gather` left."""
    with path.open("rb") as file:
        material = pickle.load(file)
    print(f"{len(material.training)} training and {len(material.evaluation)} evaluation rows; copies removed: {material.lost}", flush=True)
    return material
