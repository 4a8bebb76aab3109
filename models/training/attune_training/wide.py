"""The wide part: one logistic regression per label on hashed n-grams of pieces, and one per expert on character n-grams.

Features: counts / sqrt(pieces) times a smoothed inverse document frequency; the latter is folded into the exported table,
so the network only sums rows. Rows that say nothing about a label are left out of its regression.
"""
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from . import characters, heads, ngrams, unlabelled

#: inverse strength of the L2 penalty, set by hand: weak where a few markers decide, strong where words mislead
STRENGTH = {"generalisation": 0.3, "address": 3.0, "honorific_ja": 3.0, "honorific_ko": 1.0, "formality": 1.0, "praise": 0.5, "politeness": 0.3}


#: The only sources of the generalisation head's columns.
HEAD_SOURCES = {"genil", "text", "templates"}
#: What each expert learns from. Sets of other kinds tell a stereotype by other words, which would drown the forms that natural
#: sentences have: one column for all sets halves the GeniL figure, and even text/ or the written rows cost it (experiments.md).
EXPERT_SOURCES = {"natural": {"genil"}, "made": {"emgsd"}}
#: what a sentence that only the large teacher judged (large.py) counts for, and from which probability on it also counts as one
#: that voices a generalisation
JUDGED, LEAST = 0.5, 0.02
#: inverse strength of the experts' penalty
EXPERT_STRENGTH = {"natural": 2.0, "made": 3.0}


@dataclass
class Evidence:
    """What network.Wide holds: table float32 [buckets, WIDTH], voiced [chain buckets, 2 experts], bias [RAW]; and the fold."""

    table: np.ndarray
    voiced: np.ndarray
    bias: np.ndarray

    def save(self, path: Path) -> None:
        np.savez(path, table=self.table, voiced=self.voiced, bias=self.bias)

    @staticmethod
    def load(path: Path) -> "Evidence":
        return Evidence(**np.load(path))


def column(examples: list, head: heads.Head, label: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows that tell something about one label: (positions, truth 0/1, weights)."""
    positions, truth, weights = [], [], []
    for at, example in enumerate(examples):
        target = example.targets.get(head.name)
        if target is None or (head.name == "generalisation" and example.source not in HEAD_SOURCES):
            continue
        if head.activation == "sigmoid":
            value = target[0]
            if 0.4 < value < 0.6:
                continue
            positions.append(at)
            truth.append(value > 0.5)
            weights.append(example.weight)
        elif not target[label]:
            positions.append(at)
            truth.append(False)
            weights.append(example.weight)
        elif sum(target) == 1 or (label == 0 and sum(target) == 2):
            positions.append(at)
            truth.append(True)
            weights.append(example.weight)
    return np.array(positions), np.array(truth), np.array(weights)


def voiced(examples: list, sources: set[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of these sources, whether a generalisation is voiced (asserted or mentioned), weights."""
    rows = [(at, e.targets["generalisation"], e.weight) for at, e in enumerate(examples) if e.source in sources and "generalisation" in e.targets]
    return (
        np.array([at for at, _, _ in rows]), np.array([target[0] + target[1] > 0 and target[2] + target[3] == 0 for _, target, _ in rows]),
        np.array([weight for _, _, weight in rows]),
    )


def _judged(examples: list, opinions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unlabelled rows with an opinion (logits float32 [N], NaN elsewhere), as rows for and rows against that share a weight."""
    rows = np.array([at for at in np.flatnonzero(~np.isnan(opinions)) if examples[at].source in unlabelled.SOURCES], dtype=int)
    chance = 1 / (1 + np.exp(-opinions[rows]))
    positive = chance > LEAST
    # A generalisation is labelled twice as heavy as its absence (tasks.py), so here too.
    return (
        np.concatenate([rows, rows[positive]]), np.concatenate([np.zeros(len(rows), bool), np.ones(positive.sum(), bool)]),
        np.concatenate([JUDGED * (1 - chance), 2 * JUDGED * chance[positive]]),
    )


def fit(
    examples: list, sequences: list[np.ndarray], tokenizer: Tokenizer, buckets: int, orders: int, chain_buckets: int, opinions: np.ndarray,
    progress=print,
) -> Evidence:
    """All columns, one regression each. opinions: what the large teacher says of natural sentences, logits float32 [N], or NaN."""
    table = np.zeros((buckets, heads.WIDTH), dtype=np.float32)
    bias = np.zeros(heads.RAW, dtype=np.float32)
    own = [at for at, example in enumerate(examples) if example.source not in unlabelled.SOURCES]
    features = ngrams.matrix([sequences[at] for at in own], range(1, orders + 1), buckets)
    frequency = np.bincount(features.indices, minlength=buckets)
    inverse = (np.log((1 + features.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    features = (features @ sparse.diags(inverse)).tocsr().astype(np.float32)
    for head in heads.HEADS:
        start, _ = heads.OFFSETS[head.name]
        for label in range(head.width):
            positions, truth, weights = column([examples[at] for at in own], head, label)
            if len(positions) == 0 or truth.all() or not truth.any():
                continue
            model = LogisticRegression(solver="liblinear", C=STRENGTH[head.name], max_iter=60)
            model.fit(features[positions], truth, sample_weight=weights)
            table[:, start + label] = model.coef_[0] * inverse
            bias[start + label] = model.intercept_[0]
            progress(f"n-grams {head.name}:{head.labels[label]} rows {len(positions)} positive {truth.mean():.3f}", flush=True)
    del features
    told, said = experts(examples, sequences, tokenizer, chain_buckets, opinions, progress)
    bias[heads.VOICED] = said
    return Evidence(table, told, bias)


def experts(examples: list, sequences: list[np.ndarray], tokenizer: Tokenizer, buckets: int, opinions: np.ndarray, progress=print):
    """-> chain table float32 [buckets, 2 experts] (characters.py), biases [experts]."""
    wanted = [voiced(examples, EXPERT_SOURCES[name]) for name in heads.EXPERTS]
    natural = heads.EXPERTS.index("natural")
    wanted[natural] = tuple(np.concatenate(both) for both in zip(wanted[natural], _judged(examples, opinions)))
    used = np.unique(np.concatenate([rows for rows, _, _ in wanted]).astype(int))
    folded = characters.fold(tokenizer)
    found = characters.Chains([sequences[at] for at in used], folded)
    parts = found.characters({})
    texts = (found.matrix() @ parts).tocsr()
    columns, lengths, biases = [], [], []
    for name, (rows, truth, weights) in zip(heads.EXPERTS, wanted):
        if len(rows) == 0 or truth.all() or not truth.any():
            weight, length, start = np.zeros(parts.shape[1]), np.ones(parts.shape[1]), 0.0
        else:
            weight, length, start = characters.fit(texts, np.searchsorted(used, rows), truth, weights, EXPERT_STRENGTH[name])
            progress(f"characters, expert {name}: rows {len(rows)} positive {truth.mean():.3f}", flush=True)
        columns.append(parts @ weight)
        lengths.append(parts @ length)
        biases.append(start)
    return characters.table(found, np.stack([*columns, *lengths], 1), buckets), biases


def logits(sequences: list[np.ndarray], folded: characters.Fold, evidence: Evidence, orders: int) -> np.ndarray:
    """float32 [rows, RAW]: what network.Wide computes, in numpy; the bias apart, nothing for the gate and for answers."""
    plain = ngrams.matrix(sequences, range(1, orders + 1), len(evidence.table)) @ evidence.table
    voice = characters.logits(sequences, folded, evidence.voiced)
    return np.concatenate([plain, voice, np.zeros((len(plain), heads.RAW - heads.VOICED.stop))], 1).astype(np.float32) + evidence.bias
