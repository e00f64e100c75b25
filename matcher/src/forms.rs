//! Short forms and other forms of a name, from a readable list.

use std::sync::LazyLock;

use hashbrown::HashMap;

struct Forms {
    groups: Vec<Vec<&'static str>>,
    of: HashMap<&'static str, Vec<u16>>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let lines = include_str!("../data/forms.txt").lines().filter(|line| !line.starts_with('#'));
    let groups: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
    let mut of: HashMap<&str, Vec<u16>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        for form in group {
            of.entry(form).or_default().extend(u16::try_from(at));
        }
    }
    Forms { groups, of }
});

/// Whether two romanised words are listed as forms of one name.
pub(crate) fn related(a: &str, b: &str) -> bool {
    match (FORMS.of.get(a), FORMS.of.get(b)) {
        (Some(a), Some(b)) => a.iter().any(|group| b.contains(group)),
        _ => false,
    }
}

/// The other listed forms of a romanised word.
pub(crate) fn of(word: &str) -> impl Iterator<Item = &'static str> {
    let groups = FORMS.of.get(word).into_iter().flatten();
    groups.filter_map(|group| FORMS.groups.get(usize::from(*group))).flatten().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_both_ways_and_only_within_their_group() {
        assert!(related("mykola", "nikolai") && related("nikolai", "mykola"));
        assert!(!related("mykola", "fatima"));
        assert!(of("lupita").any(|form| form == "guadalupe"));
    }

    #[test]
    fn the_list_is_folded_as_names_are() {
        for form in FORMS.of.keys() {
            let folded = crate::fold::name(form);
            assert!(folded.len() == 1 && folded.iter().all(|word| word.text == *form), "{form}");
        }
    }
}
