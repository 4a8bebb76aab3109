"""Goes on from a model that ships: learns written rows that came later, and forgets little.

    python models/training/further.py                                # models/attune-mini, in place
    python models/training/further.py --smoke --model X --out Y      # a few steps: for the tests

What the model said before is its teacher for everything that it learned from (lessons.py), and the vectors of pieces and the parts
beside the network stay as they are. What written rows say of generalisations teaches the logit for answers alone (heads.ANSWER).
The data folder is that of build.py; word vectors and large teachers are not needed. Stages leave their results in --work, as there.
"""
import argparse
import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
# Waiting threads sleep instead of spinning: on a busy two-core machine spinning takes the time of the thread waited for.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from attune_training import (  # noqa: E402
    adapters, batches, calibrate, card, data, heads, lessons, material, metrics, network, ship, shipped, stages, teaching, tokenizer, train, unlabelled,
)


@dataclass
class Recipe:
    """How it goes on; the first five as in build.Recipe."""

    text_per_language: int = 1000
    unlabelled_per_language: int = 2000
    rows: int | None = None
    held_back: float = 0.06
    adapter_rows: int = 30
    epochs: int = 2
    cells: int = 4096
    rate: float = 4e-4
    #: how often a pass reads a written row, and the share of the rows below that it reads again
    written: float = 1.6
    again: float = 0.5
    #: how far to go from the old weights to the new ones: the mean of both forgets less (Wortsman et al. 2022)
    way: float = 1.0
    threads: int = 2


SMOKE = Recipe(text_per_language=40, unlabelled_per_language=20, rows=1500, adapter_rows=1, epochs=1)

#: how often a pass reads the rows of a source, times Recipe.again, so that the old tasks keep their balance; others a tenth
SHARES = {
    "genil": 1.5, "cocoa": 2.5, "praise_lines": 1.5, "keico": 1.5, "tydip": 1.2, "shekasteh": 1.0, "stif": 0.8, "in_formal_de": 0.8, "emgsd": 0.6,
    "text": 0.4, "strange": 0.4, "spiral": 0.3, "kohon": 0.2, "written_tuples": 0.0,
    unlabelled.GROUP_TEXT: 0.6, unlabelled.SWAPPED: 0.4, unlabelled.YOU_TEXT: 0.5, unlabelled.KEIGO_TEXT: 0.5,
}
WEIGHTS = lessons.Weights(voiced=3.0, heads=0.8, tags=3.0)


def go_on(recipe: Recipe, folder: Path, out: Path, work: Path, fixture: Path | None, packs: Path) -> None:
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(0)
    steps = stages.Stages(work)
    start = shipped.load(folder, work)
    pieces = tokenizer.load(folder)
    steps.run(
        "examples", work / "examples.pkl",
        lambda: material.gather(recipe.text_per_language, recipe.unlabelled_per_language, recipe.rows, work / "examples.pkl"),
    )
    gathered = material.load(work / "examples.pkl")
    training, evaluation = gathered.training, gathered.evaluation
    store, checks = batches.Store(training, pieces), batches.Store(evaluation, pieces)
    kept, back, judged = gathered.split(recipe.held_back)
    everything = np.arange(len(evaluation))

    steps.run("lessons", work / "lessons.pkl", lambda: teaching.by_itself(start.model.deep, store).save(work / "lessons.pkl"))
    said = lessons.Lessons.load(work / "lessons.pkl")
    shares = {name: share * recipe.again for name, share in SHARES.items()}

    def rows_of(epoch: int) -> np.ndarray:
        return teaching.drawn(training, np.concatenate([kept, judged]), shares | {"written": recipe.written}, 0.1 * recipe.again, epoch)

    def learned():
        student = network.Deep(start.shape)
        student.load_state_dict(start.model.deep.state_dict())
        student.pieces.weight.requires_grad_(False)
        taught = lessons.Taught(said, store, train.HEAD_WEIGHTS, WEIGHTS, frozenset({"written"}))
        fitted = train.fit(
            student, store, rows_of, work / "fit", epochs=recipe.epochs, cells=recipe.cells, rate=recipe.rate, tag_weight=1.5, taught=taught, apart=True,
        )
        torch.save(fitted.state_dict(), work / "deep.pt")

    steps.run("fit", work / "deep.pt", learned)
    model, mixing = start.model, start.mixing()
    before = {name: value.clone() for name, value in model.deep.state_dict().items()}
    after = torch.load(work / "deep.pt")
    model.deep.load_state_dict({name: torch.lerp(value, after[name], recipe.way) for name, value in before.items()})

    def parts(which: batches.Store, rows: np.ndarray) -> calibrate.Parts:
        return calibrate.Parts(train.predict(model.deep, which, rows), *train.beside(model, which, rows))

    back_parts, test_parts = parts(store, back), parts(checks, everything)
    told, alike = calibrate.answer_rows([training[at] for at in back], store.targets[back])
    heard = back_parts.deep[:, heads.ANSWER] > 0
    print(f"answers, from .5, held back: {heard[told].mean():.3f} of {told.sum()} found, {heard[alike].mean():.3f} of {alike.sum()} look-alikes", flush=True)
    praise = heads.OFFSETS["praise"][0]
    plus = calibrate.praise_shift([training[at] for at in back], store.targets[back], mixing.calibrated(back_parts))
    mixing.bias[praise] += plus * mixing.temperatures["praise"]
    model.bias.data.copy_(torch.from_numpy(mixing.bias))
    print(f"praise: {plus:+.1f}", flush=True)
    tuned = calibrate.thresholds([training[at] for at in back], mixing.apply(back_parts), mixing.temperatures)
    print(json.dumps(metrics.quick(evaluation, mixing.calibrated(test_parts))), flush=True)
    graph = ship.model(model, tuned["heads"], card.VERSION, (folder / "tokenizer.json").read_bytes(), out, work)
    card.extend_manifest(folder, out, training, steps.seconds, recipe)
    ship.companions(
        model.deep, start.shape, kept, adapters.Rows(training, store, back, back_parts), adapters.Rows(evaluation, checks, everything, test_parts), mixing,
        graph, out, packs, recipe.adapter_rows, fixture,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a few steps on few rows: tests the whole way, not the result")
    parser.add_argument("--model", type=Path, default=data.REPOSITORY / "models" / "attune-mini", help="the folder to go on from")
    parser.add_argument("--out", type=Path, help="where the new model goes; default: the same folder, and the repository's packs")
    parser.add_argument("--work", type=Path)
    for name in ("epochs", "rate", "written", "again", "way"):
        parser.add_argument(f"--{name}", type=type(getattr(Recipe(), name)), help=f"default {getattr(Recipe(), name)}")
    arguments = parser.parse_args()
    if arguments.smoke and arguments.out is None:
        parser.error("--smoke needs --out, so that it does not overwrite the shipped model")
    given = {name: value for name in ("epochs", "rate", "written", "again", "way") if (value := getattr(arguments, name)) is not None}
    recipe = replace(SMOKE if arguments.smoke else Recipe(), **given)
    out = arguments.out or arguments.model
    inside = arguments.out is None
    fixture = data.REPOSITORY / "tests" / "fixtures" / "classifier" / "parity.jsonl" if inside else None
    work = arguments.work or Path(__file__).parent / ("work-further-smoke" if arguments.smoke else "work-further")
    go_on(recipe, arguments.model, out, work, fixture, data.REPOSITORY / "packs" if inside else out / "packs")


if __name__ == "__main__":
    main()
