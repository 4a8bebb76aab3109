"""The network: a wide part (hashed n-gram evidence, linear) beside a deep part (convolutions and one attention layer).

Shapes: B passages, T pieces, D hidden units, K = heads.WIDTH logits. Wide and deep as in Cheng et al. 2016; depth-wise
convolution blocks as in ConvNeXt; the tag distribution is fed back into the states, so that later layers see
"a group stands here, an attribute there" instead of the words alone.
"""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F

from . import heads, ngrams


@dataclass
class Shape:
    """Sizes of the network. `buckets`: rows of the hashed n-gram table; `orders`: longest n-gram."""

    vocabulary: int = 24000
    hidden: int = 192
    blocks: int = 2
    layers: int = 2
    attention_heads: int = 4
    buckets: int = 2**18
    orders: int = 4
    dropout: float = 0.15

    def as_dict(self) -> dict:
        return asdict(self)


class Wide(nn.Module):
    """Sum over n-grams of a row of logits, over sqrt(number of pieces). Trained by wide.py, fixed here."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.table = nn.Parameter(torch.zeros(shape.buckets, heads.WIDTH), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(heads.WIDTH), requires_grad=False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """ids, mask: int64 [B, T] -> float32 [B, K]."""
        keep = mask.to(torch.float32).unsqueeze(-1)
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
        return summed / keep.sum(1).clamp(min=1.0).sqrt() + self.bias


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
        self.extra = nn.ModuleDict({name: nn.Linear(2 * d, width) for name, width in (extra or {}).items()})

    def states(self, ids: torch.Tensor, mask: torch.Tensor):
        """ids, mask: int64 [B, T] -> states [B, T, D], tag logits [B, T, 5] (early and late)."""
        keep = mask.to(torch.float32).unsqueeze(-1)
        gap = (1.0 - mask.to(torch.float32))[:, None, None, :] * -10000.0
        x = self.dropout(self.pieces(ids))
        for block in self.blocks:
            x = block(x, keep)
        early = self.early_tags(x)
        x = x + self.tag_vectors(torch.softmax(early, -1))
        for layer in self.layers:
            x = layer(x, gap)
        x = self.norm(x)
        return x, early, self.late_tags(x), keep

    def pool(self, x: torch.Tensor, keep: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Attentive pools [B, heads, D] and the maximum over pieces [B, D]."""
        weights = torch.softmax(self.queries(x) + (keep - 1.0) * 10000.0, 1)
        values = self.values(x)
        return weights.transpose(1, 2) @ values, (values + (keep - 1.0) * 10000.0).amax(1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor):
        """-> logits [B, K], early and late tag logits [B, T, 5], pools [B, heads, 2 D]."""
        x, early, late, keep = self.states(ids, mask)
        pools, top = self.pool(x, keep)
        both = torch.cat([pools, top.unsqueeze(1).expand(-1, pools.shape[1], -1)], -1)
        both = self.dropout(both)
        logits = torch.cat([output(both[:, at]) for at, output in enumerate(self.outputs)], 1)
        return logits, early, late, both


class Classifier(nn.Module):
    """What is exported: deep and wide logits, mixed per logit and divided by nothing (temperatures are in config.json)."""

    def __init__(self, shape: Shape, deep: Deep | None = None, wide: Wide | None = None):
        super().__init__()
        self.deep = deep or Deep(shape)
        self.wide = wide or Wide(shape)
        self.deep_weight = nn.Parameter(torch.ones(heads.WIDTH), requires_grad=False)
        self.wide_weight = nn.Parameter(torch.ones(heads.WIDTH), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(heads.WIDTH), requires_grad=False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor):
        """-> logits [B, K], tag_logits [B, T, 5]."""
        deep, _, late, _ = self.deep(input_ids, attention_mask)
        wide = self.wide(input_ids, attention_mask)
        return deep * self.deep_weight + wide * self.wide_weight + self.bias, late
