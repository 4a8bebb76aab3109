"""Rows of ids of any vocabulary (words, pieces, word pieces), batches of similar length, and what a model says of them."""
import numpy as np
import torch
from torch import nn

#: the id of padding, in every vocabulary here
PAD = 0
#: share of the ids hidden while learning
HIDDEN = 0.08


def groups(order: np.ndarray, lengths: np.ndarray, cells: int) -> list[np.ndarray]:
    """Cuts rows, in the order given, into groups whose longest length times their number is at most `cells`; one row alone may be longer.
    lengths int [N]: of the rows in that order."""
    found, start = [], 0
    while start < len(order):
        stop, longest = start + 1, lengths[start]
        while stop < len(order) and max(longest, lengths[stop]) * (stop + 1 - start) <= cells:
            longest = max(longest, lengths[stop])
            stop += 1
        found.append(order[start:stop])
        start = stop
    return found


class Sequences:
    """Rows of ids and batches of them. `first`: the first id of a real word or piece; `unknown`: what hidden ones become."""

    def __init__(self, ids: list[np.ndarray], first: int, unknown: int):
        self.ids, self.first, self.unknown = ids, first, unknown
        self.lengths = np.array([len(row) for row in ids])

    def batch(self, rows: np.ndarray, noise: np.random.Generator | None = None) -> torch.Tensor:
        """int64 [B, T]; `noise` hides some words."""
        ids = np.zeros((len(rows), self.lengths[rows].max()), np.int64)
        for row, at in enumerate(rows):
            ids[row, : self.lengths[at]] = self.ids[at]
        if noise is not None:
            ids[(noise.random(ids.shape) < HIDDEN) & (ids >= self.first)] = self.unknown
        return torch.from_numpy(ids)

    def batches(self, rows: np.ndarray, cells: int, chance: np.random.Generator):
        """Rows in groups of similar length, of at most `cells` ids each, in random order."""
        order = rows[np.argsort(self.lengths[rows] + chance.uniform(-2, 2, len(rows)), kind="stable")]
        found = groups(order, self.lengths[order], cells)
        chance.shuffle(found)
        return found


def predict(model: nn.Module, sequences: Sequences, rows: np.ndarray) -> np.ndarray:
    """Logits of rows, float32 [rows] or [rows, W + 1]."""
    model.eval()
    result: np.ndarray | None = None
    place = {int(at): row for row, at in enumerate(rows)}
    with torch.no_grad():
        for group in sequences.batches(rows, 16384, np.random.default_rng(0)):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = model(sequences.batch(group)).float().numpy()
            if result is None:
                result = np.zeros((len(rows), *said.shape[1:]), np.float32)
            for at, values in zip(group, said):
                result[place[int(at)]] = values
    return np.zeros(0, np.float32) if result is None else result
