"""The headline figures, for choosing between runs; models/evaluation/ measures what is published."""
import numpy as np
from sklearn.metrics import average_precision_score, f1_score

from . import heads


def probabilities(logits: np.ndarray, temperatures: dict[str, float] | None = None) -> dict[str, np.ndarray]:
    """Per head [rows, labels] (softmax) or [rows, 1] (sigmoid)."""
    result = {}
    for head in heads.PUBLISHED:
        start, end = heads.OFFSETS[head.name]
        z = logits[:, start:end] / (temperatures or {}).get(head.name, 1.0)
        if head.activation == "softmax":
            z = np.exp(z - z.max(1, keepdims=True))
            result[head.name] = z / z.sum(1, keepdims=True)
        else:
            result[head.name] = 1 / (1 + np.exp(-z))
    return result


def quick(examples: list, logits: np.ndarray) -> dict[str, float]:
    """The headline figures on evaluation rows, without intervals: for choosing between runs."""
    p = probabilities(logits)
    source = np.array([example.source for example in examples])
    language = np.array([example.language.split("-")[0] for example in examples])
    out = {}

    def rows(name):
        return np.flatnonzero(source == name)

    at = rows("genil")
    if len(at):
        y = np.array([examples[i].extra["raw"] != "not_generalizing" for i in at])
        a, m = p["generalisation"][at, 0], p["generalisation"][at, 1]
        out["genil_pr_asserted"] = average_precision_score(y, a)
        out["genil_pr"] = average_precision_score(y, a + m)
        for name in sorted(set(language[at])):
            sub = language[at] == name
            out[f"genil_{name}"] = average_precision_score(y[sub], (a + m)[sub])
    at = rows("emgsd")
    if len(at):
        y = np.array([examples[i].extra["raw"] == "stereotype" for i in at])
        s = p["generalisation"][at, 0]
        out["emgsd_f1@.5"] = f1_score(y, s > 0.5, average="macro")
        best = max(np.arange(0.1, 0.9, 0.05), key=lambda t: f1_score(y, s > t, average="macro"))
        out["emgsd_f1_best"], out["emgsd_t"] = f1_score(y, s > best, average="macro"), best
        neutral = np.array([examples[i].extra["raw"] != "unrelated" for i in at])
        out["emgsd_vs_neutral"] = f1_score(y[neutral], s[neutral] > 0.5, average="macro")
    at = rows("cocoa")
    if len(at):
        at = np.array([i for i in at if examples[i].targets["address"][2] == 0])
        y = np.array([examples[i].targets["address"][1] for i in at])
        q = p["address"][at]
        out["cocoa_2way"] = ((q[:, 1] > q[:, 0]) == y).mean()
        out["cocoa_3way"] = (q.argmax(1) == (y.astype(int))).mean()
        for name in sorted(set(language[at])):
            sub = language[at] == name
            out[f"cocoa_{name}"] = ((q[sub, 1] > q[sub, 0]) == y[sub]).mean()
    at = rows("keico")
    if len(at):
        out["keico"] = (p["honorific_ja"][at].argmax(1) == [np.argmax(examples[i].targets["honorific_ja"]) for i in at]).mean()
    at = rows("kohon")
    if len(at):
        out["kohon"] = np.mean([examples[i].targets["honorific_ko"][k] > 0 for i, k in zip(at, p["honorific_ko"][at].argmax(1))])
    at = rows("spiral")
    if len(at):
        y = np.array([examples[i].extra["raw"] for i in at])
        pos, neg = at[y == "praise"], at[y == "none"]
        neg = np.random.default_rng(0).permutation(neg)[: 4 * len(pos)]
        s = np.concatenate([p["praise"][pos, 0], p["praise"][neg, 0]])
        t = np.array([1] * len(pos) + [0] * len(neg))
        out["praise_ap"] = average_precision_score(t, s)
        out["praise_f1@.5"] = f1_score(t, s > 0.5)
        out["praise_f1_best"] = max(f1_score(t, s > c) for c in np.arange(0.05, 0.95, 0.05))
    at = rows("tydip")
    if len(at):
        keep = [i for i in at if examples[i].extra["raw"] != "mid"]
        y = np.array([examples[i].extra["raw"] == "polite" for i in keep])
        out["tydip"] = ((p["politeness"][keep, 0] > 0.5) == y).mean()
    for name in ("stif", "shekasteh", "in_formal_de"):
        at = rows(name)
        if len(at):
            y = np.array([examples[i].targets["formality"][0] for i in at])
            keep = np.abs(y - 0.5) > 0.12
            out[name] = ((p["formality"][at, 0] > 0.5) == (y > 0.5))[keep].mean()
    return {key: round(float(value), 4) for key, value in out.items()}
