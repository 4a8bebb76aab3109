"""Brief masked-piece pre-training of the deep part on text/, in the minutes that two CPU cores allow.

20 % of the pieces are hidden (80 % of them by <unk>, 10 % by a random piece, 10 % left); they are told apart among the
batch's own hidden pieces and a few thousand random ones (sampled softmax), with the piece vectors as output matrix.
"""
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import batches, data, network, tokenizer

LENGTH = 96
NEGATIVES = 4000


#: how much more of some languages the second pass reads: those whose tasks have the furthest to go
FAVOURED = {"en": 3.0, "ja": 1.5, **dict.fromkeys(("ar", "bn", "es", "fr", "hi", "id", "ms", "pt"), 1.3)}


def corpus(model, megabytes: float, labelled: list[str], favoured: dict[str, float] | None = None) -> list[np.ndarray]:
    """Pieces (uint16, with <s> and </s>, at most LENGTH) of text/ sampled with temperature 0.6, and of labelled texts.
    `favoured`: factors of the shares of some languages; the others are then read a little less (0.7)."""
    lines = []
    shares = data.language_shares(0.6)
    if favoured:
        shares = {language: share * favoured.get(language, 0.7) for language, share in shares.items()}
        shares = {language: share / sum(shares.values()) for language, share in shares.items()}
    for language, share in shares.items():
        lines += [line[:500] for line in data.text_lines(language, int(share * megabytes * 1e6), seed=3) if len(line) > 20]
    lines += labelled
    ids, _ = batches.encode(model, lines, LENGTH)
    return [row.astype(np.uint16) for row in ids if len(row) > 6]


def fit(
    model: network.Deep, rows: list[np.ndarray], path: Path, *, seconds: float, rate: float = 2e-3, cells: int = 4096,
    start: dict | None = None,
) -> dict:
    """Trains in place for `seconds` of wall time (the rate follows the clock); a checkpoint every two minutes resumes.
    `start`: the output side (`1.*`, `2.*` of an earlier checkpoint's parts) with which a grown network goes on; returned."""
    guess = nn.Linear(model.pieces.embedding_dim, model.pieces.embedding_dim)
    offset = nn.Embedding(model.pieces.num_embeddings, 1)
    nn.init.zeros_(offset.weight)
    parts = nn.ModuleList([model, guess, offset])
    if start:
        parts.load_state_dict({**parts.state_dict(), **start})
    big = [p for name, p in parts.named_parameters() if p.shape[:1] == (model.pieces.num_embeddings,)]
    rest = [p for name, p in parts.named_parameters() if p.shape[:1] != (model.pieces.num_embeddings,)]
    optimiser = torch.optim.AdamW(
        [{"params": rest, "weight_decay": 0.02, "scale": 1.0}, {"params": big, "weight_decay": 0.0, "scale": 0.5}],
        lr=rate, betas=(0.9, 0.98), fused=True,
    )
    spent = 0.0
    if path.exists():
        saved = torch.load(path, weights_only=False)
        parts.load_state_dict(saved["parts"])
        optimiser.load_state_dict(saved["optimiser"])
        spent = saved["spent"]
    def outputs() -> dict:
        return {name: value for name, value in parts.state_dict().items() if not name.startswith("0.")}

    if spent >= seconds:
        return outputs()
    lengths = np.array([len(row) for row in rows])
    chance, noise = random.Random(int(spent)), np.random.default_rng(int(spent))
    model.train()
    step, running, saved_at, pieces_seen, started = 0, 0.0, time.time(), 0, time.time() - spent
    while True:
        order = np.argsort(lengths + noise.uniform(-4, 4, len(lengths)), kind="stable")
        groups, start = [], 0
        while start < len(order):
            count = max(1, cells // int(lengths[order[start]] + 8))
            groups.append(order[start : start + count])
            start += count
        chance.shuffle(groups)
        for group in groups:
            spent = time.time() - started
            if spent >= seconds:
                torch.save({"parts": parts.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent}, path)
                print(f"masked pieces: {step} steps, {pieces_seen} pieces, loss {running:.3f}", flush=True)
                return outputs()
            length = int(lengths[group].max())
            ids = np.zeros((len(group), length), dtype=np.int64)
            for row, at in enumerate(group):
                ids[row, : lengths[at]] = rows[at]
            hidden = (noise.random(ids.shape) < 0.2) & (ids > tokenizer.EOS)
            if not hidden.any():
                continue
            fate = noise.random(ids.shape)
            given = np.where(hidden & (fate < 0.8), tokenizer.UNK, ids)
            given = np.where(hidden & (fate > 0.9), noise.integers(4, model.pieces.num_embeddings, ids.shape), given)
            answers = ids[hidden]
            pool, wanted = np.unique(np.concatenate([answers, noise.integers(4, model.pieces.num_embeddings, NEGATIVES)]), return_inverse=True)
            pool_, wanted_ = torch.from_numpy(pool), torch.from_numpy(wanted[: len(answers)])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = model.states(torch.from_numpy(given), torch.from_numpy((ids != 0).astype(np.int64)))[0]
                asked = guess(states[torch.from_numpy(hidden)])
                scores = asked @ model.pieces(pool_).t()
                loss = F.cross_entropy(scores.float() + offset(pool_).t().float(), wanted_)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 1.0)
            progress = spent / seconds
            for part in optimiser.param_groups:
                part["lr"] = rate * part["scale"] * min(1.0, (step + 1) / 300) * max(0.03, 1 - progress)
            optimiser.step()
            pieces_seen += int((ids != 0).sum())
            running = loss.item() if step == 0 else 0.99 * running + 0.01 * loss.item()
            step += 1
            if step % 200 == 0:
                print(f"masked pieces: step {step} loss {running:.3f} {spent:.0f} s", flush=True)
            if time.time() - saved_at > 120:
                torch.save({"parts": parts.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent}, path)
                saved_at = time.time()
