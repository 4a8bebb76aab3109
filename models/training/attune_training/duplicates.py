"""Removing evaluation texts from training: exact copies by fingerprint, near copies by MinHash (Broder 1997).

Signatures of 32 permutations over character 5-grams, 8 bands of 4 rows; a pair counts as near when at least
NEAR of the 32 minima agree (an estimate of the Jaccard similarity).
"""
import zlib

import numpy as np

from . import data

PERMUTATIONS, BANDS, NEAR = 32, 8, 0.75
_chance = np.random.default_rng(5)
_A = _chance.integers(1, 2**31, PERMUTATIONS, dtype=np.uint64) | np.uint64(1)
_B = _chance.integers(0, 2**31, PERMUTATIONS, dtype=np.uint64)


def signature(text: str) -> np.ndarray:
    """uint64 [PERMUTATIONS] minima of the hashed character 5-grams of the fingerprint."""
    points = np.frombuffer(f"{data.fingerprint(text):_<5}".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(points) - 4
    hashed = np.zeros(count, dtype=np.uint64)
    for at in range(5):
        hashed = (hashed * np.uint64(1_000_003) + points[at : at + count]) & np.uint64(0xFFFFFFFF)
    return ((hashed[:, None] * _A + _B) & np.uint64(0xFFFFFFFF)).min(0)


def remove(training: list, evaluation: list) -> tuple[list, dict[str, int]]:
    """Training examples that are no copy of an evaluation example, and how many each source lost.

    Siblings inside EMGSD (the same sentence with another ending, in train and test as published) stay unless exact,
    so that the figure can be compared with the published ones; evaluation reports the share of such siblings.
    """
    exact = {data.fingerprint(example.text) for example in evaluation}
    bands: dict[tuple[int, int], list[np.ndarray]] = {}
    for example in evaluation:
        if len(example.text) < 25:
            continue
        signed = signature(example.text)
        for band in range(BANDS):
            key = (band, zlib.crc32(signed[band * 4 : band * 4 + 4].tobytes()))
            bands.setdefault(key, []).append(signed)
    kept, lost = [], {}
    for example in training:
        drop = data.fingerprint(example.text) in exact
        if not drop and example.source != "emgsd" and len(example.text) >= 25:
            signed = signature(example.text)
            for band in range(BANDS):
                key = (band, zlib.crc32(signed[band * 4 : band * 4 + 4].tobytes()))
                if any((other == signed).mean() >= NEAR for other in bands.get(key, ())):
                    drop = True
                    break
        if drop:
            lost[example.source] = lost.get(example.source, 0) + 1
        else:
            kept.append(example)
    return kept, lost
