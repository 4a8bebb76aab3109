"""Specialists of one task each, and what they, and networks that learned everything, say of every row (lessons.py).

Alone, a network of the same size judges GeniL's sentences and finds markers better than one that learns all heads at once
(experiments.md); the mean of several is better still.
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import batches, characters, heads, large, lessons, network, train, unlabelled, wide


@dataclass(frozen=True)
class Subject:
    """One task. `shares`: how often an epoch reads a row of each source (fractions: some of the rows)."""

    shares: dict[str, float]
    epochs: int
    rate: float
    tag_weight: float
    #: whether the specialist begins from the network that learned everything, not from the pre-trained one
    goes_on: bool
    #: the head whose rows are read; all rows of the sources where there is none
    head: str | None = None


SUBJECTS = {
    "natural": Subject(
        {
            "genil": 2.0, "written": 1.0, "kosbi": 1.0, "bbq_contexts_multi": 1.0, "bold_wikipedia_en": 0.5, "text": 0.4, "strange": 0.3,
            "templates": 0.25,
        },
        2, 1.5e-3, 0.3, False, "generalisation",
    ),
    "made": Subject({"emgsd": 1.0, "crows_pairs": 1.0, "stereoset_ptbr": 0.5, "written": 0.3}, 3, 1.5e-3, 0.3, False, "generalisation"),
    "markers": Subject({"cocoa": 1.0}, 4, 6e-4, 2.0, True),
}
#: what the large teacher counts for beside the specialists of markers
MARKED_SHARE = 0.7


@dataclass(frozen=True)
class Course:
    """What the network that ships reads under the teachers; `others`: the share of sources that are not named."""

    shares: dict[str, float]
    others: float
    epochs: int
    rate: float
    tag_weight: float
    weights: lessons.Weights


#: first everything, then with more of the markers, at last with more of the natural sentences, which the large teacher judged;
#: the teachers keep it from forgetting the rest
COURSES = (
    Course(
        {
            "genil": 1.5, "cocoa": 3.0, "praise_lines": 2.0, "keico": 2.0, "written": 0.8, "spiral": 0.6, "kohon": 0.4, "templates": 0.15,
            "written_tuples": 0.0, **dict.fromkeys(("emgsd", "stif", "shekasteh", "in_formal_de", "tydip"), 1.0),
            unlabelled.GROUP_TEXT: 1.0, unlabelled.SWAPPED: 1.0, unlabelled.YOU_TEXT: 0.6, unlabelled.KEIGO_TEXT: 1.0,
        },
        0.3, 2, 8e-4, 1.5, lessons.Weights(voiced=2.0, heads=0.6, tags=2.0),
    ),
    Course(
        {
            "cocoa": 4.0, "keico": 1.0, "praise_lines": 1.0, "genil": 0.6, "written": 0.4, "spiral": 0.3, "written_tuples": 0.0,
            **dict.fromkeys(("emgsd", "stif", "shekasteh", "in_formal_de", "tydip"), 0.5),
            unlabelled.GROUP_TEXT: 0.4, unlabelled.SWAPPED: 0.4, unlabelled.YOU_TEXT: 0.5, unlabelled.KEIGO_TEXT: 0.4,
        },
        0.12, 1, 6e-4, 2.0, lessons.Weights(heads=0.6, tags=2.5),
    ),
    Course(
        {
            "genil": 1.5, "cocoa": 3.0, "praise_lines": 2.0, "keico": 1.8, "written": 0.4, "spiral": 0.3, "kohon": 0.2, "emgsd": 0.5, "tydip": 1.2,
            "shekasteh": 0.8, "stif": 0.6, "in_formal_de": 0.6, "templates": 0.1, "written_tuples": 0.0,
            unlabelled.GROUP_TEXT: 1.0, unlabelled.SWAPPED: 1.3, unlabelled.YOU_TEXT: 0.5, unlabelled.KEIGO_TEXT: 0.6,
        },
        0.1, 4, 6e-4, 1.5, lessons.Weights(voiced=3.0, heads=0.6, tags=3.0),
    ),
)


def drawn(examples: list, rows: np.ndarray, shares: dict[str, float], others: float, seed: int) -> np.ndarray:
    """The rows of an epoch: each of `rows` as often as its source's share says, the fraction left to chance."""
    share = np.array([shares.get(examples[at].source, others) for at in rows])
    return np.repeat(rows, np.floor(share + np.random.default_rng(seed).random(len(rows))).astype(int))


def specialist(
    subject: Subject, start: dict, shape: network.Shape, store: batches.Store, rows: np.ndarray, folder: Path, seed: int, cells: int
) -> dict:
    """The state of a network that learned one subject; `start`: the state it begins from."""
    deep = network.Deep(shape)
    deep.load_state_dict(start, strict=False)
    own = np.array([at for at in rows if subject.head is None or subject.head in store.examples[at].targets], dtype=int)
    fitted = train.fit(
        deep, store, lambda epoch: drawn(store.examples, own, subject.shares, 0.0, 100 * seed + epoch), folder,
        epochs=subject.epochs, cells=cells, rate=subject.rate, seed=100 * seed, tag_weight=subject.tag_weight,
    )
    return fitted.state_dict()


def _tags(model: network.Deep, store: batches.Store, rows: np.ndarray, states: list[dict]) -> dict[int, np.ndarray]:
    """By row: the mean of the states' probabilities of `lessons.three`, float16 [T, 3]."""
    total = {int(at): np.zeros((len(store.ids[at]), 3), np.float32) for at in rows}
    for state in states:
        model.load_state_dict({name: state[name] for name in model.state_dict()})
        model.eval()
        with torch.no_grad():
            for batch in store.epoch(rows, 16384, 0):
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    late = model(batch.ids, batch.mask)[2]
                said = torch.exp(lessons.three(late.float())).numpy()
                for row, at in enumerate(batch.rows):
                    total[int(at)] += said[row, : len(store.ids[at])]
    return {at: (values / len(states)).astype(np.float16) for at, values in total.items()}


def by_itself(deep: network.Deep, store: batches.Store) -> lessons.Lessons:
    """What a network says of every row: the lesson of one that goes on from it and is not to forget."""
    source = np.array([example.source for example in store.examples])
    return lessons.Lessons(
        train.predict(deep, store, np.arange(len(store.ids))),
        _tags(deep, store, np.flatnonzero(np.isin(source, ["cocoa", unlabelled.YOU_TEXT])), [deep.state_dict()]),
    )


def prepare(
    shape: network.Shape, store: batches.Store, rounded: list[dict], specialists: dict[str, list[dict]], folded: characters.Fold,
    evidence: wide.Evidence, judged: dict[str, np.ndarray], marked: dict[int, np.ndarray],
) -> lessons.Lessons:
    """What the teachers say of every row: the mean of the networks that learned everything (`rounded`), for generalisations and
    markers with their specialists, and with the large ones (`judged`, by subject of large.py; `marked`, of large_markers.py). Where nobody labelled, what
    the characters say is added, since they will stand beside the student too, but know no more than labelled rows."""
    model = network.Deep(shape)

    def mean(states: list[dict], rows: np.ndarray) -> np.ndarray:
        total = np.zeros((len(rows), heads.RAW), np.float32)
        for state in states:
            model.load_state_dict({name: state[name] for name in model.state_dict()})
            total += train.predict(model, store, rows)
        return total / max(1, len(states))

    everything = np.arange(len(store.ids))
    source = np.array([example.source for example in store.examples])
    without = np.isin(source, sorted(unlabelled.SOURCES))
    logits = mean(rounded, everything)
    for expert, name in enumerate(heads.EXPERTS):
        column = heads.VOICED.start + expert
        rows = np.flatnonzero((store.natural > 0) | without if name == "natural" else (store.natural == 0) & (store.known[:, 0] > 0))
        own = specialists[name]
        logits[rows, column] = (len(rounded) * logits[rows, column] + len(own) * mean(own, rows)[:, column]) / (len(rounded) + len(own))
    rows = np.flatnonzero(without)
    natural = heads.VOICED.start + heads.EXPERTS.index("natural")
    said = characters.logits([store.ids[at] for at in rows], folded, evidence.voiced)[:, 0] if len(rows) else np.zeros(0)
    logits[rows, natural] += said + evidence.bias[natural]
    for name, values in judged.items():
        subject = large.SUBJECTS[name]
        logits[:, subject.columns] = large.joined(subject, logits[:, subject.columns], values)
    tags = _tags(model, store, np.flatnonzero(np.isin(source, ["cocoa", unlabelled.YOU_TEXT])), specialists["markers"])
    for row, said in marked.items():
        if row in tags:
            read = said.sum(-1, keepdims=True) > 0
            tags[row] = np.where(read, (1 - MARKED_SHARE) * tags[row] + MARKED_SHARE * said, tags[row]).astype(np.float16)
    return lessons.Lessons(logits, tags)
