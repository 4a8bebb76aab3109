"""Hashed n-grams of piece ids, the same arithmetic in numpy (linear teacher), torch and the ONNX graph.

bucket of the n-gram ending at position t = (n * SALT + sum_k id[t-k] * MULTIPLIER[k]) mod buckets, k = 0..n-1.
Ids stay below 2^15 and multipliers below 2^31, so the sum never leaves int64. (The hashing trick: Weinberger et al. 2009.)
"""
import numpy as np
import scipy.sparse as sparse

MULTIPLIERS = (1_000_003, 2_038_074_743, 1_500_450_271, 961_748_941, 433_494_437)
SALT = 982_451_653


def buckets(ids: np.ndarray, order: int, count: int) -> np.ndarray:
    """ids: int64 [T]. Returns the buckets of the T - order + 1 n-grams that lie inside the sequence."""
    if len(ids) < order:
        return np.zeros(0, dtype=np.int64)
    return hashed(np.lib.stride_tricks.sliding_window_view(ids, order), count)


def hashed(grams: np.ndarray, count: int) -> np.ndarray:
    """grams: int64 [N, order], one n-gram a row. Returns their buckets [N]."""
    order = grams.shape[1]
    total = np.full(len(grams), order * SALT, dtype=np.int64)
    for k in range(order):
        total += grams[:, order - 1 - k] * MULTIPLIERS[k]
    return total % count


def matrix(sequences: list[np.ndarray], orders: range, count: int) -> sparse.csr_matrix:
    """Rows of n-gram counts divided by sqrt(number of pieces): float32 [len(sequences), count]."""
    indices, pointers, values = [], [0], []
    for ids in sequences:
        row = np.concatenate([buckets(ids, order, count) for order in orders])
        indices.append(row)
        values.append(np.full(len(row), 1 / np.sqrt(max(1, len(ids))), dtype=np.float32))
        pointers.append(pointers[-1] + len(row))
    result = sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(indices), np.array(pointers)), shape=(len(sequences), count)
    )
    result.sum_duplicates()
    return result
