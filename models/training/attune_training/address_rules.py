"""Which sentences of text/ address nobody. The address data marks every row, so the "none" class is made by rule.

A sentence is kept as "none" when it holds no second-person pronoun, no verb form of address (the patterns of
address-rules.json, which the evaluation reads too: run models/evaluation/address-rule.ts's test after a change) and no
word that the training rows of CoCoA-MT mark as a form of address. Third-person sentences whose possessives look like
polite address ("su casa", "la sua casa", "Sie ist ...") are kept on purpose when their subject is named.
"""
import json
import re
from collections import Counter
from pathlib import Path

LANGUAGES = ("de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "vi")

_RULES = json.loads((Path(__file__).resolve().parents[1] / "address-rules.json").read_text(encoding="utf-8"))


class NoAddress:
    """Decides whether a sentence addresses nobody."""

    def __init__(self, marked_rows):
        """marked_rows: training rows of CoCoA-MT with spans tagged F."""
        inside: dict[str, Counter] = {language: Counter() for language in LANGUAGES}
        overall: dict[str, Counter] = {language: Counter() for language in LANGUAGES}
        for row in marked_rows:
            language = row["lang"].split("-")[0]
            if language not in inside or language in ("ja", "vi"):
                continue
            overall[language].update(re.findall(r"\w+", row["text"]))
            for start, end, _ in row.get("spans", []):
                inside[language].update(re.findall(r"\w+", row["text"][start:end]))
        self.words = {
            language: {word for word, count in counts.items() if count >= 0.5 * overall[language][word] and count >= 2}
            for language, counts in inside.items()
        }
        self.second = {language: re.compile(pattern) for language, pattern in _RULES["secondPerson"].items()}
        self.third = {language: re.compile(pattern) for language, pattern in _RULES["thirdPerson"].items()}
        self.unless = re.compile(_RULES["thirdPersonUnless"])
        self.start = {language: re.compile(pattern) for language, pattern in _RULES["imperativeStart"].items()}

    def holds(self, text: str, language: str) -> bool:
        """True when the rule is sure that `text` addresses nobody; False when it does or when unsure."""
        language = language.split("-")[0]
        if language not in LANGUAGES:
            return False
        third = self.third.get(language)
        if third and third.search(text) and not self.unless.search(text):
            return True
        if self.second[language].search(text) or (language in self.start and self.start[language].search(text)):
            return False
        lowered = text[:1].lower() + text[1:]
        if language != "ja" and self.second[language].search(lowered):
            return False
        return not any(word in self.words[language] for word in re.findall(r"\w+", text))
