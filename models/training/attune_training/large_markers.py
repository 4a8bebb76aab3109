"""The large teacher that finds markers of address, piece by piece; as in large.py it ships nowhere."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import BertModel

from . import batches, heads, large, unlabelled
from .sequences import PAD

#: where all markers of address are labelled, and the places of their tags among heads.TAGS
MARKED = "cocoa"
INFORMAL, FORMAL = heads.TAGS.index("address-informal"), heads.TAGS.index("address-formal")
#: passes over them, and the least part of a piece that the teacher must have read
EPOCHS, READ = 2, 0.5


class Marker(large.Lower):
    """A label for each word piece: neither, or a marker of informal or of formal address."""

    def __init__(self, model: BertModel):
        super().__init__(model)
        self.output = nn.Linear(model.config.hidden_size, 3)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids int64 [B, T], padded with PAD -> [B, T, 3]."""
        return self.output(self.dropout(self.model(ids, attention_mask=(ids != PAD).long()).last_hidden_state))


def shares(own: list[tuple[int, int]], others: list[tuple[int, int]]) -> np.ndarray:
    """float32 [own, others]: which part of a piece's characters lies in each piece of another tokenizer. Both are (start, end) in
    characters; the first and the last of each are marks without text."""
    at = np.full(max([end for _, end in (*own, *others)], default=0), -1)
    for which, (start, end) in enumerate(others[1:-1], 1):
        at[start:end] = which
    result = np.zeros((len(own), len(others)), np.float32)
    for which, (start, end) in enumerate(own[1:-1], 1):
        met = at[start:end]
        np.add.at(result[which], met[met >= 0], 1 / max(1, end - start))
    return result


def labels(allowed: np.ndarray) -> np.ndarray:
    """batches.tag_rows of a row whose markers are all known, uint8 [T, 5] -> int64 [T]: 1 and 2 at pieces of informal and formal markers."""
    return allowed[:, INFORMAL].astype(np.int64) + 2 * allowed[:, FORMAL]


def found(examples: list, kept: np.ndarray, source: large.Source, pieces, epochs: int, seed: int) -> dict[int, np.ndarray]:
    """Tunes a reader on the markers of address of those of the rows `kept` (int [K], ascending) whose spans are complete, and lets it find
    those of sentences that may address somebody -> by row, float16 [T, 3] for the student's pieces: probabilities in the order of
    lessons.three; all nought where it has read nothing."""
    torch.manual_seed(seed)
    own = [int(at) for at in kept if examples[at].source == MARKED]
    if not own:
        return {}
    asked = np.array(sorted({*own, *(at for at, example in enumerate(examples) if example.source == unlabelled.YOU_TEXT)}), int)
    texts = [examples[at].text for at in asked]
    sequences, theirs = source.encode(texts)
    place = np.searchsorted(asked, own)
    truth = {int(at): labels(batches.tag_rows(examples[asked[at]], theirs[at], sequences.lengths[at])) for at in place}
    reader = Marker(source.model())

    def loss(ids: torch.Tensor, rows: np.ndarray) -> torch.Tensor:
        wanted = torch.full(ids.shape, -1)
        for row, at in enumerate(rows):
            wanted[row, : sequences.lengths[at]] = torch.from_numpy(truth[int(at)])
        return F.cross_entropy(reader(ids).float().flatten(0, 1), wanted.flatten(), ignore_index=-1)

    large.fit(reader, sequences, loss, lambda epoch: place, epochs, seed)
    reader.eval()
    ids, offsets = batches.encode(pieces, texts, offsets=True)
    result: dict[int, np.ndarray] = {}
    with torch.no_grad():
        for group in sequences.batches(np.arange(len(asked)), 4096, np.random.default_rng(0)):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = reader(sequences.batch(group)).float()
            said = torch.softmax(said, -1).numpy()[..., [1, 2, 0]]
            for row, at in enumerate(group):
                part = shares(offsets[at][: len(ids[at])], theirs[at][: sequences.lengths[at]])
                whole = part.sum(1, keepdims=True)
                result[int(asked[at])] = np.where(whole > READ, (part / np.maximum(whole, 1e-6)) @ said[row, : part.shape[1]], 0).astype(np.float16)
    return result
