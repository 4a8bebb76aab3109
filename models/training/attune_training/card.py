"""What ships beside the weights: trust per language and head, and the manifest of training data."""
import hashlib
import json
import platform
from collections import Counter
from pathlib import Path

from . import address_rules, data, package

#: labelled files that are read, by source name of the examples
FILES = (
    "genil emgsd stereoset_en stereoset_ptbr crows_pairs generics_stereotypes_en kosbi_ko rubia_ru ru_hearts_student hatecheck_multi "
    "cold_zh edos_en toxigen_human_en beep_ko bold_wikipedia_en bbq_contexts_multi cocoa_mt keico korean_honorific_pairs stif_indonesia "
    "shekasteh in_formal_de spiral_bench_sentences goemotions tydip"
).split()

#: Set by hand from models/evaluation/report.md; see the model card for the figures behind it.
GENERALISATION = {"trained": "en es fr id ms pt", "transfer": "de it nl ko ru"}
PRAISE = {"trained": "en"}


def languages() -> dict[str, dict[str, str]]:
    """language -> head -> trained | transfer; what is not said is chance."""
    table: dict[str, dict[str, str]] = {language: {} for language in data.LANGUAGES}
    for level, names in GENERALISATION.items():
        for language in names.split():
            table[language]["generalisation"] = level
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
            "trainingRows": dict(Counter(example.source for example in training).most_common()),
            "removedCopiesOfEvaluationRows": lost,
            "secondsPerStage": seconds,
            "machine": f"{platform.machine()}, {recipe.threads} threads, no accelerator",
            "recipe": {key: (value.as_dict() if hasattr(value, "as_dict") else value) for key, value in vars(recipe).items()},
        },
    )


def _figure(entry: dict) -> str:
    return f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]"


def write_readme(folder: Path, report: dict) -> None:
    """The model card, from config.json, training-manifest.json and the figures of models/evaluation/report.py."""
    config = json.loads((folder / "config.json").read_text())["attune"]
    manifest = json.loads((folder / "training-manifest.json").read_text())
    size = (folder / "onnx" / "model_quantized.onnx").stat().st_size + (folder / "tokenizer.json").stat().st_size
    seconds = sum(manifest["secondsPerStage"].values())
    licences = Counter()
    for entry in manifest["labelled"]:
        for licence in entry["licence"]:
            licences[licence] += 1
    by_head: dict[str, dict[str, list[str]]] = {}
    for language, entries in config["languages"].items():
        for head, trust in entries.items():
            by_head.setdefault(head, {}).setdefault(trust, []).append(language)
    trust = "\n".join(
        f"| {head} | {', '.join(levels.get('trained', [])) or '-'} | {', '.join(levels.get('transfer', [])) or '-'} |" for head, levels in sorted(by_head.items())
    )
    genil = "\n".join(
        f"| {name} | {entry['n']} | {entry['base']:.3f} | {_figure(entry)} | {entry['floor']:.3f} |" for name, entry in report["genil"].items()
    )
    forms = "\n".join(
        f"| {name} | {_figure(entry['two'])} | {_figure(entry['three'])} | {entry['alarmsArgmax']:.3f} |" for name, entry in report["address"].items()
    )
    calibration = "\n".join(
        f"| {name} | {config['heads'][name]['temperature']:.2f} | {entry['ece']:.3f} |" for name, entry in report["calibration"].items()
    )
    thresholds = "; ".join(
        f"{head}: " + ", ".join(f"{label} {value}" for label, value in entry["thresholds"].items())
        for head, entry in config["heads"].items() if head in ("generalisation", "address", "praise")
    )
    text = f"""---
license: apache-2.0
language: [{', '.join(config['languages'])}]
library_name: transformers.js
pipeline_tag: text-classification
---
# attune-mini {config['version']}

Reads one sentence-sized passage and tells **what it does**: asserts a generalisation about people, addresses somebody formally or informally, uses a level of
honorific speech (Japanese, Korean), praises the reader, sounds formal or polite. It never says whether that fits a culture: Attune's packs do.

## Intended use

On a reader's own machine, on chatbots' answers, as one of several pieces of evidence for a mark that says "may". Not for moderating, ranking or scoring people or
what they write, not for proof that a text is free of stereotypes, and not beyond the languages below. Where the table says nothing for a language the
head is **no better than guessing** there and `trust(language, head)` says `chance`; the engine then keeps silent.

| head | trained and measured in | carried over from other languages, little or not measured |
|---|---|---|
{trust}

Known weaknesses: generalisations about groups that training has not seen are found far less often than about groups it has (GeniL dev is made of unseen ones; overall it is below the n-gram floor);
short warm or strongly worded sentences get some `asserted` or `praise` probability without deserving it, below the thresholds; token tags for group and attribute also
mark words that name no group. Irony and quotations over several sentences are beyond it; only the first {config['maxTokens'] - 2} pieces of a passage are read. Japanese "none" was measured with {report['address']['ja']['alarmsArgmax']:.0%} false alarms: a plain
statement may count as a form of address there. The formality head rests on word n-grams alone.

## How

{size / 1e6:.1f} MB with its tokenizer. Byte-fallback BPE ({config['shape']['vocabulary']} pieces, 28 languages); piece vectors from co-occurrence; {config['shape']['blocks']} convolution blocks and {config['shape']['layers']} attention
layers of {config['shape']['hidden']} units, pre-trained for some minutes on masked pieces, then all heads at once; beside them logistic regressions on hashed n-grams of pieces inside the same graph. Weights are int8, activations are not, so an
answer does not depend on the batch. Inputs `input_ids`, `attention_mask`; outputs `logits` [B, 17] (columns in config.json) and `tag_logits` [B, T, 5].

## Results

Visible evaluation rows, 95 % bootstrap intervals; floors are character n-gram logistic regressions on the same splits. All tables: models/evaluation/report.md.

| task | this model | floor | published |
|---|---|---|---|
| GeniL dev, PR-AUC, 9 languages | {_figure(report['genil']['all'])} | .319 | .587 (mT5-XXL / PaLM-2 class, own split) |
| EMGSD test, macro-F1 | {_figure(report['emgsd']['all'])} | .683 | .815 (HEARTS) |
| EMGSD, stereotype vs neutral | {_figure(report['emgsd']['vsNeutral'])} | .620 | .762 (HEARTS) |
| address, three-way macro-F1, 11 languages | {_figure(report['address']['all']['three'])} | | |
| KeiCO dev, 4-way accuracy | {_figure(report['keico'])} | .678 | |
| praise, F1 at 0.5, unseen chatbot, 1:4 | {_figure(report['praise']['f1'])} | .63-.66 | |
| TyDiP en, accuracy | {_figure(report['tydip'])} | .825 | .892 (XLM-R large) |
| STIF id, accuracy | {_figure(report['stif'])} | .925 | |
| Shekasteh fa, accuracy | {_figure(report['shekasteh'])} | .946 | |

Generalisations by language (GeniL dev, PR-AUC):

| language | rows | base rate | PR-AUC | floor |
|---|---|---|---|---|
{genil}

Address by language:

| language | two-way accuracy | three-way macro-F1 | false alarms on "none" |
|---|---|---|---|
{forms}

## Calibration and thresholds

Temperatures and thresholds come from held-back training rows (6 % of clusters). Thresholds: {thresholds}. They are the lowest at which the estimated precision on a natural mix
reaches 0.85 (asserted, assumed in 3 of 100 passages), 0.7 (praise, 4 of 100) and 0.9 (address, 20 of 100 per form). The rates are assumptions, and most of the ordinary sentences come from documentation.
The praise number is set so that 0.5 is the best cut where one sentence in five praises, and `asserted` so that 0.5 is the best cut on EMGSD's mix (both on held-back rows):
they read high on ordinary prose, where such sentences are rarer. Use the thresholds.

| head | temperature | expected calibration error |
|---|---|---|
{calibration}

## Training data and licences

Every set with source, licence and sha256 is in training-manifest.json. None forbids commercial use. Licences of the labelled sets: {', '.join(sorted(licences))}.
The sentences of the sets are not part of this repository. People wrote and judged most of the labels; those of spiral_bench_sentences come from a language model, those of Korean endings and of "no address" from rules.

## Cost

{seconds / 60:.0f} minutes of wall time on two shared CPU cores ({', '.join(f'{name} {value} s' for name, value in manifest['secondsPerStage'].items())}); no accelerator. Energy was not measured.

## Licence

Apache-2.0 (weights, tokenizer, configuration).
"""
    (folder / "README.md").write_text(text, encoding="utf-8")
