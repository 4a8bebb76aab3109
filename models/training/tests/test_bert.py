"""bert.py reads a table of TensorFlow's that is written here by the same description of the format (tensor_bundle.proto, LevelDB's tables)."""
import struct
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from attune_training import bert  # noqa: E402


def number(value: int) -> bytes:
    """A variable-length number."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(at: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return number(at << 3) + number(value)
    return number(at << 3 | 2) + number(len(value)) + value


def entry(values: np.ndarray, offset: int, kind: int = bert.FLOAT) -> bytes:
    shape = b"".join(field(2, field(1, size)) for size in values.shape)
    return field(1, kind) + field(2, shape) + field(4, offset) + field(5, values.nbytes) + number(6 << 3 | 5) + b"\0\0\0\0"


def block(rows: list[tuple[bytes, bytes]]) -> bytes:
    """Keys leave out what they share with the one before; one restart, at the first."""
    out, before = b"", b""
    for key, value in rows:
        shared = next((at for at, (a, b) in enumerate(zip(key, before)) if a != b), min(len(key), len(before)))
        out += number(shared) + number(len(key) - shared) + number(len(value)) + key[shared:] + value
        before = key
    return out + struct.pack("<II", 0, 1)


def table(blocks: list[list[tuple[bytes, bytes]]]) -> bytes:
    """Blocks with their five bytes of kind and checksum, the empty meta block, the index of blocks, and the footer."""
    out, handles = b"", []

    def put(rows: list[tuple[bytes, bytes]]) -> bytes:
        nonlocal out
        data = block(rows)
        handle = number(len(out)) + number(len(data))
        out += data + b"\0" * 5
        return handle

    for rows in blocks:
        handles.append((rows[-1][0] + b"~", put(rows)))
    footer = put([]) + put(handles)
    return out + footer.ljust(bert.FOOTER - 8, b"\0") + struct.pack("<Q", bert.MAGIC)


class Bert(unittest.TestCase):
    def setUp(self) -> None:
        chance = np.random.default_rng(0)
        self.values = {
            "bert/embeddings/word_embeddings": chance.standard_normal((300, 4)).astype("<f4"),
            "bert/encoder/layer_0/attention/self/query/kernel": chance.standard_normal((4, 3)).astype("<f4"),
            "bert/encoder/layer_0/attention/self/query/bias": chance.standard_normal(3).astype("<f4"),
            "bert/encoder/layer_10/output/LayerNorm/gamma": chance.standard_normal(4).astype("<f4"),
        }
        self.data, rows = b"", []
        for name, values in self.values.items():
            rows.append((name.encode(), entry(values, len(self.data))))
            self.data += values.tobytes()
        step = np.array([7], "<i8")
        rows.append((b"global_step", entry(step, len(self.data), kind=9)))
        self.index = table([[(b"", field(1, 1)), *rows[:2]], rows[2:]])

    def test_tensors_come_back_whole(self) -> None:
        found = bert.tensors(self.index, self.data)
        self.assertEqual(set(found), set(self.values))
        for name, values in self.values.items():
            np.testing.assert_array_equal(found[name], values)

    def test_names_and_kernels_become_those_of_transformers(self) -> None:
        state = bert._renamed(bert.tensors(self.index, self.data))
        self.assertEqual(
            set(state),
            {
                "embeddings.word_embeddings.weight", "encoder.layer.0.attention.self.query.weight", "encoder.layer.0.attention.self.query.bias",
                "encoder.layer.10.output.LayerNorm.weight",
            },
        )
        kernel = self.values["bert/encoder/layer_0/attention/self/query/kernel"]
        self.assertTrue(torch.equal(state["encoder.layer.0.attention.self.query.weight"], torch.from_numpy(kernel.T.copy())))

    def test_what_is_no_table_is_refused(self) -> None:
        for broken in (b"", self.index[:-8] + b"\0" * 8):
            with self.assertRaisesRegex(ValueError, "no table of TensorFlow's"):
                bert.tensors(broken, self.data)

    def test_half_an_archive_says_to_fetch_it_again(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            jar = Path(folder) / "bert.jar"
            with zipfile.ZipFile(jar, "w") as archive:
                archive.writestr("something", "else")
            with self.assertRaisesRegex(ValueError, "holds no bert-multi-cased"):
                bert.read(jar)
            jar.write_bytes(jar.read_bytes()[:40])
            with self.assertRaisesRegex(ValueError, "fetch it again"):
                bert.read(jar)


if __name__ == "__main__":
    unittest.main()
