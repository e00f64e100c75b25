//! From Senegal to Nigeria: a given name, often a second, and a clan name; French and English habits for the same
//! sound stand side by side (ou/u/w, dj/j, é/e), and both lists are full of the same few frequent names.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::Surname,
    men: "Mamadou Ibrahima Moussa Amadou Ousmane Abdoulaye Oumar Boubacar Souleymane Alpha Modou Lamin Ebrima Sekou Aliou
        Thierno Cheikh Samba Demba Seydou Issa Adama Bakary Drissa Yaya Karim Lassana Fode Ismaila Abdou Sadio Saliou
        Mahamadou Hamidou Idrissa Salifou Yacouba Zakari Sani Musa Usman Abubakar Yusuf Kwame Kofi Kwabena Yaw Kwaku Kojo
        Emeka Chinedu Ikenna Obinna Chukwudi Osagie Efosa Tunde Babatunde Segun Femi Emmanuel Samuel Joseph Prince Junior
        Mbemba Kandjoura Facinet Ansoumane Sanoussi Tidiane Mactar Assane Ngagne Birame Yoro Hassimiou",
    women: "Fatoumata Mariama Aminata Aissatou Kadiatou Hawa Awa Fanta Aicha Mariam Bintou Oumou Djeneba Assetou Ramatoulaye
        Nene Binta Isatou Adama Hadja Salimata Maimouna Rokia Nafissatou Astou Coumba Ndeye Khady Sira Tenin Zeinabou
        Habibatou Rahinatou Akosua Ama Abena Efua Adjoa Blessing Precious Joy Faith Osas Chioma Ngozi Amarachi Ifeoma Yetunde
        Folake Grace Esther Mercy Delphine Solange Odile Kankou Yakhare Diénaba Mahawa",
    second_given: 220,
    surnames: "Diallo Traoré Coulibaly Keita Camara Diarra Sow Ba Bah Barry Touré Konaté Cissé Kone Sidibé Sissoko Diop Ndiaye
        Fall Gueye Seck Faye Diouf Sarr Thiam Kane Jallow Ceesay Jawara Touray Bojang Sanneh Darboe Manneh Ouédraogo Sawadogo
        Kaboré Compaoré Zongo Tapsoba Kouyaté Doumbia Dembélé Diakité Sangaré Bamba Ouattara Kouassi Konan Kouadio Yao N'Guessan
        Mensah Owusu Boateng Asante Appiah Okafor Okonkwo Eze Nwosu Ogbonna Adeyemi Osei Idahosa Igbinedion Omoruyi
        Mahamane Abdou Garba Maiga Cissoko Dramé Fofana Sylla Bangura Kamara Sesay Conteh Koroma Turay Kargbo Soumah Condé",
    women_surnames: "",
    made: [
        "Ba Bo Da Dia Do Fa Fo Ga Go Ka Ko Kou La Ma Mo Na Nia Sa Si So Sou Ta To Tra Wa Ya Zo",
        "da fa ga ka la ma na ra sa ta wa gou kou lou mi ni ri ssa lli nda mba ngo",
        "ba bo dé dogo fana gaté go goro ka ko lé ma na nga ra raté ré ro sso té to vogui wa yo",
    ],
    made_share: 240,
    made_given: ["", ""],
    made_given_share: 0,
    nicknames: "Mamadou=Madou Ibrahima=Ibou Abdoulaye=Ablaye Ousmane=Ous Fatoumata=Fatou Aminata=Ami Aissatou=Aissa Mariama=Mari
        Boubacar=Bouba Souleymane=Souley Kadiatou=Kadi Babatunde=Tunde Emmanuel=Emma Moussa=Balla Amadou=Ahma",
    places: "Conakry Kindia Labé Mamou Kankan Nzérékoré Boké Bamako Kayes Sikasso Gao Ségou Mopti Tombouctou Dakar Thiès Touba
        Kolda Tambacounda Ziguinchor Banjul Serekunda Brikama Farafenni Basse Abidjan Bouaké Daloa Man Korhogo Ouagadougou
        Bobo-Dioulasso Djibo Dori Niamey Zinder Tahoua Agadez Accra Kumasi Tamale Freetown Kenema Makeni Bissau Gabú
        Benin_City Lagos Kano Maiduguri Onitsha Aba",
    route: "Agadez Arlit Gao Nouadhibou Nouakchott El_Hierro Tenerife Dakhla Tamanrasset Tripoli Lampedusa Ceuta Bamako Niamey",
    nations: "GIN MLI SEN GMB CIV NGA BFA GHA SLE NER GNB MRT",
    ear: &[
        ("oul", &["ul", "wul"]),
        ("ou", &["u", "oo", "o", "w"]),
        ("dj", &["j", "di"]),
        ("dia", &["ja", "dja", "dya"]),
        ("dio", &["jo", "djo"]),
        ("ch", &["sh", "tch"]),
        ("thi", &["ti", "chi"]),
        ("gue", &["ge", "gey"]),
        ("ss", &["s"]),
        ("ll", &["l"]),
        ("nd", &["d"]),
        ("^n'", &["n", ""]),
        ("é$", &["e", "eh", "ay", "ey"]),
        ("e$", &["", "é"]),
        ("y", &["i"]),
        ("i", &["ee", "y"]),
        ("^ba$", &["bah"]),
        ("c", &["k", "s"]),
        ("k", &["c"]),
        ("qu", &["k"]),
        ("u", &["ou"]),
        ("a$", &["ah"]),
    ],
    native_ear: &[],
};
