"""Every visible figure of the shipped model, by language, with 95 % bootstrap intervals, beside the floor and the published figure.

    python models/evaluation/report.py [--model models/attune-mini] [--out models/evaluation]

Reads the data folder (ATTUNE_DATA, default ../shared/data), runs onnx/model_quantized.onnx, writes report.md, figures.json and
the model card (README.md of the model folder).
The floors are character n-gram logistic regressions on the same splits; the published figures name their paper.
"""
import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training"))
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
from sklearn.metrics import average_precision_score, f1_score, precision_recall_fscore_support  # noqa: E402

from attune_training import address_rules, batches, card, data, duplicates, heads, metrics, tasks, tokenizer  # noqa: E402

GENIL_FLOOR = {"all": 0.319, "en": 0.527, "es": 0.360, "ms": 0.296, "pt": 0.289, "fr": 0.254, "id": 0.239, "bn": 0.201, "ar": 0.166, "hi": 0.101}
COCOA_FLOOR = {"de": 0.972, "fr": 0.956, "hi": 0.988, "ja": 0.967, "nl": 0.980, "ko": 0.992, "ru": 0.988, "vi": 0.977, "it": 0.896, "es": 0.875, "pt": 0.875}
ORDINARY_SEED = 77


class Model:
    """The shipped files, run in Python."""

    def __init__(self, folder: Path):
        self.config = json.loads((folder / "config.json").read_text())["attune"]
        self.tokenizer = tokenizer.load(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "onnx" / "model_quantized.onnx", options, providers=["CPUExecutionProvider"])
        self.temperatures = {name: head["temperature"] for name, head in self.config["heads"].items()}

    def probabilities(self, texts: list[str]) -> dict[str, np.ndarray]:
        """Per head [len(texts), labels]."""
        ids, _ = batches.encode(self.tokenizer, texts)
        order = np.argsort([len(row) for row in ids], kind="stable")
        logits = np.zeros((len(ids), heads.WIDTH), dtype=np.float32)
        for start in range(0, len(order), 48):
            rows = order[start : start + 48]
            table = np.zeros((len(rows), max(len(ids[at]) for at in rows)), dtype=np.int64)
            for row, at in enumerate(rows):
                table[row, : len(ids[at])] = ids[at]
            logits[rows] = self.session.run(["logits"], {"input_ids": table, "attention_mask": (table != 0).astype(np.int64)})[0]
        return metrics.probabilities(logits, self.temperatures)

    def threshold(self, head: str, label: str) -> float:
        return self.config["heads"][head]["thresholds"][label]


def ordinary_sentences(per_language: int) -> list[tasks.Example]:
    """Sentences of text/ that training has not seen: ordinary prose, where a finding would be a false alarm."""
    marked = (row for row in data.rows("cocoa_mt") if not tasks.cocoa_evaluation(row))
    rule, groups = address_rules.NoAddress(marked), tasks.group_words()
    seen = {data.fingerprint(example.text) for example in tasks.plain_text(1000, 11, rule, groups)}
    fresh = tasks.plain_text(per_language, ORDINARY_SEED, rule, groups)
    return [example for example in fresh if data.fingerprint(example.text) not in seen]


def cell(function, size: int, groups=None) -> dict:
    """A figure with its interval."""
    low, high = metrics.interval(function, size, groups=groups)
    return {"value": float(function(np.arange(size))), "low": low, "high": high, "n": size}


def show(entry: dict) -> str:
    return f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]"


def generalisation(examples: list, p: np.ndarray, report: dict) -> None:
    rows = np.array([at for at, e in enumerate(examples) if e.source == "genil"])
    y = np.array([examples[at].extra["raw"] != "not_generalizing" for at in rows])
    told, asserted = p[rows, 0] + p[rows, 1], p[rows, 0]
    language = np.array([examples[at].language for at in rows])
    clusters = np.array([examples[at].key for at in rows])
    report["genil"] = {}
    for name in ["all", *sorted(set(language))]:
        at = np.flatnonzero((language == name) | (name == "all"))
        entry = cell(lambda pick, at=at: average_precision_score(y[at][pick], told[at][pick]), len(at), clusters[at])
        entry["assertedOnly"] = float(average_precision_score(y[at], asserted[at]))
        entry["base"], entry["floor"] = float(y[at].mean()), GENIL_FLOOR[name]
        report["genil"][name] = entry

    rows = np.array([at for at, e in enumerate(examples) if e.source == "emgsd"])
    y = np.array([examples[at].extra["raw"] == "stereotype" for at in rows])
    said = p[rows, 0] >= 0.5
    raw = np.array([examples[at].extra["raw"] for at in rows])
    near = np.flatnonzero(raw != "unrelated")
    macro = lambda at: f1_score(y[at], said[at], average="macro")  # noqa: E731
    report["emgsd"] = {
        "all": cell(macro, len(rows)) | {"floor": 0.683},
        "vsNeutral": cell(lambda pick: macro(near[pick]), len(near)) | {"floor": 0.620},
    }


def emgsd_siblings(examples: list, p: np.ndarray, report: dict) -> None:
    """How much of EMGSD's test has a near copy (another ending) in its train split, and the figure without those rows."""
    rows = np.array([at for at, e in enumerate(examples) if e.source == "emgsd"])
    bands: dict = {}
    for row in data.rows("emgsd"):
        if row["split"] == "train":
            signed = duplicates.signature(row["text"])
            for band in range(duplicates.BANDS):
                bands.setdefault((band, signed[band * 4 : band * 4 + 4].tobytes()), []).append(signed)
    alone = []
    for at in rows:
        signed = duplicates.signature(examples[at].text)
        near = any(
            (other == signed).mean() >= duplicates.NEAR
            for band in range(duplicates.BANDS)
            for other in bands.get((band, signed[band * 4 : band * 4 + 4].tobytes()), ())
        )
        if not near:
            alone.append(at)
    alone = np.array(alone)
    y = np.array([examples[at].extra["raw"] == "stereotype" for at in alone])
    report["emgsd"]["withoutSiblings"] = cell(lambda pick: f1_score(y[pick], p[alone, 0][pick] >= 0.5, average="macro"), len(alone))
    report["emgsd"]["siblingShare"] = 1 - len(alone) / len(rows)


def address(model: Model, examples: list, p: np.ndarray, ordinary: list, q: np.ndarray, report: dict) -> None:
    report["address"] = {}
    marked = [at for at, e in enumerate(examples) if e.source == "cocoa" and e.targets["address"][2] == 0]
    quiet = [at for at, e in enumerate(ordinary) if "address" in e.targets and e.language != "en"]
    bars = np.array([model.threshold("address", "informal"), model.threshold("address", "formal")])
    for name in ["all", *address_rules.LANGUAGES]:
        a = np.array([at for at in marked if name in ("all", examples[at].language.split("-")[0])])
        b = np.array([at for at in quiet if name in ("all", ordinary[at].language)])
        truth = np.array([int(examples[at].targets["address"][1]) for at in a])
        pairs = np.array([examples[at].key for at in a])
        two = cell(lambda pick, a=a, truth=truth: float(((p[a[pick], 1] > p[a[pick], 0]) == truth[pick]).mean()), len(a), pairs)
        labels = np.concatenate([truth, np.full(len(b), 2)])
        table = np.concatenate([p[a], q[b]])
        three = cell(lambda pick, labels=labels, table=table: f1_score(labels[pick], table[pick].argmax(1), average="macro"), len(labels))
        report["address"][name] = {
            "two": two | {"floor": COCOA_FLOOR.get(name)}, "three": three,
            "alarmsArgmax": float((q[b].argmax(1) != 2).mean()), "alarmsAtThreshold": float((q[b][:, :2] >= bars).any(1).mean()),
            "recallAtThreshold": float((p[a, truth] >= bars[truth]).mean()), "noneRows": len(b),
        }


def tone(model: Model, examples: list, p: dict, report: dict) -> None:
    def of(source):
        return np.array([at for at, e in enumerate(examples) if e.source == source])

    rows = of("keico")
    level = np.array([np.argmax(examples[at].targets["honorific_ja"]) for at in rows])
    got = p["honorific_ja"][rows].argmax(1)
    report["keico"] = cell(lambda pick: float((got[pick] == level[pick]).mean()), len(rows)) | {"floor": 0.678}
    rows = of("kohon")
    got = p["honorific_ko"][rows].argmax(1)
    right = np.array([examples[at].targets["honorific_ko"][k] > 0 for at, k in zip(rows, got)])
    report["kohon"] = cell(lambda pick: float(right[pick].mean()), len(rows), np.array([examples[at].key for at in rows]))
    rows = of("spiral")
    raw = np.array([examples[at].extra["raw"] for at in rows])
    positive = rows[raw == "praise"]
    negative = np.random.default_rng(0).permutation(rows[raw == "none"])[: 4 * len(positive)]
    rows = np.concatenate([positive, negative])
    y, s = np.arange(len(rows)) < len(positive), p["praise"][rows, 0]
    report["praise"] = {
        "ap": cell(lambda pick: average_precision_score(y[pick], s[pick]), len(rows)),
        "f1": cell(lambda pick: f1_score(y[pick], s[pick] >= 0.5), len(rows)) | {"floor": 0.64},
        "f1AtThreshold": cell(lambda pick: f1_score(y[pick], s[pick] >= model.threshold("praise", "praise")), len(rows)),
        "f1BestCut": max(float(f1_score(y, s >= cut)) for cut in np.arange(0.02, 0.98, 0.02)),
    }
    rows = np.array([at for at in of("tydip") if examples[at].extra["raw"] != "mid"])
    y = np.array([examples[at].extra["raw"] == "polite" for at in rows])
    s = p["politeness"][rows, 0]
    report["tydip"] = cell(lambda pick: float(((s[pick] > 0.5) == y[pick]).mean()), len(rows)) | {"floor": 0.825}
    for name, floor in (("stif", 0.925), ("shekasteh", 0.946), ("in_formal_de", None)):
        rows = np.array([at for at in of(name) if abs(examples[at].targets["formality"][0] - 0.5) > 0.12])
        y = np.array([examples[at].targets["formality"][0] > 0.5 for at in rows])
        s = p["formality"][rows, 0]
        report[name] = cell(lambda pick, y=y, s=s: float(((s[pick] > 0.5) == y[pick]).mean()), len(rows)) | {"floor": floor}


def alarms(model: Model, ordinary: list, q: dict, report: dict) -> None:
    """Share of ordinary sentences that reach a threshold, by language."""
    language = np.array([e.language for e in ordinary])
    report["ordinary"] = {}
    for name in ["all", *sorted(set(language))]:
        at = np.flatnonzero((language == name) | (name == "all"))
        report["ordinary"][name] = {
            "n": len(at),
            "asserted": float((q["generalisation"][at, 0] >= model.threshold("generalisation", "asserted")).mean()),
            "praise": float((q["praise"][at, 0] >= model.threshold("praise", "praise")).mean()),
        }


def calibration(examples: list, p: dict, report: dict) -> None:
    """Expected calibration error with 10 bins of confidence, on evaluation rows with a single right label."""
    report["calibration"] = {}
    for head in heads.HEADS:
        confidence, right = [], []
        for at, e in enumerate(examples):
            target = e.targets.get(head.name)
            if target is None or e.source == "emgsd":
                continue
            if head.activation == "softmax":
                if sum(target) != 1:
                    continue
                k = int(p[head.name][at].argmax())
                confidence.append(p[head.name][at, k])
                right.append(target[k] == 1)
            elif abs(target[0] - 0.5) > 0.3:
                v = p[head.name][at, 0]
                confidence.append(max(v, 1 - v))
                right.append((v > 0.5) == (target[0] > 0.5))
        c, r = np.array(confidence), np.array(right, dtype=float)
        bins = np.minimum((c * 10).astype(int), 9)
        error = sum(abs(c[bins == b].mean() - r[bins == b].mean()) * (bins == b).mean() for b in range(10) if (bins == b).any())
        report["calibration"][head.name] = {"ece": float(error), "n": len(c), "temperature": None}


def markdown(report: dict, model: Model) -> str:
    lines = [
        "# What the classifier can do, measured", "",
        f"Model attune-mini {model.config['version']}, `onnx/model_quantized.onnx` sha256 {model.config['sha256'][:16]}…, run in Python.",
        "Made by `python models/evaluation/report.py`; brackets are 95 % bootstrap intervals (whole clusters or pairs drawn where there are any).",
        "Floor: character n-gram logistic regression on the same split. Nothing here was trained on; weights, temperatures and thresholds come from held-back training rows.", "",
        "## Headline", "", "| task | this model | floor | aim | published |", "|---|---|---|---|---|",
        f"| GeniL dev, PR-AUC, 9 languages | {show(report['genil']['all'])} | .319 | .40 | .587 (mT5-XXL / PaLM-2 class, own split, arXiv 2404.05866) |",
        f"| EMGSD test, macro-F1 | {show(report['emgsd']['all'])} | .683 | .74 | .815 (HEARTS ALBERT-v2, arXiv 2409.11579) |",
        f"| EMGSD, stereotype vs neutral, macro-F1 | {show(report['emgsd']['vsNeutral'])} | .620 | | .762 (HEARTS) |",
        f"| address, three-way macro-F1, 11 languages | {show(report['address']['all']['three'])} | | .95 | |",
        f"| address, false alarms on \"none\" (argmax / at threshold) | {report['address']['all']['alarmsArgmax']:.3f} / {report['address']['all']['alarmsAtThreshold']:.3f} | | ≤ .03 | |",
        f"| KeiCO dev, 4-way accuracy | {show(report['keico'])} | .678 | .78 | |",
        f"| praise, F1 at .5, unseen chatbot, 1:4 | {show(report['praise']['f1'])} (best cut {report['praise']['f1BestCut']:.3f}) | .63-.66 | .72 | |",
        f"| TyDiP en, accuracy | {show(report['tydip'])} | .825 | .82 | .892 (XLM-R large) |",
        f"| STIF id, accuracy | {show(report['stif'])} | .925 | | |",
        f"| Shekasteh fa, accuracy (held-back fifth of the pairs) | {show(report['shekasteh'])} | .946 | | |",
        f"| in_formal de, accuracy without the middle | {show(report['in_formal_de'])} | | | |",
        f"| Korean sentence ending (rule-made labels) | {show(report['kohon'])} | | | |", "",
        f"EMGSD keeps its published split: {report['emgsd']['siblingShare']:.0%} of its test rows have a near copy (another ending) in its train split. "
        f"Without those rows the macro-F1 is {show(report['emgsd']['withoutSiblings'])} on {report['emgsd']['withoutSiblings']['n']} rows.", "",
        "## Generalisations: GeniL dev by language", "",
        "Score: asserted + mention, since GeniL's positives hold both; the last column ranks by `asserted` alone.", "",
        "| language | rows | base rate | PR-AUC | floor | by `asserted` alone |", "|---|---|---|---|---|---|",
    ]
    for name, e in report["genil"].items():
        lines.append(f"| {name} | {e['n']} | {e['base']:.3f} | {show(e)} | {e['floor']:.3f} | {e['assertedOnly']:.3f} |")
    lines += ["", "## Address by language", "",
              "Two-way: CoCoA-MT test (Russian: half of its only split). \"None\": fresh sentences of text/ that the rule is sure about.", "",
              "| language | two-way accuracy | floor | three-way macro-F1 | false alarms, argmax | at threshold | recall at threshold | none rows |", "|---|---|---|---|---|---|---|---|"]
    for name, e in report["address"].items():
        floor = f"{e['two']['floor']:.3f}" if e["two"]["floor"] else ""
        lines.append(f"| {name} | {show(e['two'])} | {floor} | {show(e['three'])} | {e['alarmsArgmax']:.3f} | {e['alarmsAtThreshold']:.3f} | {e['recallAtThreshold']:.3f} | {e['noneRows']} |")
    lines += ["", "## False alarms on ordinary sentences", "",
              f"Fresh sentences of text/. Thresholds: asserted {model.threshold('generalisation', 'asserted')}, praise {model.threshold('praise', 'praise')}. Some of these sentences may truly generalise or praise; nobody has read them.", "",
              "| language | sentences | asserted | praise |", "|---|---|---|---|"]
    for name, e in report["ordinary"].items():
        lines.append(f"| {name} | {e['n']} | {e['asserted']:.4f} | {e['praise']:.4f} |")
    lines += ["", "## Praise", "", f"Average precision {show(report['praise']['ap'])}; F1 at the shipped threshold {show(report['praise']['f1AtThreshold'])}.",
              "", "## Calibration", "", "| head | temperature | expected calibration error | rows |", "|---|---|---|---|"]
    for name, e in report["calibration"].items():
        lines.append(f"| {name} | {model.temperatures[name]:.3f} | {e['ece']:.3f} | {e['n']} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "attune-mini")
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "evaluation")
    arguments = parser.parse_args()
    model = Model(arguments.model)
    examples, ordinary = tasks.evaluation_examples(), ordinary_sentences(300)
    p = model.probabilities([example.text for example in examples])
    q = model.probabilities([example.text for example in ordinary])
    report: dict = {"model": {"version": model.config["version"], "sha256": model.config["sha256"]}}
    generalisation(examples, p["generalisation"], report)
    emgsd_siblings(examples, p["generalisation"], report)
    address(model, examples, p["address"], ordinary, q["address"], report)
    tone(model, examples, p, report)
    alarms(model, ordinary, q, report)
    calibration(examples, p, report)
    (arguments.out / "figures.json").write_text(json.dumps(report, indent=1) + "\n")
    text = markdown(report, model)
    (arguments.out / "report.md").write_text(text)
    card.write_readme(arguments.model, report)
    print(text)


if __name__ == "__main__":
    main()
