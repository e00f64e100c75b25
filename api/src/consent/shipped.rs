//! The words shipped for every kind of consent, in the four languages of the pages. A society may put its own in
//! their place, as a new version. Plain sentences: they are read aloud at a desk, often through an interpreter.

use super::model::ConsentKind;
use crate::auth::Language;

/// One kind in one language.
#[derive(Clone, Copy, Debug)]
pub struct DefaultText {
    pub kind: ConsentKind,
    pub language: Language,
    pub body: &'static str,
}

/// Every kind in every language.
pub fn default_texts() -> impl Iterator<Item = DefaultText> {
    WORDS.iter().flat_map(|(kind, bodies)| {
        Language::ALL.iter().zip(bodies).map(|(language, body)| DefaultText {
            kind: *kind,
            language: *language,
            body,
        })
    })
}

/// In the order of [`Language::ALL`]: English, Spanish, French, Arabic.
const WORDS: &[(ConsentKind, [&str; 4])] = &[
    (
        ConsentKind::CollectAndStore,
        [
            "We would like to write down your name and how you are, so that we can help you and know you again. We keep it locked and for a limited time. You may say no: you receive every service here all the same. You may change your mind later.",
            "Queremos anotar su nombre y su situación para poder ayudarle y reconocerle si vuelve. Lo guardamos bajo llave y por un tiempo limitado. Puede decir que no: recibirá igualmente todos los servicios. Puede cambiar de opinión más adelante.",
            "Nous aimerions noter votre nom et votre situation pour pouvoir vous aider et vous reconnaître. Nous le gardons sous clé et pour un temps limité. Vous pouvez refuser : vous recevrez quand même tous les services. Vous pouvez changer d'avis plus tard.",
            "نود أن ندوّن اسمك ووضعك كي نستطيع مساعدتك والتعرّف عليك لاحقًا. نحفظ ذلك مغلقًا ولمدة محدودة. يمكنك أن ترفض، وستحصل على جميع الخدمات رغم ذلك. ويمكنك تغيير رأيك فيما بعد.",
        ],
    ),
    (
        ConsentKind::TracingSearch,
        [
            "If somebody of your family asks the Red Cross or Red Crescent about you, may we compare their question with what you told us? Nobody learns where you are: we ask you first. You may say no, and you may change your mind at any time.",
            "Si alguien de su familia pregunta por usted a la Cruz Roja o a la Media Luna Roja, ¿podemos comparar su pregunta con lo que usted nos dijo? Nadie sabrá dónde está: primero le preguntaremos a usted. Puede decir que no y cambiar de opinión cuando quiera.",
            "Si quelqu'un de votre famille demande de vos nouvelles à la Croix-Rouge ou au Croissant-Rouge, pouvons-nous comparer sa demande avec ce que vous nous avez dit ? Personne n'apprendra où vous êtes : nous vous demanderons d'abord. Vous pouvez refuser et changer d'avis à tout moment.",
            "إذا سأل أحد من عائلتك الصليب الأحمر أو الهلال الأحمر عنك، فهل تسمح لنا بمقارنة سؤاله بما أخبرتنا به؟ لن يعرف أحد مكانك: سنسألك أنت أولًا. يمكنك أن ترفض، ويمكنك تغيير رأيك في أي وقت.",
        ],
    ),
    (
        ConsentKind::ShareWithinNetwork,
        [
            "May we pass what you told us to Red Cross and Red Crescent societies in other countries, so that they can help you there? You choose the countries.",
            "¿Podemos comunicar lo que nos dijo a las sociedades de la Cruz Roja y la Media Luna Roja de otros países para que le ayuden allí? Usted elige los países.",
            "Pouvons-nous transmettre ce que vous nous avez dit aux sociétés de la Croix-Rouge et du Croissant-Rouge d'autres pays, pour qu'elles vous aident là-bas ? Vous choisissez les pays.",
            "هل تسمح لنا بنقل ما أخبرتنا به إلى جمعيات الصليب الأحمر والهلال الأحمر في بلدان أخرى لمساعدتك هناك؟ أنت من يختار البلدان.",
        ],
    ),
    (
        ConsentKind::ShareWithPartner,
        [
            "May we pass what is needed to the organisation we name to you, so that it can help you? We tell you which organisation, and exactly what we would say.",
            "¿Podemos comunicar lo necesario a la organización que le nombramos para que le ayude? Le decimos qué organización es y exactamente qué le diríamos.",
            "Pouvons-nous transmettre le nécessaire à l'organisation que nous vous nommons, pour qu'elle vous aide ? Nous vous disons laquelle, et exactement ce que nous dirions.",
            "هل تسمح لنا بنقل ما يلزم إلى المنظمة التي نسمّيها لك كي تساعدك؟ نخبرك أي منظمة هي وما الذي سنقوله لها بالضبط.",
        ],
    ),
    (
        ConsentKind::PublishPhoto,
        [
            "May we publish your photograph, without your name and without the place, so that your family can recognise you? Many people will see it. You may ask us to take it down.",
            "¿Podemos publicar su fotografía, sin su nombre y sin el lugar, para que su familia pueda reconocerle? Mucha gente la verá. Puede pedirnos que la retiremos.",
            "Pouvons-nous publier votre photo, sans votre nom et sans le lieu, pour que votre famille puisse vous reconnaître ? Beaucoup de gens la verront. Vous pouvez nous demander de la retirer.",
            "هل تسمح لنا بنشر صورتك، بلا اسمك وبلا ذكر المكان، كي تتعرّف عليك عائلتك؟ سيراها كثيرون. ويمكنك أن تطلب منا إزالتها.",
        ],
    ),
    (
        ConsentKind::ShareLocationWithEnquirer,
        [
            "Somebody of your family is looking for you. May we tell this person where you are, or how to reach you? You decide whom, and what.",
            "Alguien de su familia le busca. ¿Podemos decir a esa persona dónde está usted o cómo comunicarse con usted? Usted decide a quién y qué.",
            "Quelqu'un de votre famille vous cherche. Pouvons-nous dire à cette personne où vous êtes, ou comment vous joindre ? C'est vous qui décidez à qui, et quoi.",
            "أحد أفراد عائلتك يبحث عنك. هل تسمح لنا بأن نخبره بمكانك أو كيف يصل إليك؟ أنت من يقرّر لمن، وماذا نقول.",
        ],
    ),
    (
        ConsentKind::ShareSafeAndWellOnly,
        [
            "May we tell your family only that you are alive and well, and on which day you said so? We say nothing else: not where you are, not how to reach you.",
            "¿Podemos decir a su familia solamente que está vivo y bien, y qué día lo dijo? No decimos nada más: ni dónde está ni cómo comunicarse con usted.",
            "Pouvons-nous dire à votre famille seulement que vous êtes en vie et que vous allez bien, et quel jour vous l'avez dit ? Nous ne disons rien d'autre : ni où vous êtes, ni comment vous joindre.",
            "هل تسمح لنا بأن نخبر عائلتك فقط أنك على قيد الحياة وبخير، وفي أي يوم قلت ذلك؟ لا نقول شيئًا آخر: لا مكانك ولا كيفية الاتصال بك.",
        ],
    ),
    (
        ConsentKind::ContactByPhone,
        [
            "May we call you or send you a message on the number you gave us? Tell us when it is safe, and whether somebody else may hear it.",
            "¿Podemos llamarle o enviarle un mensaje al número que nos dio? Díganos cuándo es seguro y si otra persona puede oírlo.",
            "Pouvons-nous vous appeler ou vous envoyer un message au numéro que vous nous avez donné ? Dites-nous quand c'est sûr, et si quelqu'un d'autre peut l'entendre.",
            "هل تسمح لنا بالاتصال بك أو إرسال رسالة إلى الرقم الذي أعطيتنا إياه؟ أخبرنا متى يكون ذلك آمنًا، وهل قد يسمعه شخص آخر.",
        ],
    ),
    (
        ConsentKind::UseForStatistics,
        [
            "May we count your visit in our figures? The figures hold no names, and nobody can recognise you in them.",
            "¿Podemos contar su visita en nuestras cifras? Las cifras no llevan nombres y nadie puede reconocerle en ellas.",
            "Pouvons-nous compter votre visite dans nos chiffres ? Ils ne contiennent aucun nom et personne ne peut vous y reconnaître.",
            "هل تسمح لنا باحتساب زيارتك في أرقامنا؟ لا تحتوي الأرقام على أسماء ولا يستطيع أحد التعرّف عليك فيها.",
        ],
    ),
    (
        ConsentKind::Photograph,
        [
            "May we take a photograph of you for your file? It is kept locked with your file and shown to nobody else unless you agree.",
            "¿Podemos tomarle una fotografía para su expediente? Se guarda bajo llave con su expediente y no se muestra a nadie más si usted no está de acuerdo.",
            "Pouvons-nous prendre une photo de vous pour votre dossier ? Elle est gardée sous clé avec votre dossier et n'est montrée à personne d'autre sans votre accord.",
            "هل تسمح لنا بالتقاط صورة لك لملفك؟ تُحفظ مغلقة مع ملفك ولا تُعرض على أحد آخر إلا بموافقتك.",
        ],
    ),
    (
        ConsentKind::ContinuityCard,
        [
            "May we give you a card, so that the next service point knows what you already received? It carries no name. You choose what is on it, and you may throw it away.",
            "¿Podemos darle una tarjeta para que el próximo punto de servicio sepa lo que ya recibió? No lleva su nombre. Usted elige qué contiene y puede tirarla.",
            "Pouvons-nous vous donner une carte, pour que le prochain point de service sache ce que vous avez déjà reçu ? Elle ne porte pas de nom. Vous choisissez ce qu'elle contient et vous pouvez la jeter.",
            "هل نعطيك بطاقة كي تعرف نقطة الخدمة التالية ما الذي حصلت عليه من قبل؟ لا تحمل اسمك. أنت تختار ما فيها، ويمكنك التخلص منها.",
        ],
    ),
    (
        ConsentKind::MedicalSharing,
        [
            "May we tell the health worker who treats you what you told us about your health? Only what is needed for your treatment.",
            "¿Podemos decir al personal de salud que le atiende lo que nos contó sobre su salud? Solo lo necesario para su tratamiento.",
            "Pouvons-nous dire au personnel de santé qui vous soigne ce que vous nous avez dit de votre santé ? Seulement ce qui est nécessaire à vos soins.",
            "هل تسمح لنا بأن نخبر العامل الصحي الذي يعالجك بما ذكرته لنا عن صحتك؟ فقط ما يلزم لعلاجك.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words_of_its_own_in_every_language() {
        let texts: Vec<_> = default_texts().collect();
        assert_eq!(texts.len(), ConsentKind::ALL.len() * Language::ALL.len());
        for kind in ConsentKind::ALL {
            assert_eq!(texts.iter().filter(|t| t.kind == *kind).count(), Language::ALL.len(), "{kind}");
        }
        let bodies: std::collections::BTreeSet<_> = texts.iter().map(|t| t.body).collect();
        assert_eq!(bodies.len(), texts.len());
        let arabic = texts.iter().filter(|t| t.language == Language::Arabic);
        assert!(arabic.clone().count() > 0);
        for text in arabic {
            assert!(text.body.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c)), "{}", text.kind);
        }
    }
}
