"""Encoded examples and batches of similar length."""
import queue
import random
import threading
from dataclasses import dataclass

import numpy as np
import torch

from . import heads, sequences, tasks, tokenizer

LIMIT = 128
#: how often a training row's group or attribute is hidden behind <unk>
HIDDEN = {"group": 0.35, "attribute": 0.12}
#: and any piece of a row of the generalisation head
HIDDEN_ANYWHERE = 0.07


def encode(model, texts: list[str], limit: int = LIMIT, offsets: bool = False):
    """Ids int64 [T <= limit] with <s> and </s>; on request the character offsets of the pieces (else empty)."""
    ids, places = [], []
    for start in range(0, len(texts), 4096):
        for encoding in model.encode_batch([text[: limit * 32] for text in texts[start : start + 4096]]):
            row = encoding.ids
            ids.append(np.array(row if len(row) <= limit else row[: limit - 1] + [tokenizer.EOS], dtype=np.int64))
            if offsets:
                places.append(encoding.offsets)
    return ids, places


def tag_rows(example, offsets, length: int) -> np.ndarray:
    """uint8 [length, 5]: which tags are allowed at each piece. All ones: nothing known."""
    allowed = np.ones((length, len(heads.TAGS)), dtype=np.uint8)
    if example.spans is None:
        return allowed
    for tag in example.tagged:
        allowed[:, heads.TAGS.index(tag)] = 0
    if len(example.tagged) == 0:
        return allowed
    for start, end, tag in example.spans:
        if tag not in heads.TAGS:
            continue
        for at in range(1, length - 1):
            a, b = offsets[at]
            if a < end and b > start and b > a:
                allowed[at] = 0
                allowed[at, heads.TAGS.index(tag)] = 1
    return allowed


def ahead(batches, count: int = 4):
    """The same batches, made by a thread while the last ones are computed with. An error in making them is raised here."""
    waiting: queue.Queue = queue.Queue(count)
    end = object()

    def make():
        try:
            for batch in batches:
                waiting.put(batch)
            waiting.put(end)
        except BaseException as error:  # noqa: BLE001
            waiting.put(error)

    threading.Thread(target=make, daemon=True).start()
    while (batch := waiting.get()) is not end:
        if isinstance(batch, BaseException):
            raise batch
        yield batch


@dataclass
class Batch:
    """ids, mask int64 [B, T]; targets float32 [B, K]; known float32 [B, heads] = weight or 0; tags uint8 [B, T, 5];
    natural float32 [B], 1 for rows of the expert for natural sentences; answer float32 [B], 1 for rows in the voice of answers; keigo float32 [B, 3], -1 where unknown."""

    ids: torch.Tensor
    mask: torch.Tensor
    targets: torch.Tensor
    known: torch.Tensor
    tags: torch.Tensor
    natural: torch.Tensor
    answer: torch.Tensor
    keigo: torch.Tensor
    rows: np.ndarray


class Store:
    """All examples, encoded once."""

    def __init__(self, examples: list, model):
        self.examples = examples
        self.ids, _ = encode(model, [example.text for example in examples])
        self.tags = {}
        tagged = [at for at, example in enumerate(examples) if example.tagged]
        for at, offsets in zip(tagged, encode(model, [examples[at].text for at in tagged], offsets=True)[1]):
            self.tags[at] = tag_rows(examples[at], offsets, len(self.ids[at]))
        count = len(examples)
        self.targets = np.zeros((count, heads.WIDTH), dtype=np.float32)
        self.known = np.zeros((count, len(heads.HEADS)), dtype=np.float32)
        self.natural = np.array([example.source in tasks.NATURAL for example in examples], dtype=np.float32)
        self.answer = np.array([example.source == "written" for example in examples], dtype=np.float32)
        self.keigo = np.array([example.extra.get("keigo", (-1, -1, -1)) for example in examples], dtype=np.float32).reshape(count, 3)
        for at, example in enumerate(examples):
            for which, head in enumerate(heads.HEADS):
                target = example.targets.get(head.name)
                if target is not None:
                    if not all(0 <= value <= 1 for value in target):
                        raise ValueError(f"{example.source} {example.key}: target {target} of {head.name} is no probability")
                    start, end = heads.OFFSETS[head.name]
                    self.targets[at, start:end] = target
                    self.known[at, which] = example.weight

    def batch(self, rows: np.ndarray, noise: np.random.Generator | None = None) -> Batch:
        """`noise`: for training; hides groups (and, more rarely, attributes) so that the form is learned, not who is named."""
        length = max(len(self.ids[at]) for at in rows)
        ids = np.zeros((len(rows), length), dtype=np.int64)
        tags = np.ones((len(rows), length, len(heads.TAGS)), dtype=np.uint8)
        for row, at in enumerate(rows):
            ids[row, : len(self.ids[at])] = self.ids[at]
            if at in self.tags:
                tags[row, : len(self.ids[at])] = self.tags[at]
                if noise is not None:
                    for tag, rate in HIDDEN.items():
                        if noise.random() < rate:
                            ids[row][(tags[row].sum(-1) == 1) & (tags[row, :, heads.TAGS.index(tag)] == 1) & (ids[row] != tokenizer.PAD)] = tokenizer.UNK
        if noise is not None:
            # Words go missing where the whole sentence counts, not where one marker does.
            anywhere = (self.known[rows, 0] > 0)[:, None] & (noise.random(ids.shape) < HIDDEN_ANYWHERE) & (ids > tokenizer.EOS)
            ids[anywhere] = tokenizer.UNK
        ids_ = torch.from_numpy(ids)
        return Batch(
            ids_, (ids_ != tokenizer.PAD).long(), torch.from_numpy(self.targets[rows]),
            torch.from_numpy(self.known[rows]), torch.from_numpy(tags), torch.from_numpy(self.natural[rows]), torch.from_numpy(self.answer[rows]),
            torch.from_numpy(self.keigo[rows]), rows,
        )

    def epoch(self, rows: np.ndarray, cells: int, seed: int, hide: bool = False):
        """Batches of at most `cells` pieces, padding included, in random order. `hide`: see `batch`."""
        chance = random.Random(seed)
        noise = np.random.default_rng(seed)
        lengths = np.array([len(self.ids[at]) for at in rows])
        order = rows[np.argsort(lengths + noise.uniform(-2, 2, len(rows)), kind="stable")]
        found = sequences.groups(order, np.array([len(self.ids[at]) for at in order]), cells)
        chance.shuffle(found)
        for group in found:
            yield self.batch(group, noise if hide else None)
