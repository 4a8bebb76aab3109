"""Starting vectors of the pieces: positive pointwise mutual information of neighbouring pieces, reduced by SVD.

PPMI with context distribution smoothing 0.75 and U sqrt(S) as vectors: Levy, Goldberg and Dagan 2015
(equal to skip-gram with negative sampling in what it finds, and minutes instead of hours on two cores).
"""
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer

from . import data

WINDOW = 4


def cooccurrence(tokenizer: Tokenizer, megabytes: float, labelled: list[str]) -> sparse.csr_matrix:
    """Counts of pieces within WINDOW of each other, near ones weighted more: float32 [V, V], symmetric."""
    size = tokenizer.get_vocab_size()
    total = sparse.csr_matrix((size, size), dtype=np.float32)

    def parts():
        for language, share in data.language_shares(0.6).items():
            yield [line[:600] for line in data.text_lines(language, int(share * megabytes * 1e6), seed=2)]
        yield labelled

    for lines in parts():
        stream = []
        for encoding in tokenizer.encode_batch(lines):
            stream.append(np.array(encoding.ids[1:], dtype=np.int32))  # keeps </s>, which separates lines
        ids = np.concatenate(stream) if stream else np.zeros(0, dtype=np.int32)
        for start in range(0, len(ids), 2_000_000):
            part = ids[start : start + 2_000_000]
            for distance in range(1, WINDOW + 1):
                left, right = part[:-distance], part[distance:]
                weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
                total = total + sparse.coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    return total + total.T


def vectors(tokenizer: Tokenizer, dimension: int, megabytes: float, labelled: list[str]) -> np.ndarray:
    """float32 [V, dimension], rows of mean length 1; pieces never seen are near zero."""
    counts = cooccurrence(tokenizer, megabytes, labelled).tocoo()
    rows = np.asarray(counts.sum(1)).ravel() + 1e-9
    context = rows**0.75
    pmi = np.log(counts.data * context.sum() / (rows[counts.row] * context[counts.col]))
    keep = (pmi > 0) & (counts.data > 0.6)
    ppmi = sparse.csr_matrix((pmi[keep].astype(np.float32), (counts.row[keep], counts.col[keep])), counts.shape)
    u, s, _ = randomized_svd(ppmi, dimension, n_iter=2, random_state=0)
    result = (u * np.sqrt(s)).astype(np.float32)
    return result / max(1e-6, float(np.linalg.norm(result, axis=1).mean()))


def load_or_make(
    path: Path, tokenizer: Tokenizer, dimension: int, megabytes: float, labelled: list[str]
) -> np.ndarray:
    """Vectors kept in `path` (.npy), made when absent."""
    if path.exists():
        return np.load(path)
    made = vectors(tokenizer, dimension, megabytes, labelled)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, made)
    return made
