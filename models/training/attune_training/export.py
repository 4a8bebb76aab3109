"""From torch to onnx/model_quantized.onnx: every table and matrix stored as int8 with a scale per row or column.

Only the weights are int8; activations stay float32. So a passage gets the same answer whatever it is batched with
(dynamic activation scales would depend on the other passages of the batch), and the answer can be cached by passage.
"""
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper


def to_onnx(model: torch.nn.Module, path: Path) -> None:
    """Export with free batch and length; inputs input_ids, attention_mask (int64), outputs logits, tag_logits.

    adapter_scale and adapter_shift (float32 [sites, hidden]) are inputs with a default, the identity: initialisers that a
    caller may override (ONNX, IR version 4 and later)."""
    shape = model.wide.shape
    scale = torch.ones(shape.sites, shape.hidden)
    ids = torch.ones(2, 9, dtype=torch.int64)
    batch, length = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("length", min=2, max=4096)
    program = torch.onnx.export(
        model.eval(),
        (ids, torch.ones_like(ids), scale, torch.zeros_like(scale)),
        input_names=["input_ids", "attention_mask", "adapter_scale", "adapter_shift"],
        output_names=["logits", "tag_logits"],
        dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}, None, None),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    proto = program.model_proto
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in list(proto.graph.value_info) + list(proto.graph.input) + list(proto.graph.output):
        value.doc_string = ""
        del value.metadata_props[:]
    del proto.graph.value_info[:]
    proto.graph.initializer.append(numpy_helper.from_array(scale.numpy(), "adapter_scale"))
    proto.graph.initializer.append(numpy_helper.from_array(np.zeros(scale.shape, np.float32), "adapter_shift"))
    proto.producer_name, proto.producer_version, proto.graph.doc_string = "attune", "", ""
    onnx.save(proto, path)


def _int8(values: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8: values ~ q * scale, one scale per slice of `axis` (all other axes share it)."""
    others = tuple(a for a in range(values.ndim) if a != axis)
    scale = np.maximum(np.abs(values).max(axis=others, keepdims=True) / 127.0, 1e-12).astype(np.float32)
    return np.clip(np.rint(values / scale), -127, 127).astype(np.int8), scale


def quantise(source: Path, target: Path, table_scale_per_column: set[int] = frozenset()) -> None:
    """Replace large float initialisers: Gather tables stay int8 and are widened after the look-up; matrices are
    widened by Cast and Mul, which the run-time folds once when it loads the model. A table whose width is in
    `table_scale_per_column` gets one scale per column instead of one per row (rows of the n-gram table are many)."""
    model = onnx.load(source)
    graph = model.graph
    weights = {item.name: item for item in graph.initializer}
    nodes, added, dropped = [], [], set()
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in weights:
            table = numpy_helper.to_array(weights[node.input[0]])
            if table.dtype == np.float32 and table.size > 4096 and table.ndim == 2:
                name = node.input[0]
                per_column = table.shape[1] in table_scale_per_column
                q, scale = _int8(table, 1 if per_column else 0)
                if name not in dropped:
                    added.append(numpy_helper.from_array(q, f"{name}_int8"))
                    added.append(numpy_helper.from_array(scale if per_column else scale.astype(np.float16), f"{name}_scale"))
                    dropped.add(name)
                out = node.output[0]
                nodes.append(helper.make_node("Gather", [f"{name}_int8", node.input[1]], [f"{out}_q"], axis=0))
                nodes.append(helper.make_node("Cast", [f"{out}_q"], [f"{out}_f"], to=TensorProto.FLOAT))
                if per_column:
                    nodes.append(helper.make_node("Mul", [f"{out}_f", f"{name}_scale"], [out]))
                else:
                    nodes.append(helper.make_node("Gather", [f"{name}_scale", node.input[1]], [f"{out}_s"], axis=0))
                    nodes.append(helper.make_node("Cast", [f"{out}_s"], [f"{out}_sf"], to=TensorProto.FLOAT))
                    nodes.append(helper.make_node("Mul", [f"{out}_f", f"{out}_sf"], [out]))
                continue
        nodes.append(node)
    first = []
    for name, item in weights.items():
        if name in dropped:
            continue
        values = numpy_helper.to_array(item)
        if values.dtype != np.float32 or values.size <= 2048 or values.ndim < 2:
            continue
        axis = 0 if values.ndim == 3 else values.ndim - 1
        q, scale = _int8(values, axis)
        added.append(numpy_helper.from_array(q, f"{name}_int8"))
        added.append(numpy_helper.from_array(scale, f"{name}_scale"))
        first.append(helper.make_node("Cast", [f"{name}_int8"], [f"{name}_f"], to=TensorProto.FLOAT))
        first.append(helper.make_node("Mul", [f"{name}_f", f"{name}_scale"], [name]))
        dropped.add(name)
    kept = [item for item in graph.initializer if item.name not in dropped]
    del graph.initializer[:]
    graph.initializer.extend(kept + added)
    del graph.node[:]
    graph.node.extend(first + nodes)
    onnx.checker.check_model(model)
    onnx.save(model, target)
