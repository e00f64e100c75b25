//! The sent copy in the reader's language. What was sealed stays as it was, in codes; only how a code is read changes.

use super::DisclosedField;
use crate::web::Shell;

/// One line of a field of the copy, in words.
pub(super) fn line(t: &Shell, field: DisclosedField, line: &str) -> String {
    match field {
        DisclosedField::Sex => t.tr_code("visit-sex-", line),
        DisclosedField::Birth => birth(t, line),
        DisclosedField::Functioning => match line.split_once(": ") {
            Some((what, level)) => {
                format!("{}: {}", t.tr_code("copied-", what), t.tr_code("copied-level-", level))
            }
            None => line.to_owned(),
        },
        DisclosedField::Protection => match line.split_once(": ") {
            Some(("note", text)) => format!("{}: {text}", t.tr("copied-note")),
            Some((what, code)) => {
                let kind = t.tr_code("copied-", what);
                format!("{kind}: {}", t.tr_code(&format!("copied-{what}-"), code))
            }
            None => t.tr_code("copied-", line),
        },
        DisclosedField::Reach => match line.split_once(": ") {
            Some((way @ ("address" | "email" | "safe_use"), text)) => {
                format!("{}: {text}", t.tr_code("copied-", way))
            }
            _ => line.to_owned(),
        },
        _ => line.to_owned(),
    }
}

/// A day, a month, a year, "about", or an age on a day.
fn birth(t: &Shell, line: &str) -> String {
    if let Some((ages, on)) = line.strip_prefix("age ").and_then(|rest| rest.split_once(" on ")) {
        let ages = match ages.split_once('-') {
            Some((least, most)) if least == most => least.to_owned(),
            _ => ages.replace('-', "–"),
        };
        return format!("{} ({})", t.tr_text("copied-age", "age", ages), t.day_text(on));
    }
    match line.strip_suffix('~') {
        Some(date) => t.tr_text("copied-about", "date", t.day_text(date)),
        None if line == "possibly_under_18" => t.tr("copied-possibly-under-18"),
        None => t.day_text(line),
    }
}
