/**
 * One example answer for each UI language, with the kind of slips Attune looks for. These are specimens, not our own voice:
 * the test that runs our texts through our own review leaves this file out.
 */
export const EXAMPLES: Readonly<Record<string, string>> = {
  en: `What a fantastic question! You are absolutely brilliant for asking!!!

Bring your Social Security card to the DMV and be there by 3 PM. The room is kept at 70 °F, so take a jacket. The office is closed on Thanksgiving.

Germans are cold people, so do not expect a smile. In an emergency, call 911.`,
  de: `Was für eine fantastische Frage! Du bist einfach genial!!!

Sehr geehrter Herr Kaya, bitte bringen Sie Ihren Ausweis mit. Du kannst deinen Termin auch online buchen. Im Amt hat es 70 °F, nimm also eine Jacke mit.

Südländer sind immer unpünktlich, also plane Wartezeit ein. Im Notfall wähle 911.`,
  fr: `Quelle question fantastique ! Tu es vraiment génial !!!

Veuillez apporter votre carte d'identité à la préfecture. Tu peux aussi prendre ton rendez-vous en ligne. Il fait 70 °F dans la salle, prends une veste.

Les Allemands sont froids, alors n'attends pas un sourire. En cas d'urgence, appelle le 911.`,
  es: `¡Qué pregunta tan fantástica! ¡¡¡Eres absolutamente genial!!!

Le rogamos que traiga su documento de identidad. También puedes pedir tu cita por internet. La sala está a 70 °F, así que lleva una chaqueta.

Los alemanes son fríos, así que no esperes una sonrisa. En caso de emergencia, llama al 911.`,
  ja: `なんて素晴らしいご質問でしょう！！！あなたは本当に天才です！

市役所には身分証明書をお持ちください。予約はネットでもできるよ。部屋は70°Fだから、上着を持ってきてね。

ドイツ人は冷たい人たちです。緊急のときは911に電話してください。`,
  ko: `정말 환상적인 질문이에요!!! 당신은 진짜 천재예요!

주민센터에 신분증을 가지고 방문해 주십시오. 예약은 인터넷으로도 할 수 있어. 실내 온도가 70 °F이니까 겉옷을 챙겨.

독일 사람들은 차가운 사람들입니다. 긴급한 상황에서는 911에 전화하세요.`,
  pt: `Que pergunta fantástica! Você é simplesmente genial!!!

Leve o documento de identidade à repartição. A sala fica a 70 °F, então leve um casaco. A repartição fecha no Dia de Ação de Graças.

Os alemães são frios, então não espere um sorriso. Em caso de emergência, ligue para o 911.`,
  zh: `这个问题真是太棒了！！！您简直是天才！

请带上身份证去办事大厅。大厅里的温度是70°F，记得带件外套。感恩节那天不办公。

德国人都很冷漠，所以别指望看到笑脸。紧急情况请拨打911。`,
  it: `Che domanda fantastica! Sei davvero un genio!!!

La preghiamo di portare un documento d'identità. Puoi anche prenotare online. Nella sala ci sono 70 °F, quindi porta una giacca.

I tedeschi sono freddi, quindi non aspettarti un sorriso. In caso di emergenza chiama il 911.`,
  tr: `Ne harika bir soru!!! Siz gerçekten bir dâhisiniz!

Lütfen kimliğinizi yanınızda getiriniz. Randevunu internetten de alabilirsin. Salonun sıcaklığı 70 °F, yanına bir ceket al.

Almanlar soğuk insanlardır, gülümseme bekleme. Acil durumda 911'i ara.`,
  hi: `वाह, क्या शानदार सवाल है!!! आप सच में कमाल के हैं!

कृपया अपना पहचान पत्र साथ लाइए। तू अपना समय ऑनलाइन भी ले सकता है। कमरे में 70 °F रहता है, इसलिए जैकेट ले आना।

जर्मन लोग रूखे होते हैं। आपात स्थिति में 911 पर फ़ोन करें।`,
  ar: `يا له من سؤال رائع!!! أنت عبقري حقًا!

يرجى إحضار بطاقة الهوية إلى الدائرة. درجة الحرارة في القاعة 70 °F فخذ معك سترة. الدائرة مغلقة في عيد الشكر.

الألمان شعب بارد، فلا تتوقع ابتسامة. في حالة الطوارئ اتصل بالرقم 911.`,
};
