//! Somalia, Ethiopia's Somali region and northern Kenya: given name, father's, grandfather's; written in Somali
//! spelling (x for a strong h, c for ayn, dh, q), in English or in Italian ways, with nicknames in daily use.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::Chain,
    men: "Maxamed Axmed Cabdi Cali Xasan Xuseen Cabdullaahi Ibraahim Ismaaciil Cismaan Yuusuf Cumar Aadan Nuur Faarax Warsame
        Jaamac Muuse Saciid Maxamuud Cabdiraxmaan Cabdirashiid Cabdiqaadir Cabdiraxiim Cabdiwali Cabdinaasir Cabdifataax Cabdisalaam
        Guuleed Liibaan Samatar Cawaale Diiriye Ducaale Faysal Geedi Guuled Hirsi Jibriil Khaliif Maxad Mire Mukhtaar Mustafe
        Qaasim Rooble Sakariye Salaad Shire Siyaad Suldaan Sulaymaan Wardheere Xirsi Yaasiin Zakariye Bile Bashiir Barre
        Cawil Cigaal Dalmar Dhoore Garaad Hanad Kaahin Keynaan Koosaar Libin Magan Odawaa Raage Rashiid Sahal Tahliil Ugaas",
    women: "Faadumo Xaliimo Caasha Maryan Xaawo Khadiijo Sahra Saynab Hodan Ifraax Ayaan Hibaaq Deeqa Fowsiyo Nimco Sacdiyo Ubax
        Xamdi Yasmiin Zamzam Amina Asli Bilan Canab Cawo Dahabo Faay Fardowsa Filsan Hamdi Hawo Idil Istaahil Kaltuun Ladan
        Luul Muna Naciimo Nasteexo Qamar Rahmo Ruqiyo Safiyo Samsam Shukri Suleekho Sucaado Xabiibo Xafsa Warda",
    second_given: 20,
    surnames: "Dheere Yare Gaab Cade Madoobe Weyne Dhagoole Afweyne Shiine Caato Badane Fiidow Gaal",
    women_surnames: "",
    made: ["", "", ""],
    made_share: 0,
    made_given: [
        "Cabdi Nuur Sheekh Maxamed Xaaji",
        "raxmaan qani wahaab laahi kariim casiis xakiim wali naasir maalik xamiid shakuur",
    ],
    made_given_share: 120,
    nicknames: "Maxamed=Maxamuud_Yare Cabdi=Cabdi_Dheere Faadumo=Fay Axmed=Gurey Cali=Cali_Gaab Xasan=Tarzan Khadiijo=Khadra
        Maryan=Mariamo Yuusuf=Indhacade Cumar=Finish",
    places: "Muqdisho Hargeysa Kismaayo Baydhabo Boosaaso Gaalkacyo Beledweyne Garoowe Burco Berbera Jowhar Afgooye Marka
        Luuq Doolow Baardheere Ceerigaabo Laascaanood Borama Jilib Jigjiga Qabridahare Garissa Wajir Mandheera Diredawa",
    route: "Dadaab Doolow Dollo_Ado Bosaso Berbera Kassala Khartoum Tripoli Lampedusa Kakuma Aden",
    nations: "SOM ETH KEN DJI",
    ear: &[
        ("maxamed", &["mohamed", "mahamed", "mohamud", "maxamad", "mohammed"]),
        ("^cabdi", &["abdi", "abdu", "cabdu"]),
        ("aa", &["a"]),
        ("ee", &["e", "i"]),
        ("ii", &["i", "ee"]),
        ("oo", &["o", "u"]),
        ("uu", &["u", "oo"]),
        ("kh", &["k", "q"]),
        ("dh", &["d", "th"]),
        ("sh", &["sc", "ch"]),
        ("x", &["h", "kh", ""]),
        ("^c", &["", "a", "'"]),
        ("c", &["", "'"]),
        ("q", &["k", "g"]),
        ("j", &["g"]),
        ("w", &["u", "v"]),
        ("y", &["i"]),
        ("o$", &["a", "u"]),
        ("e$", &["a", "eh"]),
        ("a$", &["o", "ah"]),
    ],
    native_ear: &[],
};
