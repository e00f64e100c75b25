//! Haiti: French and Creole given names, hyphenated or not, and surnames that are given names themselves, so order
//! cannot be told from the words.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::Surname,
    men: "Jean Pierre Joseph Jacques Wilner Frantz Emmanuel Jean-Baptiste Jean-Claude Jean-Robert Patrick Jameson Wisly Ricardo
        Evens Kervens Woodly Stanley Jeff Louis Michel Paul Daniel Junior Fritz Ronald Reginald Gesner Lucner Dieudonné
        Wilson Jocelyn Marc Yves Rodney Johnny Mackenson Peterson Wilguens Guerlin Josué Elie Samuel Nixon Watson Schneider
        Innocent Fénelon Saintilus Exavier Dieuseul Jean-Marie Pierre-Louis Presner Odilon",
    women: "Marie Rose Mirlande Guerda Nadège Fabiola Islande Widline Roseline Marie-Ange Marie-Carmelle Marie-Thérèse Ketline
        Magalie Yolette Ghislaine Darline Esther Ruth Judith Wideline Fredeline Rosemène Lovely Jésula Dieula Célianise
        Guerline Manoucheka Naomie Sherline Tamara Phara Farah Linda Carline Myrlande Béatrice Solange Clermène Altagrâce",
    second_given: 260,
    surnames: "Jean Pierre Joseph Louis Charles François Baptiste Michel Paul Jean-Baptiste Jean-Louis Pierre-Louis Saint-Fleur
        Saint-Louis Augustin Célestin Dorvil Désir Estimé Exantus Fleurimond Guillaume Innocent Jeudy Lafleur Laguerre Lamour
        Louissaint Métellus Mondésir Noël Occean Petit-Frère Philippe Prophète Réveil Romain Saintil Théodore Toussaint Valcin
        Vilsaint Voltaire Bien-Aimé Cadet Casimir Chéry Clerveau Compère Delva Dieujuste Dorcé Dumas Elysée Fils-Aimé",
    women_surnames: "",
    made: [
        "Saint Fleur Dor Mont Val Beau Bel Clair Des Du La Mer Mon Pet Ro Sain Tim Vil Her Gran",
        "a e i o u il in er an om",
        "vil val vert ville dor font jour lien lus mond nor nel ran sé sma tal tus zin cius tilus rimé",
    ],
    made_share: 250,
    made_given: ["", ""],
    made_given_share: 0,
    nicknames: "Jean=Jano Joseph=Jozo Emmanuel=Manno Pierre=Ti-Pierre Marie=Mamie Jean-Baptiste=Batis Dieudonné=Donné Rose=Rozita
        Jacques=Jaco Patrick=Pato",
    places: "Port-au-Prince Cap-Haïtien Gonaïves Les_Cayes Jacmel Jérémie Port-de-Paix Hinche Saint-Marc Léogâne Petit-Goâve
        Carrefour Delmas Cité_Soleil Croix-des-Bouquets Mirebalais Ouanaminthe Miragoâne Fort-Liberté Gros-Morne Limbé Aquin",
    route: "Ouanaminthe Dajabón Santo_Domingo Necoclí Lajas_Blancas Tapachula Reynosa Arica Santiago Tijuana",
    nations: "HTI CHL BRA DOM",
    ear: &[
        ("eau", &["o", "au"]),
        ("ph", &["f"]),
        ("qu", &["k"]),
        ("ch", &["sh"]),
        ("ç", &["s", "c"]),
        ("^jean", &["jan", "gean", "jhon"]),
        ("^h", &[""]),
        ("ou", &["u", "oo"]),
        ("oi", &["wa"]),
        ("in$", &["en", "ain"]),
        ("er", &["é", "e"]),
        ("s$", &["", "z"]),
        ("t$", &[""]),
        ("e$", &[""]),
        ("è", &["e"]),
        ("é", &["e"]),
        ("-", &[" ", ""]),
        ("c", &["k"]),
        ("ll", &["l"]),
        ("ss", &["s"]),
        ("y", &["i"]),
        ("tt", &["t"]),
        ("nn", &["n"]),
    ],
    native_ear: &[],
};
