"""The wide part: one logistic regression per label on hashed n-grams of pieces.

Features: counts / sqrt(pieces) times a smoothed inverse document frequency; the latter is folded into the exported table,
so the network only sums rows. Rows that say nothing about a label are left out of its regression.
"""
import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

from . import heads, ngrams

#: inverse strength of the L2 penalty, set by hand: weak where a few markers decide, strong where words mislead
STRENGTH = {"generalisation": 0.3, "address": 3.0, "honorific_ja": 3.0, "honorific_ko": 1.0, "formality": 1.0, "praise": 0.5, "politeness": 0.3}


#: The only sources of the generalisation columns. Sets of other kinds tell a stereotype by its words, which would drown the
#: forms that natural sentences have: one column for all sets halves the GeniL figure (experiments.md).
NATURAL = {"genil", "text", "templates"}


def column(examples: list, head: heads.Head, label: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows that tell something about one label: (positions, truth 0/1, weights)."""
    positions, truth, weights = [], [], []
    for at, example in enumerate(examples):
        target = example.targets.get(head.name)
        if target is None or (head.name == "generalisation" and example.source not in NATURAL):
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


def fit(examples: list, sequences: list[np.ndarray], buckets: int, orders: int, progress=print):
    """-> table float32 [buckets, K], bias float32 [K]."""
    features = ngrams.matrix(sequences, range(1, orders + 1), buckets)
    frequency = np.bincount(features.indices, minlength=buckets)
    inverse = (np.log((1 + features.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    features = (features @ sparse.diags(inverse)).tocsr().astype(np.float32)
    table = np.zeros((buckets, heads.WIDTH), dtype=np.float32)
    bias = np.zeros(heads.WIDTH, dtype=np.float32)
    for head in heads.HEADS:
        start, _ = heads.OFFSETS[head.name]
        for label in range(head.width):
            positions, truth, weights = column(examples, head, label)
            if len(positions) == 0 or truth.all() or not truth.any():
                continue
            model = LogisticRegression(solver="liblinear", C=STRENGTH[head.name], max_iter=60)
            model.fit(features[positions], truth, sample_weight=weights)
            table[:, start + label] = model.coef_[0] * inverse
            bias[start + label] = model.intercept_[0]
            progress(f"wide {head.name}:{head.labels[label]} rows {len(positions)} positive {truth.mean():.3f}")
    return table, bias


def logits(sequences: list[np.ndarray], table: np.ndarray, bias: np.ndarray, orders: int) -> np.ndarray:
    """float32 [rows, K]: what network.Wide computes, in numpy."""
    return ngrams.matrix(sequences, range(1, orders + 1), table.shape[0]) @ table + bias
