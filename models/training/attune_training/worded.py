"""Training of the part with word vectors (network.Worded), under teachers that ship nowhere.

The teachers learn one column each: readers of words (WordReader), which hold a vector of their own for every word beside GloVe's,
and readers of pieces with word vectors. Their mean judges English sentences without labels: training sentences in which a
word is replaced by a neighbour of its vector (as TinyBERT's augmentation does, Jiao et al. 2020), and those of unlabelled.py.
"""
import math
import random
import re
import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import batches, heads, network, tasks, tokenizer, train, unlabelled, words
from .sequences import PAD, Sequences, predict

#: name of the source of sentences with a replaced word
REPLACED = "emgsd_replaced"
#: neighbours that a word may give way to; the most frequent words, which stay
NEIGHBOURS, COMMON = 12, 150
TOKENS = re.compile(r"[a-z]+|[0-9]+|[^\w\s]")
UNKNOWN = 1
#: longest sequence of a reader of words
MOST_WORDS = 64
#: labels are at least this far from 0 and 1
SMOOTHING = 0.03
#: weight of each column's loss, and of "English"
COLUMN_WEIGHTS = (1.0, 1.0, 1.0, 0.3)
#: how much more it costs the gate to take a natural sentence for a made one
NATURAL_WEIGHT = 3.0
NATURAL, MADE, GATE = (heads.WORDED.index(at) for at in (*range(heads.VOICED.start, heads.VOICED.stop), heads.GATE))


@dataclass
class Lexicon:
    """Words, most frequent first, their vectors float32 [N, 100] of unit length, and the place of each word."""

    words: list[str]
    vectors: np.ndarray
    place: dict[str, int]

    @staticmethod
    def of(listed: list[str], vectors: np.ndarray) -> "Lexicon":
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return Lexicon(listed, unit.astype(np.float32), {word: at for at, word in enumerate(listed)})

    def neighbours(self, count: int, among: list[int]) -> dict[str, list[str]]:
        """The `count` nearest of the words at `among` to each of them, by cosine."""
        chosen = self.vectors[among]
        found = {}
        for start in range(0, len(among), 2000):
            near = np.argpartition(-(chosen[start : start + 2000] @ chosen.T), count + 1, axis=1)[:, : count + 1]
            for row, places in enumerate(near):
                own = self.words[among[start + row]]
                found[own] = [self.words[among[at]] for at in places if self.words[among[at]] != own]
        return found


def replaced(examples: list, neighbours: dict[str, list[str]], common: set[str], copies: int, seed: int):
    """Sentences of EMGSD's training rows in which one or two words, none of them in `common`, gave way to a neighbour."""
    chance = random.Random(seed)
    for at, example in enumerate(examples):
        if example.source != "emgsd":
            continue
        places = [found for found in re.finditer(r"[A-Za-z]+", example.text) if found[0].lower() in neighbours and found[0].lower() not in common]
        for copy in range(copies if places else 0):
            text = example.text
            for found in sorted(chance.sample(places, min(len(places), chance.choice((1, 1, 2)))), key=lambda found: -found.start()):
                other = chance.choice(neighbours[found[0].lower()])
                text = text[: found.start()] + (other.capitalize() if found[0][0].isupper() else other) + text[found.end() :]
            yield tasks.Example(text, example.language, REPLACED, f"{REPLACED}-{at}-{copy}", {}, extra={"hold": example.hold})


def truths(examples: list) -> np.ndarray:
    """float32 [N, W + 1]: what labels say of heads.WORDED (is a generalisation voiced? is the sentence natural, not made?), and
    whether a row is English; -1 where nothing is said."""
    said = np.full((len(examples), len(heads.WORDED) + 1), -1, np.float32)
    for at, example in enumerate(examples):
        said[at, -1] = example.language.split("-")[0] == "en"
        said[at, GATE] = example.source in tasks.NATURAL | unlabelled.SOURCES
        if (voiced := tasks.voices(example)) is not None:
            said[at, NATURAL if example.source in tasks.NATURAL else MADE] = voiced
    # Only English teaches it, but for which passages are English.
    said[said[:, -1] == 0, :-1] = -1
    return said


class WordReader(nn.Module):
    """GloVe's vectors and own ones of words -> a convolution block, two attention layers, an attentive pool -> one logit."""

    def __init__(self, vectors: np.ndarray, hidden: int, tuned: bool):
        super().__init__()
        known = torch.from_numpy(vectors) * 0.3 * words.DIMENSIONS**0.5
        self.known = nn.Embedding(*known.shape, padding_idx=PAD, _weight=known)
        self.known.weight.requires_grad = tuned
        self.own = None if tuned else nn.Embedding(len(vectors), hidden, padding_idx=PAD, _weight=torch.zeros(len(vectors), hidden))
        self.enter = nn.Linear(words.DIMENSIONS, hidden)
        self.places = nn.Parameter(torch.randn(MOST_WORDS, hidden) * 0.02)
        self.dropout = nn.Dropout(0.2)
        self.block = network.ConvolutionBlock(hidden, 0.15)
        self.layers = nn.ModuleList(network.AttentionLayer(hidden, 4, 0.15) for _ in range(2))
        self.norm = nn.LayerNorm(hidden)
        self.query = nn.Linear(hidden, 1)
        self.output = nn.Linear(2 * hidden, 1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids int64 [B, T], padded with PAD -> logits [B]."""
        keep = (ids != PAD).float().unsqueeze(-1)
        gap = (1.0 - keep[..., 0])[:, None, None, :] * -10000.0
        x = self.enter(self.known(ids)) + self.places[: ids.shape[1]]
        x = self.dropout(x if self.own is None else x + self.own(ids)) * keep
        x = self.block(x, keep)
        for layer in self.layers:
            x = layer(x, gap)
        x = self.norm(x)
        pool = (torch.softmax(self.query(x) + (keep - 1.0) * 10000.0, 1) * x).sum(1)
        return self.output(self.dropout(torch.cat([pool, (x + (keep - 1.0) * 10000.0).amax(1)], 1)))[:, 0]


class PieceReader(nn.Module):
    """network.Worded with piece vectors of its own; as a teacher it answers one column, `only`."""

    def __init__(self, worded: network.Worded, vectors: torch.Tensor, tuned: bool, only: int | None = None):
        super().__init__()
        self.worded = worded
        self.pieces = nn.Embedding(*vectors.shape, _weight=vectors.clone())
        self.pieces.weight.requires_grad = tuned
        self.only = only

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids int64 [B, T], padded -> logits [B] of the column, or [B, W + 1] of all."""
        said = self.worded.read(self.pieces(ids), ids, (ids != tokenizer.PAD).long())
        return said if self.only is None else said[:, self.only]


def in_words(texts: list[str], vocabulary: dict[str, int], lexicon: Lexicon, grow: bool) -> Sequences:
    """Words of each text by `vocabulary`, which gains those of the lexicon it lacks where it may grow."""
    ids = []
    for text in texts:
        row = []
        for word in TOKENS.findall(text.lower())[:MOST_WORDS]:
            if grow and word not in vocabulary and word in lexicon.place:
                vocabulary[word] = len(vocabulary)
            row.append(vocabulary.get(word, UNKNOWN))
        ids.append(np.array(row or [UNKNOWN], np.int64))
    return Sequences(ids, UNKNOWN + 1, UNKNOWN)


def fit(
    model: nn.Module, sequences: Sequences, truth: np.ndarray, weight: np.ndarray, rows_of, *, epochs: int, cells: int, rate: float = 1.5e-3,
    seed: int = 0,
) -> nn.Module:
    """Cross-entropy against `truth`, weighted by `weight`, both float32 [N] or [N, W + 1]; AdamW, cosine rate, averaged weights.
    Returns the average."""
    trained = [p for p in model.parameters() if p.requires_grad]
    tables = {id(p) for part in model.modules() if isinstance(part, nn.Embedding) for p in part.parameters()}
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.ndim >= 2 and id(p) not in tables], "weight_decay": 0.05},
            {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
            {"params": [p for p in trained if id(p) in tables], "weight_decay": 0.01},
        ],
        lr=rate, betas=(0.9, 0.98), fused=True,
    )
    steady = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=train.running_mean(0.99))
    chance = np.random.default_rng(seed)
    plan = [sequences.batches(rows_of(epoch), cells, chance) for epoch in range(epochs)]
    total, step, started = sum(map(len, plan)), 0, time.time()
    for epoch, groups in enumerate(plan):
        model.train()
        running = 0.0
        for rows in groups:
            factor = min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / max(1, total))))
            for group in optimiser.param_groups:
                group["lr"] = rate * factor
            wanted = torch.from_numpy(truth[rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = model(sequences.batch(rows, chance))
            loss = F.binary_cross_entropy_with_logits(said.float(), wanted.clamp(SMOOTHING, 1 - SMOOTHING), reduction="none")
            loss = (loss * torch.from_numpy(weight[rows])).sum() / len(rows)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            if step % 4 == 0:
                steady.update_parameters(model)
            step += 1
            running = 0.98 * running + 0.02 * loss.item()
        print(f"epoch {epoch} step {step}/{total} loss {running:.3f} {time.time() - started:.0f} s", flush=True)
    return steady.module


@dataclass(frozen=True)
class Column:
    """What one column learns. `shares`: how often an epoch reads a labelled row of each source (fractions: some of the rows);
    `judged`: the same of sources that only teachers label."""

    shares: dict[str, float]
    judged: dict[str, float]


#: in the order of heads.EXPERTS
COLUMNS = (
    Column({"genil": 2.0, "written": 1.0, "bbq_contexts_multi": 1.0, "bold_wikipedia_en": 0.3, "text": 0.2}, {unlabelled.GROUP_TEXT: 1.0, unlabelled.SWAPPED: 1.0}),
    Column({"emgsd": 1.0}, {REPLACED: 0.6}),
)
#: width and whether piece or word vectors are learned along
TEACHERS = (("words", 192, False), ("words", 192, True), ("pieces", 160, False), ("pieces", 160, True))
#: rows of other languages that an epoch reads, so that the part knows when to be silent
FOREIGN = 6000


SOURCES = {source for column in COLUMNS for source in (*column.shares, *column.judged)}


def teacher(kind: str, hidden: int, tuned: bool, column: int, own: np.ndarray, material: "Material", epochs: int, seed: int) -> np.ndarray:
    """Fits one teacher on the rows `own` -> its logits of all rows of the material, float32 [N]."""
    torch.manual_seed(seed)
    if kind == "words":
        vocabulary = {"<pad>": PAD, "<unk>": UNKNOWN}
        in_words([material.texts[at] for at in own], vocabulary, material.lexicon, True)
        vectors = np.zeros((len(vocabulary), words.DIMENSIONS), np.float32)
        for word, at in vocabulary.items():
            if at > UNKNOWN:
                vectors[at] = material.lexicon.vectors[material.lexicon.place[word]]
        sequences = in_words(material.texts, vocabulary, material.lexicon, False)
        model: nn.Module = WordReader(vectors, hidden, tuned)
    else:
        sequences = material.pieces
        model = PieceReader(material.part(hidden), material.vectors, tuned, column)
    share = np.array([COLUMNS[column].shares[source] for source in material.source[own]])

    def rows(epoch: int) -> np.ndarray:
        return np.repeat(own, np.floor(share + np.random.default_rng(seed + epoch).random(len(own))).astype(int))

    cells, rate = (1536, 1.2e-3) if kind == "words" else (4096, 1.5e-3)
    fitted = fit(model, sequences, material.truth[:, column], np.ones(len(material.texts), np.float32), rows, epochs=epochs, cells=cells, rate=rate, seed=seed)
    return predict(fitted, sequences, np.arange(len(material.texts)))


@dataclass
class Material:
    """Rows to learn from. `truth` float32 [N, W + 1]: see `truths`; `vectors` float32 [V, D]: the deep part's piece vectors."""

    texts: list[str]
    source: np.ndarray
    truth: np.ndarray
    pieces: Sequences
    vectors: torch.Tensor
    shape: network.Shape
    table: words.Table
    lexicon: Lexicon

    @staticmethod
    def of(examples: list, model, vectors: torch.Tensor, shape: network.Shape, table: words.Table, lexicon: Lexicon) -> "Material":
        texts = [example.text for example in examples]
        return Material(
            texts, np.array([example.source for example in examples]), truths(examples),
            Sequences(batches.encode(model, texts)[0], tokenizer.EOS + 1, tokenizer.UNK), vectors, shape, table, lexicon,
        )

    def part(self, hidden: int) -> network.Worded:
        """A part of that width, with the word vectors, not yet trained."""
        part = network.Worded(replace(self.shape, worded=hidden))
        part.fill(self.table)
        return part

    def labelled(self, column: int) -> np.ndarray:
        """The rows whose labels teach a column."""
        return np.flatnonzero((self.truth[:, column] >= 0) & np.isin(self.source, sorted(COLUMNS[column].shares)))

    def judged(self, column: int) -> np.ndarray:
        """The English rows that only teachers label."""
        return np.flatnonzero((self.truth[:, -1] == 1) & np.isin(self.source, sorted(COLUMNS[column].judged)))


def taught(material: Material, said: np.ndarray, epochs: int, seed: int = 0) -> network.Worded:
    """The part that ships. said float32 [N, experts]: the teachers' logits. Labels and teachers count alike where there are both."""
    truth = np.full_like(material.truth, -1)
    truth[:, GATE:] = material.truth[:, GATE:]
    weight = (truth >= 0).astype(np.float32) * np.array(COLUMN_WEIGHTS, np.float32)
    weight[truth[:, GATE] > 0, GATE] *= NATURAL_WEIGHT
    shares = np.zeros(len(truth))
    for column, what in enumerate(COLUMNS):
        own, other = material.labelled(column), material.judged(column)
        chance = 1 / (1 + np.exp(-said[:, column]))
        truth[own, column] = (material.truth[own, column] + chance[own]) / 2
        truth[other, column] = chance[other]
        shares[own] = [what.shares[source] for source in material.source[own]]
        shares[other] = [what.judged[source] for source in material.source[other]]
        weight[np.concatenate([own, other]), column] = COLUMN_WEIGHTS[column]
    foreign = np.flatnonzero(truth[:, -1] == 0)
    shares[foreign] = min(1.0, FOREIGN / max(1, len(foreign)))

    def read(epoch: int) -> np.ndarray:
        return np.repeat(np.arange(len(truth)), np.floor(shares + np.random.default_rng(seed + epoch).random(len(truth))).astype(int))

    torch.manual_seed(seed)
    model = PieceReader(material.part(material.shape.worded), material.vectors, False)
    fitted = fit(model, material.pieces, truth, weight, read, epochs=epochs, cells=4096, seed=seed)
    # What it says of English sentences is nought on average, as it is where it is silent, so that languages stay comparable.
    for column in range(len(COLUMNS)):
        mean = predict(fitted, material.pieces, material.labelled(column))[:, column].mean()
        fitted.worded.bias.data[column] -= float(mean)
    return fitted.worded


def logits(part: network.Worded, vectors: torch.Tensor, store: batches.Store, rows: np.ndarray) -> np.ndarray:
    """float32 [rows, R]: what the trained part says, noughts in the other columns."""
    result = np.zeros((len(rows), heads.RAW), np.float32)
    place = {int(at): row for row, at in enumerate(rows)}
    part.eval()
    with torch.no_grad():
        for batch in store.epoch(rows, 16384, 0):
            said = part(F.embedding(batch.ids, vectors), batch.ids, batch.mask).numpy()
            for at, values in zip(batch.rows, said):
                result[place[int(at)], heads.WORDED[0] : heads.WORDED[-1] + 1] = values
    return result
