"""Large teachers: multilingual BERT (bert.py), tuned on one subject each. They ship nowhere. large_markers.py has another.

What a small network cannot learn from our text and labels alone (which quality is said of which group; a language's rarer forms),
a large one that has read 104 Wikipedias knows in part. Its judgement of labelled and unlabelled sentences is learned by what ships
(lessons.py, worded.py), as in Turc et al. 2019.
"""
import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import BertWordPieceTokenizer
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

from . import bert, heads, tasks, unlabelled, worded
from .sequences import PAD, Sequences, predict

#: the lower ones of BERT's twelve layers that are used, and how many of them stay as they are, like the vectors of pieces
LAYERS, FIXED = 10, 4
#: longest sentence in word pieces; pieces of a batch, padding included
LIMIT, CELLS = 96, 1024
#: rates of BERT's own weights and of the new output
RATE, OUTPUT_RATE = 5e-5, 1e-3
#: labels are at least this far from 0 and 1
SMOOTHING = 0.03
#: ids below this are marks, not word pieces
MARKS = 106
MASK = 103


@dataclass(frozen=True)
class Subject:
    """One task, of one head. `columns`: the raw logits that it answers; `shares`: by source, the part of the rows that an epoch reads, of those
    that voice no generalisation and of those that do (elsewhere of all); `judged`: sources that it judges beside its own."""

    head: str
    columns: slice
    shares: dict[str, tuple[float, float]]
    judged: tuple[str, ...]
    epochs: int
    #: what it counts for beside the other teachers, whose logits lie further from nought
    share: float
    #: labels are smoothed, so its logits are a little too close to nought
    scale: float = 1.0


def _column(expert: str) -> slice:
    at = heads.VOICED.start + heads.EXPERTS.index(expert)
    return slice(at, at + 1)


SUBJECTS = {
    "made": Subject("generalisation", _column("made"), {"emgsd": (1.0, 1.0)}, (worded.REPLACED,), 2, 0.7),
    "natural": Subject(
        "generalisation", _column("natural"),
        {
            "genil": (0.45, 1.0), "written": (0.3, 0.3), "bbq_contexts_multi": (0.6, 0.6), "kosbi": (0.5, 0.5), "bold_wikipedia_en": (0.1, 0.1),
            "text": (0.05, 0.05),
        },
        (unlabelled.GROUP_TEXT, unlabelled.SWAPPED), 2, 0.7, 1.2,
    ),
    "keigo": Subject("honorific_ja", slice(*heads.OFFSETS["honorific_ja"]), {"keico": (1.0, 1.0)}, (unlabelled.KEIGO_TEXT,), 5, 0.5),
}


class Lower(nn.Module):
    """The lower layers of BERT, of which the lowest stay as they are."""

    def __init__(self, model: BertModel):
        super().__init__()
        self.model = model
        model.encoder.layer = model.encoder.layer[:LAYERS]
        for part in (model.embeddings, *model.encoder.layer[:FIXED]):
            for parameter in part.parameters():
                parameter.requires_grad = False
        self.dropout = nn.Dropout(0.1)


class Reader(Lower):
    """The state of the first piece, the mean and the maximum of all -> logits [B, W]."""

    def __init__(self, model: BertModel, width: int):
        super().__init__(model)
        self.output = nn.Linear(3 * model.config.hidden_size, width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids int64 [B, T], padded with PAD -> [B, W]."""
        mask = ids != PAD
        states = self.model(ids, attention_mask=mask.long()).last_hidden_state
        keep = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * keep).sum(1) / keep.sum(1)
        return self.output(self.dropout(torch.cat([states[:, 0], mean, (states + (keep - 1) * 1e4).amax(1)], 1)))


@dataclass
class Source:
    """What a reader begins from: the weights, and the word pieces in the order of their ids."""

    state: dict[str, torch.Tensor]
    vocabulary: list[str]
    config: BertConfig

    @staticmethod
    def of(archive) -> "Source":
        """Of the archive that bert.read reads; where it is None, a tiny network of random weights, to try the whole way."""
        if archive is None:
            vocabulary = ["[PAD]", *(f"[unused{at}]" for at in range(1, 100)), "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<S>", "<T>"]
            letters = [chr(at) for at in range(33, 127)]
            config = BertConfig(
                vocab_size=len(vocabulary) + 2 * len(letters), hidden_size=16, num_hidden_layers=LAYERS, num_attention_heads=2, intermediate_size=16,
            )
            return Source(BertModel(config, add_pooling_layer=False).state_dict(), [*vocabulary, *letters, *(f"##{letter}" for letter in letters)], config)
        model, vocabulary = bert.read(archive)
        return Source(model.state_dict(), vocabulary, model.config)

    def model(self) -> BertModel:
        # Hidden pieces stand in for BERT's dropout, which costs a quarter of the time on a processor.
        config = BertConfig(**{**self.config.to_dict(), "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0})
        model = BertModel(config, add_pooling_layer=False)
        model.load_state_dict(self.state)
        return model

    def encode(self, texts: list[str]) -> tuple[Sequences, list[list[tuple[int, int]]]]:
        """Word pieces, cased, with the marks of beginning and end; and where in its text each lies, in characters."""
        pieces = BertWordPieceTokenizer({piece: at for at, piece in enumerate(self.vocabulary)}, lowercase=False, strip_accents=False)
        pieces.enable_truncation(LIMIT)
        ids, places = [], []
        for start in range(0, len(texts), 4096):
            for encoding in pieces.encode_batch([text[: LIMIT * 16] for text in texts[start : start + 4096]]):
                ids.append(np.array(encoding.ids, np.int64))
                places.append(encoding.offsets)
        return Sequences(ids, MARKS, MASK), places


def labelled(subject: Subject, examples: list) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose labels teach a subject, and what the labels say: float32 [rows, width], probabilities."""
    rows, truth = [], []
    for at, example in enumerate(examples):
        if example.source not in subject.shares:
            continue
        if subject.head == "generalisation":
            voices = tasks.voices(example)
            target = None if voices is None else (float(voices),)
        else:
            target = example.targets.get(subject.head)
        if target is not None:
            rows.append(at)
            truth.append(target)
    return np.array(rows, int), np.array(truth, np.float32)


def fit(reader: nn.Module, sequences: Sequences, loss_of, rows_of, epochs: int, seed: int) -> None:
    """AdamW with a linear rate; what is not BERT's own learns faster. `loss_of(ids int64 [B, T], rows int [B])` -> a number."""
    body = [parameter for parameter in reader.model.parameters() if parameter.requires_grad]
    output = [parameter for name, parameter in reader.named_parameters() if not name.startswith("model.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "base": RATE}, {"params": output, "base": OUTPUT_RATE}], lr=RATE, weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    chance = np.random.default_rng(seed)
    plan = [group for epoch in range(epochs) for group in sequences.batches(rows_of(epoch), CELLS, chance)]
    reader.train()
    running, started = 0.0, time.time()
    for step, rows in enumerate(plan):
        factor = min(1.0, (step + 1) / math.ceil(0.06 * len(plan))) * (1 - step / len(plan))
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(sequences.batch(rows, chance), rows)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(body, 1.0)
        optimiser.step()
        running = 0.98 * running + 0.02 * loss.item()
        if (step + 1) % 200 == 0:
            print(f"step {step + 1}/{len(plan)} loss {running:.3f} {time.time() - started:.0f} s", flush=True)


def _loss(said: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """said, wanted float32 [B, W]: one logit with a probability each, or the shares of W labels."""
    if wanted.shape[1] == 1:
        return F.binary_cross_entropy_with_logits(said, wanted.clamp(SMOOTHING, 1 - SMOOTHING))
    return -(wanted * torch.log_softmax(said, -1)).sum(-1).mean()


def judge(subject: Subject, examples: list, kept: np.ndarray, source: Source, epochs: int, seed: int) -> np.ndarray:
    """Tunes a reader on those of the rows `kept` (int [K], ascending) that have labels, and lets it judge -> logits float32 [N, width],
    NaN where it was not asked.

    It is asked about the rows that taught it, too: less sure there of what it could not make its own, it tells more than a label."""
    torch.manual_seed(seed)
    own, truth = labelled(subject, [examples[at] for at in kept])
    own = kept[own]
    said = np.full((len(examples), subject.columns.stop - subject.columns.start), np.nan, np.float32)
    if len(own) == 0:
        return said
    asked = np.union1d(own, [at for at, example in enumerate(examples) if example.source in subject.judged]).astype(int)
    sequences, _ = source.encode([examples[at].text for at in asked])
    place = np.searchsorted(asked, own)
    filled = np.zeros((len(asked), said.shape[1]), np.float32)
    filled[place] = truth
    voiced = said.shape[1] == 1
    share = np.array([subject.shares[examples[at].source][int(voiced and truth[row, 0] == 1)] for row, at in enumerate(own)])
    reader = Reader(source.model(), said.shape[1])

    def rows(epoch: int) -> np.ndarray:
        return place[np.random.default_rng(seed + epoch).random(len(place)) < share]

    fit(reader, sequences, lambda ids, asked_of: _loss(reader(ids).float(), torch.from_numpy(filled[asked_of])), rows, epochs, seed)
    values = subject.scale * predict(reader, sequences, np.arange(len(asked)))
    if voiced:
        # What voices nothing was read less often than it occurs; the first source has most of it.
        voiceless, voicing = next(iter(subject.shares.values()))
        values += math.log(voiceless / voicing)
    said[asked] = values.reshape(len(asked), -1)
    return said


def joined(subject: Subject, others: np.ndarray, said: np.ndarray) -> np.ndarray:
    """What all teachers say, float32 [N, W]: that of the others where the large one, `said`, was not asked (NaN)."""
    return np.where(np.isnan(said), others, (1 - subject.share) * others + subject.share * said)
