"""The tokenizer: byte-fallback BPE over text in which every white space is one "▁".

Every normaliser step replaces one UTF-16 unit by one UTF-16 unit, so the run-time can turn pieces back into
offsets by adding lengths (review/classifier/offsets.ts). BPE rather than unigram: merges are integers, so the JavaScript
and the Rust tokenizer cannot disagree about a floating-point tie, and only BPE has byte fallback in both.
"""
import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from . import data

SPECIAL = ["<pad>", "<unk>", "<s>", "</s>"]
PAD, UNK, BOS, EOS = range(4)
#: white space and control characters -> one space each (all in the basic plane: one UTF-16 unit to one)
BLANKS = "\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
#: punctuation and digits that always stand alone (inside a character class)
ALONE = (
    r"!-/:-@\[-`{-~0-9"
    "\u00A1-\u00BF\u2010-\u2027\u2030-\u205E\u3001-\u303F\uFF01-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65"
    "\u060C\u061B\u061F\u06D4\u0964\u0965"
)
SPACE = "\u2581"


def blank() -> Tokenizer:
    """The tokenizer without pieces."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{BLANKS}]"), SPACE),
            normalizers.Replace("\u2019", "'"),
            normalizers.Prepend(SPACE),
        ]
    )
    # One pattern that covers every character, so that "isolated" means the same in Rust and in JavaScript.
    tokenizer.pre_tokenizer = pre_tokenizers.Split(
        Regex(f"{SPACE}?[^{SPACE}{ALONE}]+|[{SPACE}{ALONE}]"), "isolated"
    )
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer


def train(out: Path, size: int, megabytes: float, labelled: list[str]) -> Tokenizer:
    """Train on `megabytes` of text/ sampled with temperature 0.5, and on the labelled training texts (text/ is mostly
    documentation and would give no pieces to people and their qualities). Writes tokenizer.json."""
    shares = data.language_shares(0.5)

    def sample():
        for language, share in shares.items():
            for line in data.text_lines(language, int(share * megabytes * 1e6)):
                yield line[:400]
        yield from labelled

    tokenizer = blank()
    byte_pieces = [f"<0x{value:02X}>" for value in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL + byte_pieces,
        limit_alphabet=4500,
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(sample(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", BOS), ("</s>", EOS)]
    )
    out.mkdir(parents=True, exist_ok=True)
    spec = json.loads(tokenizer.to_str())
    # No added tokens: a "<s>" that a reader's text holds is then cut like any other text.
    spec["added_tokens"] = []
    (out / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False, separators=(",", ":")))
    return load(out)


def load(folder: Path) -> Tokenizer:
    """The tokenizer of a model folder."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def pieces_per_word(tokenizer: Tokenizer, limit_bytes: int = 200_000) -> dict[str, dict[str, float]]:
    """Pieces per white-space word, and per character, for each language, on text outside the training sample's seed."""
    table = {}
    for language in data.LANGUAGES:
        lines = list(data.text_lines(language, limit_bytes, seed=1))
        pieces = sum(len(encoding.ids) - 2 for encoding in tokenizer.encode_batch(lines))
        table[language] = {
            "perWord": round(pieces / max(1, sum(len(line.split()) for line in lines)), 2),
            "perCharacter": round(pieces / max(1, sum(len(line) for line in lines)), 3),
        }
    return table
