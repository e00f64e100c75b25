//! Eritrea and northern Ethiopia: given name, father's, grandfather's, in Latin letters or Ge'ez; many names are two
//! words with a meaning (Gebre-Mariam), written together or apart, and ejectives have several Latin spellings.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::Chain,
    men: "Tesfay=ተስፋይ Haile=ሃይለ Abraham=ኣብርሃም Yohannes=ዮሃንስ Tekle=ተክለ Berhane=ብርሃነ Dawit=ዳዊት Samuel=ሳሙኤል Filmon=ፊልሞን
        Kidane=ኪዳነ Mehari=መሓሪ Solomon=ሰሎሞን Yonas=ዮናስ Daniel=ዳኒኤል Michael=ሚካኤል Mulugeta=ሙሉጌታ Girmay=ግርማይ Tsegay=ጸጋይ
        Negash=ነጋሽ Desta=ደስታ Kibrom=ክብሮም Biniam=ቢንያም Robel=ሮቤል Merhawi=መርሃዊ Henok=ሄኖክ Natnael=ናትናኤል Awet=ዓወት
        Amanuel=ኣማኑኤል Isaias=ኢሳይያስ Zerai=ዘርኣይ Fitsum=ፍጹም Goitom=ጎይቶም Habtom=ሃብቶም Teklay=ተክላይ Mebrahtu=መብራህቱ
        Asmerom=ኣስመሮም Okbay=ዕቁባይ Weldu=ወልዱ Kahsay=ካሕሳይ Alemayehu=አለማየሁ Getachew=ጌታቸው Tadesse=ታደሰ Bekele=በቀለ Abebe=አበበ
        Worku=ወርቁ Kebede=ከበደ Assefa=አሰፋ Demissie=ደምሴ Fikru=ፍቅሩ Mengistu=መንግስቱ Teshome=ተሾመ Wondimu=ወንድሙ Yared=ያሬድ
        Zewdu=ዘውዱ Mussie=ሙሴ Idris=እድሪስ Saleh=ሳልሕ Osman=ዑስማን Ermias=ኤርሚያስ Nahom=ናሆም",
    women: "Selam=ሰላም Helen=ሄለን Mihret=ምሕረት Rahel=ራሄል Senait=ሰናይት Tsega=ጸጋ Abeba=ኣበባ Almaz=ኣልማዝ Azeb=ኣዜብ Bethlehem=ቤተልሔም
        Birikti=ብርኽቲ Eden=ኤደን Elsa=ኤልሳ Feven=ፌቨን Freweini=ፍረወይኒ Genet=ገነት Hiwet=ሂወት Kidist=ቅድስት Lemlem=ለምለም Letebrhan=ለተብርሃን
        Luwam=ልዋም Meaza=መዓዛ Mebrat=መብራት Medhanit=መድሃኒት Mulu=ሙሉ Nigisti=ንግስቲ Rigat=ርግኣት Roza=ሮዛ Saba=ሳባ Sara=ሳራ
        Semhar=ሰምሃር Tigist=ትዕግስት Timnit=ትምኒት Tirhas=ትርሓስ Tsehaytu=ጸሃይቱ Weyni=ወይኒ Winta=ዊንታ Yordanos=ዮርዳኖስ Zaid=ዛይድ
        Zufan=ዙፋን Hirut=ሂሩት Aster=አስቴር Mulunesh=ሙሉነሽ",
    second_given: 30,
    surnames: "",
    women_surnames: "",
    made: ["", "", ""],
    made_share: 0,
    made_given: [
        "Gebre=ገብረ Haile=ሃይለ Wolde=ወልደ Tekle=ተክለ Kidane=ኪዳነ Tesfa=ተስፋ Habte=ሃብተ Zera=ዘርኣ Hagos=ሓጎስ Berhane=ብርሃነ Amde=ዓምደ Fisseha=ፍስሃ",
        "mariam=ማርያም michael=ሚካኤል selassie=ስላሴ giorgis=ጊዮርጊስ kristos=ክርስቶስ medhin=መድህን tsion=ጽዮን yesus=እየሱስ hiwot=ሂወት
        tinsae=ትንሳኤ egziabher=እግዚኣብሄር haimanot=ሃይማኖት gabriel=ገብርኤል alem=ዓለም ab=ኣብ",
    ],
    made_given_share: 280,
    nicknames: "Tesfay=Tesfu Yohannes=Jonny Abraham=Abra Berhane=Bereket Samuel=Sami Mehari=Meharenna Daniel=Dani Bethlehem=Betty
        Tsehaytu=Tsehay Freweini=Fre",
    places: "Asmara=ኣስመራ Keren=ከረን Barentu=ባረንቱ Dekemhare=ደቀምሓረ Mendefera=መንደፈራ Adi_Keyih=ዓዲ_ቀይሕ Senafe=ሰንዓፈ Massawa=ምጽዋዕ
        Agordat=ኣቆርደት Tesseney=ተሰነይ Assab=ዓሰብ Nakfa=ናቕፋ Adigrat=ዓዲግራት Mekelle=መቐለ Axum=ኣክሱም Shire=ሽረ Humera=ሑመራ Adwa=ዓድዋ
        Gondar=ጎንደር Bahir_Dar=ባህር_ዳር Dessie=ደሴ Woldiya=ወልድያ Addis_Ababa=አዲስ_አበባ Hawassa=ሀዋሳ Jimma=ጅማ Adama=አዳማ",
    route: "Kassala=ከሰላ Shagarab Hitsats=ሕጻጽ Mai_Aini=ማይ_ዓይኒ Khartoum=ካርቱም Kufra Tripoli Lampedusa Calais Gedaref Metema=መተማ",
    nations: "ERI ETH SDN",
    ear: &[
        ("tsi", &["si", "tzi"]),
        ("ts", &["tz", "s", "th"]),
        ("egziabher", &["egzabiher", "igziabher", "egziabiher"]),
        ("michael", &["mikael", "micheal", "michaiel"]),
        ("selassie", &["silase", "sellasie", "slassie", "selase"]),
        ("kristos", &["christos", "kirstos"]),
        ("kh", &["k", "h"]),
        ("ch", &["tch", "c"]),
        ("sh", &["sch", "s"]),
        ("gh", &["g"]),
        ("ay$", &["ai", "aye", "ae"]),
        ("ai", &["ay", "ei"]),
        ("ie", &["e", "i"]),
        ("w", &["u", "v", "o"]),
        ("q", &["k"]),
        ("k", &["q", "kh"]),
        ("y", &["i", "j"]),
        ("e", &["a", "i"]),
        ("u$", &["ou", "o"]),
        ("i", &["e", "y"]),
        ("nn", &["n"]),
        ("ss", &["s"]),
        ("h", &[""]),
    ],
    native_ear: &[
        ("ኣ", &["አ", "ዐ"]),
        ("አ", &["ኣ"]),
        ("ዓ", &["ኣ", "አ"]),
        ("ሓ", &["ሃ", "ሀ"]),
        ("ሃ", &["ሀ", "ሓ", "ኃ"]),
        ("ሕ", &["ህ"]),
        ("ሰ", &["ሠ"]),
        ("ስ", &["ሥ"]),
        ("ጸ", &["ፀ"]),
        ("ጽ", &["ፅ"]),
        ("ቐ", &["ቀ"]),
        ("ኽ", &["ክ"]),
    ],
};
