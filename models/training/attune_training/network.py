"""The network: a wide part (hashed n-gram evidence, linear) beside a deep part (convolutions and attention layers).

Shapes: B passages, T pieces, D hidden units, R = heads.RAW raw logits, K = heads.WIDTH + 1 logits. Wide and deep as in Cheng et al. 2016; depth-wise
convolution blocks as in ConvNeXt; the tag distribution is fed back into the states, so that later layers see
"a group stands here, an attribute there" instead of the words alone.

Locale adapters scale and shift the states channel by channel, before each attention layer and before the pools (as in
FiLM, Perez et al. 2018, and (IA)3, Liu et al. 2022): [SITES, D] numbers each, ones and zeros when there is no adapter.
"""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from . import characters, heads, ngrams, words


@dataclass
class Shape:
    """Sizes of the network. `buckets`: rows of the hashed n-gram table; `orders`: longest n-gram;
    `chain_buckets`: rows of the table of characters.py."""

    vocabulary: int = 24000
    hidden: int = 192
    blocks: int = 2
    layers: int = 3
    attention_heads: int = 4
    buckets: int = 3 * 2**16
    orders: int = 4
    chain_buckets: int = 2**19
    dropout: float = 0.15
    #: rows of the table of words.py, and units of the part that reads them; no words, no such part
    words: int = 20000
    worded: int = 160

    @property
    def sites(self) -> int:
        """Places at which a locale adapter acts."""
        return self.layers + 1

    def as_dict(self) -> dict:
        return asdict(self)


def assemble(raw: torch.Tensor, gate: torch.Tensor | None = None) -> torch.Tensor:
    """Raw logits [B, R] -> logits [B, K]: the generalisation head's four become log-probabilities in which asserted and
    mention together have what the experts say, mixed by the gate; the logit for answers stands last, as it is. `gate` [B] in 0..1
    overrides the gate, in training."""
    share = torch.sigmoid(raw[:, heads.GATE]) if gate is None else gate
    voiced = share * raw[:, heads.VOICED.start] + (1 - share) * raw[:, heads.VOICED.start + 1]
    said = torch.log_softmax(raw[:, 0:2], -1) + F.logsigmoid(voiced).unsqueeze(-1)
    quiet = torch.log_softmax(raw[:, 2:4], -1) + F.logsigmoid(-voiced).unsqueeze(-1)
    return torch.cat([said, quiet, raw[:, 4 : heads.WIDTH], raw[:, heads.ANSWER : heads.ANSWER + 1]], 1)


class Wide(nn.Module):
    """Sums over n-grams of pieces of a row of logits, over sqrt(number of pieces), for the heads; and for the experts sums
    over the chains of characters.py, over the summed lengths. Trained by wide.py, fixed here."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.table = nn.Parameter(torch.zeros(shape.buckets, heads.WIDTH), requires_grad=False)
        self.voiced = nn.Parameter(torch.zeros(shape.chain_buckets, 2 * len(heads.EXPERTS)), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(heads.RAW), requires_grad=False)
        # the folded piece, plus V where it begins a word
        self.register_buffer("fold", torch.zeros(shape.vocabulary, 1, dtype=torch.int32))

    def n_grams(self, ids: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        """ids [B, T], keep [B, T, 1] -> [B, WIDTH]."""
        total = torch.zeros_like(ids)
        summed = None
        for k in range(self.shape.orders):
            order = k + 1
            shifted = F.pad(ids, (k, 0))[:, : ids.shape[1]] if k else ids
            inside = F.pad(keep, (0, 0, k, 0))[:, : ids.shape[1]] * keep if k else keep
            total = total + shifted * ngrams.MULTIPLIERS[k]
            rows = F.embedding((total + order * ngrams.SALT) % self.shape.buckets, self.table)
            part = (rows * inside).sum(1)
            summed = part if summed is None else summed + part
        return summed / keep.sum(1).clamp(min=1.0).sqrt()

    def chains(self, ids: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        """ids [B, T], keep [B, T, 1] -> [B, experts]. See characters.chains."""
        length = ids.shape[1]
        both = self.fold[ids].squeeze(-1).to(torch.int64)
        begins = (both >= self.shape.vocabulary).to(torch.int64)
        own = both - begins * self.shape.vocabulary
        last = own * (1 - begins) + begins * characters.WORD
        whole = keep
        rows = F.embedding((own * ngrams.MULTIPLIERS[0] + ngrams.SALT) % self.shape.chain_buckets, self.voiced)
        sums = (rows * whole).sum(1)
        total = last * ngrams.MULTIPLIERS[0]
        for k in range(1, characters.ORDERS):
            total = total + F.pad(own, (k, 0))[:, :length] * ngrams.MULTIPLIERS[k]
            inside = F.pad(keep, (0, 0, k, 0))[:, :length] * keep
            if k > 1:
                # the piece before the last, and so on, must continue the word
                going = F.pad(1 - begins, (k - 1, 0))[:, :length].to(torch.float32).unsqueeze(-1)
                whole = whole * going
            rows = F.embedding((total + (k + 1) * ngrams.SALT) % self.shape.chain_buckets, self.voiced)
            sums = sums + (rows * inside * whole).sum(1)
        half = len(heads.EXPERTS)
        return sums[:, :half] / sums[:, half:].clamp(min=1.0).sqrt()

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """ids, mask: int64 [B, T] -> float32 [B, R]; nothing but the bias for the gate and for answers."""
        keep = mask.to(torch.float32).unsqueeze(-1)
        return F.pad(torch.cat([self.n_grams(ids, keep), self.chains(ids, keep)], 1), (0, heads.RAW - heads.VOICED.stop)) + self.bias


class ChannelDropout(nn.Module):
    """Drops whole channels of a sequence (the same ones at every piece): x [B, T, D]. Also far cheaper than per unit."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        keep = torch.empty(x.shape[0], 1, x.shape[-1], dtype=x.dtype).bernoulli_(1 - self.rate) / (1 - self.rate)
        return x * keep


class ConvolutionBlock(nn.Module):
    """x + pointwise(relu(pointwise(depthwise(norm(x))))); kernel 5."""

    def __init__(self, hidden: int, dropout: float):
        super().__init__()
        self.norm = nn.LayerNorm(hidden)
        self.depthwise = nn.Conv1d(hidden, hidden, 5, padding=2, groups=hidden)
        self.up = nn.Linear(hidden, 2 * hidden)
        self.down = nn.Linear(2 * hidden, hidden)
        self.dropout = ChannelDropout(dropout)

    def forward(self, x: torch.Tensor, keep: torch.Tensor) -> torch.Tensor:
        """x: [B, T, D]; keep: [B, T, 1], 0 at padding."""
        y = self.norm(x) * keep
        y = y + self.depthwise(y.transpose(1, 2)).transpose(1, 2)
        return x + self.dropout(self.down(F.relu(self.up(y))))


class AttentionLayer(nn.Module):
    """Pre-norm self-attention without positions (the convolutions know the order) and a feed-forward part."""

    def __init__(self, hidden: int, count: int, dropout: float):
        super().__init__()
        self.count, self.size = count, hidden // count
        self.norm = nn.LayerNorm(hidden)
        self.mix = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm2 = nn.LayerNorm(hidden)
        self.up = nn.Linear(hidden, 2 * hidden)
        self.down = nn.Linear(2 * hidden, hidden)
        self.dropout = ChannelDropout(dropout)

    def forward(self, x: torch.Tensor, gap: torch.Tensor) -> torch.Tensor:
        """x: [B, T, D]; gap: [B, 1, 1, T], 0 at pieces and a large negative number at padding."""
        b, t, d = x.shape
        mixed = self.mix(self.norm(x)).reshape(b, t, 3, self.count, self.size).permute(2, 0, 3, 1, 4)
        query, key, value = mixed[0], mixed[1], mixed[2]
        weights = torch.softmax(query @ key.transpose(2, 3) * self.size**-0.5 + gap, -1)
        y = (weights @ value).transpose(1, 2).reshape(b, t, d)
        x = x + self.dropout(self.out(y))
        return x + self.dropout(self.down(F.relu(self.up(self.norm2(x)))))


class Deep(nn.Module):
    """Piece vectors -> convolution blocks -> tags, fed back -> attention -> one attentive pool per head."""

    def __init__(self, shape: Shape, extra: dict[str, int] | None = None):
        super().__init__()
        d = shape.hidden
        self.pieces = nn.Embedding(shape.vocabulary, d, padding_idx=0)
        self.dropout = ChannelDropout(shape.dropout)
        self.blocks = nn.ModuleList(ConvolutionBlock(d, shape.dropout) for _ in range(shape.blocks))
        self.early_tags = nn.Linear(d, len(heads.TAGS))
        self.tag_vectors = nn.Linear(len(heads.TAGS), d, bias=False)
        self.layers = nn.ModuleList(
            AttentionLayer(d, shape.attention_heads, shape.dropout) for _ in range(shape.layers)
        )
        self.norm = nn.LayerNorm(d)
        self.late_tags = nn.Linear(d, len(heads.TAGS))
        self.queries = nn.Linear(d, len(heads.HEADS))
        self.values = nn.Linear(d, d)
        self.outputs = nn.ModuleList(nn.Linear(2 * d, head.width) for head in heads.HEADS)
        self.experts = nn.Linear(2 * d, heads.RAW - heads.WIDTH)
        self.extra = nn.ModuleDict({name: nn.Linear(2 * d, width) for name, width in (extra or {}).items()})

    def states(self, ids: torch.Tensor, mask: torch.Tensor, scale: torch.Tensor | None = None, shift: torch.Tensor | None = None):
        """ids, mask: int64 [B, T]; scale, shift: an adapter, [SITES, D]
        -> states [B, T, D], tag logits [B, T, 5] (early and late)."""
        keep = mask.to(torch.float32).unsqueeze(-1)
        gap = (1.0 - mask.to(torch.float32))[:, None, None, :] * -10000.0
        x = self.dropout(self.pieces(ids))
        for block in self.blocks:
            x = block(x, keep)
        early = self.early_tags(x)
        x = x + self.tag_vectors(torch.softmax(early, -1))
        for site, layer in enumerate(self.layers):
            x = layer(x if scale is None else x * scale[site] + shift[site], gap)
        x = self.norm(x)
        if scale is not None:
            x = x * scale[-1] + shift[-1]
        return x, early, self.late_tags(x), keep

    def pool(self, x: torch.Tensor, keep: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Attentive pools [B, heads, D] and the maximum over pieces [B, D]."""
        weights = torch.softmax(self.queries(x) + (keep - 1.0) * 10000.0, 1)
        values = self.values(x)
        return weights.transpose(1, 2) @ values, (values + (keep - 1.0) * 10000.0).amax(1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, scale: torch.Tensor | None = None, shift: torch.Tensor | None = None):
        """-> raw logits [B, R], early and late tag logits [B, T, 5], pools [B, heads, 2 D]."""
        x, early, late, keep = self.states(ids, mask, scale, shift)
        pools, top = self.pool(x, keep)
        both = torch.cat([pools, top.unsqueeze(1).expand(-1, pools.shape[1], -1)], -1)
        both = self.dropout(both)
        logits = torch.cat([*(output(both[:, at]) for at, output in enumerate(self.outputs)), self.experts(both[:, 0])], 1)
        return logits, early, late, both


class Worded(nn.Module):
    """A smaller reader of the same pieces that knows word vectors: the piece vectors of the deep part and, where a word ends, its
    vector -> a convolution block, two attention layers, an attentive pool. It answers for heads.WORDED alone, and is silent as far
    as it finds a passage not to be English."""

    def __init__(self, shape: Shape):
        super().__init__()
        d = shape.worded
        for name, rows, columns, kind in (
            ("table", shape.words, words.DIMENSIONS // 2, torch.int8), ("scale", shape.words, 1, torch.float16),
            ("slots", words.SLOTS, 1, torch.int32), ("displacement", words.BUCKETS, 1, torch.int32),
            ("spelling", shape.vocabulary, 1, torch.int32),
        ):
            self.register_buffer(name, torch.zeros(rows, columns, dtype=kind))
        self.piece = nn.Linear(shape.hidden, d)
        self.word = nn.Linear(words.DIMENSIONS, d, bias=False)
        self.dropout = ChannelDropout(shape.dropout)
        self.block = ConvolutionBlock(d, shape.dropout)
        self.layers = nn.ModuleList(AttentionLayer(d, shape.attention_heads, shape.dropout) for _ in range(2))
        self.norm = nn.LayerNorm(d)
        # one each for heads.WORDED, and one for "English"
        self.query = nn.Linear(d, len(heads.WORDED) + 1)
        self.outputs = nn.Parameter(torch.randn(len(heads.WORDED) + 1, 2 * d) * 0.02)
        self.bias = nn.Parameter(torch.zeros(len(heads.WORDED) + 1))

    def fill(self, table: words.Table) -> None:
        """Takes over the word vectors and the way to find them."""
        self.table.copy_(torch.from_numpy(table.vectors))
        for name in ("scale", "slots", "displacement", "spelling"):
            getattr(self, name).copy_(torch.from_numpy(getattr(table, name))[:, None])

    def vectors(self, ids: torch.Tensor) -> torch.Tensor:
        """ids [B, T] -> [B, T, 100]: the vector of the word that ends at a piece, of about unit length; zeros elsewhere."""
        key, ends = words.keys(ids, self.spelling)
        row, found = words.find(key, self.slots, self.displacement)
        size = F.embedding(row, self.scale).squeeze(-1).to(torch.float32) * found * ends
        return words.unpacked(F.embedding(row, self.table).to(torch.float32)) * size.unsqueeze(-1)

    def read(self, vectors: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """vectors [B, T, D]: of the pieces; ids, mask [B, T] -> logits of heads.WORDED and of "English", float32 [B, W + 1]."""
        keep = mask.to(torch.float32).unsqueeze(-1)
        gap = (1.0 - mask.to(torch.float32))[:, None, None, :] * -10000.0
        x = self.dropout(self.piece(vectors) + self.word(self.vectors(ids) * words.DIMENSIONS**0.5))
        x = self.block(x, keep)
        for layer in self.layers:
            x = layer(x, gap)
        x = self.norm(x)
        weights = torch.softmax(self.query(x) + (keep - 1.0) * 10000.0, 1)
        pools = weights.transpose(1, 2) @ x
        top = (x + (keep - 1.0) * 10000.0).amax(1)
        both = self.dropout(torch.cat([pools, top.unsqueeze(1).expand(-1, pools.shape[1], -1)], -1))
        return (both * self.outputs).sum(-1) + self.bias

    def forward(self, vectors: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """-> logits of heads.WORDED, nought where the passage is not English: float32 [B, W]."""
        said = self.read(vectors, ids, mask).float()
        return said[:, :-1] * torch.sigmoid(said[:, -1:])


class Classifier(nn.Module):
    """What is exported: the logits of the parts, mixed per column, then assembled (temperatures are in config.json)."""

    def __init__(self, shape: Shape, deep: Deep, worded: Worded | None):
        super().__init__()
        self.deep, self.wide, self.worded = deep, Wide(shape), worded
        self.deep_weight = nn.Parameter(torch.ones(heads.RAW), requires_grad=False)
        self.wide_weight = nn.Parameter(torch.ones(heads.RAW), requires_grad=False)
        self.worded_weight = nn.Parameter(torch.zeros(heads.RAW), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(heads.RAW), requires_grad=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, adapter_scale: torch.Tensor, adapter_shift: torch.Tensor):
        """-> logits [B, K], tag_logits [B, T, 5]."""
        deep, _, late, _ = self.deep(input_ids, attention_mask, adapter_scale, adapter_shift)
        raw = deep * self.deep_weight + self.wide(input_ids, attention_mask) * self.wide_weight + self.bias
        if self.worded is not None:
            said = self.worded(self.deep.pieces(input_ids), input_ids, attention_mask)
            raw = raw + F.pad(said, (heads.WORDED[0], heads.RAW - 1 - heads.WORDED[-1])) * self.worded_weight
        return assemble(raw), late


def grow(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A state of Deep with one attention layer more: a copy of the last one whose outputs are zero, so that the function
    stays and training goes on from where it is (after Gong et al. 2019, progressive stacking)."""
    last = max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    old, new = f"layers.{last}.", f"layers.{last + 1}."
    copy = {
        name.replace(old, new): torch.zeros_like(value) if ".out." in name or ".down." in name else value.clone()
        for name, value in state.items() if name.startswith(old)
    }
    return {**state, **copy}
