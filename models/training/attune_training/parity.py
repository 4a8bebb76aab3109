"""The agreement fixture: 500 passages of our own in 15 scripts with Python's ids and probabilities.

tests/fixtures/classifier/parity.jsonl is run through the TypeScript run-time in Node and in Chromium.
"""
import json
from pathlib import Path

import numpy as np
import onnxruntime

from . import batches, heads, metrics, tokenizer

NAMES = {
    "Latn": ["Anna", "Luís", "Zoë"], "Cyrl": ["Анна", "Олег"], "Arab": ["سارة", "أحمد"], "Hebr": ["נועה", "דוד"],
    "Deva": ["आशा", "रवि"], "Beng": ["মীনা", "রহিম"], "Taml": ["மீனா", "குமார்"], "Thai": ["มาลี", "สมชาย"],
    "Hans": ["小明", "李华"], "Jpan": ["田中さん", "ユキ"], "Kore": ["민수", "지영"], "Grek": ["Ελένη", "Νίκος"],
    "Telu": ["సీత", "రాము"], "Armn": ["Անի", "Դավիթ"], "Geor": ["ნინო", "გიორგი"],
}
FRAMES = {
    ("Latn", "en"): ["{} said the train leaves at {}:30.", "People from the coast are always late.", "What a brilliant question, {}!", "Could you please send {} the file by {} o'clock?", "It is a myth that engineers have no humour.", "Boil {} eggs for seven minutes."],
    ("Latn", "de"): ["Könnten Sie {} bitte um {} Uhr anrufen?", "Du kannst {} morgen fragen.", "Die Brücke wurde {} gebaut.", "Schwaben sind nun einmal sparsam."],
    ("Latn", "fr"): ["Vous pouvez écrire à {} avant {} h.", "Tu as vu {} hier ?", "L’été, la ville compte {} habitants."],
    ("Latn", "es"): ["¿Puede usted llamar a {} a las {}?", "Tienes que avisar a {} hoy.", "El río nace a {} metros."],
    ("Latn", "pt"): ["Você pode falar com {} às {} horas.", "A senhora deseja {} cafés?", "O museu abre às {}."],
    ("Latn", "vi"): ["Bạn gọi cho {} lúc {} giờ nhé.", "Cây cầu dài {} mét."],
    ("Latn", "tr"): ["{} ile saat {} gibi görüşebilir misiniz?", "Köprü {} yılında açıldı."],
    ("Latn", "id"): ["Tolong hubungi {} pukul {}.", "Orang gunung itu ramah semua."],
    ("Latn", "pl"): ["Czy może Pani zadzwonić do {} o {}?", "Most zbudowano w {} roku."],
    ("Cyrl", "ru"): ["Вы можете позвонить {} в {} часов.", "Ты видел {} вчера?", "Мост построили в {} году.", "Все южане вспыльчивы."],
    ("Cyrl", "uk"): ["Зателефонуйте {} о {} годині.", "Міст збудували {} року."],
    ("Arab", "ar"): ["هل يمكنك الاتصال بـ{} الساعة {}؟", "بُني الجسر عام {}.", "أهل الجبل كرماء بطبعهم."],
    ("Arab", "fa"): ["لطفاً ساعت {1} با {0} تماس بگیرید.", "این پل در سال {1} ساخته شد."],
    ("Arab", "ur"): ["براہ کرم {0} کو {1} بجے فون کریں۔"],
    ("Hebr", "he"): ["אפשר להתקשר אל {} בשעה {}?", "הגשר נבנה בשנת {}."],
    ("Deva", "hi"): ["क्या आप {} को {} बजे फ़ोन कर सकते हैं?", "तुम {} से पूछो।", "पुल {} में बना था।"],
    ("Beng", "bn"): ["আপনি কি {} কে {} টায় ফোন করবেন?", "সেতুটি {} সালে তৈরি।"],
    ("Taml", "ta"): ["{} அவர்களை {} மணிக்கு அழைக்க முடியுமா?", "பாலம் {} இல் கட்டப்பட்டது."],
    ("Thai", "th"): ["กรุณาโทรหาคุณ{}ตอน {} โมงครับ", "สะพานนี้สร้างในปี {}"],
    ("Hans", "zh-Hans"): ["请您在{1}点给{0}打电话。", "这座桥建于{1}年。", "山里人都很热情。"],
    ("Hans", "zh-Hant"): ["請您在{1}點打電話給{0}。", "這座橋建於{1}年。"],
    ("Jpan", "ja"): ["{}に{}時にお電話いただけますでしょうか。", "{}、{}時に来てね。", "橋は{}年に建てられた。", "山の人はみんな親切です。"],
    ("Kore", "ko"): ["{}에게 {}시에 전화해 주시겠습니까?", "{}야, {}시에 와.", "다리는 {}년에 지어졌다.", "산골 사람들은 다 친절해요."],
    ("Grek", "el"): ["Μπορείτε να καλέσετε τον/την {} στις {};", "Η γέφυρα χτίστηκε το {}."],
    ("Telu", "te"): ["మీరు {} కి {} గంటలకు ఫోన్ చేయగలరా?"],
    ("Armn", "hy"): ["Կարո՞ղ եք զանգահարել {}-ին ժամը {}-ին:"],
    ("Geor", "ka"): ["შეგიძლიათ დაურეკოთ {}-ს {} საათზე?"],
}
EDGES = [
    ("", "en"), (" ", "en"), ("12:30", "en"), ("👩‍👩‍👧‍👦 family of four 🏳️‍🌈", "en"), ("e\u0301te\u0301 cafe\u0301 n\u0303", "fr"),
    ("tab\tand\nnewline\r\n\u00a0nbsp\u2003em", "en"), ("<s> </s> <pad> <0x41> <unk>", "en"), ("▁▁ ▁under", "en"),
    ("for (let i = 0; i < n; i++) { sum += a[i]; }", "en"), ("Ｆｕｌｌ　ｗｉｄｔｈ１２３", "ja"), ("ﷺ 𓀀 𝔘𝔫𝔦", "en"),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "en"), ("zero\u200bwidth\u200djoin\ufeff", "en"),
    ("control\u0000\u0007\u001b[31m", "en"), ("\u202bעברית\u202c mixed", "he"), ("क्षत्रिय श्रृंखला ज़िंदगी", "hi"), ("กำลังจะไปที่นั่น", "th"),
    ("word " * 300, "en"), ("漢字" * 200, "zh-Hant"), ("ㄱㄴㄷ ㅏㅑ 한글", "ko"), ("“Curly” ‘quotes’ — dashes… 'x'", "en"),
    ("½ ¾ ² ™ © €5 £6 ¥7 ₹8", "en"), ("İstanbul ISTANBUL ıstanbul", "tr"), ("ǅ ß ẞ ﬁ ﬂ", "de"), ("http://example.org/a?b=c&d=%20e", "en"),
]


def passages(count: int = 500) -> list[tuple[str, str, str]]:
    """(script, language, text): edge cases first, then frames in turn."""
    rows = [("Zyyy", language, text) for text, language in EDGES]
    turn = 0
    seen = {text for _, _, text in rows}
    while len(rows) < count:
        for (script, language), frames in FRAMES.items():
            frame = frames[turn % len(frames)]
            name = NAMES[script][(turn // len(frames)) % len(NAMES[script])]
            number = 3 + turn * 7 % 1990
            if "{0}" in frame or "{1}" in frame:
                text = frame.format(name, number)
            elif frame.count("{}") == 2:
                text = frame.format(name, number)
            else:
                text = frame.format(number if any(word in frame for word in ("{} gebaut", "{} metros", "{} mét", "{} h", "{} года", "{} году", "{} eggs")) else name if turn % 2 else number)
            if text in seen:
                text = f"{text} ({number})"
            if text not in seen and len(rows) < count:
                seen.add(text)
                rows.append((script, language, text))
        turn += 1
    return rows


def write(folder: Path, path: Path) -> None:
    """Run the shipped model in Python over the passages, one by one, and store ids and probabilities."""
    config = json.loads((folder / "config.json").read_text())["attune"]
    temperatures = {name: head["temperature"] for name, head in config["heads"].items()}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "onnx" / "model_quantized.onnx", options, providers=["CPUExecutionProvider"])
    model = tokenizer.load(folder)
    with path.open("w", encoding="utf-8") as out:
        for at, (script, language, text) in enumerate(passages()):
            ids = batches.encode(model, [text])[0][0]
            logits, _ = session.run(None, {"input_ids": ids[None], "attention_mask": np.ones_like(ids)[None]})
            table = metrics.probabilities(logits, temperatures)
            probabilities = {head.name: [round(float(v), 5) for v in table[head.name][0]] for head in heads.PUBLISHED}
            row = {"id": f"p{at:03d}", "script": script, "lang": language, "text": text, "ids": ids.tolist(), "probabilities": probabilities}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
