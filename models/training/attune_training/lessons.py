"""What teachers say of a sentence, and what it costs a network to say otherwise.

Teachers are networks of the same shape that learn one task each (teaching.py). Their mean judgement of labelled and
unlabelled sentences is learned beside the labels, as in born-again multi-task networks (Clark et al. 2019): it tells more of
a sentence than its label does, and keeps the tasks from crowding each other out.
"""
import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from . import batches, heads, tasks, unlabelled

#: share of the early tags in the loss of the markers
EARLY = 0.5
#: heads that only labelled rows are asked about
LABELLED_ONLY = {"formality", "politeness", "praise"}
#: heads of one language
OF_LANGUAGE = {"honorific_ja": "ja", "honorific_ko": "ko"}


def three(tags: torch.Tensor) -> torch.Tensor:
    """Tag logits [..., 5] -> log-probabilities [..., 3]: informal marker, formal marker, neither."""
    rest = [at for at, tag in enumerate(heads.TAGS) if not tag.startswith("address-")]
    own = [tags[..., heads.TAGS.index(tag)] for tag in ("address-informal", "address-formal")]
    return torch.log_softmax(torch.stack([*own, torch.logsumexp(tags[..., rest], -1)], -1), -1)


@dataclass(frozen=True)
class Weights:
    """What teachers weigh beside the labels: on generalisations, on the other heads, on markers."""

    voiced: float = 1.0
    heads: float = 0.3
    tags: float = 1.5


@dataclass
class Lessons:
    """`logits` float32 [N, R], raw ones of each training row; `tags` float16 [T, 3] by row: probabilities of `three`."""

    logits: np.ndarray
    tags: dict[int, np.ndarray]

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            pickle.dump(self, file)

    @staticmethod
    def load(path: Path) -> "Lessons":
        with path.open("rb") as file:
            return pickle.load(file)

    def asked(self, examples: list, known: np.ndarray) -> torch.Tensor:
        """float32 [N, heads + experts]: 1 where a row's lesson counts, from the labels that are known [N, heads]."""
        asked = np.zeros((len(examples), len(heads.HEADS) + len(heads.EXPERTS)), np.float32)
        without = np.array([example.source in unlabelled.SOURCES for example in examples])
        language = np.array([example.language.split("-")[0] for example in examples])
        for at, head in enumerate(heads.HEADS[1:], 1):
            asked[:, at] = (known[:, at] > 0) | (without & (head.name not in LABELLED_ONLY))
            if head.name in OF_LANGUAGE:
                asked[:, at] *= language == OF_LANGUAGE[head.name]
        natural = np.array([example.source in tasks.NATURAL for example in examples])
        asked[:, len(heads.HEADS)] = natural | without
        asked[:, len(heads.HEADS) + 1] = ~natural & (known[:, 0] > 0)
        return torch.from_numpy(asked)


class Taught:
    """The lessons of a store's rows, as a loss."""

    def __init__(
        self, lessons: Lessons, store: batches.Store, of_heads: dict[str, float], weights: Weights = Weights(), unasked: frozenset[str] = frozenset(),
    ):
        """of_heads: weights of the heads in the labels' loss; unasked: sources of which the labels alone are believed, but for what the experts say."""
        self.logits = torch.from_numpy(lessons.logits)
        self.tags = lessons.tags
        self.asked = lessons.asked(store.examples, store.known)
        self.asked[[example.source in unasked for example in store.examples], : len(heads.HEADS)] = 0
        self.of_heads, self.weights = of_heads, weights

    def loss(self, raw: torch.Tensor, early: torch.Tensor, late: torch.Tensor, batch: batches.Batch) -> torch.Tensor:
        """Cross-entropy against the teachers, summed as the labels' loss is (train.loss_of). raw [B, R], early and late [B, T, 5]."""
        at = torch.from_numpy(batch.rows)
        said, asked, scale = self.logits[at], self.asked[at], 1.0 / len(batch.rows)
        binary = F.binary_cross_entropy_with_logits
        total = raw.sum() * 0.0
        for expert in range(len(heads.EXPERTS)):
            column = heads.VOICED.start + expert
            row = binary(raw[:, column], torch.sigmoid(said[:, column]), reduction="none")
            total = total + self.weights.voiced * (row * asked[:, len(heads.HEADS) + expert]).sum() * scale
        for which, head in enumerate(heads.HEADS[1:], 1):
            start, end = heads.OFFSETS[head.name]
            if head.activation == "softmax":
                row = -(torch.softmax(said[:, start:end], -1) * torch.log_softmax(raw[:, start:end], -1)).sum(-1)
            else:
                row = binary(raw[:, start], torch.sigmoid(said[:, start]), reduction="none")
            total = total + self.weights.heads * self.of_heads[head.name] * (row * asked[:, which]).sum() * scale
        taught = [row for row, example in enumerate(batch.rows) if int(example) in self.tags]
        if taught:
            wanted = torch.zeros(len(taught), batch.ids.shape[1], 3)
            for place, row in enumerate(taught):
                tags = self.tags[int(batch.rows[row])]
                wanted[place, : len(tags)] = torch.from_numpy(tags.astype(np.float32))
            there = wanted.sum(-1) > 0
            for tags, weight in ((late, 1.0), (early, EARLY)):
                row = -(wanted[there] * three(tags[taught][there].float())).sum(-1)
                total = total + self.weights.tags * weight * row.mean()
        return total
