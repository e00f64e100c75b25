//! Ukraine and its neighbours: given name, patronymic, surname with a form for women; Cyrillic in Ukrainian or
//! Russian spelling, and in Latin letters as the passport, Russian, German, Polish or French habit has it.

use super::{Descent, Name, Source};

/// The surname as a woman carries it: adjectives and possessives change, the others do not.
pub(super) fn feminine(name: &Name) -> Name {
    const FORMS: [(&str, &str, &str, &str); 6] = [
        ("skyi", "ska", "ський", "ська"),
        ("tskyi", "tska", "цький", "цька"),
        ("nyi", "na", "ний", "на"),
        ("ov", "ova", "ов", "ова"),
        ("ev", "eva", "ев", "ева"),
        ("in", "ina", "ін", "іна"),
    ];
    for (man, woman, native_man, native_woman) in FORMS {
        if let (Some(stem), Some(native_stem)) =
            (name.latin.strip_suffix(man), name.native.strip_suffix(native_man))
        {
            return Name { latin: [stem, woman].concat(), native: [native_stem, native_woman].concat() };
        }
    }
    name.clone()
}

/// The patronymic: Ivan's daughter is Ivanivna, Serhii's son Serhiiovych.
pub(super) fn patronymic(father: &Name, female: bool) -> Name {
    let latin = father.latin.strip_suffix(['o', 'a']).unwrap_or(&father.latin);
    let native = father.native.strip_suffix(['о', 'а', 'й', 'ь']).unwrap_or(&father.native);
    let (ending, native_ending) = match (female, father.native.ends_with('й')) {
        (false, false) => ("ovych", "ович"),
        (false, true) => ("iovych", "йович"),
        (true, false) => ("ivna", "івна"),
        (true, true) => ("ivna", "ївна"),
    };
    let latin = latin.strip_suffix("ii").map_or_else(|| latin.to_owned(), |stem| [stem, "i"].concat());
    let latin = if father.native.ends_with('й') { latin.trim_end_matches('i').to_owned() } else { latin };
    Name { latin: [&latin, ending].concat(), native: [native, native_ending].concat() }
}

pub(super) const SOURCE: Source = Source {
    descent: Descent::SurnameAndPatronymic,
    men: "Oleksandr=Олександр Serhii=Сергій Volodymyr=Володимир Andrii=Андрій Mykola=Микола Ivan=Іван Vasyl=Василь Viktor=Віктор
        Yurii=Юрій Oleh=Олег Dmytro=Дмитро Mykhailo=Михайло Petro=Петро Ihor=Ігор Roman=Роман Vitalii=Віталій Anatolii=Анатолій
        Bohdan=Богдан Taras=Тарас Maksym=Максим Yevhen=Євген Pavlo=Павло Oleksii=Олексій Valerii=Валерій Stepan=Степан
        Yaroslav=Ярослав Vladyslav=Владислав Artem=Артем Denys=Денис Kyrylo=Кирило Nazar=Назар Ruslan=Руслан Stanislav=Станіслав
        Hryhorii=Григорій Leonid=Леонід Bohuslav=Богуслав Zakhar=Захар Tymofii=Тимофій Matvii=Матвій Danylo=Данило",
    women: "Olena=Олена Oksana=Оксана Iryna=Ірина Nataliia=Наталія Tetiana=Тетяна Svitlana=Світлана Liudmyla=Людмила Halyna=Галина
        Olha=Ольга Mariia=Марія Hanna=Ганна Nadiia=Надія Liubov=Любов Yuliia=Юлія Viktoriia=Вікторія Anastasiia=Анастасія
        Kateryna=Катерина Valentyna=Валентина Larysa=Лариса Inna=Інна Alina=Аліна Daryna=Дарина Solomiia=Соломія Yana=Яна Sofiia=Софія
        Polina=Поліна Zhanna=Жанна Raisa=Раїса Vira=Віра Lidiia=Лідія Oleksandra=Олександра Yevheniia=Євгенія Khrystyna=Христина",
    second_given: 0,
    surnames: "Melnyk=Мельник Shevchenko=Шевченко Kovalenko=Коваленко Bondarenko=Бондаренко Boiko=Бойко Tkachenko=Ткаченко
        Kravchenko=Кравченко Kovalchuk=Ковальчук Koval=Коваль Oliinyk=Олійник Shevchuk=Шевчук Polishchuk=Поліщук Lysenko=Лисенко
        Savchenko=Савченко Rudenko=Руденко Petrenko=Петренко Moroz=Мороз Klymenko=Клименко Ivanov=Іванов Popov=Попов Tkachuk=Ткачук
        Marchenko=Марченко Kharchenko=Харченко Sydorenko=Сидоренко Hrytsenko=Гриценко Zakharchenko=Захарченко Pavlenko=Павленко
        Kuzmenko=Кузьменко Honcharenko=Гончаренко Yurchenko=Юрченко Kostiuk=Костюк Romaniuk=Романюк Zhuk=Жук Hnatiuk=Гнатюк
        Panchenko=Панченко Volkov=Волков Vasylenko=Василенко Levchenko=Левченко Yatsenko=Яценко Kucher=Кучер Hryshchenko=Грищенко
        Lytvyn=Литвин Zelinskyi=Зелінський Chornyi=Чорний Bilyi=Білий Dombrovskyi=Домбровський",
    women_surnames: "",
    made: [
        "Bab=Баб Bar=Бар Bon=Бон Chor=Чор Dan=Дан Dor=Дор Dub=Дуб Fed=Фед Hal=Гал Har=Гар Hol=Гол Hrab=Граб Kal=Кал Kar=Кар Khom=Хом Kol=Кол
        Kos=Кос Kryv=Крив Kyr=Кир Lav=Лав Luk=Лук Mar=Мар Mykh=Мих Naz=Наз Ost=Ост Pal=Пал Pet=Пет Pol=Пол Rom=Ром Shul=Шул Shch=Щ Star=Стар
        Sym=Сим Ter=Тер Tym=Тим Vas=Вас Vor=Вор Zab=Заб Zhur=Жур Zub=Зуб",
        "an=ан ar=ар el=ел en=ен er=ер in=ін ol=ол or=ор osh=ош ush=уш ych=ич",
        "enko=енко uk=ук chuk=чук skyi=ський tskyi=цький iv=ів ov=ов ko=ко yk=ик nyi=ний shyn=шин ets=ець a=а iak=як ash=аш",
    ],
    made_share: 380,
    made_given: ["", ""],
    made_given_share: 0,
    nicknames: "Oleksandr=Sasha Serhii=Serhiyko Volodymyr=Vova Mykola=Kolia Dmytro=Dima Mykhailo=Misha Yevhen=Zhenia Olena=Lena
        Nataliia=Natasha Tetiana=Tania Svitlana=Sveta Kateryna=Katia Mariia=Masha Anastasiia=Nastia Oleksandra=Sasha Viktoriia=Vika
        Yuliia=Yulia Hanna=Ania Ivan=Vania Pavlo=Pasha",
    places: "Kyiv=Київ Kharkiv=Харків Mariupol=Маріуполь Kherson=Херсон Donetsk=Донецьк Luhansk=Луганськ Zaporizhzhia=Запоріжжя
        Dnipro=Дніпро Odesa=Одеса Mykolaiv=Миколаїв Sumy=Суми Chernihiv=Чернігів Bakhmut=Бахмут Kramatorsk=Краматорськ
        Sloviansk=Слов'янськ Izium=Ізюм Melitopol=Мелітополь Berdiansk=Бердянськ Irpin=Ірпінь Bucha=Буча Lysychansk=Лисичанськ
        Poltava=Полтава Lviv=Львів Vinnytsia=Вінниця Chișinău=Кишинів",
    route: "Przemyśl Medyka Lviv=Львів Uzhhorod=Ужгород Palanca Siret Chișinău Záhony Dnipro=Дніпро Berlin",
    nations: "UKR MDA RUS BLR",
    ear: &[
        ("shch", &["sch", "szcz", "schtsch", "chtch"]),
        ("zh", &["j", "ż", "sch", "z"]),
        ("kh", &["h", "ch", "kch"]),
        ("ch", &["tsch", "cz", "tch", "č"]),
        ("sh", &["sch", "sz", "ch", "š"]),
        ("ts", &["c", "z", "tz"]),
        ("skyi", &["sky", "skiy", "ski", "skyy"]),
        ("iia", &["ia", "iya", "ija"]),
        ("ii", &["iy", "y", "ij", "i"]),
        ("iu", &["yu", "ju", "iou"]),
        ("ia", &["ya", "ja"]),
        ("yu", &["iu", "ju", "iou"]),
        ("ya", &["ia", "ja"]),
        ("^ye", &["e", "je", "ie"]),
        ("oleksandr", &["aleksandr", "alexander", "olexandr", "alexandr"]),
        ("olena", &["elena", "yelena", "helena"]),
        ("mykola", &["nikolai", "nikolay", "mikola"]),
        ("hanna", &["anna", "ganna"]),
        ("h", &["g"]),
        ("y", &["i", "j"]),
        ("v", &["w", "ff"]),
        ("o", &["a"]),
        ("iv$", &["ev", "iw"]),
        ("i", &["y", "e"]),
        ("c", &["k"]),
    ],
    native_ear: &[
        ("олександр", &["александр"]),
        ("микола", &["николай"]),
        ("олена", &["елена"]),
        ("ій$", &["ий", "ей"]),
        ("ія$", &["ия"]),
        ("ський$", &["ский"]),
        ("ська$", &["ская"]),
        ("і", &["и"]),
        ("ї", &["и"]),
        ("є", &["е"]),
        ("и", &["ы", "і"]),
        ("ьк", &["к"]),
        ("'", &["ъ", ""]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn name(latin: &str, native: &str) -> Name {
        Name { latin: latin.to_owned(), native: native.to_owned() }
    }

    #[test]
    fn women_carry_their_own_form() {
        assert_eq!(feminine(&name("Zelinskyi", "Зелінський")), name("Zelinska", "Зелінська"));
        assert_eq!(feminine(&name("Popov", "Попов")), name("Popova", "Попова"));
        assert_eq!(feminine(&name("Melnyk", "Мельник")), name("Melnyk", "Мельник"));
    }

    #[test]
    fn the_patronymic_follows_the_father() {
        assert_eq!(patronymic(&name("Ivan", "Іван"), true), name("Ivanivna", "Іванівна"));
        assert_eq!(patronymic(&name("Petro", "Петро"), false), name("Petrovych", "Петрович"));
        assert_eq!(patronymic(&name("Serhii", "Сергій"), false), name("Serhiovych", "Сергійович"));
    }
}
