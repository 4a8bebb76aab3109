"""Which sentences of text/ address nobody. The address data marks every row, so the "none" class is made by rule.

A sentence is kept as "none" when it holds no second-person pronoun, no verb form of address (hand-written patterns) and no
word that the training rows of CoCoA-MT mark as a form of address. Third-person sentences whose possessives look like
polite address ("su casa", "la sua casa", "Sie ist ...") are kept on purpose when their subject is named.
"""
import re
from collections import Counter

from . import data

LANGUAGES = ("de", "es", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "vi")

SECOND_PERSON = {
    "de": r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*|ihr|Ihr\w*|Ihnen|Sie)\b",
    "es": r"\b(tú|ti|te|tu|tus|contigo|vos|vosotr\w+|os|usted\w*|su|sus|le|les|suy[oa]s?)\b|\b\w+(áis|éis|aste|iste)\b",
    "fr": r"\b(tu|te|toi|ton|ta|tes|vous|votre|vos|vôtres?|tien\w*)\b|\bt'|\b\w+ez\b|-(toi|vous)\b",
    "hi": r"आप|तुम|तू|तेर|तुझ|(िए|िये|इए|ओ|ना)(गा)?[ ।,!?]|(कर|दे|ले|जा|देख|सुन|बता)ो\b",
    "it": r"\b(tu|te|ti|tuo|tua|tuoi|tue|voi|vi|ve|vostr\w+|Lei|La|Le|Suo|Sua|Suoi|Sue|suo|sua|suoi|sue)\b|\b\w+(ate|ete|ite)\b",
    "ja": r"です|ます|まし|ませ|ください|下さい|でしょう|あなた|貴方|君|きみ|お前|おまえ|様|なさ|ござ|いただ|頂|[よねかなぞわさ][。！？!?]|だろ|じゃ|って|てる|ちゃ|[!?！？]",
    "ko": r"니다|니까|요[ .?!,]|요$|세요|시오|십시|당신|너|네가|니가|자네|고객|님|[야어지네니냐라자][.?!]|[야어지네니냐라자]$|[?!]",
    "nl": r"\b(je|jij|jou|jouw|jullie|u|uw|uzelf)\b",
    "pt": r"\b(tu|te|ti|teu|tua|teus|tuas|contigo|você|vocês|vos|vós|lhe|lhes|o senhor|a senhora|si|seu|sua|seus|suas|consigo)\b|\b\w+(aste|este|iste)\b",
    "ru": r"\b(ты|тебя|тебе|тобой|твой|твоя|твоё|твое|твои|твоего|твоей|твоих|твоим\w*|твою|вы|вас|вам|вами|ваш\w*)\b|\w+(ешь|ишь|ёшь|ите|ете|йте|ёте|йся|ься)\b",
    "vi": r"\b(bạn|anh|chị|em|ông|bà|cô|chú|bác|cậu|mày|ngài|quý|các bạn|mình|tớ|con|cháu|nhé|ạ|dạ|thưa|hãy|xin|đừng)\b",
}
THIRD_PERSON = {
    "de": r"^Sie (ist|hat|war|wurde|wird|hatte|kann|konnte|muss|musste|soll|will|wollte|liegt|gilt|besteht|enthält)\b",
    "es": r"\b(él|ella|ellos|ellas|Tom|Mary|María|Juan|el [a-zñáéíóú]+|la [a-zñáéíóú]+) .*\b(su|sus|le)\b",
    "it": r"\b(lui|ella|Tom|Mary|Maria|Marco|il [a-zàèéìòù]+|egli) .*\b(suo|sua|suoi|sue)\b",
    "pt": r"\b(ele|ela|eles|elas|Tom|Maria|Mary|o [a-zãâáéêíóôõúç]+) .*\b(seu|sua|seus|suas)\b",
}
IMPERATIVE_START = {
    "es": r"^\W*\w+(e|a|en|an)\b(?=.*\b(para|el|la|los|las|un|una|en)\b)(?<!\bEs)(?<!\bUna)",
    "pt": r"^\W*(Clique|Abra|Use|Veja|Escolha|Selecione|Digite|Faça|Adicione|Crie|Execute|Verifique)\b",
    "it": r"^\W*(Fai|Clicca|Apri|Usa|Scegli|Seleziona|Inserisci|Premi|Crea|Esegui|Fare|Aggiungi)\b",
    "de": r"^\W*(Klicke|Öffne|Nutze|Wähle|Gib|Verwende|Erstelle|Füge|Starte|Drücke|Schau|Lies|Geh|Mach)\b",
    "nl": r"^\W*(Klik|Open|Gebruik|Kies|Selecteer|Typ|Maak|Voeg|Druk|Zorg|Ga|Kijk|Lees|Zie|Voer)\b",
    "fr": r"^\W*(Clique|Ouvre|Utilise|Choisis|Regarde|Va|Fais|Prends)\b",
}


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
        self.second = {language: re.compile(pattern) for language, pattern in SECOND_PERSON.items()}
        self.third = {language: re.compile(pattern) for language, pattern in THIRD_PERSON.items()}
        self.start = {language: re.compile(pattern) for language, pattern in IMPERATIVE_START.items()}

    def holds(self, text: str, language: str) -> bool:
        """True when the rule is sure that `text` addresses nobody; False when it does or when unsure."""
        language = language.split("-")[0]
        if language not in LANGUAGES:
            return False
        third = self.third.get(language)
        if third and third.search(text) and not re.search(r"\b(usted\w*|tú|te|tu|tus|você\w*|Lei|voi|ti|Ihnen)\b", text):
            return True
        if self.second[language].search(text) or (language in self.start and self.start[language].search(text)):
            return False
        lowered = text[:1].lower() + text[1:]
        if language != "ja" and self.second[language].search(lowered):
            return False
        return not any(word in self.words[language] for word in re.findall(r"\w+", text))
