//! What the forms about requests ask: the same questions when one is opened and when it is changed.

use super::asked::{Asked, Kind, choices};
use crate::people::{NameKind, OtherNameForm, PersonForm, Relation, Sex};
use crate::requests::model::*;
use crate::web::Shell;

/// What is asked of somebody who is looked for. `at` is where the form keeps them, such as `sought.0.`
pub fn looked_for(t: &Shell, at: &str) -> Vec<Asked> {
    let line = |name: &str, key: &str| Asked::new(t, format!("{at}{name}"), key, Kind::Line(200));
    let country = |name: &str, key: &str| Asked::new(t, format!("{at}{name}"), key, Kind::Country);
    let sex = choices(t, "ask-sex-", Sex::CODES);
    vec![
        line("person.given_names", "ask-given-names").hint(t, "ask-given-names-hint"),
        line("person.family_names", "ask-family-names"),
        line("person.original_script_name", "ask-original-script"),
        line("nickname", "ask-nickname").hint(t, "ask-nickname-hint"),
        line("person.father_name", "ask-father"),
        line("person.mother_name", "ask-mother"),
        Asked::new(t, format!("{at}person.sex"), "ask-sex", sex),
        Asked::new(t, format!("{at}person.birth.date"), "ask-birth-date", Kind::Code(10))
            .hint(t, "ask-partial-date-hint"),
        Asked::new(t, format!("{at}person.birth.age"), "ask-age", Kind::Number).hint(t, "ask-age-hint"),
        Asked::new(t, format!("{at}person.birth.possibly_under_18"), "ask-under-18", Kind::Box),
        country("person.nationalities.0", "ask-nationality").hint(t, "ask-country-hint"),
        line("person.origin.name", "ask-origin"),
        country("person.origin.country", "ask-origin-country"),
        Asked::new(t, format!("{at}person.phones.0"), "ask-phone", Kind::Phone),
    ]
}

/// On a page somebody may be called otherwise too, without a word for what kind of name that is.
pub fn call(person: &mut PersonForm, nickname: Option<String>) {
    let name = |name| OtherNameForm { kind: NameKind::Nickname, name };
    person.other_names = nickname.map(|nickname| vec![name(nickname)]);
}

/// Where somebody was last, when the family last heard of them, and where they were going.
pub fn way(t: &Shell, at: &str) -> Vec<Asked> {
    let ask = |name: &str, key: &str, kind| Asked::new(t, format!("{at}{name}"), key, kind);
    let means = choices(t, "request-means-", LastContactMeans::CODES);
    vec![
        ask("last_place.name", "ask-last-place", Kind::Line(200)),
        ask("last_place.country", "ask-last-country", Kind::Country),
        ask("last_contact.on", "ask-last-contact", Kind::Code(10)).hint(t, "ask-partial-date-hint"),
        ask("last_contact.means", "request-means", means),
        ask("journey.destination.name", "request-destination", Kind::Line(200)),
        ask("journey.destination.country", "request-destination-country", Kind::Country),
    ]
}

/// The rest of what a family may know of the way, with so many rows for places and for companions.
pub fn more_of_the_way(t: &Shell, at: &str, places: usize, companions: usize) -> Vec<Asked> {
    let ask = |name: &str, key: &str, kind| Asked::new(t, format!("{at}{name}"), key, kind);
    let source = choices(t, "request-source-", InformationSource::CODES);
    let mut fields = vec![
        ask("last_contact.source", "request-source", source),
        ask("journey.vessel_or_vehicle", "request-vessel", Kind::Line(200)),
        ask("journey.group", "request-group", Kind::Line(500)),
    ];
    for row in 0..places {
        let name = |name: &str| format!("journey.route.{row}.{name}");
        fields.push(ask(&name("name"), "request-route-place", Kind::Line(200)).numbered(row + 1));
        fields.push(ask(&name("country"), "request-route-country", Kind::Country).numbered(row + 1));
    }
    for row in 0..companions {
        let name = |name: &str| format!("journey.companions.{row}.{name}");
        let relation = choices(t, "relation-", Relation::CODES);
        fields.push(ask(&name("name"), "request-companion-name", Kind::Line(200)).numbered(row + 1));
        fields.push(ask(&name("relation"), "request-companion-relation", relation).numbered(row + 1));
    }
    fields.extend([
        ask("journey.documents", "request-documents", Kind::Line(500)),
        ask("journey.health", "request-health", Kind::Line(500)),
    ]);
    fields
}

/// How the enquirer is reached without danger to anybody.
pub fn safe_contact(t: &Shell) -> Vec<Asked> {
    let line = |name: &str, key: &str, most| Asked::new(t, name, key, Kind::Line(most));
    let relation = choices(t, "relation-", Relation::CODES);
    vec![
        line("safe_contact.times", "request-safe-times", 200).hint(t, "request-safe-times-hint"),
        Asked::new(t, "safe_contact.may_leave_message", "request-safe-message", Kind::Box),
        line("safe_contact.alternate.name", "request-alternate-name", 200),
        Asked::new(t, "safe_contact.alternate.relation", "request-alternate-relation", relation),
        Asked::new(t, "safe_contact.alternate.phone", "request-alternate-phone", Kind::Phone),
        Asked::new(t, "safe_contact.note", "request-safe-note", Kind::Prose(1000)),
    ]
}

/// What happened. Concerns are boxes of their own.
pub fn circumstances(t: &Shell) -> Vec<Asked> {
    let causes = choices(t, "request-cause-", SeparationCause::CODES);
    vec![
        Asked::new(t, "circumstances.cause", "request-cause", causes),
        Asked::new(t, "circumstances.story", "request-story", Kind::Prose(4000)),
    ]
}
