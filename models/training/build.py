"""From the data folder to a model folder, in one command.

    python models/training/build.py                 # models/attune-mini, under an hour on two cores with bf16 units
    python models/training/build.py --smoke --out X # everything once, tiny, about a minute: for the tests

The data folder is ATTUNE_DATA (default ../shared/data). Every stage leaves its result in --work and is skipped when the
result is there, so an interrupted build goes on where it stopped; delete the folder to start afresh.
"""
import argparse
import json
import os
import pickle
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
# Waiting threads sleep instead of spinning: on a busy two-core machine spinning takes the time of the thread waited for.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from attune_training import (  # noqa: E402
    batches, calibrate, card, data, duplicates, export, heads, metrics, network, package, parity, pretrain, tasks, tokenizer, train,
    vectors, wide,
)

VERSION = "0.1.0"


@dataclass
class Recipe:
    """Everything that decides what comes out. Megabytes are of UTF-8 text."""

    shape: network.Shape
    tokenizer_megabytes: float = 50
    vector_megabytes: float = 150
    pretrain_megabytes: float = 100
    pretrain_seconds: float = 720
    text_per_language: int = 1000
    epochs: int = 3
    cells: int = 4096
    rate: float = 1.5e-3
    #: share of training keys held back for mixing weights, temperatures and thresholds
    held_back: float = 0.06
    #: at most so many labelled rows (None: all)
    rows: int | None = None
    threads: int = 2


SHIPPED = Recipe(network.Shape())
SMOKE = Recipe(
    network.Shape(vocabulary=4000, hidden=32, blocks=1, layers=1, buckets=4096, orders=2),
    tokenizer_megabytes=1, vector_megabytes=1, pretrain_megabytes=0.5, pretrain_seconds=2, text_per_language=40, epochs=1, rows=1500,
)


#: sources with few rows, which see one more pass at a low rate after the common epochs
SMALL = {"in_formal_de", "stif", "shekasteh", "keico", "tydip", "cocoa", "praise_lines"}


def settling(example) -> bool:
    """Rows of the last pass: all of the small sources, GeniL's positives, and a ninth of the rest so that nothing is forgotten."""
    if example.source in SMALL or data.bucket(example.key, "settle") < 0.11:
        return True
    return example.source == "genil" and example.targets["generalisation"][0] > 0


class Stages:
    """Runs a stage once; its seconds go into times.json."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "times.json"
        self.seconds = json.loads(self.path.read_text()) if self.path.exists() else {}

    def run(self, name: str, result: Path, make):
        if result.exists():
            print(f"{name}: found {result.name}", flush=True)
            return
        started = time.time()
        make()
        self.seconds[name] = round(time.time() - started)
        self.path.write_text(json.dumps(self.seconds))
        print(f"{name}: {self.seconds[name]} s", flush=True)


def sampled(examples: list, rows: int | None, seed: int) -> list:
    """At most `rows` examples, every source represented."""
    if rows is None or len(examples) <= rows:
        return examples
    return random.Random(seed).sample(examples, rows)


def build(recipe: Recipe, out: Path, work: Path, fixture: Path | None) -> None:
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(0)
    stages = Stages(work)
    shape = recipe.shape

    def examples():
        evaluation = tasks.evaluation_examples()
        training, lost = duplicates.remove(tasks.training_examples(recipe.text_per_language), evaluation)
        training, evaluation = sampled(training, recipe.rows, 1), sampled(evaluation, recipe.rows, 2)
        with (work / "examples.pkl").open("wb") as file:
            pickle.dump((training, evaluation, lost), file)

    stages.run("examples", work / "examples.pkl", examples)
    with (work / "examples.pkl").open("rb") as file:
        training, evaluation, lost = pickle.load(file)
    print(f"{len(training)} training and {len(evaluation)} evaluation rows; copies removed: {lost}", flush=True)
    labelled = [example.text for example in training if example.source != "text"]

    stages.run(
        "tokenizer", work / "tokenizer.json",
        lambda: tokenizer.train(work, shape.vocabulary, recipe.tokenizer_megabytes, labelled),
    )
    pieces = tokenizer.load(work)
    shape.vocabulary = pieces.get_vocab_size()
    stages.run(
        "vectors", work / "vectors.npy",
        lambda: vectors.load_or_make(work / "vectors.npy", pieces, shape.hidden, recipe.vector_megabytes, labelled),
    )

    def pretrained():
        model = network.Deep(shape)
        model.pieces.weight.data.copy_(torch.from_numpy(np.load(work / "vectors.npy")))
        rows = pretrain.corpus(pieces, recipe.pretrain_megabytes, labelled)
        pretrain.fit(model, rows, work / "pretraining.pt", seconds=recipe.pretrain_seconds, cells=recipe.cells)
        torch.save(model.state_dict(), work / "pretrained.pt")

    stages.run("pretraining", work / "pretrained.pt", pretrained)

    store = batches.Store(training, pieces)
    checks = batches.Store(evaluation, pieces)
    held = np.array([data.bucket(example.key, "validation") < recipe.held_back for example in training])
    kept, back = np.flatnonzero(~held), np.flatnonzero(held)
    everything = np.arange(len(evaluation))
    deep = network.Deep(shape)

    def fitted():
        deep.load_state_dict(torch.load(work / "pretrained.pt"))
        final = train.fit(
            deep, store, kept, work, epochs=recipe.epochs, cells=recipe.cells, rate=recipe.rate,
            report=lambda model: metrics.quick(evaluation, train.predict(model, checks, everything)),
        )
        last = np.array([at for at in kept if settling(training[at])])
        settled = train.fit(final, store, last, work / "settle", epochs=1, cells=recipe.cells, rate=4e-4, seed=9)
        torch.save(settled.state_dict(), work / "deep.pt")

    stages.run("fine-tuning", work / "deep.pt", fitted)
    deep.load_state_dict(torch.load(work / "deep.pt"))

    def linear():
        table, bias = wide.fit([training[at] for at in kept], [store.ids[at] for at in kept], shape.buckets, shape.orders)
        np.savez(work / "wide.npz", table=table, bias=bias)

    stages.run("n-grams", work / "wide.npz", linear)
    saved = np.load(work / "wide.npz")
    table, bias = saved["table"], saved["bias"]

    def both(which: batches.Store, rows: np.ndarray):
        return train.predict(deep, which, rows), wide.logits([which.ids[at] for at in rows], table, bias, shape.orders)

    deep_back, wide_back = both(store, back)
    deep_weight, wide_weight, shift, temperatures = calibrate.mix(
        [training[at] for at in back], store.targets[back], store.known[back], deep_back, wide_back
    )
    combined = calibrate.combine(deep_back, wide_back, deep_weight, wide_weight, shift)
    tuned = calibrate.thresholds([training[at] for at in back], combined, temperatures)
    deep_test, wide_test = both(checks, everything)
    final = calibrate.combine(deep_test, wide_test, deep_weight, wide_weight, shift)
    scaled = final.copy()
    for head in heads.HEADS:
        start, end = heads.OFFSETS[head.name]
        scaled[:, start:end] /= temperatures[head.name]
    figures = {
        "deep": metrics.quick(evaluation, deep_test), "wide": metrics.quick(evaluation, wide_test), "both": metrics.quick(evaluation, scaled),
        "mixing": {h.name: [float(wide_weight[heads.OFFSETS[h.name][0]]), temperatures[h.name]] for h in heads.HEADS},
        "thresholds": tuned,
    }
    (work / "figures.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures["both"]), flush=True)

    model = network.Classifier(shape, deep.eval())
    model.wide.table.data.copy_(torch.from_numpy(table))
    model.wide.bias.data.copy_(torch.from_numpy(bias))
    model.deep_weight.data.copy_(torch.from_numpy(deep_weight))
    model.wide_weight.data.copy_(torch.from_numpy(wide_weight))
    model.bias.data.copy_(torch.from_numpy(shift))
    export.to_onnx(model, work / "model.onnx")
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    export.quantise(work / "model.onnx", out / "onnx" / "model_quantized.onnx", {heads.WIDTH})
    (out / "tokenizer.json").write_bytes((work / "tokenizer.json").read_bytes())
    package.write_tokenizer_companions(out)
    tuned["heads"]["tags"] = {"threshold": 0.5}
    package.write_config(out, VERSION, shape.as_dict(), tuned["heads"], card.languages())
    card.write_manifest(out, training, lost, stages.seconds, recipe)
    if fixture:
        parity.write(out, fixture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: tests the whole way, not the result")
    parser.add_argument("--out", type=Path, default=data.REPOSITORY / "models" / "attune-mini")
    parser.add_argument("--work", type=Path)
    arguments = parser.parse_args()
    if arguments.smoke and arguments.out == parser.get_default("out"):
        parser.error("--smoke needs --out, so that it does not overwrite the shipped model")
    name = "work-smoke" if arguments.smoke else "work"
    work = arguments.work or Path(__file__).parent / name
    fixture = None if arguments.smoke else data.REPOSITORY / "tests" / "fixtures" / "classifier" / "parity.jsonl"
    build(SMOKE if arguments.smoke else SHIPPED, arguments.out, work, fixture)


if __name__ == "__main__":
    main()
