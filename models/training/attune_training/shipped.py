"""The model that ships, as a network again, so that training can go on from it without the checkpoints it came from.

Its weights are int8 with scales; widened, they give the logits of the graph to the last digits. The exporter gives matrices numbers
for names, so a network of random weights is exported, too: its graph uses the same matrices in the same order.
"""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from . import calibrate, export, heads, network


@dataclass
class Shipped:
    """A model folder: `model` in evaluation mode, `config` the `attune` section of config.json."""

    model: network.Classifier
    shape: network.Shape
    config: dict

    def mixing(self) -> calibrate.Mixing:
        """How its parts are weighed, and the temperatures of its heads."""
        weights = (getattr(self.model, name).detach().numpy() for name in ("deep_weight", "wide_weight", "worded_weight", "bias"))
        known = {name: head["temperature"] for name, head in self.config["heads"].items()}
        return calibrate.Mixing(*weights, dict.fromkeys(heads.BY_NAME, 1.0) | known)


def _graph(path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """A graph's constants by name, as float32 where they were cut to int8, and their names as one node after another uses them."""
    graph = onnx.load(path).graph
    values = _widened({item.name: numpy_helper.to_array(item) for item in graph.initializer})
    return values, [name for node in graph.node for name in node.input if name in values]


def _widened(stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The initialisers that export.quantise cut to int8, as float32 again, beside the others."""
    values = {}
    for name, value in stored.items():
        if name.endswith("_int8"):
            plain = name.removesuffix("_int8")
            values[plain] = value.astype(np.float32) * stored[f"{plain}_scale"].astype(np.float32)
        elif not (name.endswith("_scale") and f"{name.removesuffix('_scale')}_int8" in stored):
            values[name] = value
    return values


def _random(value: torch.Tensor) -> torch.Tensor:
    """A tensor like `value` of random numbers; whole numbers from 0 to 99."""
    return torch.randn(value.shape).to(value.dtype) if value.is_floating_point() else torch.randint(0, 100, value.shape).to(value.dtype)


#: A column of the raw logits that an older model lacks says nothing: what fills its numbers
SILENT = {"deep.experts.bias": -8.0, "deep_weight": 1.0}


def padded(name: str, value: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """`value` with as many rows as `shape`."""
    if value.shape == shape:
        return value
    return torch.cat([value, torch.full((shape[0] - value.shape[0], *shape[1:]), SILENT.get(name, 0.0), dtype=value.dtype)])


def load(folder: Path, work: Path) -> Shipped:
    """Reads the model in `folder`; the graph with random weights is left in `work`. ValueError when a weight cannot be told."""
    config = json.loads((folder / "config.json").read_text("utf-8"))["attune"]
    shape = network.Shape(**config["shape"])
    model = network.Classifier(shape, network.Deep(shape), network.Worded(shape)).eval()
    # A new network's tables are noughts, and what is alike cannot be told apart.
    model.load_state_dict({name: _random(value) for name, value in model.state_dict().items()})
    export.to_onnx(model, work / "random.onnx")
    (drawn, drawn_order), (stored, stored_order) = _graph(work / "random.onnx"), _graph(folder / "onnx" / "model_quantized.onnx")
    weights = model.state_dict()
    theirs: dict[str, str] = {}
    for of in (lambda name, value: value.ndim == 2 and value.size > 1 and name not in weights, lambda name, value: value.ndim == 1 and name in weights):
        ours, used = ([name for name in order if of(name, values[name])] for values, order in ((drawn, drawn_order), (stored, stored_order)))
        if len(ours) != len(used) or any(drawn[one].shape[1:] != stored[other].shape[1:] for one, other in zip(ours, used)):
            raise ValueError(f"the graph of {folder} is none of this network's: its matrices have other shapes")
        theirs |= dict(zip(ours, used))
    found = {}
    for name, value in model.state_dict().items():
        own = value.numpy()
        # Matrices are exported the other way round, and of vectors that are alike one is kept.
        same = [(other, turned) for other in theirs for turned in (False, True) if np.array_equal(drawn[other], own.T if turned else own)]
        if name not in stored and len(same) == 0:
            raise ValueError(f"{name} is not in the graph of {folder}")
        other, turned = (name, False) if name in stored else (theirs[same[0][0]], same[0][1])
        found[name] = padded(name, torch.from_numpy(np.array(stored[other].T if turned else stored[other], order="C")).to(value.dtype), value.shape)
    model.load_state_dict(found)
    return Shipped(model, shape, config)
