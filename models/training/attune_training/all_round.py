"""Networks that learn every head at once: several ends of training, and their mean."""
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import batches, data, network, train

#: sources with few rows: seen twice in every epoch and all of them in a last pass at a low rate
SMALL = {"in_formal_de", "stif", "shekasteh", "keico", "tydip", "cocoa", "praise_lines", "written"}
#: sources with many rows that teach little more each: half of them in every epoch
BULK = {"text", "templates", "hatecheck", "kohon", "spiral", "cold_zh", "edos_en", "ru_hearts", "stereoset_ptbr", "strange"}
#: shares of a source's rows in the two passes after the epochs, and of the sources that are not named, so that nothing is forgotten
SETTLING = (dict.fromkeys(SMALL, 1.0), 0.2)
CLOSING = ({**dict.fromkeys(SMALL, 1.0), "genil": 1.0, "emgsd": 0.6, "written": 0.5, "spiral": 0.5, "written_tuples": 0.0}, 0.15)


def chosen(example, shares: tuple[dict[str, float], float]) -> bool:
    """Whether a row is in the pass with these shares."""
    named, others = shares
    return data.bucket(example.key, "settle") < named.get(example.source, others)


@dataclass(frozen=True)
class Plan:
    """Sizes of the network, its outputs that are not exported, and how long and fast it learns (build.Recipe)."""

    shape: network.Shape
    extra: dict[str, int]
    epochs: int
    cells: int
    rate: float


def fit(number: int, start: dict, plan: Plan, store: batches.Store, kept: np.ndarray, folder: Path, report) -> dict:
    """The state of one of them, `number` deciding chance. start: the state of a pre-trained one; kept: rows to learn from;
    report(model): what to print of it after each epoch."""
    deep = network.Deep(plan.shape, plan.extra)
    deep.load_state_dict(start, strict=False)
    seed = 1000 * number
    source = np.array([example.source for example in store.examples])
    bulk, small = np.isin(source, sorted(BULK)), np.isin(source, sorted(SMALL))

    def rows_of(epoch: int) -> np.ndarray:
        half = np.random.default_rng(seed + epoch).random(len(store.examples)) < 0.5
        return np.concatenate([kept[~bulk[kept] | half[kept]], kept[small[kept]]])

    final = train.fit(
        deep, store, rows_of, folder / "first", epochs=plan.epochs, cells=plan.cells, rate=plan.rate, seed=seed,
        report=report,
    )
    last = np.array([at for at in kept if chosen(store.examples[at], SETTLING)])
    settled = train.fit(final, store, lambda epoch: last, folder / "settle", epochs=1, cells=plan.cells, rate=4e-4, seed=seed + 9)
    first = {name: value.clone() for name, value in settled.state_dict().items()}
    focus = kept[~bulk[kept] | (np.random.default_rng(seed + 100).random(len(kept)) < 0.15)]
    second = train.fit(
        settled, store, lambda epoch: focus, folder / "again", epochs=plan.epochs, cells=plan.cells, rate=8e-4, seed=seed + 50
    ).state_dict()
    # Two ends of training are as good as each other; their mean is a little better than both.
    mean = {name: (value + second[name]) / 2 for name, value in first.items()}
    deep.load_state_dict(mean)
    # A last pass, in which the markers of address count for more.
    closing = np.array([at for at in kept if chosen(store.examples[at], CLOSING)])
    closing = np.concatenate([closing, closing[source[closing] == "cocoa"]])
    third = train.fit(
        deep, store, lambda epoch: closing, folder / "close", epochs=1, cells=plan.cells, rate=4e-4, seed=seed + 33, tag_weight=2.0
    ).state_dict()
    return {name: (value + third[name]) / 2 for name, value in mean.items()}
