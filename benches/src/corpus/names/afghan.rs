//! Dari and Pashto speakers of Afghanistan and Pakistan: many carry one name only, others add a tribe or place; the
//! second half of a double name (-ullah, Khan, Gul) is as often left out as kept.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::OftenNone,
    men: "Mohammad=محمد Ahmad=احمد Abdul=عبدل Ali=علی Hussain=حسین Hamid=حمید Karim=کریم Rahim=رحیم Nasir=ناصر Habib=حبیب
        Jawad=جواد Mahdi=مهدی Reza=رضا Omid=امید Farid=فرید Wahid=وحید Zabihullah=ذبیح_الله Najibullah=نجیب_الله Esmatullah=عصمت_الله
        Rahmatullah=رحمت_الله Sher_Khan=شیرخان Gul_Agha=گل_آغا Noor_Agha=نور_آغا Mir_Wais=میرویس Ajmal=اجمل Bashir=بشیر Ehsan=احسان
        Faridun=فریدون Ghulam_Ali=غلام_علی Haji_Khan=حاجی_خان Iqbal=اقبال Jamshid=جمشید Khalid=خالد Latif=لطیف Masoud=مسعود
        Naqib=نقیب Parwiz=پرویز Qais=قیس Rostam=رستم Sayed_Ahmad=سید_احمد Shafiq=شفیق Tawfiq=توفیق Yama=یما Zalmay=زلمی Asif=آصف
        Baryalai=بریالی Wali=ولی Sohrab=سهراب Zaman=زمان Sakhi=سخی Musa=موسی Yaqub=یعقوب Daud=داود Ismail=اسماعیل",
    women: "Fatima=فاطمه Zahra=زهرا Maryam=مریم Zainab=زینب Nargis=نرگس Shabnam=شبنم Parwin=پروین Laila=لیلا Masuma=معصومه
        Sakina=سکینه Razia=رضیه Marzia=مرضیه Farishta=فرشته Freshta=فرشته_گل Gulalai=گلالی Hosnia=حسنیه Jamila=جمیله Karima=کریمه
        Khadija=خدیجه Malalai=ملالی Nadia=نادیه Nafisa=نفیسه Palwasha=پلوشه Roya=رویا Sahar=سحر Shukria=شکریه Soraya=ثریا Tahmina=تهمینه
        Wazhma=وژمه Yalda=یلدا Zarmina=زرمینه Bibi_Gul=بی_بی_گل Anisa=انیسه Basira=بصیره Halima=حلیمه Latifa=لطیفه Shakila=شکیلا",
    second_given: 180,
    surnames: "Ahmadzai=احمدزی Karimi=کریمی Hussaini=حسینی Rahimi=رحیمی Mohammadi=محمدی Ahmadi=احمدی Rezai=رضایی Haidari=حیدری
        Noori=نوری Amiri=امیری Hashimi=هاشمی Sultani=سلطانی Jafari=جعفری Alizada=علی_زاده Popal=پوپل Stanikzai=ستانکزی
        Yousafzai=یوسفزی Afridi=اپریدی Shinwari=شینواری Safi=صافی Wardak=وردک Hotak=هوتک Momand=مومند Zadran=ځدران Nazari=نظری
        Qaderi=قادری Sharifi=شریفی Mirzai=میرزایی Akbari=اکبری Bayat=بیات Faizi=فیضی",
    women_surnames: "",
    made: [
        "Ahmad=احمد Akbar=اکبر Aziz=عزیز Bahram=بهرام Barak=بارک Daulat=دولت Ghulam=غلام Habib=حبیب Hasan=حسن Ibrahim=ابراهیم
        Isa=عیسی Jalal=جلال Jan=جان Khan=خان Lal=لعل Mir=میر Mus=موس Nasr=نصر Omar=عمر Qadir=قادر Sadiq=صادق Shir=شیر Sulaiman=سلیمان Tur=تور Yus=یوس",
        "ullah=الله an=ان in=ین al=ال",
        "zai=زی khail=خیل zada=زاده i=ی yar=یار pur=پور mal=مل bek=بیک",
    ],
    made_share: 300,
    made_given: [
        "Abdul=عبدال Najib=نجیب_ Habib=حبیب_ Amin=امین_ Asad=اسد_ Barakat=برکت_ Fazl=فضل_ Hamid=حمید_ Hekmat=حکمت_ Naqib=نقیب_ Samim=صمیم_ Sana=ثنا_ Wali=ولی_ Zia=ضیا_",
        "ullah=الله _Khan=خان _Jan=جان _Gul=گل",
    ],
    made_given_share: 240,
    nicknames: "Mohammad=Mamad Ahmad=Ahmadjan Fatima=Fati Ghulam_Ali=Ghulam Zainab=Zeba Hamid=Hamidjan Najibullah=Najib
        Rahmatullah=Rahmat Esmatullah=Esmat Zabihullah=Zabi",
    places: "Kabul=کابل Herat=هرات Kandahar=کندهار Mazar-e_Sharif=مزار_شریف Kunduz=کندز Jalalabad=جلال_آباد Ghazni=غزنی Bamyan=بامیان
        Baghlan=بغلان Takhar=تخار Badakhshan=بدخشان Faryab=فاریاب Helmand=هلمند Nangarhar=ننگرهار Laghman=لغمان Khost=خوست
        Paktia=پکتیا Logar=لوگر Maidan_Wardak=میدان_وردک Parwan=پروان Peshawar=پشاور Quetta=کویته Daikundi=دایکندی Uruzgan=ارزگان",
    route: "Zaranj=زرنج Islam_Qala=اسلام_قلعه Van Edirne Lesvos Velika_Kladuša Bihać Calais Subotica Trieste",
    nations: "AFG PAK IRN",
    ear: &[
        ("mohammad", &["mohammed", "muhammad", "mohamad", "mohamed", "mohd"]),
        ("ullah", &["ollah", "ulla", "allah", "olah"]),
        ("ai", &["ay", "ei", "e"]),
        ("zai$", &["zay", "zei", "zi"]),
        ("kh", &["x", "k"]),
        ("gh", &["g", "q"]),
        ("oo", &["u", "ou"]),
        ("ou", &["o", "u"]),
        ("ss", &["s"]),
        ("q", &["k", "gh"]),
        ("w", &["v"]),
        ("j", &["dj"]),
        ("i$", &["y", "ee"]),
        ("ia$", &["iya", "ieh"]),
        ("a$", &["ah", "e"]),
        ("u", &["o"]),
        ("i", &["e", "ee"]),
        ("ee", &["i"]),
        ("h", &[""]),
    ],
    native_ear: &[
        ("ی", &["ي"]),
        ("ک", &["ك"]),
        ("ه$", &["ة", "ا"]),
        ("آ", &["ا"]),
        ("ذ", &["ز"]),
        ("ث", &["س"]),
        ("ص", &["س"]),
        ("ض", &["ز"]),
        (" ", &["", "\u{200c}"]),
        ("ځ", &["ز"]),
    ],
};
