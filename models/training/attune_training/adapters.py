"""Locale adapters: what one locale's labelled rows still teach when the network is fixed.

An adapter scales and shifts the states (network.Deep.states). It is trained on the rows of LOCALES, held to the identity by a
penalty, judged on rows of the same sources that were held back, and written only if it is better there. Its file names the
model by the sha256 of its graph, because it means nothing to another one.
"""
import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from . import batches, calibrate, heads, network, train

FORMAT = 1
#: An adapter that takes more than this from a figure of its own held-back rows does not ship.
TOLERATED = 0.003
#: what no figure of evaluation rows may lose
MOST_LOST = 0.02


@dataclass(frozen=True)
class Locale:
    """Whose rows an adapter learns from. `sources` of examples in `language`; `heads` it is meant for; licences for the card."""

    language: str
    sources: tuple[str, ...]
    heads: tuple[str, ...]
    trained_on: tuple[str, ...]


#: Locales whose labelled rows were judged by people of that place, or written for it.
LOCALES = {
    "ja-JP": Locale("ja", ("keico", "cocoa", "written"), ("honorific_ja", "address"), ("KeiCO (CC-BY-4.0)", "CoCoA-MT ja (CDLA-Sharing-1.0)", "written rows (CC-BY-4.0)")),
    "ko-KR": Locale("ko", ("kosbi", "kohon", "cocoa", "written"), ("generalisation", "honorific_ko"), ("KoSBi (MIT)", "Korean honorific pairs (MIT)", "CoCoA-MT ko (CDLA-Sharing-1.0)", "written rows (CC-BY-4.0)")),
    "de-DE": Locale("de", ("in_formal_de", "cocoa", "written"), ("formality", "address"), ("in_formal (CC-BY-SA-4.0)", "CoCoA-MT de (CDLA-Sharing-1.0)", "written rows (CC-BY-4.0)")),
    "id-ID": Locale("id", ("genil", "stif", "written"), ("generalisation", "formality"), ("GeniL id (CC-BY-4.0)", "STIF-Indonesia (MIT)", "written rows (CC-BY-4.0)")),
    "fa-IR": Locale("fa", ("shekasteh", "written"), ("formality",), ("Shekasteh (MIT)", "written rows (CC-BY-4.0)")),
    "es-MX": Locale("es", ("genil", "cocoa", "written"), ("generalisation", "address"), ("GeniL es (CC-BY-4.0)", "CoCoA-MT es (CDLA-Sharing-1.0)", "written rows (CC-BY-4.0)")),
    "fr-FR": Locale("fr", ("genil", "cocoa", "crows_pairs", "written"), ("generalisation", "address"), ("GeniL fr (CC-BY-4.0)", "CoCoA-MT fr (CDLA-Sharing-1.0)", "CrowS-Pairs fr (CC-BY-SA-4.0)", "written rows (CC-BY-4.0)")),
    "pt-BR": Locale("pt", ("genil", "stereoset_ptbr", "written"), ("generalisation",), ("GeniL pt (CC-BY-4.0)", "StereoSet pt-BR (CC-BY-SA-4.0)", "written rows (CC-BY-4.0)")),
    "ru-RU": Locale("ru", ("rubia", "ru_hearts", "cocoa", "written"), ("generalisation", "address"), ("RuBia (CC-BY-4.0)", "ru HEARTS (MIT)", "CoCoA-MT ru (CDLA-Sharing-1.0)", "written rows (CC-BY-4.0)")),
}


def rows_of(examples: list, locale: Locale, among: np.ndarray) -> np.ndarray:
    """Those of the positions `among` that the locale learns from."""
    return np.array(
        [at for at in among if examples[at].language.split("-")[0] == locale.language and examples[at].source in locale.sources], dtype=int
    )


def _loss(deep: network.Deep, store: batches.Store, rows: np.ndarray, adapter) -> float:
    """Mean loss on rows."""
    deep.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for batch in store.epoch(rows, 8192, 0):
            total += float(train.loss_of(deep, batch, adapter=adapter)) * len(batch.rows)
            count += len(batch.rows)
    return total / max(1, count)


def fit(
    deep: network.Deep, shape: network.Shape, store: batches.Store, rows: np.ndarray, back: np.ndarray, *, steps: int = 150,
    cells: int = 2048, rate: float = 1.5e-3, pull: float = 0.05,
) -> tuple[torch.Tensor, torch.Tensor, dict] | None:
    """-> scale, shift [sites, hidden] and the held-back losses, or None when the held-back rows are not better for it."""
    identity = (torch.ones(shape.sites, shape.hidden), torch.zeros(shape.sites, shape.hidden))
    change = torch.zeros(2, shape.sites, shape.hidden, requires_grad=True)
    for parameter in deep.parameters():
        parameter.requires_grad_(False)
    optimiser = torch.optim.AdamW([change], lr=rate, weight_decay=0.0)
    before = _loss(deep, store, back, identity)
    best, best_loss, step = None, before, 0
    while step < steps:
        for batch in store.epoch(rows, cells, step):
            if step >= steps:
                break
            deep.eval()
            for group in optimiser.param_groups:
                group["lr"] = rate * (1 - step / steps)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = train.loss_of(deep, batch, adapter=(1 + change[0], change[1]))
            loss = loss + pull * (change**2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            if step % 50 == 0:
                now = (1 + change[0].detach().clone().clamp(-1, 1), change[1].detach().clone().clamp(-2, 2))
                value = _loss(deep, store, back, now)
                if value < best_loss:
                    best, best_loss = now, value
    for parameter in deep.parameters():
        parameter.requires_grad_(True)
    return None if best is None else (*best, {"without": before, "with": best_loss})


def figures(examples: list, rows: np.ndarray, locale: Locale, logits: np.ndarray) -> dict[str, tuple[float, int]]:
    """Plain figures of the locale's heads on rows: set name -> (value, rows). logits [len(rows), K]."""
    from sklearn.metrics import average_precision_score

    found: dict[str, tuple[float, int]] = {}
    for source in locale.sources:
        for name in locale.heads:
            head, (start, end) = heads.BY_NAME[name], heads.OFFSETS[name]
            at = [place for place, row in enumerate(rows) if examples[row].source == source and name in examples[row].targets]
            if len(at) < 30:
                continue
            targets, z = np.array([examples[rows[place]].targets[name] for place in at]), logits[at, start:end]
            if name == "generalisation":
                truth = (targets[:, :2].sum(1) > 0) & (targets[:, 2:].sum(1) == 0)
                sure = truth | (targets[:, :2].sum(1) == 0)
                p = np.exp(z - np.logaddexp.reduce(z, 1, keepdims=True))[:, :2].sum(1)
                if truth[sure].any() and not truth[sure].all():
                    found[f"{source} {name}, PR-AUC"] = (float(average_precision_score(truth[sure], p[sure])), int(sure.sum()))
            elif head.activation == "softmax":
                found[f"{source} {name}, accuracy"] = (float((targets[np.arange(len(at)), z.argmax(1)] > 0).mean()), len(at))
            else:
                clear = np.abs(targets[:, 0] - 0.5) > 0.12
                if clear.sum() >= 30:
                    found[f"{source} {name}, accuracy"] = (float(((z[clear, 0] > 0) == (targets[clear, 0] > 0.5)).mean()), int(clear.sum()))
    return found


def packed(values: torch.Tensor) -> str:
    """base64 of little-endian float16."""
    return base64.b64encode(values.numpy().astype("<f2").tobytes()).decode("ascii")


def write(path: Path, name: str, locale: Locale, shape: network.Shape, model_hash: str, scale: torch.Tensor, shift: torch.Tensor, measured: list[dict]) -> None:
    """The adapter's file, as packs/schema/adapter.ts reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {
        "format": FORMAT, "locale": name, "model": model_hash, "sites": shape.sites, "width": shape.hidden,
        "scale": packed(scale), "shift": packed(shift), "trainedOn": list(locale.trained_on), "heads": list(locale.heads), "measured": measured,
    }
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@dataclass
class Rows:
    """Examples, their store, the positions that are judged, and what the parts say of these positions."""

    examples: list
    store: batches.Store
    places: np.ndarray
    parts: calibrate.Parts

    def compare(self, deep: network.Deep, locale: Locale, mixing: calibrate.Mixing, adapter) -> tuple[dict, dict]:
        """figures() of the locale's rows without and with the adapter."""
        at = np.flatnonzero(np.isin(self.places, rows_of(self.examples, locale, self.places)))
        rows = self.places[at]
        if len(rows) == 0:
            return {}, {}
        both = (train.predict(deep, self.store, rows, adapter=each) for each in (None, adapter))
        without, with_it = (figures(self.examples, rows, locale, mixing.apply(replace(self.parts[at], deep=logits))) for logits in both)
        return without, with_it


def ship(
    deep: network.Deep, shape: network.Shape, kept: np.ndarray, back: Rows, evaluation: Rows, mixing: calibrate.Mixing, model_hash: str,
    packs: Path, least: int,
) -> None:
    """packs/<locale>/adapter.json for every locale of LOCALES whose held-back rows are better for it. `kept`: the training rows.
    Evaluation rows choose nothing; but an adapter that costs one of their figures more than MOST_LOST does not ship. `least`: held-back
    rows without which no adapter is judged."""
    for name, locale in LOCALES.items():
        path = packs / name / "adapter.json"
        path.unlink(missing_ok=True)
        held = rows_of(back.examples, locale, back.places)
        made = fit(deep, shape, back.store, rows_of(back.examples, locale, kept), held) if len(held) >= least else None
        if made is None:
            print(f"adapter {name}: nothing gained on {len(held)} held-back rows", flush=True)
            continue
        scale, shift, losses = made
        without, with_it = back.compare(deep, locale, mixing, (scale, shift))
        worse = [key for key in without if with_it[key][0] < without[key][0] - TOLERATED]
        seen, changed = evaluation.compare(deep, locale, mixing, (scale, shift))
        measured = [
            {"set": key.split(" ", 1)[0] + note, "metric": key.split(" ", 1)[1], "without": round(before[key][0], 4), "with": round(after[key][0], 4), "rows": before[key][1]}
            # Sources without evaluation rows have only the held-back ones, which also chose the adapter: said in the set's name.
            for before, after, note in ((seen, changed, ""), (without, with_it, ", held back"))
            for key in before
            if not note or key not in seen
        ]
        lost = [key for key in seen if changed[key][0] < seen[key][0] - MOST_LOST]
        print(f"adapter {name}: held-back loss {losses['without']:.4f} -> {losses['with']:.4f}; {measured}; worse: {worse}; lost: {lost}", flush=True)
        if not worse and not lost:
            write(path, name, locale, shape, model_hash, scale, shift, measured)
