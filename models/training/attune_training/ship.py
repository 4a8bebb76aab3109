"""The last steps of a training: the folder of a model, and the adapters of the packs for it."""
import hashlib
from pathlib import Path

from . import adapters, calibrate, card, export, heads, network, package, parity


def model(classifier: network.Classifier, tuned: dict, version: str, tokenizer_json: bytes, out: Path, work: Path) -> str:
    """Writes graph, tokenizer and config.json into `out`; the float32 graph stays in `work`. `tuned`: calibrate.thresholds()["heads"].
    Gives the sha256 of the graph."""
    export.to_onnx(classifier, work / "model.onnx")
    graph = out / "onnx" / "model_quantized.onnx"
    graph.parent.mkdir(parents=True, exist_ok=True)
    export.quantise(work / "model.onnx", graph, {heads.WIDTH, 2 * len(heads.EXPERTS)})
    (out / "tokenizer.json").write_bytes(tokenizer_json)
    package.write_tokenizer_companions(out)
    package.write_config(out, version, classifier.wide.shape.as_dict(), tuned | {"tags": {"threshold": 0.5}}, card.languages())
    return hashlib.sha256(graph.read_bytes()).hexdigest()


def companions(
    deep: network.Deep, shape: network.Shape, kept, back: adapters.Rows, evaluation: adapters.Rows, mixing: calibrate.Mixing, graph: str,
    out: Path, packs: Path, adapter_rows: int, fixture: Path | None,
) -> None:
    """What belongs to the model whose graph has this sha256: adapters in `packs`, and the fixture on which JavaScript must agree."""
    adapters.ship(deep, shape, kept, back, evaluation, mixing, graph, packs, adapter_rows)
    if fixture:
        parity.write(out, fixture)
