"""Training the deep part on all heads at once, with checkpoints that resume."""
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import batches, heads, lessons, network, sequences


def partial_loss(logits: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """-log of the summed probability of the allowed labels; logits, allowed: [..., labels] -> [...]."""
    logits = logits.float()
    gap = (allowed <= 0).float() * -1e4
    return torch.logsumexp(logits, -1) - torch.logsumexp(logits + gap, -1)


#: weight of each head's mean loss in the sum
HEAD_WEIGHTS = {
    "generalisation": 1.0, "address": 0.6, "honorific_ja": 0.5, "honorific_ko": 0.3, "formality": 0.3, "praise": 0.8, "politeness": 0.4,
}


#: weight of the gate (natural or made) and of KeiCO's three keigo flags, which are learned beside the levels
GATE_WEIGHT, KEIGO_WEIGHT = 0.1, 0.3
#: weight of the loss of an expert on the sentences of the other one
OTHER_WEIGHT = 0.15
#: weight of the loss of what is said of answers: on rows in their voice, and on others that assert nothing of a group, where it is to be silent
ANSWER_WEIGHTS = (2.0, 1.0)
KEIGO_HEAD = next(at for at, head in enumerate(heads.HEADS) if head.name == "honorific_ja")


def loss_of(
    model: network.Deep, batch: batches.Batch, tag_weight: float = 0.3, adapter: tuple[torch.Tensor, torch.Tensor] | None = None,
    taught: lessons.Taught | None = None, apart: bool = False,
) -> torch.Tensor:
    """The loss of a batch's labels and, where there are teachers, of what they say. `apart`: labels of rows in the voice of answers teach
    the experts nothing."""
    raw, early, late, pools = model(batch.ids, batch.mask, *(adapter or ()))
    raw = raw.float()
    heard = raw
    if apart:
        fixed = torch.zeros_like(raw)
        fixed[:, heads.VOICED] = batch.answer[:, None]
        heard = raw + fixed * (raw.detach() - raw)
    logits = network.assemble(heard, batch.natural)
    total = raw.sum() * 0.0
    # Each head's loss is summed over the rows that know it and divided by a fixed share of the batch, so that a head
    # with few rows does not get large steps from single rows.
    scale = 1.0 / len(batch.rows)
    for which, head in enumerate(heads.HEADS):
        known = batch.known[:, which]
        if not bool((known > 0).any()):
            continue
        start, end = heads.OFFSETS[head.name]
        if head.activation == "softmax":
            row = partial_loss(logits[:, start:end], batch.targets[:, start:end])
        else:
            row = F.binary_cross_entropy_with_logits(logits[:, start], batch.targets[:, start], reduction="none")
        total = total + HEAD_WEIGHTS[head.name] * (row * known).sum() * scale
    known = (batch.known[:, 0] > 0).float()
    # A natural sentence given to the wrong expert costs more: among natural ones few voice a generalisation.
    cost = known * (1 + 2 * batch.natural)
    total = total + GATE_WEIGHT * (F.binary_cross_entropy_with_logits(raw[:, heads.GATE], batch.natural, reduction="none") * cost).sum() * scale
    # Each expert also hears, more softly, of the other's sentences, so that it says nothing wild where the gate wavers.
    said = (batch.targets[:, 2:4].sum(1) == 0).float()
    sure = known * ((batch.targets[:, :2].sum(1) == 0) | (said > 0)).float()
    other = torch.where(batch.natural > 0, heard[:, heads.VOICED.start + 1], heard[:, heads.VOICED.start])
    total = total + OTHER_WEIGHT * (F.binary_cross_entropy_with_logits(other, said, reduction="none") * sure).sum() * scale
    own, silent = ANSWER_WEIGHTS
    asserted = ((batch.targets[:, 0] > 0) & (batch.targets[:, 1:4].sum(1) == 0)).float()
    denied = (batch.targets[:, 0] == 0).float()
    # Whether a sentence that asserts something elsewhere would in an answer, nobody has judged.
    judged = known * (batch.answer * (asserted + denied) * own + (1 - batch.answer) * denied * silent)
    total = total + (F.binary_cross_entropy_with_logits(raw[:, heads.ANSWER], asserted, reduction="none") * judged).sum() * scale
    flagged = batch.keigo[:, 0] >= 0
    if "keigo" in model.extra and bool(flagged.any()):
        flags = model.extra["keigo"](pools[flagged, KEIGO_HEAD]).float()
        total = total + KEIGO_WEIGHT * F.binary_cross_entropy_with_logits(flags, batch.keigo[flagged], reduction="none").mean(1).sum() * scale
    informative = (batch.tags.sum(-1) < len(heads.TAGS)) & (batch.mask > 0)
    if bool(informative.any()):
        for tags in (early, late):
            total = total + tag_weight * partial_loss(tags[informative], batch.tags[informative]).mean()
    return total if taught is None else total + taught.loss(raw, early, late, batch)


def predict(
    model: network.Deep, store: batches.Store, rows: np.ndarray, cells: int = 16384,
    adapter: tuple[torch.Tensor, torch.Tensor] | None = None,
) -> np.ndarray:
    """Deep raw logits float32 [len(rows), R], in the order of rows."""
    model.eval()
    place = {int(at): position for position, at in enumerate(rows)}
    result = np.zeros((len(rows), heads.RAW), dtype=np.float32)
    with torch.no_grad():
        for batch in store.epoch(rows, cells, 0):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(batch.ids, batch.mask, *(adapter or ()))[0].float().numpy()
            for at, values in zip(batch.rows, logits):
                result[place[int(at)]] = values
    return result


def beside(model: network.Classifier, store: batches.Store, rows: np.ndarray, cells: int = 16384) -> tuple[np.ndarray, np.ndarray]:
    """What the parts of a whole model say that stand beside the network: n-grams and word vectors, raw logits float32 [len(rows), R] each."""
    model.eval()
    place = {int(at): position for position, at in enumerate(rows)}
    wide, worded = np.zeros((2, len(rows), heads.RAW), dtype=np.float32)
    with torch.no_grad():
        for batch in store.epoch(rows, cells, 0):
            at = [place[int(row)] for row in batch.rows]
            wide[at] = model.wide(batch.ids, batch.mask).numpy()
            if model.worded is not None:
                columns = np.ix_(at, heads.WORDED)
                worded[columns] = model.worded(model.deep.pieces(batch.ids), batch.ids, batch.mask).numpy()
    return wide, worded


def tag_shift(model: network.Deep, store: batches.Store, rows: np.ndarray) -> float:
    """What to take off the logit of "no tag" so that the pieces of address markers are found best (F1) on held-back rows."""
    model.eval()
    odds, truth = [], []
    with torch.no_grad():
        for batch in store.epoch(rows, 8192, 0):
            late = model(batch.ids, batch.mask)[2].float()
            sure = (batch.mask > 0) & (batch.tags.sum(-1) < len(heads.TAGS))
            odds.append((torch.logsumexp(late[..., 1:3], -1) - torch.logsumexp(late[..., [0, 3, 4]], -1))[sure].numpy())
            truth.append((batch.tags[..., 1:3].sum(-1) == 1)[sure].numpy() & (batch.tags[..., 0] == 0)[sure].numpy())
    scores, said = np.concatenate(odds), np.concatenate(truth)

    def f1(plus: float) -> float:
        found = scores + plus > 0
        return 2 * (found & said).sum() / max(1, found.sum() + said.sum())

    return float(max(np.arange(-3, 3.05, 0.1), key=f1))


def fit(
    model: network.Deep, store: batches.Store, rows_of, folder: Path, *, epochs: int, cells: int = 4096,
    rate: float = 1.5e-3, decay: float = 0.05, seed: int = 0, average: float = 0.99, tag_weight: float = 0.3,
    taught: lessons.Taught | None = None, report=None, apart: bool = False,
) -> network.Deep:
    """Train with AdamW, cosine rate and averaged weights; a checkpoint per epoch in `folder` resumes. Returns the average.
    `rows_of(epoch)` gives the rows of an epoch; `tag_weight`: weight of the tags' loss beside that of the heads; `taught`: what
    teachers say of the rows; `apart`: see loss_of."""
    matrices = [p for name, p in model.named_parameters() if p.ndim >= 2 and "pieces" not in name]
    others = [p for name, p in model.named_parameters() if p.ndim < 2]
    tables = [p for name, p in model.named_parameters() if "pieces" in name]
    optimiser = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": decay},
            {"params": others, "weight_decay": 0.0},
            {"params": tables, "weight_decay": 0.01, "scale": 0.5},
        ],
        lr=rate, betas=(0.9, 0.98), fused=True,
    )
    steady = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=running_mean(average))
    total = sum(_steps(store, rows_of(epoch), cells) for epoch in range(epochs))
    step, first = 0, 0
    path = folder / "training.pt"
    if path.exists():
        saved = torch.load(path, weights_only=False)
        model.load_state_dict(saved["model"])
        steady.load_state_dict(saved["steady"])
        optimiser.load_state_dict(saved["optimiser"])
        first, step = saved["epoch"] + 1, saved["step"]
    started = time.time()
    for epoch in range(first, epochs):
        model.train()
        running = 0.0
        for batch in batches.ahead(store.epoch(rows_of(epoch), cells, seed + epoch, hide=True)):
            factor = min(1.0, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / max(1, total))))
            for group in optimiser.param_groups:
                group["lr"] = rate * factor * group.get("scale", 1.0)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, batch, tag_weight, taught=taught, apart=apart)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            if step % 4 == 0:
                steady.update_parameters(model)
            running = 0.98 * running + 0.02 * loss.item()
            step += 1
            if step % 200 == 0:
                print(f"epoch {epoch} step {step}/{total} loss {running:.3f} {time.time() - started:.0f} s", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(
            {"model": model.state_dict(), "steady": steady.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch, "step": step},
            path,
        )
        if report:
            print(f"after epoch {epoch}: {report(steady.module)}", flush=True)
    return steady.module


def running_mean(average: float):
    """An exponential mean that begins short, so that a fit of few steps is not held at where it began."""

    @torch.no_grad()
    def update(mean, current, count) -> None:
        keep = min(average, (1 + int(count)) / (10 + int(count)))
        torch._foreach_lerp_(mean, current, 1 - keep)

    return update


def _steps(store: batches.Store, rows: np.ndarray, cells: int) -> int:
    """The number of batches of an epoch, without building them."""
    lengths = np.sort([len(store.ids[at]) for at in rows])
    return len(sequences.groups(lengths, lengths, cells))
