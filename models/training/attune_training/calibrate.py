"""After training: how much of the wide part and of the one with word vectors to add, temperatures and biases, thresholds. All on held-back training rows.

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
#: Thresholds for passages in which the engine has a second witness (review/detectors): a group that the pack names, the beginning
#: or the end of an answer. Chosen on tests/acceptance and on ordinary paragraphs of text/, where held-back
#: rows hold too little of what answers say; models/evaluation/answers/ was written afterwards and measures them.
WITNESSED = {
    "generalisation": {"asserted_named": 0.5},
    "generalisation_answer": {"asserted": 0.6},
    "praise": {"praise_edge": 0.95},
}
#: and those of single languages: of English the head asserts most; in Chinese it takes the apologies of customer service for praise
WITNESSED_IN = {"generalisation": {"en": {"asserted_named": 0.97}}, "generalisation_answer": {"en": {"asserted": 0.98}}, "praise": {"zh": {"praise_edge": 1.0}}}
#: scales and biases of the gate that are tried
GATES = ((1.0, 0.0), (1.0, 1.0), (2.0, 2.0), (2.0, 4.0), (2.0, 5.0), (2.0, 6.0), (3.0, 6.0), (3.0, 8.0))
#: and weights of the part with word vectors in it
WORDED_GATES = (0.0, 0.5, 1.0, 2.0)
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


def _fair_cut(truth: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """What to add to the logit of the expert for made sentences so that 0.5 is the best cut (macro-F1) on held-back EMGSD
    rows, and that macro-F1. The rarer assertions of real answers are the business of the threshold."""
    if len(truth) == 0:
        return 0.0, 0.0
    best, plus = max((f1_score(truth, scores + plus > 0, average="macro"), plus) for plus in np.arange(-1.5, 1.55, 0.05))
    return float(plus), float(best)


def _fair_praise_cut(said: np.ndarray, scores: np.ndarray) -> float:
    """What to add to the praise logit so that 0.5 is the best cut (F1) when one sentence in five praises."""
    each = (1 / PRAISE_SHARE - 1) * said.sum() / max(1, (~said).sum())

    def f1(plus: float) -> float:
        marked = scores + plus > 0
        right = (marked & said).sum()
        return 2 * right / max(1e-9, right + said.sum() + each * (marked & ~said).sum())

    return float(max(np.arange(-1.0, 3.05, 0.1), key=f1))


@dataclass
class Parts:
    """Raw logits of the same rows by each part, float32 [rows, R] each; noughts where a part has nothing to say."""

    deep: np.ndarray
    wide: np.ndarray
    worded: np.ndarray

    def __getitem__(self, rows) -> "Parts":
        return Parts(self.deep[rows], self.wide[rows], self.worded[rows])


@dataclass
class Mixing:
    """Per raw column: weights of the deep part, the wide part and the part with word vectors, and bias. Per head the
    temperature divided out."""

    deep: np.ndarray
    wide: np.ndarray
    worded: np.ndarray
    bias: np.ndarray
    temperatures: dict[str, float]

    @staticmethod
    def alone() -> "Mixing":
        """The deep part as it is."""
        return Mixing(np.ones(heads.RAW, np.float32), *np.zeros((3, heads.RAW), np.float32), dict.fromkeys(heads.BY_NAME, 1.0))

    def raw(self, parts: "Parts") -> np.ndarray:
        """Raw logits [rows, R] of all parts together, before the experts are mixed."""
        return (parts.deep * self.deep + parts.wide * self.wide + parts.worded * self.worded + self.bias).astype(np.float32)

    def apply(self, parts: "Parts") -> np.ndarray:
        """-> logits [rows, K], as network.Classifier gives them."""
        return network.assemble(torch.from_numpy(self.raw(parts))).numpy()

    def calibrated(self, parts: "Parts") -> np.ndarray:
        """-> logits [rows, K], each head's divided by its temperature."""
        logits = self.apply(parts)
        for head in heads.PUBLISHED:
            start, end = heads.OFFSETS[head.name]
            logits[:, start:end] /= self.temperatures[head.name]
        return logits


def _weights(loss, *parts: np.ndarray) -> tuple[list[float], np.ndarray]:
    """The weights >= 0 of the parts (float32 [rows, columns] each) and the shift of each column for which loss(weighted sum +
    shift) is least, with a small penalty."""
    given = [torch.from_numpy(part) for part in parts]
    raw = torch.tensor([0.5] + [-2.0] * (len(parts) - 1), requires_grad=True)
    shift = torch.zeros(parts[0].shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([raw, shift], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        weights = torch.nn.functional.softplus(raw)
        value = loss(sum(weight * part for weight, part in zip(weights, given)) + shift) + 0.002 * (shift**2).sum() + 0.001 * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(closure)
    return torch.nn.functional.softplus(raw.detach()).tolist(), shift.detach().numpy()


#: what is tried of the network's weight beside the other parts, where made sentences are cut
SHARES_OF_DEEP = (1.0, 0.5, 0.25, 0.1)
#: How much the part with word vectors counts beside the network where natural sentences are ranked: alike. Held-back rows cannot say,
#: since none of those of GeniL that generalise is English.
SHARE_OF_WORDED = 1.0


def _ranking_share(truth: np.ndarray, chosen: np.ndarray, known: np.ndarray, wide: np.ndarray) -> float:
    """The r in 0 … 1.5 for which known + r wide ranks the chosen rows best (average precision)."""
    if not truth[chosen].any():
        return 0.4
    return max((0.0, 0.2, 0.4, 0.7, 1.0, 1.5), key=lambda r: average_precision_score(truth[chosen], (known + r * wide)[chosen]))


def _tune_gate(mixing: Mixing, parts: Parts, truth: np.ndarray, sources: np.ndarray) -> None:
    """The scale and bias of the gate for which average precision on GeniL's rows times macro-F1 on EMGSD's is greatest."""
    raw = mixing.raw(parts)
    first, second = raw[:, heads.VOICED.start], raw[:, heads.VOICED.start + 1]
    natural, made = sources == "genil", sources == "emgsd"
    if not (truth[natural].any() and truth[made].any()):
        return

    def worth(values: tuple[float, float, float]) -> float:
        gate = values[0] * parts.deep[:, heads.GATE] + values[1] * parts.worded[:, heads.GATE] + values[2]
        share = 1 / (1 + np.exp(-np.clip(gate, -30, 30)))
        mixed = share * first + (1 - share) * second
        return average_precision_score(truth[natural], mixed[natural]) * f1_score(truth[made], mixed[made] > 0, average="macro")

    tried = [(scale, weight, bias) for scale, bias in GATES for weight in WORDED_GATES]
    mixing.deep[heads.GATE], mixing.worded[heads.GATE], mixing.bias[heads.GATE] = max(tried, key=worth)


def answer_rows(examples: list, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows [N] are in the voice of answers and assert something of a group, and which only look as if they did: mostly twins of the
    former. targets [N, heads.WIDTH]."""
    own = np.array([example.source == "written" for example in examples])
    rest = targets[:, 1:4].sum(1)
    return own & (targets[:, 0] > 0) & (rest == 0), own & (targets[:, 0] == 0) & (rest > 0)


def praise_rows(examples: list) -> np.ndarray:
    """Which rows [N] set where praise is cut: chatbots' sentences on which the raters of SpiralBench agree."""
    return np.array([example.source == "spiral" and example.extra["raw"] != "other_flag" for example in examples])


def praise_shift(examples: list, targets: np.ndarray, logits: np.ndarray) -> float:
    """What to add to praise logits [N, K], calibrated, so that 0.5 is the best cut on the held-back rows among `examples`."""
    rows, column = praise_rows(examples), heads.OFFSETS["praise"][0]
    return _fair_praise_cut(targets[rows, column] > 0.5, logits[rows, column]) if rows.sum() >= 50 else 0.0


def mix(examples: list, targets: np.ndarray, known: np.ndarray, parts: Parts) -> Mixing:
    """Fits Mixing on held-back rows: targets [N, K], known [N, heads].

    The overall scale of a head goes into its temperature, so that config.json keeps it visible; the generalisation head is
    assembled from several columns and has temperature 1.
    """
    result = Mixing.alone()

    def put(columns: slice, weights: list[float], shift: np.ndarray, scale: float = 1.0) -> None:
        for part, weight in zip((result.deep, result.wide, result.worded), weights):
            part[columns] = weight / scale
        result.bias[columns] = shift / scale

    for which, head in enumerate(heads.HEADS):
        if head.name == "generalisation":
            continue
        start, end = heads.OFFSETS[head.name]
        rows, weight = np.flatnonzero(known[:, which] > 0), known[:, which].copy()
        if head.name == "praise":
            rows = rows[praise_rows(examples)[rows]]
            said = targets[rows, start] > 0.5
            weight[rows] = np.where(said, PRAISE_SHARE / max(1, said.sum()), (1 - PRAISE_SHARE) / max(1, (~said).sum()))
        if len(rows) < 50:
            continue
        given = parts.deep[rows, start:end], parts.wide[rows, start:end]
        t, k = torch.from_numpy(targets[rows, start:end]), torch.from_numpy(weight[rows])
        weights, shift = _weights(lambda z, head=head, t=t, k=k: _loss(head, z, t, k), *given)
        scale = max(1e-3, sum(weights))
        put(slice(start, end), weights, shift, scale)
        result.temperatures[head.name] = 1.0 / scale
        if head.name == "praise":
            scores = sum(each * part[:, 0] for each, part in zip(weights, given)) + shift[0]
            result.bias[start] += _fair_praise_cut(said, scores) / scale

    general = targets[:, :4]
    for columns in (slice(0, 2), slice(2, 4)):
        pair = general[:, columns]
        rows = np.flatnonzero((known[:, 0] > 0) & (pair.sum(1) == 1) & (general.sum(1) == 1))
        if len(rows) < 50:
            continue
        truth = torch.from_numpy(pair[rows].argmax(1))
        put(columns, *_weights(lambda z, truth=truth: torch.nn.functional.cross_entropy(z, truth), parts.deep[rows, columns], parts.wide[rows, columns]))
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
        given = [part[rows, column : column + 1] for part in (parts.deep, parts.wide, parts.worded)]
        if name == "natural":
            # Natural sentences are ranked rather than cut: the share of the n-grams is the one that ranks GeniL's rows best.
            genil = np.array([examples[row].source == "genil" for row in rows])
            deep, wide, worded = (part[:, 0] for part in given)
            shares = (1.0, _ranking_share(truth, genil, deep + SHARE_OF_WORDED * worded, wide), SHARE_OF_WORDED)
            (scale,), shift = _weights(loss, sum(share * part for share, part in zip(shares, given)))
            weights = [scale * share for share in shares]
        else:
            weights, shift = _weights(loss, *given)
            # Made sentences are cut, and the network is surer of them than it is right.
            emgsd = np.array([examples[row].source == "emgsd" for row in rows])

            def scores(share: float) -> np.ndarray:
                return sum(weight * part[emgsd, 0] for weight, part in zip((share * weights[0], *weights[1:]), given)) + shift[0]

            weights[0] *= max(SHARES_OF_DEEP, key=lambda share: _fair_cut(truth[emgsd], scores(share))[1])
            shift = shift + _fair_cut(truth[emgsd], scores(1.0))[0]
        put(slice(column, column + 1), weights, shift)
        judged.append((rows, truth, np.array([examples[row].source for row in rows])))
    if len(judged) == len(heads.EXPERTS):
        rows, truth, sources = (np.concatenate(parts) for parts in zip(*judged))
        _tune_gate(result, parts[rows], truth, sources)
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
    tuned = {head.name: {"temperature": round(temperatures[head.name], 4), "thresholds": {}} for head in heads.PUBLISHED}
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
    for name, chosen in WITNESSED.items():
        tuned[name]["thresholds"] |= chosen
    for name, by_language in WITNESSED_IN.items():
        tuned[name]["languageThresholds"] = by_language
    return {"heads": tuned, "measured": measured}
