//! Central and South America, Mexico and the Caribbean coast: one or two given names and two surnames, some with
//! particles; accents come and go, and b/v, s/z/c, h, ll/y sound alike.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::TwoSurnames,
    men: "José Juan Luis Carlos Miguel Jorge Pedro Manuel Francisco Jesús David Daniel Antonio Ángel Fernando
        Alejandro Mario Roberto Ricardo Eduardo Rafael Víctor Óscar Héctor Javier Andrés Diego Wilmer Kevin Brayan
        Darwin Nelson Walter Marvin Elmer Wilfredo Gerson Yeison Jhon Edwin Santos Cristian Yonatan Yoel Josué
        Samuel Moisés Elías Ismael Gustavo Rubén Arturo Alfredo Ernesto Ramiro Germán Hernán Gonzalo Esteban
        Joaquín Emilio Ignacio Lázaro Leónidas Anselmo Bonifacio Cipriano Eleuterio Hermenegildo Wenceslao",
    women: "María Ana Rosa Carmen Juana Gloria Marta Luz Sandra Patricia Claudia Yolanda Elena Teresa Isabel Daniela
        Gabriela Andrea Karla Wendy Yesenia Yamileth Yuleisy Keyla Génesis Dayana Yuliana Fátima Lucía Sofía Valentina
        Camila Esperanza Dolores Concepción Guadalupe Soledad Milagros Blanca Reina Suyapa Mirna Norma Irma Delmy Xiomara
        Zoila Berta Hortensia Eulalia Petronila Mercedes Consuelo Altagracia Yaneth Leidy Maribel Rocío Verónica Paola",
    second_given: 550,
    surnames: "González Rodríguez Hernández García Martínez López Pérez Sánchez Ramírez Flores Gómez Díaz Vásquez
        Morales Reyes Cruz Gutiérrez Ortiz Castillo Rivera Mejía Torres Ramos Álvarez Romero Chávez Mendoza Ruiz
        Jiménez Vargas Castro Aguilar Medina Guzmán Rojas Santos Contreras Lara Zelaya Paz Orellana Alvarado Pineda
        Bonilla Escobar Cáceres Portillo Villanueva Zúñiga Rivas Molina Salazar Quispe Mamani Huamán Condori Chuc Ixcoy
        Tzul Caal Pop Xol Choc Quinteros Urdaneta Villalobos Colmenares Rondón Briceño Montiel Palencia
        de_León de_la_Cruz de_los_Santos del_Cid del_Valle de_la_O de_Jesús Ponce_de_León Montes_de_Oca San_Martín",
    women_surnames: "",
    made: [
        "Bal Bar Ber Bur Cal Cam Car Cas Cor Cue Den Esc Fal Far Gal Gar Gua Her Hin Lan Len Lor Mal Mar Mon Mor Nar
        Ojal Pal Par Pen Per Quin Riv Sal San Sar Ser Sol Tam Tar Tol Ur Val Vel Ver Vil Yan Zal Zam Zar",
        "a ab ad al and ap ar arr ebr ed el em end ent er et ev id iff ill im in ir isc it oc od ol or ul und ur uz",
        "ado ales ano antes ar aza edo eda ejo eño eros es ete ez ía ido illa illo ín ino iz oa ol ona ón onte osa oso
        oy uela uelo ura uz",
    ],
    made_share: 280,
    made_given: ["", ""],
    made_given_share: 0,
    nicknames: "José=Pepe Francisco=Paco Jesús=Chuy Manuel=Manolo Roberto=Beto Eduardo=Lalo Ricardo=Richi Luis=Lucho
        Antonio=Toño Ignacio=Nacho María=Mari Guadalupe=Lupe Dolores=Lola Concepción=Concha Mercedes=Meche Isabel=Chabela
        Gabriela=Gaby Teresa=Tere Rosa=Rosita Alejandro=Alex Daniela=Dani Wilfredo=Will Fernando=Nando Héctor=Tito",
    places: "San_Pedro_Sula Tegucigalpa Ciudad_de_Guatemala San_Salvador Managua Choluteca Comayagua La_Ceiba El_Progreso
        Quetzaltenango Huehuetenango Cobán Puerto_Barrios Santa_Ana San_Miguel Usulután León Chinandega Estelí Matagalpa
        Caracas Maracaibo Valencia Barquisimeto Mérida Cumaná Cúcuta Cali Medellín Buenaventura Quibdó Guayaquil Quito
        Esmeraldas Machala Lima Trujillo Ayacucho Oaxaca Tapachula Acapulco Morelia La_Habana Camagüey Santo_Domingo",
    route: "Tapachula Tenosique Danlí Lajas_Blancas Bajo_Chiquito Necoclí Reynosa Nogales Ciudad_Juárez Tijuana
        Saltillo Agua_Caliente Cúcuta Ipiales Tumbes",
    nations: "HND GTM VEN SLV NIC COL ECU MEX CUB PER DOM BOL",
    ear: &[
        ("ch", &["sh"]),
        ("qu", &["k", "c"]),
        ("ll", &["y", "l"]),
        ("güe", &["hue", "gue"]),
        ("hue", &["we", "ue"]),
        ("^h", &[""]),
        ("^j", &["y", "ll"]),
        ("^y", &["j", "ll"]),
        ("^x", &["j", "s"]),
        ("v", &["b"]),
        ("b", &["v"]),
        ("z", &["s", "ss"]),
        ("ce", &["se"]),
        ("ci", &["si"]),
        ("s$", &["z", ""]),
        ("ge", &["je"]),
        ("gi", &["ji"]),
        ("c", &["k"]),
        ("ñ", &["n", "ni", "ny"]),
        ("th", &["t"]),
        ("w", &["gu", "v"]),
        ("í", &["i", "y"]),
    ],
    native_ear: &[],
};
