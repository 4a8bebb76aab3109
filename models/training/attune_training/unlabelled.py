"""Sentences without labels, for teachers to judge (teaching.py): of text/, and GeniL's about other groups."""
import random
import re

from . import address_rules, data, tasks

#: names of the sources: a group is named, somebody may be addressed, GeniL's with another group, Japanese that may be honorific
GROUP_TEXT, YOU_TEXT, SWAPPED, KEIGO_TEXT = "group_text", "you_text", "genil_swapped", "keigo_text"
SOURCES = {GROUP_TEXT, YOU_TEXT, SWAPPED, KEIGO_TEXT}
WORDS = re.compile(r"[^\s.,;:!?।()\"“”«»]+")
#: ends of Japanese sentences that somebody says to somebody, and runs of characters that are likely nouns
SPOKEN = re.compile(r"(?:です|ます|ました|ません|でした|ください|下さい|でしょう|ございます|よ|ね|か|な|だ)[。！？!?]?$")
NOUN = re.compile(r"(?<![一-龯お御ご])[一-龯]{2,}")


def text_sentences(per_language: int, seed: int, rule: address_rules.NoAddress):
    """Sentences of text/ that name a group, in GeniL's languages (English twice), and that may address somebody, in CoCoA's."""
    spans = [
        (row["lang"], row["text"][start:end])
        for row in data.rows("genil") if row["split"] == "train" for start, end, tag in row.get("spans", []) if tag == "group"
    ]
    groups = tasks.group_words() | {word.lower() for _, name in spans for word in name.split() if len(word) > 3} - tasks.COMMON
    wanted = {(language, GROUP_TEXT): per_language * (2 if language == "en" else 1) for language in sorted({language for language, _ in spans})}
    wanted |= {(language, YOU_TEXT): per_language for language in address_rules.LANGUAGES}
    for (language, source), count in wanted.items():
        seen: set[str] = set()
        for line in data.text_lines(language, 10**9 if per_language >= 1000 else per_language * 5000, seed=seed):
            if len(seen) == count:
                break
            for text in tasks.SENTENCE.split(line)[:12]:
                if len(seen) == count or not 12 <= len(text) <= 300 or tasks.ordinary(text):
                    continue
                if source == GROUP_TEXT:
                    wants = not groups.isdisjoint(word.lower() for word in WORDS.findall(text))
                else:
                    wants = not rule.holds(text, language)
                if wants and (trace := data.fingerprint(text)) not in seen:
                    seen.add(trace)
                    yield tasks.Example(text, language, source, f"{source}-{language}-{len(seen)}", {}, spans=[] if source == YOU_TEXT else None)


def swapped_groups(examples: list[tasks.Example], seed: int):
    """GeniL's training sentences about another group of the same language: who voices a generalisation thrice, one in two others."""
    chance = random.Random(seed)
    rows = [(each, [each.text[start:end] for start, end, tag in each.spans or () if tag == "group"]) for each in examples if each.source == "genil"]
    names: dict[str, list[str]] = {}
    for language in sorted({each.language for each, _ in rows}):
        names[language] = sorted({name for each, own in rows if each.language == language for name in own})
    for at, (each, own) in enumerate(rows):
        voiced = sum(each.targets["generalisation"][2:]) == 0
        for copy in range(3 if voiced else int(chance.random() < 0.5)):
            if own and (text := each.text.replace(own[0], chance.choice(names[each.language]))) != each.text:
                yield tasks.Example(text, each.language, SWAPPED, f"{SWAPPED}-{at}-{copy}", {}, extra={"hold": each.hold})


def keigo(examples: list[tasks.Example], count: int, seed: int):
    """`count` Japanese sentences of text/ that end as speech does, and KeiCO's training sentences, twice each, with other rows' nouns."""
    chance = random.Random(seed)
    rows = [each for each in examples if each.source == "keico"]
    nouns = [noun for each in rows for noun in NOUN.findall(each.text)]
    seen = {data.fingerprint(each.text) for each in rows}
    made = ((NOUN.sub(lambda found: chance.choice(nouns), each.text), {"hold": each.hold}) for each in rows for _ in range(2))
    lines = (
        (text, {}) for line in data.text_lines("ja", 10**9 if count >= 1000 else count * 5000, seed=seed) for text in tasks.SENTENCE.split(line)[:12]
        if 6 <= len(text) <= 60 and SPOKEN.search(text)
    )
    for texts, most, name in ((made, 2 * len(rows), "swapped"), (lines, count, "text")):
        taken = 0
        for text, extra in texts:
            if taken == most:
                break
            if (trace := data.fingerprint(text)) not in seen:
                seen.add(trace)
                taken += 1
                yield tasks.Example(text, "ja", KEIGO_TEXT, f"{KEIGO_TEXT}-{name}-{taken}", {}, extra=extra)


def examples(per_language: int, labelled: list[tasks.Example]) -> list[tasks.Example]:
    """All of them, before removal of near duplicates of evaluation rows; their targets are empty."""
    return [*swapped_groups(labelled, 4), *text_sentences(per_language, 17, tasks.no_address()), *keigo(labelled, 2 * per_language, 23)]
