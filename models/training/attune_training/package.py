"""The model folder in Hugging Face layout: config.json with its `attune` section, tokenizer companions, size check."""
import hashlib
import json
from pathlib import Path

from . import heads, tokenizer

MAX_PIECES = 128
FORMAT_VERSION = 2


def write_json(path: Path, value) -> None:
    """Indented UTF-8 JSON with a final newline."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_tokenizer_companions(folder: Path) -> None:
    """tokenizer_config.json and special_tokens_map.json, as Hugging Face loaders expect them."""
    special = {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
    write_json(folder / "special_tokens_map.json", special)
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_PIECES,
            "clean_up_tokenization_spaces": False,
            "padding_side": "right",
            **special,
        },
    )


def write_config(folder: Path, version: str, shape: dict, tuned: dict, languages: dict) -> None:
    """config.json. `tuned` maps a head to {temperature, thresholds}; `languages` a language to {head: trust}."""
    attune_heads = {}
    for head in heads.PUBLISHED:
        start, end = heads.OFFSETS[head.name]
        attune_heads[head.name] = {
            "labels": list(head.labels),
            "activation": head.activation,
            "logits": [start, end],
            **tuned.get(head.name, {"temperature": 1.0, "thresholds": {}}),
        }
    labels = [f"{head.name}:{label}" for head in heads.PUBLISHED for label in head.labels]
    write_json(
        folder / "config.json",
        {
            # Not the network's name but its calling convention, which is what loaders of ONNX graphs (transformers.js, optimum)
            # look up here: input_ids and attention_mask in, logits out. An unknown name loads in AutoModel alone.
            "architectures": ["DistilBertForSequenceClassification"],
            "model_type": "distilbert",
            "vocab_size": shape["vocabulary"],
            "hidden_size": shape["hidden"],
            "pad_token_id": tokenizer.PAD,
            "bos_token_id": tokenizer.BOS,
            "eos_token_id": tokenizer.EOS,
            "max_position_embeddings": MAX_PIECES,
            "problem_type": "multi_label_classification",
            "id2label": {str(at): label for at, label in enumerate(labels)},
            "label2id": {label: at for at, label in enumerate(labels)},
            "attune": {
                "formatVersion": FORMAT_VERSION,
                "version": version,
                "maxTokens": MAX_PIECES,
                "inputs": ["input_ids", "attention_mask"],
                "adapter": {"sites": shape["layers"] + 1, "width": shape["hidden"]},
                "outputs": {"heads": "logits", "tags": "tag_logits"},
                "sha256": hashlib.sha256((folder / "onnx" / "model_quantized.onnx").read_bytes()).hexdigest(),
                "bytes": (folder / "onnx" / "model_quantized.onnx").stat().st_size,
                "shape": shape,
                "heads": attune_heads,
                "tags": {"labels": list(heads.TAGS), **tuned.get("tags", {"threshold": 0.5})},
                "languages": languages,
            },
        },
    )
