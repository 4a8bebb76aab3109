"""Training sentences made from the SeeGULL tuples (group, attribute): asserted, mentioned or countered, and neutral.

All frames are our own. They teach the form "a group is said to be so" in languages for which no labelled sentences exist.
"""
import random

from . import data

#: language -> (asserted, mention or counter, neutral group mention); {g} group, {a} attribute
FRAMES = {
    "en": (
        ["{g} people are {a}.", "All {g} people are {a}.", "{g} people tend to be {a} by nature.", "As everyone knows, {g} people are {a}.", "{g} people are simply more {a} than others.", "Since she is {g}, she will be {a}.", "Typical {g}: always {a}.", "The {g} are naturally {a}, so plan for it."],
        ["It is a stereotype that {g} people are {a}.", "Not all {g} people are {a}.", "\"{g} people are {a}\" is a prejudice.", "Some people wrongly believe that {g} people are {a}.", "The claim that {g} people are {a} has no basis.", "She was hurt when he said that {g} people are {a}."],
        ["A {g} author and a {a} friend met in Berlin.", "The {g} government published new figures.", "My {g} neighbour was {a} yesterday because of the rain.", "Many {g} students study abroad each year.", "The {g} team won the match."],
    ),
    "de": (
        ["{g} sind {a}.", "Alle {g} sind {a}.", "Bekanntlich sind {g} von Natur aus {a}.", "Typisch {g}: immer {a}.", "{g} sind nun einmal {a}."],
        ["Dass {g} {a} seien, ist ein Klischee.", "Nicht alle {g} sind {a}.", "Manche glauben zu Unrecht, {g} seien {a}.", "„{g} sind {a}“ ist ein Vorurteil."],
        ["Viele {g} leben heute in Hamburg.", "Die Gruppe {g} traf sich im Rathaus.", "Im Film spielen zwei {g} mit."],
    ),
    "fr": (
        ["Les {g} sont {a}.", "Tous les {g} sont {a}.", "Les {g} sont {a} par nature.", "Comme chacun sait, les {g} sont {a}."],
        ["Dire que les {g} sont {a} est un cliché.", "Tous les {g} ne sont pas {a}.", "Certains croient à tort que les {g} sont {a}.", "« Les {g} sont {a} » est un préjugé."],
        ["Beaucoup de {g} vivent à Lyon.", "Deux {g} jouent dans ce film.", "Les {g} ont voté dimanche."],
    ),
    "es": (
        ["Los {g} son {a}.", "Todos los {g} son {a}.", "Los {g} son {a} por naturaleza.", "Como todos saben, los {g} son {a}."],
        ["Decir que los {g} son {a} es un estereotipo.", "No todos los {g} son {a}.", "Algunos creen, sin razón, que los {g} son {a}."],
        ["Muchos {g} viven en Madrid.", "Dos {g} actúan en la película.", "Los {g} votaron el domingo."],
    ),
    "it": (
        ["I {g} sono {a}.", "Tutti i {g} sono {a}.", "I {g} sono {a} per natura.", "Si sa che i {g} sono {a}."],
        ["Dire che i {g} sono {a} è uno stereotipo.", "Non tutti i {g} sono {a}.", "C'è chi crede a torto che i {g} siano {a}."],
        ["Molti {g} vivono a Torino.", "Due {g} recitano nel film.", "I {g} hanno votato domenica."],
    ),
    "pt": (
        ["Os {g} são {a}.", "Todos os {g} são {a}.", "Os {g} são {a} por natureza.", "Todo mundo sabe que os {g} são {a}."],
        ["Dizer que os {g} são {a} é um estereótipo.", "Nem todos os {g} são {a}.", "Há quem acredite, sem razão, que os {g} são {a}."],
        ["Muitos {g} vivem em São Paulo.", "Dois {g} atuam no filme.", "Os {g} votaram no domingo."],
    ),
    "nl": (
        ["{g} zijn {a}.", "Alle {g} zijn {a}.", "{g} zijn van nature {a}.", "Iedereen weet dat {g} {a} zijn."],
        ["Dat {g} {a} zijn is een cliché.", "Niet alle {g} zijn {a}.", "Sommigen denken ten onrechte dat {g} {a} zijn."],
        ["Veel {g} wonen in Utrecht.", "Twee {g} spelen mee in de film."],
    ),
    "ja": (
        ["{g}は{a}。", "{g}はみんな{a}です。", "{g}は生まれつき{a}。", "やはり{g}は{a}ですから、注意しましょう。"],
        ["{g}は{a}というのは偏見です。", "すべての{g}が{a}わけではありません。", "{g}は{a}という固定観念があります。"],
        ["多くの{g}が東京に住んでいます。", "{g}の代表が会議に出席した。"],
    ),
    "ko": (
        ["{g}은 {a}.", "{g}은 모두 {a}.", "{g}은 원래 {a}.", "역시 {g}은 {a}."],
        ["{g}이 {a}는 것은 편견입니다.", "모든 {g}이 {a} 것은 아닙니다.", "{g}은 {a}라는 고정관념이 있다."],
        ["많은 {g}이 서울에 산다.", "{g} 대표가 회의에 참석했다."],
    ),
    "tr": (
        ["{g} {a}dır.", "Bütün {g} {a}.", "{g} doğuştan {a}."],
        ["{g} {a} demek bir önyargıdır.", "Bütün {g} {a} değildir."],
        ["Birçok {g} İzmir'de yaşıyor."],
    ),
    "id": (
        ["Orang {g} itu {a}.", "Semua orang {g} {a}.", "Orang {g} memang {a} sejak lahir."],
        ["Anggapan bahwa orang {g} {a} adalah stereotip.", "Tidak semua orang {g} {a}."],
        ["Banyak orang {g} tinggal di Surabaya."],
    ),
    "ms": (
        ["Orang {g} {a}.", "Semua orang {g} {a}.", "Orang {g} memang {a} sejak azali."],
        ["Tanggapan bahawa orang {g} {a} ialah stereotaip.", "Bukan semua orang {g} {a}."],
        ["Ramai orang {g} tinggal di Ipoh."],
    ),
    "hi": (
        ["{g} लोग {a} होते हैं।", "सभी {g} लोग {a} होते हैं।", "{g} लोग स्वभाव से {a} होते हैं।"],
        ["यह कहना कि {g} लोग {a} होते हैं, एक रूढ़ि है।", "सभी {g} लोग {a} नहीं होते।"],
        ["कई {g} लोग दिल्ली में रहते हैं।"],
    ),
    "bn": (
        ["{g} মানুষ {a}।", "সব {g} মানুষ {a} হয়।", "{g} মানুষ স্বভাবতই {a}।"],
        ["{g} মানুষ {a} — এটি একটি ভুল ধারণা।", "সব {g} মানুষ {a} নয়।"],
        ["অনেক {g} মানুষ ঢাকায় থাকেন।"],
    ),
    "ta": (
        ["{g} மக்கள் {a}.", "எல்லா {g} மக்களும் {a}.", "{g} மக்கள் இயல்பாகவே {a}."],
        ["{g} மக்கள் {a} என்பது ஒரு தவறான கருத்து.", "எல்லா {g} மக்களும் {a} அல்ல."],
        ["பல {g} மக்கள் சென்னையில் வாழ்கிறார்கள்."],
    ),
    "ar": (
        ["{g} {a}.", "كل {g} {a}.", "من المعروف أن {g} {a} بطبيعتهم."],
        ["القول إن {g} {a} صورة نمطية.", "ليس كل {g} {a}."],
        ["يعيش كثير من {g} في دبي."],
    ),
    "th": (
        ["คน{g}{a}", "คน{g}ทุกคน{a}", "คน{g}{a}โดยธรรมชาติ"],
        ["ความคิดที่ว่าคน{g}{a}เป็นอคติ", "ไม่ใช่คน{g}ทุกคนที่{a}"],
        ["คน{g}หลายคนอาศัยอยู่ในเชียงใหม่"],
    ),
    "vi": (
        ["Người {g} {a}.", "Tất cả người {g} đều {a}.", "Người {g} vốn {a}."],
        ["Cho rằng người {g} {a} là một định kiến.", "Không phải người {g} nào cũng {a}."],
        ["Nhiều người {g} sống ở Đà Nẵng."],
    ),
}


def sentences(per_language: int, seed: int = 0):
    """Yields (text, language, kind, cluster, spans): kind 0 asserted, 1 mention, 2 group; spans in characters."""
    tuples: dict[str, list[tuple[str, str]]] = {}
    for row in data.lexicon("seegull_multilingual"):
        tuples.setdefault(row["lang"].split("-")[0], []).append((row["group"].strip(" ,،"), row["attribute"].strip()))
    for row in data.lexicon("seegull_india_global"):
        tuples.setdefault("en", []).append((row["group"].strip(), row["attribute"].strip()))
    chance = random.Random(seed)
    for language, kinds in FRAMES.items():
        pairs = sorted(set(tuples.get(language, [])))
        chance.shuffle(pairs)
        for group, attribute in pairs[:per_language]:
            for kind, frames in enumerate(kinds):
                frame = chance.choice(frames)
                if language == "en":
                    group, attribute = group[:1].upper() + group[1:], attribute.lower()
                text = frame.replace("{g}", group, 1).replace("{a}", attribute, 1)
                spans = []
                for word, tag in ((group, "group"), (attribute, "attribute")):
                    at = text.find(word)
                    if at >= 0 and word:
                        spans.append((at, at + len(word), tag))
                yield text, language, kind, f"{group}|{attribute}".lower(), spans
