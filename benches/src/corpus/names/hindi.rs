//! Nepal and northern India: a given name, often Kumar, Bahadur, Devi or Kumari after it, and a family or caste name;
//! Devanagari or Latin, with aa/a, v/w, sh/s and final a uncertain.

use super::{Descent, Source};

pub(super) const SOURCE: Source = Source {
    descent: Descent::Surname,
    men: "Ram=राम Hari=हरि Krishna=कृष्ण Shyam=श्याम Rajesh=राजेश Suresh=सुरेश Ramesh=रमेश Dinesh=दिनेश Mahesh=महेश Ganesh=गणेश Santosh=सन्तोष
        Prakash=प्रकाश Raju=राजु Sanjay=सञ्जय Vijay=विजय Ajay=अजय Anil=अनिल Sunil=सुनील Amit=अमित Deepak=दीपक Bikash=विकास Bishnu=विष्णु
        Dil_Bahadur=दिल_बहादुर Man_Bahadur=मान_बहादुर Tek_Bahadur=टेक_बहादुर Gopal=गोपाल Govinda=गोविन्द Indra=इन्द्र Kamal=कमल Keshav=केशव
        Kiran=किरण Lokendra=लोकेन्द्र Madan=मदन Manoj=मनोज Mohan=मोहन Nabin=नवीन Narayan=नारायण Navraj=नवराज Pawan=पवन Pradeep=प्रदीप Rakesh=राकेश
        Rohit=रोहित Sachin=सचिन Shankar=शंकर Shiva=शिव Tilak=तिलक Umesh=उमेश Yubaraj=युवराज",
    women: "Sita=सीता Gita=गीता Maya=माया Laxmi=लक्ष्मी Saraswati=सरस्वती Parvati=पार्वती Radha=राधा Sunita=सुनिता Anita=अनिता Sarita=सरिता
        Kamala=कमला Bimala=विमला Nirmala=निर्मला Durga=दुर्गा Devi=देवी Asha=आशा Usha=उषा Rekha=रेखा Pooja=पूजा Priya=प्रिया Kavita=कविता
        Mina=मीना Nisha=निशा Shanti=शान्ति Sharmila=शर्मिला Sushila=सुशीला Tara=तारा Bhawana=भावना Chandra=चन्द्र Ganga=गंगा Jamuna=जमुना Rita=रीता",
    second_given: 420,
    surnames: "Thapa=थापा Tamang=तामाङ Gurung=गुरुङ Rai=राई Limbu=लिम्बु Magar=मगर Shrestha=श्रेष्ठ Chaudhary=चौधरी Yadav=यादव Sah=साह
        Sharma=शर्मा Singh=सिंह Kumar=कुमार Gupta=गुप्ता Verma=वर्मा Mishra=मिश्रा Paswan=पासवान Karki=कार्की Khadka=खड्का Adhikari=अधिकारी
        Bhandari=भण्डारी Bista=बिष्ट Poudel=पौडेल Ghimire=घिमिरे Koirala=कोइराला Nepali=नेपाली Pariyar=परियार Sunar=सुनार Lama=लामा
        Sherpa=शेर्पा Dhakal=ढकाल Rawat=रावत Negi=नेगी Prasad=प्रसाद",
    women_surnames: "",
    made: [
        "Bas=बस Bha=भा Chan=चन Dha=ढा Gau=गौ Ghi=घि Jai=जै Kan=कन Kha=खा Lam=लम Pan=पन Ra=रा Sap=सप Sub=सुब Tri=त्रि",
        "ka=का ma=मा ni=नि ra=रा ri=रि ta=ता",
        "kota=कोटा wal=वाल yal=याल dari=दारी thoki=थोकी di=डी pathi=पाथी garhi=गढी niya=निया",
    ],
    made_share: 200,
    made_given: [
        "Jit=जित Dhan=धन Man=मान Bir=वीर Chandra=चन्द्र Lal=लाल Nar=नर Padam=पदम Purna=पूर्ण",
        "_Bahadur=_बहादुर _Prasad=_प्रसाद _Kumar=_कुमार _Raj=_राज _Lal=_लाल",
    ],
    made_given_share: 180,
    nicknames: "Krishna=Kanchha Rajesh=Raju Suresh=Suri Sunita=Sunu Prakash=Paku Laxmi=Laxu Santosh=Santu Sita=Kanchhi",
    places: "Kathmandu=काठमाडौँ Pokhara=पोखरा Janakpur=जनकपुर Birgunj=वीरगञ्ज Dhangadhi=धनगढी Biratnagar=विराटनगर Nepalgunj=नेपालगञ्ज Butwal=बुटवल
        Chitwan=चितवन Dharan=धरान Jhapa=झापा Dang=दाङ Sarlahi=सर्लाही Siraha=सिराहा Rolpa=रोल्पा Gorkha=गोरखा Patna=पटना Darbhanga=दरभंगा
        Siliguri=सिलीगुड़ी Gorakhpur=गोरखपुर",
    route: "Kakarbhitta=काँकडभिट्टा Sunauli=सुनौली Delhi=दिल्ली Doha Kuala_Lumpur Velika_Kladuša",
    nations: "NPL IND BTN",
    ear: &[
        ("chaudhary", &["chaudhari", "choudhary", "chowdhari"]),
        ("shrestha", &["shresta", "srestha"]),
        ("laxmi", &["lakshmi", "laksmi"]),
        ("ee", &["i"]),
        ("oo", &["u"]),
        ("aa", &["a"]),
        ("sh", &["s"]),
        ("ph", &["f"]),
        ("bh", &["b"]),
        ("dh", &["d"]),
        ("kh", &["k"]),
        ("gh", &["g"]),
        ("th", &["t"]),
        ("v", &["b", "w"]),
        ("w", &["v"]),
        ("^b", &["v"]),
        ("i", &["ee"]),
        ("u", &["oo"]),
        ("a$", &[""]),
        ("a", &["aa"]),
        ("j", &["z"]),
    ],
    native_ear: &[
        ("ी", &["ि"]),
        ("ि", &["ी"]),
        ("ू", &["ु"]),
        ("व", &["ब"]),
        ("श", &["स", "ष"]),
        ("ण", &["न"]),
        ("ँ", &["ं", ""]),
        ("ञ्ज", &["ंज"]),
    ],
};
