//! Syria, Iraq, Yemen, Sudan, Libya, Egypt and the Maghreb: a given name, the father's, and a family name, often of
//! origin; one Arabic spelling has a dozen Latin ones, English, French or by ear.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::ChainAndSurname,
    men: "Mohamed=محمد Ahmed=أحمد Ali=علي Mahmoud=محمود Khaled=خالد Hassan=حسن Hussein=حسين Omar=عمر Ibrahim=إبراهيم
        Youssef=يوسف Mustafa=مصطفى Abdullah=عبد_الله Abd_al-Rahman=عبد_الرحمن Saleh=صالح Said=سعيد Adel=عادل Bashir=بشير
        Jamal=جمال Kamal=كمال Karim=كريم Nasser=ناصر Tariq=طارق Walid=وليد Yasser=ياسر Ziad=زياد Faisal=فيصل Hamza=حمزة
        Bilal=بلال Idris=إدريس Ismail=إسماعيل Issa=عيسى Musa=موسى Suleiman=سليمان Dawud=داود Yahya=يحيى Zakaria=زكريا
        Abd_al-Karim=عبد_الكريم Abd_al-Aziz=عبد_العزيز Abd_al-Qadir=عبد_القادر Abd_al-Hamid=عبد_الحميد Fadi=فادي
        Rami=رامي Samir=سمير Munir=منير Anwar=أنور Ayman=أيمن Hisham=هشام Haitham=هيثم Jaber=جابر Qasim=قاسم Laith=ليث
        Marwan=مروان Nabil=نبيل Osama=أسامة Qusay=قصي Radwan=رضوان Salim=سليم Shadi=شادي Taha=طه Usman=عثمان Waleed=وليد_الدين
        Nur_al-Din=نور_الدين Salah_al-Din=صلاح_الدين Ghassan=غسان Muhannad=مهند Mutasim=معتصم Siddiq=صديق Tijani=تيجاني",
    women: "Fatima=فاطمة Maryam=مريم Aisha=عائشة Zainab=زينب Khadija=خديجة Amina=أمينة Hanan=حنان Huda=هدى Layla=ليلى Mona=منى
        Nadia=نادية Noor=نور Rania=رانيا Sara=سارة Salma=سلمى Samira=سميرة Souad=سعاد Yasmin=ياسمين Iman=إيمان Amal=أمل
        Asma=أسماء Dalal=دلال Farah=فرح Ghada=غادة Hala=هالة Halima=حليمة Hayat=حياة Ibtisam=ابتسام Ikram=إكرام Jamila=جميلة
        Karima=كريمة Latifa=لطيفة Manal=منال Nawal=نوال Rahma=رحمة Rasha=رشا Rim=ريم Sabah=صباح Safiya=صفية Shaima=شيماء
        Siham=سهام Suhair=سهير Wafa=وفاء Zahra=زهرة Hajar=هاجر Ruqaya=رقية Umm_Kulthum=أم_كلثوم Awatif=عواطف Bushra=بشرى",
    second_given: 60,
    surnames: "al-Hassan=الحسن al-Ahmad=الأحمد al-Ali=العلي al-Mohamed=المحمد al-Hussein=الحسين al-Khatib=الخطيب al-Masri=المصري
        al-Halabi=الحلبي al-Homsi=الحمصي al-Najjar=النجار al-Haddad=الحداد al-Hamwi=الحموي al-Omar=العمر al-Saleh=الصالح
        al-Jasim=الجاسم al-Khalaf=الخلف al-Sheikh=الشيخ al-Tayeb=الطيب al-Zubaidi=الزبيدي al-Dulaimi=الدليمي al-Jubouri=الجبوري
        al-Obaidi=العبيدي al-Maliki=المالكي al-Sharif=الشريف al-Sayed=السيد al-Qadi=القاضي al-Fadl=الفضل al-Amin=الأمين
        Darwish=درويش Sabbagh=صباغ Hijazi=حجازي Mansour=منصور Qasem=قاسم Barakat=بركات Shahin=شاهين Kanaan=كنعان
        Ben_Ali=بن_علي Ben_Salah=بن_صالح Bouazizi=بوعزيزي Bouzid=بوزيد Benali=بنعلي Benkhaled=بنخالد Abu_Bakr=أبو_بكر
        Abu_Zaid=أبو_زيد Adam=آدم Haroun=هارون Abakar=أبكر Ishaq=إسحاق al-Warfalli=الورفلي al-Zwai=الزوي al-Trabelsi=الطرابلسي",
    women_surnames: "",
    made: [
        "al-Ba=البا al-Bar=البر al-Da=الدا al-Fa=الفا al-Gha=الغا al-Ha=الحا al-Ja=الجا al-Ka=الكا al-Kha=الخا al-Ma=الما
        al-Mu=المو al-Na=النا al-Qa=القا al-Ra=الرا al-Sa=السا al-Sha=الشا al-Ta=الطا al-Wa=الوا al-Za=الزا Bou=بو Sha=شا Ka=كا",
        "b=ب d=د h=ح j=ج l=ل m=م q=ق r=ر s=س sh=ش t=ت w=و y=ي z=ز",
        "ri=ري li=لي ni=ني bi=بي di=دي wi=وي ssi=سي rani=راني bani=باني dani=داني ran=ران tiri=تيري khi=خي ouri=وري mi=مي
        shti=شتي zzi=زي aoui=اوي our=ور oub=وب",
    ],
    made_share: 300,
    made_given: ["", ""],
    made_given_share: 0,
    nicknames: "Mohamed=Hamoudi Ahmed=Hamada Ibrahim=Barhoum Fatima=Fatoum Khadija=Khaddouj Mustafa=Darsh Abd_al-Rahman=Abboud
        Maryam=Mimi Zainab=Zanoub Youssef=Joujou Ali=Alloush",
    places: "Aleppo=حلب Damascus=دمشق Homs=حمص Hama=حماة Idlib=إدلب Daraa=درعا Deir_ez-Zor=دير_الزور Raqqa=الرقة Qamishli=القامشلي
        Mosul=الموصل Baghdad=بغداد Basra=البصرة Kirkuk=كركوك Fallujah=الفلوجة Sinjar=سنجار Sanaa=صنعاء Aden=عدن Taiz=تعز
        Khartoum=الخرطوم Nyala=نيالا El_Fasher=الفاشر El_Geneina=الجنينة Zalingei=زالنجي Kassala=كسلا Tripoli=طرابلس
        Benghazi=بنغازي Misrata=مصراتة Sabha=سبها Cairo=القاهرة Asyut=أسيوط Gaza=غزة Khan_Yunis=خان_يونس Tunis=تونس
        Kasserine=القصرين Oran=وهران Annaba=عنابة Fes=فاس Beni_Mellal=بني_ملال",
    route: "Tripoli=طرابلس Lampedusa Zarzis Adré=أدري Gaziantep Lesvos Samos Zaatari=الزعتري Domiz Kufra=الكفرة Calais
        Velika_Kladuša Ceuta Port_Sudan=بورتسودان Renk",
    nations: "SYR SDN IRQ YEM LBY EGY MAR TUN DZA PSE TCD LBN",
    ear: &[
        ("abdullah", &["abdallah", "abdulla", "abdalla", "abdellah"]),
        ("mohamed", &["mohammed", "muhammad", "mohammad", "mohamad", "mouhamed"]),
        ("^al-", &["al ", "el ", "el-", "al", ""]),
        ("ou", &["u", "oo", "o"]),
        ("ee", &["i", "y"]),
        ("ai", &["ei", "ay", "ey", "e"]),
        ("kh", &["h", "k", "ch", "x"]),
        ("sh", &["ch", "sch", "s"]),
        ("gh", &["g", "r"]),
        ("th", &["t", "s"]),
        ("dh", &["d", "z"]),
        ("ss", &["s"]),
        ("iy", &["i", "y"]),
        ("ia$", &["iya", "iyah", "ie"]),
        ("a$", &["ah", "e", "eh"]),
        ("i$", &["y", "ee", "iy"]),
        ("q", &["k", "g", "gh"]),
        ("j", &["g", "dj", "y"]),
        ("w", &["ou", "v", "u"]),
        ("u", &["o", "ou", "oo"]),
        ("i", &["e", "ee"]),
        ("a", &["e", "aa"]),
        ("y", &["i"]),
        ("^h", &[""]),
    ],
    native_ear: &[
        ("أ", &["ا", "إ"]),
        ("إ", &["ا", "أ"]),
        ("آ", &["ا"]),
        ("ة$", &["ه", "ت"]),
        ("ى$", &["ي", "ا"]),
        ("ي$", &["ى"]),
        ("ئ", &["ي"]),
        ("ء$", &[""]),
        ("ق", &["ك", "غ"]),
        ("ص", &["س"]),
        ("ط", &["ت"]),
        ("ض", &["ظ"]),
        ("ح", &["ه"]),
        ("ذ", &["د"]),
        ("عبد ال", &["عبدال"]),
    ],
};
