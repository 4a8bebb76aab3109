"""What depth buys: the pre-trained network cut after some of its attention layers, the same short fine-tuning, and what each costs to run.

    python models/training/study.py --work models/training/work --seconds 120

Each depth gets `--seconds` of fine-tuning on GeniL, EMGSD and KeiCO. The figures say which depth is better after equal time on this
machine, not what a depth could reach; the layers were pre-trained together. Prints a table.
"""
import argparse
import os
import pickle
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402

from attune_training import batches, calibrate, export, heads, metrics, network, tokenizer, train  # noqa: E402

DEPTHS = (0, 1, 3)
SOURCES = {"genil", "emgsd", "keico"}


def milliseconds(model: network.Deep, shape: network.Shape, work: Path) -> float:
    """One thread, 20 passages of 32 pieces in batches of 8, best of 20, in onnxruntime for Python."""
    path = work / "study.onnx"
    export.to_onnx(network.Classifier(shape, model.eval()), path)
    export.quantise(path, path, {heads.WIDTH, 2 * len(heads.EXPERTS)})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    best = 1e9
    for _ in range(20):
        started = time.perf_counter()
        for rows in (8, 8, 4):
            ids = np.random.default_rng(0).integers(4, shape.vocabulary, (rows, 32))
            session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        best = min(best, time.perf_counter() - started)
    path.unlink()
    return 1000 * best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work", help="folder of a build: examples.pkl, tokenizer.json, pretrained.pt")
    parser.add_argument("--seconds", type=float, default=120)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    with (arguments.work / "examples.pkl").open("rb") as file:
        training, evaluation, _ = pickle.load(file)
    pieces = tokenizer.load(arguments.work)
    known = [example for example in training if example.source in SOURCES]
    judged = [example for example in evaluation if example.source in SOURCES][::2]
    store, checks = batches.Store(known, pieces), batches.Store(judged, pieces)
    state = torch.load(arguments.work / "pretrained.pt")
    alone = calibrate.Mixing(np.ones(heads.RAW), np.zeros(heads.RAW), np.zeros(heads.RAW), {})
    print("| attention layers | parameters without pieces | ms per 20 passages | GeniL PR-AUC | EMGSD macro-F1, best cut | KeiCO |\n|---|---|---|---|---|---|", flush=True)
    for layers in DEPTHS:
        torch.manual_seed(0)
        shape = network.Shape(layers=layers, vocabulary=pieces.get_vocab_size())
        model = network.Deep(shape, {"keigo": 3})
        model.load_state_dict({name: value for name, value in state.items() if name in model.state_dict()}, strict=False)
        folder = arguments.work / "study"
        folder.mkdir(exist_ok=True)
        (folder / "training.pt").unlink(missing_ok=True)
        everything = np.arange(len(known))
        # As many rows as fit into the time, judged by one timed batch after another.
        started, count = time.time(), 0
        for batch in store.epoch(everything, 4096, 1):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                train.loss_of(model, batch).backward()
            count += len(batch.rows)
            if time.time() - started > 5:
                break
        share = min(1.0, count / (time.time() - started) * arguments.seconds / len(known))
        chosen = np.random.default_rng(0).permutation(everything)[: int(share * len(known))]
        fitted = train.fit(model, store, lambda epoch, chosen=chosen: chosen, folder, epochs=1)
        figures = metrics.quick(judged, alone.apply(*[train.predict(fitted, checks, np.arange(len(judged)))] * 2))
        body = sum(value.numel() for part, value in model.named_parameters() if not part.startswith("pieces"))
        print(f"| {layers} | {body / 1e6:.2f} M | {milliseconds(model, shape, arguments.work):.1f} | {figures['genil_pr']:.3f} | {figures['emgsd_f1_best']:.3f} | {figures['keico']:.3f} |", flush=True)


if __name__ == "__main__":
    main()
