"""What depth and width buy: networks of several shapes from the same start, trained alike, and what each costs to run.

    python models/training/study.py --work models/training/work --shapes 96x3 192x1 192x3 --pretrain 80 --share 0.6

Each shape (hidden units x attention layers) begins with as many dimensions of the co-occurrence vectors as it is wide, gets `--pretrain` seconds of masked
pieces and `--epochs` passes over `--share` of the rows of GeniL, EMGSD and KeiCO. Equal seconds mean fewer pieces for a larger network: the line before
each row says how many. Little training favours small networks. Prints the table.
"""
import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402

from attune_training import batches, calibrate, export, heads, material, metrics, network, pretrain, tokenizer, train  # noqa: E402

#: of text/, for the masked pieces
MEGABYTES = 20
SOURCES = {"genil", "emgsd", "keico"}


def milliseconds(model: network.Deep, shape: network.Shape, work: Path) -> float:
    """One thread, 20 passages of 32 pieces in batches of 8, best of 20, in onnxruntime for Python."""
    path = work / "study.onnx"
    export.to_onnx(network.Classifier(shape, model.eval(), None), path)
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
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work", help="folder of a build: examples.pkl, tokenizer.json, vectors.npy")
    parser.add_argument("--pretrain", type=float, default=80, help="seconds of masked pieces")
    parser.add_argument("--share", type=float, default=0.6, help="share of the labelled rows")
    parser.add_argument("--shapes", nargs="+", default=["96x3", "192x1", "192x3"], help="hidden units x attention layers; vectors.npy must be as wide")
    parser.add_argument("--epochs", type=int, default=1, help="passes over the labelled rows")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    shapes = [tuple(int(part) for part in name.split("x")) for name in arguments.shapes]
    gathered = material.load(arguments.work / "examples.pkl")
    pieces = tokenizer.load(arguments.work)
    known = [example for example in gathered.training if example.source in SOURCES]
    judged = [example for example in gathered.evaluation if example.source in SOURCES][::2]
    store, checks = batches.Store(known, pieces), batches.Store(judged, pieces)
    vectors = torch.from_numpy(np.load(arguments.work / "vectors.npy"))
    rows = pretrain.corpus(pieces, MEGABYTES, [example.text for example in known], pretrain.FAVOURED)
    chosen = np.random.default_rng(0).permutation(len(known))[: int(arguments.share * len(known))]
    alone = calibrate.Mixing.alone()
    folder = arguments.work / "study"
    folder.mkdir(exist_ok=True)
    print("| hidden | attention layers | parameters without pieces | ms per 20 passages | GeniL PR-AUC | EMGSD macro-F1, best cut | KeiCO |\n|---|---|---|---|---|---|---|", flush=True)
    for hidden, layers in shapes:
        torch.manual_seed(0)
        shape = network.Shape(hidden=hidden, layers=layers, vocabulary=pieces.get_vocab_size())
        model = network.Deep(shape, {"keigo": 3})
        # The vectors' dimensions come in order of weight.
        model.pieces.weight.data.copy_(vectors[:, :hidden])
        for name in ("pretraining.pt", "training.pt"):
            (folder / name).unlink(missing_ok=True)
        pretrain.fit(model, rows, folder / "pretraining.pt", seconds=arguments.pretrain)
        fitted = train.fit(model, store, lambda epoch: chosen, folder, epochs=arguments.epochs)
        said = train.predict(fitted, checks, np.arange(len(judged)))
        figures = metrics.quick(judged, alone.apply(calibrate.Parts(said, said, said)))
        body = sum(value.numel() for part, value in model.named_parameters() if not part.startswith("pieces"))
        print(
            f"| {hidden} | {layers} | {body / 1e6:.2f} M | {milliseconds(model, shape, arguments.work):.1f} | {figures['genil_pr']:.3f} | "
            f"{figures['emgsd_f1_best']:.3f} | {figures['keico']:.3f} |", flush=True,
        )


if __name__ == "__main__":
    main()
