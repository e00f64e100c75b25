//! The comparison of two people in the reader's language: field, what the family remembers, what was written down, why,
//! and how much that weighs.

use crate::matches::model::BandCode;
use crate::matches::view::{CandidateView, ExplanationView, FaceView, HIDDEN, LineView};
use crate::requests::{Said, birth_text, place_text};
use crate::web::{Shell, Shown};

/// One piece of evidence, in words.
pub struct Row {
    pub field: String,
    pub remembered: Said,
    pub written: Said,
    pub why: String,
    pub weight: Option<Weight>,
}

/// How much a line says, and which way.
pub struct Weight {
    pub words: String,
    pub bits: String,
    /// `for`, `against` or `neither`: the colour of its edge.
    pub leaning: &'static str,
}

/// A comparison: first what speaks, then what only one side knows.
#[derive(Default)]
pub struct Compared {
    pub same_family: bool,
    pub telling: Vec<Row>,
    pub silent: Vec<Row>,
}

/// The key of the words for a level: the four fields that hold names share one ladder.
pub fn rung_key(level: &str) -> String {
    let (field, step) = level.split_once('.').unwrap_or((level, ""));
    let key = match (field, step) {
        ("relatives" | "household", _) => format!("rung-{field}-{step}"),
        (_, "not_recorded") => "rung-not-recorded".to_owned(),
        ("given_name" | "family_name" | "father" | "mother", _) => format!("rung-name-{step}"),
        _ => format!("rung-{field}-{step}"),
    };
    key.replace('_', "-")
}

/// The key of the words for a weight in bits.
fn weight_key(bits: f32) -> (&'static str, &'static str) {
    match bits {
        b if b >= 4.0 => ("match-weigh-strongly-for", "for"),
        b if b >= 1.0 => ("match-weigh-for", "for"),
        b if b >= 0.05 => ("match-weigh-slightly-for", "for"),
        b if b > -0.05 => ("match-weigh-nothing", "neither"),
        b if b > -1.0 => ("match-weigh-slightly-against", "against"),
        b if b > -4.0 => ("match-weigh-against", "against"),
        _ => ("match-weigh-strongly-against", "against"),
    }
}

fn row(t: &Shell, line: &LineView) -> Row {
    if line.level == HIDDEN {
        let (remembered, written) = (Said::Nothing, Said::Nothing);
        let field = t.tr_code("match-field-", line.field);
        return Row { field, remembered, written, why: t.tr("value-hidden"), weight: None };
    }
    let said = |shown: &Shown<Option<String>>| {
        Said::of(shown, |value| {
            let value = value.as_ref()?;
            Some(match line.field {
                "sex" => t.tr_code("ask-sex-", value),
                "birth" | "time" => t.day_text(value),
                "nationality" => value.split(", ").map(|code| t.country(code)).collect::<Vec<_>>().join(", "),
                _ => value.clone(),
            })
        })
    };
    let weight = line.weight.map(|bits| {
        let (key, leaning) = weight_key(bits);
        Weight { words: t.tr(key), bits: format!("{bits:+.1}"), leaning }
    });
    Row {
        field: t.tr_code("match-field-", line.field),
        remembered: said(&line.request_value),
        written: said(&line.found_value),
        why: t.tr(&rung_key(line.level)),
        weight,
    }
}

impl Compared {
    /// How many fields only one side knows.
    pub fn silent_count(&self) -> usize {
        self.silent.len()
    }

    pub fn of(t: &Shell, explanation: &ExplanationView) -> Self {
        let (silent, telling): (Vec<&LineView>, Vec<&LineView>) =
            explanation.lines.iter().partition(|line| line.level.ends_with(".not_recorded"));
        let rows = |lines: Vec<&LineView>| lines.into_iter().map(|line| row(t, line)).collect();
        Self { same_family: explanation.verdict.is_some(), telling: rows(telling), silent: rows(silent) }
    }
}

/// A probability as people read it; never "certain" and never "impossible".
pub fn percent(probability: f64) -> String {
    match probability * 100.0 {
        p if p >= 99.0 => "> 99 %".to_owned(),
        p if p < 1.0 => "< 1 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// One candidate as a list shows it.
pub struct Card {
    pub view: CandidateView,
    /// Absent while another society has not let its record be seen, and when a side cannot be compared.
    pub compared: Option<Compared>,
    pub percent: Option<String>,
    pub band: Option<BandCode>,
}

impl Card {
    pub fn of(t: &Shell, view: CandidateView) -> Self {
        let open = view.access.shows_values();
        let compared = view.explanation.as_ref().filter(|_| open).map(|one| Compared::of(t, one));
        let percent = view.probability.filter(|_| open).map(percent);
        Self { compared, percent, band: open.then_some(view.band), view }
    }
}

/// What of two faces the lines of evidence do not show.
pub fn besides(t: &Shell, sought: &FaceView, found: &FaceView) -> Vec<Row> {
    let row = |key: &str, said: &dyn Fn(&FaceView) -> Said| Row {
        field: t.tr(key),
        remembered: said(sought),
        written: said(found),
        why: String::new(),
        weight: None,
    };
    let rows = vec![
        row("ask-full-name", &|face| Said::text(&face.full_name)),
        row("ask-original-script", &|face| Said::text(&face.original_script_name)),
        row("ask-nickname", &|face| {
            Said::of(&face.other_names, |names| {
                let names: Vec<&str> = names.iter().map(|other| other.name.as_str()).collect();
                (!names.is_empty()).then(|| names.join(", "))
            })
        }),
        row("ask-grandfather", &|face| Said::text(&face.grandfather_name)),
        row("ask-spouse", &|face| Said::text(&face.spouse_name)),
        row("ask-birth-date", &|face| Said::of(&face.birth, |birth| birth_text(t, birth))),
        row("ask-origin", &|face| {
            Said::of(&face.origin, |place| place.as_ref().map(|place| place_text(t, place)))
        }),
        row("ask-languages", &|face| Said::list(&face.languages)),
        row("request-description", &|face| Said::text(&face.description)),
    ];
    let empty = |row: &Row| row.remembered == Said::Nothing && row.written == Said::Nothing;
    rows.into_iter().filter(|row| !empty(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;
    use crate::web;

    #[test]
    fn every_level_and_verdict_that_matching_knows_has_its_words_in_every_language() {
        let mut walked = 0;
        for (field, level) in matcher::levels() {
            for language in Language::ALL {
                let key = rung_key(level);
                assert!(web::find(*language, &key).is_some(), "{key} for {level} in {language}");
                let key = format!("match-field-{}", field.as_str()).replace('_', "-");
                assert!(web::find(*language, &key).is_some(), "{key} in {language}");
                walked += 1;
            }
        }
        assert!(walked > 300, "the levels were not walked");
        // The page has one sentence, for the one verdict there is.
        assert_eq!(matcher::Verdict::ALL, [matcher::Verdict::SameFamilyAnotherPerson]);
    }

    #[test]
    fn every_weight_has_its_words() {
        for bits in [9.0, 2.0, 0.2, 0.0, -0.2, -2.0, -9.0] {
            let (key, _) = weight_key(bits);
            for language in Language::ALL {
                assert!(web::find(*language, key).is_some(), "{key} in {language}");
            }
        }
        assert_eq!(weight_key(-9.0).1, "against");
    }

    #[test]
    fn no_score_reads_as_certain() {
        assert_eq!(percent(1.0), "> 99 %");
        assert_eq!(percent(0.994), "> 99 %");
        assert_eq!(percent(0.42), "42 %");
        assert_eq!(percent(0.0), "< 1 %");
    }
}
