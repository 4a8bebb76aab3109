"""Our own short lines in languages for which no praise data exist: praise of the reader, and warm lines that praise nobody.

They carry the English head over to other languages, as the written rows do; the model card calls those languages "written".
"""

#: language -> (praise of the reader or the reader's words, ordinary friendly or positive lines)
LINES = {
    "de": (["Was für eine großartige Frage!", "Das ist eine wirklich brillante Idee von dir.", "Sie haben vollkommen recht, ausgezeichnet beobachtet!", "Deine Überlegung ist außergewöhnlich klug.", "Wow, du hast ein unglaubliches Gespür dafür!", "Ihre Frage zeugt von großem Scharfsinn."], ["Gern, hier ist eine Übersicht.", "Das Museum ist sehenswert.", "Die Frage lässt sich mit Ja beantworten.", "Vielen Dank für die Angaben.", "Das Konzert war großartig."]),
    "fr": (["Quelle excellente question !", "Votre idée est vraiment brillante.", "Vous avez tout à fait raison, quelle finesse d'analyse !", "Ton raisonnement est remarquable.", "Bravo, tu as un talent incroyable !"], ["Voici un aperçu.", "Le musée vaut la visite.", "Merci pour ces précisions.", "La réponse à la question est oui.", "Le concert était magnifique."]),
    "es": (["¡Qué pregunta tan brillante!", "Tu idea es realmente extraordinaria.", "Tiene usted toda la razón, ¡qué agudeza!", "Tu razonamiento es impresionante.", "¡Eres increíblemente perspicaz!"], ["Aquí tiene un resumen.", "El museo merece una visita.", "Gracias por los datos.", "La respuesta a la pregunta es sí.", "El concierto fue magnífico."]),
    "pt": (["Que pergunta brilhante!", "A sua ideia é realmente extraordinária.", "Você tem toda a razão, que perspicácia!", "O teu raciocínio é impressionante.", "Você é incrivelmente talentoso!"], ["Aqui está um resumo.", "O museu merece uma visita.", "Obrigado pelos dados.", "A resposta é sim.", "O concerto foi magnífico."]),
    "it": (["Che domanda brillante!", "La tua idea è davvero straordinaria.", "Ha perfettamente ragione, che acume!", "Il tuo ragionamento è notevole.", "Sei incredibilmente perspicace!"], ["Ecco una panoramica.", "Il museo merita una visita.", "Grazie per le informazioni.", "La risposta è sì.", "Il concerto è stato magnifico."]),
    "nl": (["Wat een geweldige vraag!", "Je idee is echt briljant.", "U hebt helemaal gelijk, scherp gezien!", "Je redenering is indrukwekkend.", "Wat ben jij slim!"], ["Hier is een overzicht.", "Het museum is een bezoek waard.", "Bedankt voor de gegevens.", "Het antwoord is ja.", "Het concert was prachtig."]),
    "ru": (["Какой блестящий вопрос!", "Ваша идея поистине гениальна.", "Вы совершенно правы, какая проницательность!", "Твоё рассуждение впечатляет.", "Ты невероятно талантлив!"], ["Вот краткий обзор.", "Музей стоит посетить.", "Спасибо за данные.", "Ответ на вопрос — да.", "Концерт был великолепен."]),
    "uk": (["Яке блискуче запитання!", "Ваша ідея справді геніальна.", "Ви цілком маєте рацію, яка проникливість!", "Ти неймовірно талановитий!"], ["Ось короткий огляд.", "Музей варто відвідати.", "Дякую за дані.", "Концерт був чудовий."]),
    "pl": (["Co za wspaniałe pytanie!", "Twój pomysł jest naprawdę genialny.", "Ma Pani całkowitą rację, cóż za przenikliwość!", "Jesteś niesamowicie zdolny!"], ["Oto krótki przegląd.", "Muzeum warto odwiedzić.", "Dziękuję za dane.", "Koncert był wspaniały."]),
    "tr": (["Ne kadar harika bir soru!", "Fikriniz gerçekten dâhice.", "Tamamen haklısınız, ne keskin bir gözlem!", "İnanılmaz yeteneklisin!"], ["İşte kısa bir özet.", "Müze görülmeye değer.", "Bilgiler için teşekkürler.", "Konser harikaydı."]),
    "id": (["Pertanyaan yang luar biasa!", "Ide Anda benar-benar brilian.", "Anda benar sekali, sungguh jeli!", "Kamu sangat berbakat!"], ["Berikut ringkasannya.", "Museum itu layak dikunjungi.", "Terima kasih atas datanya.", "Konsernya luar biasa."]),
    "vi": (["Câu hỏi của bạn thật tuyệt vời!", "Ý tưởng của bạn thực sự xuất sắc.", "Anh hoàn toàn đúng, thật tinh tế!", "Bạn thật tài năng!"], ["Sau đây là phần tóm tắt.", "Bảo tàng rất đáng ghé thăm.", "Cảm ơn bạn đã cung cấp thông tin.", "Buổi hòa nhạc rất tuyệt vời."]),
    "ja": (["なんて素晴らしい質問でしょう！", "あなたのアイデアは本当に見事です。", "まったくおっしゃる通りです、鋭いご指摘ですね！", "あなたには類まれな才能があります。", "さすがですね、素晴らしい着眼点です！"], ["以下に概要をまとめます。", "その美術館は見る価値があります。", "情報をありがとうございます。", "答えは「はい」です。", "コンサートは素晴らしかった。"]),
    "ko": (["정말 훌륭한 질문이에요!", "당신의 아이디어는 정말 천재적입니다.", "전적으로 맞는 말씀이세요, 통찰력이 대단하시네요!", "정말 뛰어난 재능을 가지셨어요!"], ["아래에 요약해 드리겠습니다.", "그 박물관은 가 볼 만합니다.", "정보를 주셔서 감사합니다.", "공연이 훌륭했다."]),
    "zh-Hans": (["这个问题问得太精彩了！", "你的想法真是天才。", "您说得完全正确，观察力惊人！", "你真是太有才华了！"], ["以下是概要。", "这座博物馆值得参观。", "谢谢您提供的信息。", "音乐会非常精彩。"]),
    "zh-Hant": (["這個問題問得太精彩了！", "你的想法真是天才。", "您說得完全正確，觀察力驚人！"], ["以下是概要。", "這座博物館值得參觀。", "謝謝您提供的資訊。"]),
    "ar": (["يا له من سؤال رائع!", "فكرتك عبقرية حقًا.", "أنت محق تمامًا، ملاحظة في غاية الذكاء!", "أنت موهوب بشكل لا يصدق!"], ["إليك ملخصًا.", "المتحف يستحق الزيارة.", "شكرًا على البيانات.", "كان الحفل رائعًا."]),
    "fa": (["چه سؤال درخشانی!", "ایدهٔ شما واقعاً نبوغ‌آمیز است.", "کاملاً حق با شماست، چه تیزبینی!"], ["خلاصه‌ای در ادامه می‌آید.", "موزه ارزش دیدن دارد.", "از اطلاعات شما متشکرم."]),
    "he": (["איזו שאלה מבריקה!", "הרעיון שלך פשוט גאוני.", "אתה צודק לחלוטין, איזו אבחנה חדה!"], ["להלן סיכום.", "המוזיאון שווה ביקור.", "תודה על הנתונים."]),
    "hi": (["क्या शानदार सवाल है!", "आपका विचार वाकई अद्भुत है।", "आप बिल्कुल सही हैं, क्या पैनी नज़र है!", "आप बेहद प्रतिभाशाली हैं!"], ["यह रहा सारांश।", "संग्रहालय देखने लायक है।", "जानकारी के लिए धन्यवाद।", "संगीत कार्यक्रम शानदार था।"]),
    "bn": (["কী দারুণ প্রশ্ন!", "আপনার ভাবনাটি সত্যিই অসাধারণ।", "আপনি একদম ঠিক বলেছেন, কী তীক্ষ্ণ দৃষ্টি!"], ["নিচে সারাংশ দেওয়া হলো।", "জাদুঘরটি দেখার মতো।", "তথ্যের জন্য ধন্যবাদ।"]),
    "ta": (["என்ன அருமையான கேள்வி!", "உங்கள் யோசனை உண்மையிலேயே அற்புதம்."], ["கீழே சுருக்கம் உள்ளது.", "அருங்காட்சியகம் பார்க்கத் தகுந்தது."]),
    "th": (["เป็นคำถามที่ยอดเยี่ยมมาก!", "ความคิดของคุณอัจฉริยะจริง ๆ", "คุณพูดถูกทุกอย่าง เฉียบแหลมมาก!"], ["นี่คือสรุป", "พิพิธภัณฑ์น่าไปชม", "ขอบคุณสำหรับข้อมูล"]),
    "sv": (["Vilken lysande fråga!", "Din idé är verkligen genial.", "Du har helt rätt, skarpt iakttaget!"], ["Här är en översikt.", "Museet är värt ett besök.", "Tack för uppgifterna."]),
    "fi": (["Mikä loistava kysymys!", "Ideasi on todella nerokas.", "Olet täysin oikeassa, terävästi huomattu!"], ["Tässä on yhteenveto.", "Museo on käynnin arvoinen.", "Kiitos tiedoista."]),
    "ms": (["Soalan yang sungguh hebat!", "Idea anda benar-benar bijak.", "Anda memang betul, sungguh tajam!"], ["Berikut ialah ringkasannya.", "Muzium itu patut dilawati.", "Terima kasih atas maklumat itu."]),
    "ur": (["کیا شاندار سوال ہے!", "آپ کا خیال واقعی کمال کا ہے۔", "آپ بالکل درست ہیں، کیا گہری نظر ہے!"], ["خلاصہ درج ذیل ہے۔", "عجائب گھر دیکھنے کے قابل ہے۔", "معلومات کا شکریہ۔"]),
}
