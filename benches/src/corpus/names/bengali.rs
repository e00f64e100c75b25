//! Bangladesh and the Rohingya: the honorific Md before a man's name is written, shortened or left out, women of a
//! household carry Begum, Khatun or Akter rather than a family name, and v/bh, j/z, s/sh are one sound to the ear.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::BySex,
    men: "Abdul_Karim=আব্দুল_করিম Rahim=রহিম Kamal=কামাল Jamal=জামাল Shafiq=শফিক Rafiq=রফিক Nurul=নুরুল Monir=মনির Sohel=সোহেল
        Md_Ali=মোঃ_আলী Mohammad=মোহাম্মদ Ibrahim=ইব্রাহিম Yusuf=ইউসুফ Ismail=ইসমাইল Habib=হাবিব Anwar=আনোয়ার Aziz=আজিজ Belal=বেলাল
        Delwar=দেলোয়ার Faruk=ফারুক Hasan=হাসান Imran=ইমরান Jahangir=জাহাঙ্গীর Kabir=কবির Liton=লিটন Mizan=মিজান Nasir=নাসির
        Omar=ওমর Parvez=পারভেজ Rasel=রাসেল Saiful=সাইফুল Selim=সেলিম Shahin=শাহীন Sumon=সুমন Tariq=তারিক Zahid=জাহিদ Ayub=আইয়ুব
        Rashid=রশিদ Salam=সালাম Syed=সৈয়দ Harun=হারুন Alam=আলম Shomsul=শামসুল Bappi=বাপ্পি Robiul=রবিউল Abu_Taher=আবু_তাহের Zakir=জাকির",
    women: "Fatema=ফাতেমা Ayesha=আয়েশা Rahima=রহিমা Khadiza=খাদিজা Nasima=নাসিমা Rokeya=রোকেয়া Salma=সালমা Shirin=শিরিন Taslima=তাসলিমা
        Amina=আমিনা Anowara=আনোয়ারা Asma=আসমা Hasina=হাসিনা Jahanara=জাহানারা Jannat=জান্নাত Kulsum=কুলসুম Laily=লাইলী Mariam=মরিয়ম
        Minara=মিনারা Morzina=মর্জিনা Nur_Jahan=নুরজাহান Parvin=পারভীন Rabeya=রাবেয়া Rashida=রাশিদা Rehana=রেহানা Ruma=রুমা Sabina=সাবিনা
        Senuara=সেনুয়ারা Shahida=শাহিদা Sufia=সুফিয়া Sumaiya=সুমাইয়া Yasmin=ইয়াসমিন Zohura=জোহরা Hamida=হামিদা",
    second_given: 260,
    surnames: "Hossain=হোসেন Islam=ইসলাম Ahmed=আহমেদ Rahman=রহমান Uddin=উদ্দিন Miah=মিয়া Ali=আলী Khan=খান Hoque=হক Alam=আলম Sheikh=শেখ
        Chowdhury=চৌধুরী Sarkar=সরকার Mollah=মোল্লা Sikder=সিকদার Talukder=তালুকদার Bhuiyan=ভূঁইয়া Howlader=হাওলাদার Majumder=মজুমদার
        Das=দাস Roy=রায় Mondal=মন্ডল Biswas=বিশ্বাস Johar=জোহার Salam=সালাম Kalam=কালাম",
    women_surnames: "Begum=বেগম Khatun=খাতুন Akter=আক্তার Bibi=বিবি Khanam=খানম Nessa=নেছা Banu=বানু Sultana=সুলতানা",
    made: [
        "Abul=আবুল Shams=শামস Zahir=জহির Mofiz=মফিজ Nizam=নিজাম Jalal=জালাল Kutub=কুতুব Salah=সালাহ Shahab=শাহাব Giyas=গিয়াস Moin=মঈন",
        "",
        "uddin=ুদ্দিন ullah=ুল্লাহ ur=ুর ul=ুল",
    ],
    made_share: 180,
    made_given: [
        "Abdul=আব্দুল_ Nur=নুর_ Shah=শাহ_ Md=মোঃ_ Abu=আবু_ Mir=মীর_ Gazi=গাজী_",
        "_Karim=করিম _Rahim=রহিম _Jalil=জলিল _Latif=লতিফ _Malek=মালেক _Hakim=হাকিম _Kader=কাদের _Mannan=মান্নান _Alam=আলম _Kasem=কাশেম
        _Sattar=সাত্তার _Gafur=গফুর _Motaleb=মোতালেব",
    ],
    made_given_share: 350,
    nicknames: "Sohel=Shuvo Kamal=Kamu Fatema=Fatu Jahangir=Jahan Mohammad=Mamun Nasima=Nasu Rahima=Rani Shafiq=Shofi Yusuf=Iusu",
    places: "Cox's_Bazar=কক্সবাজার Teknaf=টেকনাফ Ukhia=উখিয়া Maungdaw=মংডু Buthidaung=বুথিডং Rathedaung=রাথেডং Sittwe=সিতওয়ে
        Chattogram=চট্টগ্রাম Dhaka=ঢাকা Sylhet=সিলেট Noakhali=নোয়াখালী Cumilla=কুমিল্লা Feni=ফেনী Barishal=বরিশাল Madaripur=মাদারীপুর
        Shariatpur=শরীয়তপুর Faridpur=ফরিদপুর Khulna=খুলনা Rajshahi=রাজশাহী Mymensingh=ময়মনসিংহ Kishoreganj=কিশোরগঞ্জ Sunamganj=সুনামগঞ্জ",
    route: "Teknaf=টেকনাফ Kutupalong=কুতুপালং Bhasan_Char=ভাসানচর Aceh Langkawi Tripoli Lampedusa Benghazi",
    nations: "BGD MMR IND",
    ear: &[
        ("mohammad", &["mohammed", "muhammad", "md", "md.", "mohd"]),
        ("^md$", &["md.", "mohd", "mohammad", "muhammad"]),
        ("hossain", &["hossen", "hussain", "hosen", "hussein"]),
        ("uddin", &["udin", "oddin", "uddeen"]),
        ("chowdhury", &["choudhury", "chaudhuri", "chowdury"]),
        ("hoque", &["haque", "haq", "hoq", "huq"]),
        ("bh", &["v", "b"]),
        ("sh", &["s"]),
        ("kh", &["k"]),
        ("ch", &["c", "s"]),
        ("ia$", &["iya", "ea"]),
        ("z", &["j"]),
        ("j", &["z"]),
        ("v", &["b", "bh"]),
        ("q", &["k"]),
        ("oo", &["u"]),
        ("ee", &["i"]),
        ("o", &["a", "u"]),
        ("e", &["i"]),
        ("u", &["oo", "o"]),
        ("a$", &["ah"]),
        ("i", &["ee"]),
    ],
    native_ear: &[
        ("ী", &["ি"]),
        ("ি", &["ী"]),
        ("ূ", &["ু"]),
        ("শ", &["স", "ষ"]),
        ("জ", &["য"]),
        ("ণ", &["ন"]),
        ("মোঃ", &["মো", "মোহাম্মদ", "মোঃ"]),
        ("ঁ", &[""]),
        ("ছ", &["স"]),
    ],
};
