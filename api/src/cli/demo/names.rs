//! Invented people of the routes. Every name stands with the spellings in which different desks write it down, the
//! script of its own among them; two records of one person take two of them.

/// One people's names, and where it sets out from.
pub(super) struct Culture {
    pub(super) nationality: &'static str,
    pub(super) language: &'static str,
    pub(super) origin: &'static str,
    pub(super) women: &'static [&'static [&'static str]],
    pub(super) men: &'static [&'static [&'static str]],
    pub(super) families: &'static [&'static [&'static str]],
}

pub(super) const CULTURES: &[Culture] = &[
    Culture {
        nationality: "SYR",
        language: "ar",
        origin: "Deir ez-Zor",
        women: &[&["Fatima", "Fatma", "فاطمة"], &["Maryam", "Mariam", "مريم"], &["Nour", "Noor", "نور"]],
        men: &[
            &["Mohammed", "Muhamad", "محمد"],
            &["Yusuf", "Youssef", "يوسف"],
            &["Khaled", "Khalid", "خالد"],
        ],
        families: &[
            &["Al-Hassan", "Alhasan", "الحسن"],
            &["Haddad", "Hadad", "حداد"],
            &["Darwish", "Darwich", "درويش"],
        ],
    },
    Culture {
        nationality: "ERI",
        language: "ti",
        origin: "Keren",
        women: &[&["Selam", "Selamawit", "ሰላም"], &["Feven", "Fiven", "ፌቨን"], &["Tsige", "Tsighe", "ጽጌ"]],
        men: &[&["Tesfay", "Tesfai", "ተስፋይ"], &["Yonas", "Jonas", "ዮናስ"], &["Haile", "Hayle", "ሃይለ"]],
        families: &[
            &["Gebremedhin", "Ghebremedhin", "ገብረመድህን"],
            &["Tekle", "Teklé", "ተክለ"],
            &["Kidane", "Kidané", "ኪዳነ"],
        ],
    },
    Culture {
        nationality: "UKR",
        language: "uk",
        origin: "Mariupol",
        women: &[
            &["Olena", "Elena", "Олена"],
            &["Iryna", "Irina", "Ірина"],
            &["Kateryna", "Ekaterina", "Катерина"],
        ],
        men: &[
            &["Andrii", "Andrey", "Андрій"],
            &["Mykola", "Nikolai", "Микола"],
            &["Serhii", "Sergey", "Сергій"],
        ],
        families: &[
            &["Shevchuk", "Szewczuk", "Шевчук"],
            &["Melnyk", "Melnik", "Мельник"],
            &["Kravets", "Kravetz", "Кравець"],
        ],
    },
    Culture {
        nationality: "BGD",
        language: "bn",
        origin: "Sylhet",
        women: &[&["Rahima", "Roheema", "রহিমা"], &["Salma", "Selma", "সালমা"], &["Nasrin", "Nasreen", "নাসরিন"]],
        men: &[
            &["Abdul Karim", "Abdulkarim", "আব্দুল করিম"],
            &["Rafiq", "Rafique", "রফিক"],
            &["Jamal", "Zamal", "জামাল"],
        ],
        families: &[&["Hossain", "Hussain", "হোসেন"], &["Begum", "Begom", "বেগম"], &["Miah", "Mia", "মিয়া"]],
    },
    Culture {
        nationality: "HND",
        language: "es",
        origin: "San Pedro Sula",
        women: &[
            &["María José", "Maria Jose", "Majo"],
            &["Yesenia", "Jessenia", "Yecenia"],
            &["Guadalupe", "Lupe", "Lupita"],
        ],
        men: &[
            &["José Luis", "Jose Luiz", "Pepe Luis"],
            &["Wilmer", "Wilmar", "Guilmer"],
            &["Héctor", "Hector", "Ector"],
        ],
        families: &[
            &["Peña Ordóñez", "Pena Ordonez", "Peña"],
            &["Núñez Mejía", "Nunez Mejia", "Nuñes"],
            &["Zelaya Cruz", "Selaya Cruz", "Zelaya"],
        ],
    },
    Culture {
        nationality: "SOM",
        language: "so",
        origin: "Baidoa",
        women: &[
            &["Caasha", "Aisha", "Asha"],
            &["Xaliimo", "Halimo", "Halima"],
            &["Faadumo", "Fadumo", "Fatuma"],
        ],
        men: &[&["Maxamed", "Mohamed", "Mahamed"], &["Cabdi", "Abdi", "Abdy"], &["Xasan", "Hassan", "Hasan"]],
        families: &[
            &["Cali Warsame", "Ali Warsame", "Warsame"],
            &["Nuur Faarax", "Nur Farah", "Noor Farah"],
            &["Cumar Jaamac", "Omar Jama", "Umar Jama"],
        ],
    },
    Culture {
        nationality: "MLI",
        language: "fr",
        origin: "Kayes",
        women: &[
            &["Aminata", "Aminatou", "Ami"],
            &["Fatoumata", "Fatimata", "Fanta"],
            &["Kadiatou", "Kadidia", "Khadija"],
        ],
        men: &[
            &["Mamadou", "Mamadu", "Mohamadou"],
            &["Ousmane", "Usman", "Osman"],
            &["Ibrahima", "Ibrahim", "Brahima"],
        ],
        families: &[
            &["Traoré", "Traore", "Trawore"],
            &["Coulibaly", "Koulibali", "Culibali"],
            &["Diarra", "Jara", "Djarra"],
        ],
    },
    Culture {
        nationality: "HTI",
        language: "ht",
        origin: "Gonaïves",
        women: &[
            &["Marie-Ange", "Mari Anj", "Marieange"],
            &["Rose-Laure", "Roselor", "Rose Laure"],
            &["Guerda", "Gerda", "Djerda"],
        ],
        men: &[
            &["Jean-Robert", "Janwobè", "Jean Robert"],
            &["Wilner", "Vilner", "Wilnè"],
            &["Frantz", "Franz", "Frantzy"],
        ],
        families: &[
            &["Saint-Fleur", "St Fleur", "Senflè"],
            &["Pierre-Louis", "Pyè Lwi", "Pierre Louis"],
            &["Desrosiers", "Dezwozye", "Derosier"],
        ],
    },
];
