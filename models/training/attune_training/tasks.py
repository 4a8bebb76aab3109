"""From the labelled sets and text/ to examples for the heads, and what is kept for evaluation.

A target is a row of 0/1 over a head's labels: the labels that the source allows. One 1 is an ordinary label; several
mean "one of these" (loss = -log of their summed probability). Sigmoid heads have one number in [0, 1].
"""
import json
import random
import re
from dataclasses import dataclass, field

from . import address_rules, data, praise_lines, templates, written

HELD_OUT_CHATBOT = "anthropic/claude-3.5-sonnet"
ASSERTED, MENTION, GROUP, NONE = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)
NOT_ASSERTED = (0, 1, 1, 1)
NEUTRAL = (0, 0, 1, 1)
INFORMAL, FORMAL, NO_ADDRESS = (1, 0, 0), (0, 1, 0), (0, 0, 1)


@dataclass
class Example:
    """One text with what is known about it. `key`: cluster or pair; rows of one key never part. `weight`: of its loss."""

    text: str
    language: str
    source: str
    key: str
    targets: dict[str, tuple[float, ...]]
    weight: float = 1.0
    #: (start, end, tag name) in characters; None: nothing known about tags
    spans: list[tuple[int, int, str]] | None = None
    #: tags of which `spans` is complete; pieces outside are a sure "not this tag"
    tagged: tuple[str, ...] = ()
    extra: dict = field(default_factory=dict)

    @property
    def hold(self) -> str:
        """What rows must share to be held back together: the group for GeniL (dev's groups are unknown to train), else the key."""
        return self.extra.get("hold", self.key)


#: Sources whose rows teach the expert for natural sentences (heads.EXPERTS); the others teach the one for made sentences.
NATURAL = {"genil", "text", "templates", "written", "strange", "kosbi", "bold_wikipedia_en", "bbq_contexts_multi"}


def voices(example: Example) -> bool | None:
    """Whether a generalisation is voiced (asserted or mentioned); None where the label leaves it open, or there is none."""
    target = example.targets.get("generalisation")
    return None if target is None or (sum(target[:2]) > 0 and sum(target[2:]) > 0) else sum(target[2:]) == 0


def _emgsd_test_fingerprints() -> set[str]:
    return {data.fingerprint(row["text"]) for row in data.rows("emgsd") if row["split"] == "test"}


def generalisation(evaluation: bool):
    """Stereotypes and generalisations. evaluation=True: GeniL dev and EMGSD test only."""
    for row in data.rows("genil"):
        if (row["split"] == "dev") != evaluation:
            continue
        target = {
            "generalizing_promoting": ASSERTED,
            "generalizing_mentioning": (1, 1, 0, 0),
            "not_generalizing": GROUP,
        }[row["raw_label"]]
        yield Example(
            row["text"], row["lang"], "genil", row["cluster"], {"generalisation": target}, 1.0 if target == GROUP else 2.0,
            [tuple(span) for span in row.get("spans", [])], ("group", "attribute"),
            {"raw": row["raw_label"], "hold": f"{row['lang']}|{row['group'].lower()}"},
        )
    for row in data.rows("emgsd"):
        if (row["split"] == "test") != evaluation:
            continue
        target = ASSERTED if row["label"] == "stereotype" else NEUTRAL
        yield Example(row["text"], "en", "emgsd", row["id"], {"generalisation": target}, 1.0, extra={"raw": row["label"]})
    if evaluation:
        return
    held = _emgsd_test_fingerprints()
    blocked = {row["cluster"] for row in data.rows("stereoset_en") if data.fingerprint(row["text"]) in held}
    for row in data.rows("stereoset_ptbr"):
        if row["cluster"] in blocked or row["label"] == "anti":
            continue
        target = ASSERTED if row["label"] == "stereotype" else NOT_ASSERTED
        yield Example(row["text"], "pt", "stereoset_ptbr", row["cluster"], {"generalisation": target}, 0.4)
    blocked = {row["cluster"] for row in data.rows("crows_pairs") if data.fingerprint(row["text"]) in held}
    for row in data.rows("crows_pairs"):
        if row["lang"] != "en" and row["label"] == "stereotype" and row["cluster"] not in blocked:
            yield Example(row["text"], row["lang"], "crows_pairs", row["cluster"], {"generalisation": ASSERTED}, 0.4)
    for row in data.rows("generics_stereotypes_en"):
        yield Example(row["text"], "en", "generics", row["group"], {"generalisation": ASSERTED}, 0.7)
    for row in data.rows("kosbi_ko"):
        target = ASSERTED if row["label"] == "stereotype" else NEUTRAL if row["label"] == "neutral" else None
        if target:
            yield Example(row["text"], "ko", "kosbi", row["cluster"], {"generalisation": target}, 0.7)
    for row in data.rows("rubia_ru"):
        if row["label"] == "stereotype" and row["kind"] in (
            "freeform_generic", "template_assoc", "freeform_lgb", "freeform_antisem", "freeform_repres",
            "freeform_transnb", "freeform_immigrant", "freeform_gendergap", "template_poor", "template_rich",
        ):
            yield Example(row["text"], "ru", "rubia", row["cluster"], {"generalisation": ASSERTED}, 0.6)
    for row in data.rows("ru_hearts_student"):
        target = {"stereotype": ASSERTED, "neutral": NOT_ASSERTED, "unrelated": NONE}[row["label"]]
        yield Example(row["text"], "ru", "ru_hearts", row["id"], {"generalisation": target}, 0.4)
    kinds = {
        "derog_neg_attrib_h": ASSERTED, "derog_dehum_h": ASSERTED, "derog_impl_h": None, "ident_neutral_nh": GROUP,
        "ident_pos_nh": GROUP, "counter_quote_nh": MENTION, "counter_ref_nh": MENTION, "negate_neg_nh": MENTION,
        "profanity_nh": NONE, "target_obj_nh": NONE, "target_indiv_nh": NONE, "target_group_nh": NONE,
    }
    for row in data.rows("hatecheck_multi"):
        target = kinds.get(row["raw_label"].split(":")[0])
        if target:
            yield Example(row["text"], row["lang"], "hatecheck", row["cluster"], {"generalisation": target}, 0.4)
    hostile = {
        "cold_zh": {"neutral": NOT_ASSERTED, "bias": NOT_ASSERTED},
        "edos_en": {"neutral": NOT_ASSERTED, "stereotype": ASSERTED},
        "toxigen_human_en": {"neutral": NOT_ASSERTED},
        "beep_ko": {"neutral": NOT_ASSERTED},
    }
    for name, labels in hostile.items():
        for row in data.rows(name):
            if row["label"] in labels and row["split"] in ("train", "none") and data.bucket(row["id"]) < 0.2:
                yield Example(row["text"], row["lang"], name, row["id"], {"generalisation": labels[row["label"]]}, 0.2)
    for name in ("bold_wikipedia_en", "bbq_contexts_multi"):
        for row in data.rows(name):
            if data.bucket(row["id"]) < 0.1:
                yield Example(row["text"], row["lang"], name, row["cluster"], {"generalisation": NEUTRAL}, 0.3)
    for text, language, kind, cluster, spans in templates.sentences(260):
        target = (ASSERTED, MENTION, GROUP)[kind]
        yield Example(
            text, language, "templates", cluster, {"generalisation": target}, 0.5, spans, ("group", "attribute")
        )


def address(evaluation: bool):
    """Form of address with marker spans, and for Korean the level of the ending."""
    for row in data.rows("cocoa_mt"):
        if cocoa_evaluation(row) != evaluation:
            continue
        label = row["label"]
        target = {"informal": INFORMAL, "formal": FORMAL, "neutral": NO_ADDRESS}[label]
        spans = [(start, end, f"address-{label}") for start, end, _ in row.get("spans", [])]
        targets = {"address": target}
        language = row["lang"].split("-")[0]
        if language == "ko" and label != "neutral":
            targets["honorific_ko"] = korean_level(row["text"], label)
        yield Example(
            row["text"], row["lang"], "cocoa", row["pair_id"], targets, 1.0, spans,
            ("address-informal", "address-formal"),
        )


def cocoa_evaluation(row: dict) -> bool:
    """The published test split; Russian has no other, so half of its pairs are trained on and half measured."""
    return row["split"] == "test" and (row["lang"] != "ru" or data.bucket(row["pair_id"], "ru") < 0.5)


def korean_level(text: str, label: str) -> tuple[int, int, int]:
    """plain, polite, formal by the ending of the last sentence; the pair's label decides between plain and the rest."""
    ending = re.sub(r"[\s.?!,~^;)\"'ㅋㅎㅠㅜ…]+$", "", text)
    if label == "informal":
        return (1, 0, 0)
    if re.search(r"(니다|니까|시오|소서)$", ending):
        return (0, 0, 1)
    return (0, 1, 0) if ending.endswith(("요", "죠")) else (0, 1, 1)


def honorifics(evaluation: bool):
    """KeiCO levels for Japanese, endings for Korean."""
    for row in data.rows("keico"):
        if (row["split"] == "dev") == evaluation:
            level = int(row["label"][-1])
            yield Example(
                row["text"], "ja", "keico", row["id"], {"honorific_ja": tuple(int(level == at) for at in (1, 2, 3, 4))},
                extra={"keigo": (row["sonkeigo"], row["kenjogo"], row["teineigo"])},
            )
    for row in data.rows("korean_honorific_pairs"):
        if (data.bucket(row["pair_id"]) < 0.05) == evaluation and data.bucket(row["pair_id"], "size") < 0.3:
            yield Example(
                row["text"], "ko", "kohon", row["pair_id"],
                {"honorific_ko": korean_level(row["text"], row["label"])}, 0.4,
            )


def formality(evaluation: bool):
    for row in data.rows("stif_indonesia"):
        if (row["split"] == "test") == evaluation:
            text = row["text"].replace("xxxuserxxx", "Budi").replace("xxxnumberxxx", "7")
            yield Example(text, "id", "stif", row["pair_id"], {"formality": (float(row["label"] == "formal"),)})
    for row in data.rows("shekasteh"):
        if (data.bucket(row["pair_id"]) < 0.2) == evaluation:
            yield Example(row["text"], "fa", "shekasteh", row["pair_id"], {"formality": (float(row["label"] == "formal"),)})
    for row in data.rows("in_formal_de"):
        if (row["split"] == "test") == evaluation:
            # best-worst scores lie in [-1, 1]
            yield Example(row["text"], "de", "in_formal_de", row["id"], {"formality": ((float(row["score"]) + 1) / 2,)})


def praise(evaluation: bool):
    for row in data.rows("spiral_bench_sentences"):
        if (row["model"] == HELD_OUT_CHATBOT) == evaluation:
            yield Example(
                row["text"], "en", "spiral", row["pair_id"], {"praise": (float(row["label"] == "praise"),)}, 1.0,
                extra={"raw": row["label"]},
            )
    if not evaluation:
        for row in data.rows("goemotions"):
            if row["split"] == "train" and data.bucket(row["id"]) < 0.15 and row["label"] in ("neutral", "annoyance", "curiosity"):
                yield Example(row["text"], "en", "goemotions", row["id"], {"praise": (0.0,)}, 0.3)
        for language, kinds in praise_lines.LINES.items():
            for value, lines in ((1.0, kinds[0]), (0.0, kinds[1])):
                for at, line in enumerate(lines):
                    yield Example(line, language, "praise_lines", f"{language}-{value}-{at}", {"praise": (value,)}, 2.0)


def politeness(evaluation: bool):
    for row in data.rows("tydip"):
        if (row["split"] == "test") == evaluation:
            probability = {"polite": 1.0, "impolite": 0.0}.get(row["label"], 0.5 + max(-0.4, min(0.4, row["score"] / 2)))
            yield Example(
                row["text"], "en", "tydip", row["id"], {"politeness": (probability,)}, 1.0, extra={"raw": row["label"]}
            )


#: what the kinds of the written rows mean for the heads
WRITTEN = {
    "asserted": {"generalisation": ASSERTED}, "benevolent": {"generalisation": ASSERTED}, "homogenising": {"generalisation": ASSERTED},
    "mention": {"generalisation": MENTION}, "statistic": {"generalisation": (0, 1, 1, 0)},
    "specific": {"generalisation": GROUP}, "neutral": {"generalisation": GROUP},
    "effusive": {"generalisation": NONE, "praise": (1.0,)}, "warm": {"generalisation": NONE, "praise": (0.0,)},
    "blunt": {"praise": (0.0,), "politeness": (0.1,)}, "clear": {"praise": (0.0,), "politeness": (0.8,)},
    "plain": {"generalisation": NONE, "praise": (0.0,)},
}


def written_rows():
    """The rows written for this purpose (models/training/written/); praise is also known to be absent in the other kinds."""
    for language in written.languages():
        for at, (kind, pair, domain, text, spans) in enumerate(written.read(language)):
            key = f"written-{language}-{pair or at}"
            if kind.startswith("level"):
                level = int(kind[-1])
                targets = {"honorific_ja": tuple(int(level == each) for each in (1, 2, 3, 4))}
            else:
                targets = {"praise": (0.0,)} | WRITTEN[kind]
            yield Example(
                text, language, "written", key, targets, 1.0, spans if spans else None,
                ("group", "attribute") if kind in written.MARKED else (), {"raw": kind, "domain": domain},
            )
    for text, group, said in written.tuples():
        yield Example(text, "en", "written_tuples", f"tuple-{group}", {"generalisation": ASSERTED if said else NEUTRAL}, 0.6)


#: languages of xed and brighter that no head is meant for
STRANGE = set("bg bs cs da el et eu gl hr hu is mk nb ro sk sl sr af am arq ary ha ig rw mr om so su sw tt ti vmw yo xh zu".split())
GIVEN = "Anna Luís Zoë Олег Мария سارة أحمد נועה דוד आशा रवि মীনা রহিম மீனா குமார் สมชาย 小明 李华 田中 ユキ 민수 지영 Ελένη Νίκος Fatou Kwame Thabo Ngozi Aroha Mikael Siobhán Jürgen Chloé Priya Mehmet Ayşe Nguyễn Trần Putri Budi Ahmed Omar Smith Müller Garcia Rossi Kowalski Ivanova Andersson Yamamoto Kim Silva".split()
CODE = {".py", ".ts"}


def out_of_distribution():
    """Passages on which every head should stay silent: languages that nobody labelled, lines of code (this project's own), lists of names."""
    chance = random.Random(21)
    silent: dict[str, tuple[float, ...]] = {"generalisation": NONE, "praise": (0.0,)}
    for name in ("xed", "brighter"):
        for row in data.rows(name):
            if row["lang"] in STRANGE and len(row["text"]) >= 8 and data.bucket(row["id"], "strange") < 0.04:
                yield Example(row["text"][:300], row["lang"], "strange", row["id"], silent, 0.4)
    silent = silent | {"address": NO_ADDRESS}
    lines = []
    for folder in ("models", "cli", "review"):
        for path in sorted((data.REPOSITORY / folder).rglob("*")):
            if path.suffix in CODE and "work" not in path.parts:
                lines += [line.strip() for line in path.read_text("utf-8").splitlines() if re.search(r"[=(){};]", line) and len(line.strip()) > 12]
    for at, line in enumerate(chance.sample(lines, min(700, len(lines)))):
        yield Example(line[:200], "en", "strange", f"code-{at}", silent, 0.4, [], ("address-informal", "address-formal"))
    for at in range(400):
        names = ", ".join(chance.choice(GIVEN) + (f" {chance.choice(GIVEN)}" if chance.random() < 0.5 else "") for _ in range(chance.randint(1, 6)))
        yield Example(names, "en", "strange", f"names-{at}", silent, 0.4, [], ("address-informal", "address-formal"))


SENTENCE = re.compile(r"(?<=[.!?。！？।۔])\s+|(?<=[。！？])")


def ordinary(text: str) -> bool:
    """Whether a sentence of text/ is kept for measuring false alarms, a tenth of them (models/evaluation/ordinary.ts takes these)."""
    return data.bucket(data.fingerprint(text), "ordinary") < 0.1


def plain_text(per_language: int, seed: int, rule: address_rules.NoAddress, groups: set[str]):
    """Sentences of text/: nothing asserted, nobody praised, and "no address form" where the rule is sure."""
    chance = random.Random(seed)
    for language in data.LANGUAGES:
        count = 0
        wanted = per_language * (2 if language in address_rules.LANGUAGES or language == "en" else 1)
        for line in data.text_lines(language, min(2_500_000, per_language * 2500), seed=seed):
            parts = [part for part in SENTENCE.split(line) if 8 <= len(part) <= 320]
            if not parts:
                continue
            text = chance.choice(parts)
            if ordinary(text):
                continue
            words = {word.lower() for word in re.findall(r"\w+", text)}
            targets: dict[str, tuple[float, ...]] = {
                "generalisation": NEUTRAL if words & groups else NONE,
                "praise": (0.0,),
            }
            tagged: tuple[str, ...] = ()
            if language == "en" or rule.holds(text, language):
                targets["address"] = NO_ADDRESS
                tagged = ("address-informal", "address-formal")
            if language == "ko":
                ending = re.sub(r"[\s.?!]+$", "", text)
                if ending.endswith(("니다", "니까", "요")):
                    targets["honorific_ko"] = (0, 1, 0) if ending.endswith("요") else (0, 0, 1)
                elif ending.endswith("다"):
                    targets["honorific_ko"] = (1, 0, 0)
            yield Example(text, language, "text", f"text-{language}-{count}-{seed}", targets, 0.5, [], tagged)
            count += 1
            if count >= wanted:
                break


#: words inside names of groups that name none
COMMON = {"people", "from", "person", "with", "orang", "personas", "gente", "menschen", "mensen", "persone", "लोग", "लोक", "মানুষ", "লোক"}


def group_words() -> set[str]:
    """Words that name groups: spans of GeniL's training rows and the groups of SeeGULL."""
    names = [row["group"] for row in data.lexicon("seegull_multilingual")]
    names += [row["group"] for row in data.lexicon("seegull_india_global")]
    for row in data.rows("genil"):
        if row["split"] == "train":
            names += [row["text"][start:end] for start, end, tag in row.get("spans", []) if tag == "group"]
    words = {word.lower() for name in names for word in re.findall(r"\w{4,}", name)}
    return (words - COMMON) | set("women men woman man muslims muslim jews black gay immigrants frauen männer".split())


PARTS = (generalisation, address, honorifics, formality, praise, politeness)


def evaluation_examples() -> list[Example]:
    """All visible evaluation rows. Never trained on."""
    return [example for part in PARTS for example in part(True)]


#: folders of whole answers that the evaluation reviews
ANSWERS = ("models/evaluation/answers", "tests/acceptance")


def answer_sentences() -> list[Example]:
    """The sentences of the answers that the evaluation reviews, without labels: nothing near them may be trained on."""
    found = []
    for path in sorted(path for folder in ANSWERS for path in (data.REPOSITORY / folder).glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            answer = json.loads(line)
            sentences = [part.strip() for part in re.split(rf"\n|{SENTENCE.pattern}", answer["answer"]) if part and part.strip()]
            found += [Example(part, answer["lang"], "answers", answer["id"], {}) for part in sentences]
    return found


def no_address() -> address_rules.NoAddress:
    """The rule for sentences that address nobody, with what CoCoA's training rows mark."""
    return address_rules.NoAddress(row for row in data.rows("cocoa_mt") if not cocoa_evaluation(row))


def training_examples(text_per_language: int) -> list[Example]:
    """All labelled training rows, ordinary sentences of text/ included, before removal of near duplicates of evaluation rows."""
    examples = [example for part in PARTS for example in part(False)] + list(written_rows()) + list(out_of_distribution())
    return examples + list(plain_text(text_per_language, 11, no_address(), group_words()))
