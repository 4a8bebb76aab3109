"""Evidence of character n-grams, told by pieces, for the experts of the generalisation head.

A logistic regression on the character n-grams inside words is the strongest cheap judge of both kinds of sentences
(experiments.md). Each n-gram lies in one piece or across a few neighbouring pieces of a word, so the regression can be
written, without loss, as a sum over short chains of pieces: a chain's weight is that of the n-grams that start in its
first piece and end in its last. The graph then needs no characters, only a look-up per chain.

A chain of order k ending at piece t: pieces t-k+1 .. t, of which those between the first and the last continue a word. A last
piece that begins a word counts only as the space before it (WORD). Chains are hashed as in ngrams.py.
"""
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from . import ngrams
from .tokenizer import BOS, EOS, PAD, SPACE

SHORTEST, LONGEST = 2, 5
ORDERS = 4
#: stands for "a word begins here"; no piece folds to <unk>
WORD = 1


@dataclass
class Fold:
    """Per piece: `chain`, int32 [V], its representative among those equal in lower case; `begins`, bool [V], a word begins
    with it; and its characters."""

    chain: np.ndarray
    begins: np.ndarray
    strings: list[str]


def fold(tokenizer: Tokenizer) -> Fold:
    pieces = {place: piece for piece, place in tokenizer.get_vocab().items()}
    strings = []
    for at in range(len(pieces)):
        piece = pieces[at]
        if at in (PAD, WORD, BOS, EOS):
            strings.append("")
        elif len(piece) == 6 and piece.startswith("<0x"):
            strings.append(chr(0xE000 + int(piece[3:5], 16)))
        else:
            strings.append(piece.replace(SPACE, " ").lower())
    first: dict[str, int] = {}
    chain = np.array([at if not text else first.setdefault(text, at) for at, text in enumerate(strings)], dtype=np.int32)
    begins = np.array([not text or text.startswith(" ") for text in strings])
    return Fold(chain, begins, strings)


def grams(strings: list[str]) -> list[str]:
    """Character n-grams that start in the first string and end in the last one, without a space inside."""
    text = "".join(strings)
    head, tail = len(strings[0]), len(text) - len(strings[-1])
    found = []
    for start in range(head):
        for end in range(max(tail + 1, start + SHORTEST), min(len(text), start + LONGEST) + 1):
            part = text[start:end]
            if " " not in part[1:-1] and part != "  ":
                found.append(part)
    return found


def chains(ids: np.ndarray, folded: Fold, order: int) -> np.ndarray:
    """int64 [chains, order] of a sequence [T]; a word-beginning last piece is WORD (order 1 keeps the piece)."""
    own = folded.chain[ids].astype(np.int64)
    if order == 1:
        return own[:, None]
    count = len(ids) - order + 1
    if count <= 0:
        return np.zeros((0, order), dtype=np.int64)
    begins = folded.begins[ids]
    columns = [own[at : at + count] for at in range(order - 1)]
    columns.append(np.where(begins, WORD, own)[order - 1 :])
    inside = np.ones(count, dtype=bool)
    for at in range(1, order - 1):
        inside &= ~begins[at : at + count]
    return np.stack(columns, 1)[inside]


class Chains:
    """All chains of some sequences, numbered, and how often each sequence has each."""

    def __init__(self, sequences: list[np.ndarray], folded: Fold):
        self.folded, self.parts, self.counts = folded, [], []
        for order in range(1, ORDERS + 1):
            rows = [chains(ids, folded, order) for ids in sequences]
            owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
            distinct, place = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
            self.parts.append(distinct)
            self.counts.append(
                sparse.csr_matrix((np.ones(len(owner), np.float32), (owner, place.ravel())), shape=(len(rows), len(distinct)))
            )

    def characters(self, vocabulary: dict[str, int]) -> sparse.csr_matrix:
        """Counts of character n-grams per chain: float32 [chains, n-grams]; new n-grams join the vocabulary."""
        pointers, indices = [0], []
        for distinct in self.parts:
            for row in distinct:
                texts = [" " if at == WORD and place else self.folded.strings[at] for place, at in enumerate(row)]
                if all(texts):
                    indices += [vocabulary.setdefault(part, len(vocabulary)) for part in grams(texts)]
                pointers.append(len(indices))
        return sparse.csr_matrix((np.ones(len(indices), np.float32), indices, pointers), shape=(len(pointers) - 1, len(vocabulary)))

    def matrix(self) -> sparse.csr_matrix:
        return sparse.hstack(self.counts).tocsr()


def fit(texts: sparse.csr_matrix, rows: np.ndarray, truth: np.ndarray, weights: np.ndarray, strength: float):
    """A regression on some rows -> weight of every n-gram, its share in a text's length, both float32 [n-grams], and the bias.

    texts: counts of n-grams [N, n-grams]; rows, truth, weights: what to learn. As usual, counts are multiplied with smoothed
    inverse document frequencies and divided by the text's length, which is the root of the sum of their squares, except that
    an n-gram said twice counts here as two different ones (else a sum over chains could not give it)."""
    own = texts[rows]
    often = np.asarray((own > 0).sum(0)).ravel()
    inverse = np.where(often >= 2, np.log((1 + len(rows)) / (1 + often)) + 1, 0).astype(np.float32)
    length = np.sqrt(np.maximum(own @ (inverse**2), 1))
    features = (sparse.diags(1 / length) @ own @ sparse.diags(inverse)).tocsr().astype(np.float32)
    model = LogisticRegression(solver="liblinear", C=strength, max_iter=60, tol=1e-2).fit(features, truth, sample_weight=weights)
    return (model.coef_[0] * inverse).astype(np.float32), inverse**2, float(model.intercept_[0])


def table(found: Chains, values: np.ndarray, buckets: int) -> np.ndarray:
    """float32 [buckets, columns] from the chains' weights [chains, columns]; chains that
    meet in a bucket share it by how often they occur."""
    total = np.zeros((buckets, values.shape[1]))
    often = np.zeros(buckets)
    at = 0
    for distinct, counts in zip(found.parts, found.counts):
        place = ngrams.hashed(distinct, buckets)
        frequency = np.asarray(counts.sum(0)).ravel()
        np.add.at(total, place, values[at : at + len(distinct)] * frequency[:, None])
        np.add.at(often, place, frequency)
        at += len(distinct)
    return (total / np.maximum(often, 1)[:, None]).astype(np.float32)


def logits(sequences: list[np.ndarray], folded: Fold, values: np.ndarray) -> np.ndarray:
    """float32 [N, experts]: weights summed over the chains of each sequence, over the root of the summed lengths.
    values [buckets, 2 experts]: the weights of each expert, then the lengths."""
    sums = np.zeros((len(sequences), values.shape[1]), dtype=np.float32)
    for row, ids in enumerate(sequences):
        for order in range(1, ORDERS + 1):
            sums[row] += values[ngrams.hashed(chains(ids, folded, order), len(values))].sum(0)
    half = values.shape[1] // 2
    return sums[:, :half] / np.sqrt(np.maximum(sums[:, half:], 1))
