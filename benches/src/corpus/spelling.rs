//! How a true name becomes what stands on a form: the script and habits of one writer, hearing, haste.
//!
//! A writer keeps their habits through a record (someone who writes `ou` for `u` does so in the father's name
//! too), so habits are drawn once per record and slips per word.

use super::names::{Community, Name, Rule};
use super::rng::Rng;

/// How careful a writer is, in thousandths.
#[derive(Clone, Copy)]
pub(super) struct Care {
    /// Share of the hearing rules this writer departs from.
    pub(super) ear: u32,
    /// Words with a typing error.
    pub(super) typo: u32,
}

/// One writer filling in one record.
pub(super) struct Pen {
    native: bool,
    latin_habits: Vec<(Rule, &'static str)>,
    native_habits: Vec<(Rule, &'static str)>,
    letters: Letters,
    accents: bool,
    typo: u32,
}

#[derive(Clone, Copy)]
enum Letters {
    Usual,
    Capitals,
    Small,
}

impl Pen {
    pub(super) fn new(community: Community, care: Care, rng: &mut Rng) -> Self {
        let lists = community.lists();
        let latin_habits = habits(lists.ear, care.ear, rng);
        let native_habits = habits(lists.native_ear, care.ear, rng);
        let letters = match rng.weighted(&[590, 335, 75]) {
            0 => Letters::Usual,
            1 => Letters::Capitals,
            _ => Letters::Small,
        };
        Self {
            native: rng.chance(community.native_share()),
            latin_habits,
            native_habits,
            letters,
            accents: rng.chance(650),
            typo: care.typo,
        }
    }

    /// Names one after the other, as this writer puts them down; two may run together.
    pub(super) fn names(&self, names: &[&Name], rng: &mut Rng) -> String {
        let mut text = String::new();
        for name in names {
            if !text.is_empty() && !rng.chance(12) {
                text.push(' ');
            }
            text.push_str(&self.word(name, rng));
        }
        self.cased(&text)
    }

    /// A place: never joined with anything, sometimes in Latin letters on a form in another script.
    pub(super) fn place(&self, place: &Name, rng: &mut Rng) -> String {
        let latin = Name { latin: place.latin.clone(), native: String::new() };
        let text = self.word(if self.native && rng.chance(150) { &latin } else { place }, rng);
        match self.letters {
            Letters::Small => self.cased(&text),
            Letters::Usual | Letters::Capitals => title(&text),
        }
    }

    fn cased(&self, text: &str) -> String {
        match self.letters {
            Letters::Usual => title(text),
            Letters::Capitals => text.to_uppercase(),
            Letters::Small => text.to_lowercase(),
        }
    }

    fn word(&self, name: &Name, rng: &mut Rng) -> String {
        let native = self.native && !name.native.is_empty();
        let (source, habits) =
            if native { (&name.native, &self.native_habits) } else { (&name.latin, &self.latin_habits) };
        let mut text = heard(&loosened(&source.to_lowercase(), rng), habits, rng);
        if !native && !self.accents {
            text = text.chars().map(without_accent).collect();
        }
        if rng.chance(self.typo) { slipped(&text, rng) } else { text }
    }
}

fn habits(rules: &'static [Rule], share: u32, rng: &mut Rng) -> Vec<(Rule, &'static str)> {
    let mut kept = Vec::new();
    for rule in rules {
        if rng.chance(share)
            && let Some(instead) = rng.pick(rule.1)
        {
            kept.push((*rule, *instead));
        }
    }
    kept
}

const PARTICLES: [&str; 17] = [
    "al", "el", "de", "la", "los", "las", "del", "o", "ben", "bin", "bou", "abd", "abu", "md", "mir", "عبد",
    "أبو",
];

/// Words of one name joined, split or without their particle.
fn loosened(name: &str, rng: &mut Rng) -> String {
    let parts: Vec<&str> = name.split([' ', '-']).collect();
    if parts.len() > 1 {
        return match rng.weighted(&[600, 150, 120, 130]) {
            1 => parts.concat(),
            2 => parts.join(" "),
            3 => {
                let kept: Vec<&str> =
                    parts.iter().copied().filter(|part| !PARTICLES.contains(part)).collect();
                if kept.is_empty() { name.to_owned() } else { kept.join(" ") }
            }
            _ => name.to_owned(),
        };
    }
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 8 || !rng.chance(40) {
        return name.to_owned();
    }
    let (head, tail) = letters.split_at(3 + rng.below(letters.len() - 6));
    head.iter().chain(&[' ']).chain(tail).collect()
}

/// The name with the writer's habits applied from left to right.
fn heard(name: &str, habits: &[(Rule, &'static str)], rng: &mut Rng) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut rest = name;
    let mut at_start = true;
    while let Some(letter) = rest.chars().next() {
        let fitting = habits.iter().find_map(|((from, _), instead)| {
            let (anchored, from) = from.strip_prefix('^').map_or((false, *from), |from| (true, from));
            let (ending, from) = from.strip_suffix('$').map_or((false, from), |from| (true, from));
            let after = rest.strip_prefix(from)?;
            let at_end = after.chars().next().is_none_or(|next| " -".contains(next));
            ((!anchored || at_start) && (!ending || at_end)).then_some((after, *instead))
        });
        match fitting {
            Some((after, instead)) if rng.chance(880) => {
                text.push_str(instead);
                at_start = text.ends_with([' ', '-']);
                rest = after;
            }
            _ => {
                text.push(letter);
                at_start = " -".contains(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
    }
    let text = text.trim().to_owned();
    if text.is_empty() { name.to_owned() } else { text }
}

/// One slip of the fingers: two letters swapped, one left out, doubled or struck beside.
fn slipped(name: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 {
        return name.to_owned();
    }
    let place = 1 + rng.below(letters.len() - 2);
    match rng.weighted(&[300, 300, 150, 250]) {
        0 => letters.swap(place, place + 1),
        1 => {
            letters.remove(place);
        }
        2 => letters.insert(place, letters.get(place).copied().unwrap_or('a')),
        _ => {
            let beside = letters.get(place).and_then(|&letter| struck_beside(letter, rng));
            if let (Some(slot), Some(letter)) = (letters.get_mut(place), beside) {
                *slot = letter;
            }
        }
    }
    letters.into_iter().collect::<String>().trim().to_owned()
}

fn struck_beside(letter: char, rng: &mut Rng) -> Option<char> {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let row = ROWS.iter().find(|row| row.contains(letter))?;
    let place = row.find(letter)?;
    let beside = if rng.chance(500) { place + 1 } else { place.checked_sub(1)? };
    row.chars().nth(beside)
}

/// Each word with a capital; particles stay small.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, word) in text.split_inclusive([' ', '-', '\'']).enumerate() {
        let small = index > 0 && PARTICLES.contains(&word.trim_end_matches([' ', '-']));
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !small => out.extend(first.to_uppercase()),
            Some(first) => out.push(first),
            None => {}
        }
        out.push_str(letters.as_str());
    }
    out
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'ă' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' | 'č' => 'c',
        'š' => 's',
        'ž' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_respect_where_they_stand() {
        let mut rng = Rng::of(1, &[]);
        let habits: [(Rule, &'static str); 2] = [(("^h", &[""]), ""), (("a$", &["ah"]), "ah")];
        let always = |name: &str, rng: &mut Rng| {
            (0..50)
                .map(|_| heard(name, &habits, rng))
                .max_by_key(|text| usize::from(text == "ubaidah"))
                .unwrap_or_default()
        };
        assert_eq!(always("hubaida", &mut rng), "ubaidah");
        assert!((0..50).all(|_| heard("saheb", &habits, &mut rng) == "saheb"));
    }

    #[test]
    fn a_slip_changes_little_and_never_empties() {
        let mut rng = Rng::of(2, &[]);
        for _ in 0..500 {
            let slip = slipped("oleksandr", &mut rng);
            assert!((8..=10).contains(&slip.chars().count()), "{slip}");
        }
        assert_eq!(slipped("ali", &mut rng), "ali");
    }

    #[test]
    fn capitals_fall_on_words_not_on_particles() {
        assert_eq!(title("juan de la cruz"), "Juan de la Cruz");
        assert_eq!(title("n'guessan"), "N'Guessan");
        assert_eq!(title("al-hassan"), "Al-Hassan");
    }

    #[test]
    fn particles_are_kept_joined_or_dropped() {
        let mut rng = Rng::of(3, &[]);
        let mut seen: Vec<String> = (0..200).map(|_| loosened("de la cruz", &mut rng)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, ["cruz", "de la cruz", "delacruz"]);
    }
}
