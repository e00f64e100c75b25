//! What stands in a file, as a page lists it: a fact that the reader's role does not open is shown as hidden, never left
//! out, and one that nobody wrote down takes no room.

use crate::kernel::SoughtId;
use crate::people::{BirthView, Companion, PersonView, Place};
use crate::requests::model::Journey;
use crate::requests::view::{EndingView, RequestView, SoughtView};
use crate::web::{Shell, Shown};

/// One value on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Hidden,
    Nothing,
    Text(String),
}

impl Said {
    pub fn text(shown: &Shown<Option<String>>) -> Self {
        Self::of(shown, Clone::clone)
    }

    pub fn list(shown: &Shown<Vec<String>>) -> Self {
        Self::of(shown, |list| (!list.is_empty()).then(|| list.join(", ")))
    }

    pub fn of<T>(shown: &Shown<T>, words: impl FnOnce(&T) -> Option<String>) -> Self {
        match shown.get() {
            None => Self::Hidden,
            Some(value) => words(value).map_or(Self::Nothing, Self::Text),
        }
    }
}

/// One line of a list of facts.
pub struct Fact {
    pub label: String,
    pub said: Said,
}

impl Fact {
    pub fn new(t: &Shell, key: &str, said: Said) -> Self {
        Self { label: t.tr(key), said }
    }
}

/// Without those that nobody wrote down.
fn written(facts: Vec<Fact>) -> Vec<Fact> {
    facts.into_iter().filter(|fact| fact.said != Said::Nothing).collect()
}

/// A place in one line, the country by its name.
pub fn place_text(t: &Shell, place: &Place) -> String {
    match &place.country {
        Some(country) => format!("{}, {}", place.name, t.country(country)),
        None => place.name.clone(),
    }
}

/// Countries by their names.
pub fn countries_text(t: &Shell, codes: &Shown<Vec<String>>) -> Said {
    Said::of(codes, |codes| {
        let names: Vec<String> = codes.iter().map(|code| t.country(code)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    })
}

/// A birth as the language writes it, or ages with the day they were given.
pub fn birth_text(t: &Shell, birth: &BirthView) -> Option<String> {
    if let Some(date) = &birth.date {
        let about = if birth.estimated == Some(true) { "~" } else { "" };
        return Some(t.day_text(&format!("{about}{date}")));
    }
    let age = birth.age?;
    let most = birth.age_max.filter(|most| *most != age).map(|most| format!("–{most}")).unwrap_or_default();
    let on = birth.age_on.as_ref().map(|on| format!(" ({})", t.day_text(on))).unwrap_or_default();
    Some(format!("{age}{most}{on}"))
}

/// What somebody is called, if the reader may know.
pub fn name_of(person: &PersonView) -> Option<String> {
    let known = |name: &Shown<Option<String>>| name.get().cloned().flatten();
    let names = [known(&person.given_names), known(&person.family_names)];
    let whole = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if whole.is_empty() { known(&person.full_name) } else { Some(whole) }
}

/// Who somebody is and how they are reached.
pub fn of_person(t: &Shell, person: &PersonView) -> Vec<Fact> {
    let fact = |key: &str, said| Fact::new(t, key, said);
    let reach = |part: fn(&crate::people::Reachable) -> &Option<String>| {
        Said::of(&person.reach, |reach| part(reach).clone())
    };
    let sex = Said::of(&person.sex, |sex| sex.map(|sex| t.tr_code("ask-sex-", sex)));
    let others = Said::of(&person.other_names, |names| {
        let names: Vec<&str> = names.iter().map(|other| other.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    });
    let birth = Said::of(&person.birth, |birth| match (birth_text(t, birth), birth.minor) {
        (Some(text), true) => Some(format!("{text} · {}", t.tr("request-minor"))),
        (None, true) => Some(t.tr("request-minor")),
        (text, false) => text,
    });
    let messaging = Said::of(&person.reach, |reach| {
        let ways: Vec<String> =
            reach.messaging.iter().map(|one| format!("{}: {}", one.service, one.handle)).collect();
        (!ways.is_empty()).then(|| ways.join(", "))
    });
    let protection = Said::of(&person.protection, |protection| {
        let codes: Vec<&str> = protection.concerns.iter().map(|concern| concern.code()).collect();
        (!codes.is_empty()).then(|| codes.join(", "))
    });
    written(vec![
        fact("ask-given-names", Said::text(&person.given_names)),
        fact("ask-family-names", Said::text(&person.family_names)),
        fact("ask-full-name", Said::text(&person.full_name)),
        fact("ask-original-script", Said::text(&person.original_script_name)),
        fact("ask-nickname", others),
        fact("ask-father", Said::text(&person.father_name)),
        fact("ask-mother", Said::text(&person.mother_name)),
        fact("ask-grandfather", Said::text(&person.grandfather_name)),
        fact("ask-spouse", Said::text(&person.spouse_name)),
        fact("ask-sex", sex),
        fact("ask-birth-date", birth),
        fact("ask-nationality", countries_text(t, &person.nationalities)),
        fact("ask-languages", Said::list(&person.languages)),
        fact(
            "ask-origin",
            Said::of(&person.origin, |place| place.as_ref().map(|place| place_text(t, place))),
        ),
        fact("request-description", Said::text(&person.description)),
        fact("ask-phone", Said::list(&person.phones)),
        fact("request-enquirer-email", reach(|reach| &reach.email)),
        fact("ask-messaging", messaging),
        fact("ask-address", reach(|reach| &reach.address)),
        fact("request-safe-note", reach(|reach| &reach.safe_use)),
        fact("ask-protection", protection),
    ])
}

/// Beside the person: what the family said of them.
pub fn of_sought(t: &Shell, sought: &SoughtView) -> Vec<Fact> {
    let fact = |key: &str, said| Fact::new(t, key, said);
    let means =
        Said::of(&sought.last_contact, |last| last.means.map(|means| t.tr_code("request-means-", means)));
    let source =
        Said::of(&sought.last_contact, |last| last.source.map(|source| t.tr_code("request-source-", source)));
    let way = |part: fn(&Journey) -> &Option<String>| Said::of(&sought.journey, |way| part(way).clone());
    let destination = Said::of(&sought.journey, |way| Some(place_text(t, way.destination.as_ref()?)));
    let route = Said::of(&sought.journey, |way| {
        let places: Vec<String> = way.route.iter().map(|place| place_text(t, place)).collect();
        (!places.is_empty()).then(|| places.join(" · "))
    });
    let companions = Said::of(&sought.journey, |way| {
        let one = |one: &Companion| format!("{} ({})", one.name, t.tr_code("relation-", one.relation));
        let all: Vec<String> = way.companions.iter().map(one).collect();
        (!all.is_empty()).then(|| all.join(", "))
    });
    let mut facts = vec![fact(
        "request-relation",
        Said::of(&sought.relation, |relation| Some(t.tr_code("relation-", *relation))),
    )];
    facts.extend(of_person(t, &sought.person));
    facts.extend([
        fact(
            "ask-last-place",
            Said::of(&sought.last_place, |place| place.as_ref().map(|place| place_text(t, place))),
        ),
        fact("ask-last-contact", Said::of(&sought.last_contact, |last| Some(t.day_text(last.on.as_ref()?)))),
        fact("request-means", means),
        fact("request-source", source),
        fact("request-destination", destination),
        fact("request-route", route),
        fact("request-vessel", way(|way| &way.vessel_or_vehicle)),
        fact("request-group", way(|way| &way.group)),
        fact("request-companions", companions),
        fact("request-documents", way(|way| &way.documents)),
        fact("request-health", way(|way| &way.health)),
    ]);
    written(facts)
}

/// Those whom a request seeks, by name or else by their number in it.
pub fn of_those_sought(t: &Shell, request: &RequestView) -> Vec<(SoughtId, String)> {
    let called = |(at, sought): (usize, &SoughtView)| {
        let nameless = || t.tr_count("request-sought-person", "number", at + 1);
        (sought.id, name_of(&sought.person).unwrap_or_else(nameless))
    };
    request.sought.iter().enumerate().map(called).collect()
}

/// A death or a detention as it was stated of one of those `sought`.
pub fn of_ending(t: &Shell, ending: &EndingView, sought: &[(SoughtId, String)]) -> Vec<Fact> {
    let fact = |key: &str, said| Fact::new(t, key, said);
    let outcome = Said::of(&ending.outcome, |outcome| outcome.map(|one| t.tr_code("request-outcome-", one)));
    let told = Said::of(&ending.told, |told| told.map(|one| t.tr_code("request-told-", one)));
    let about = Said::of(&ending.about, |about| {
        let named = sought.iter().find(|(id, _)| Some(*id) == *about).map(|(_, name)| name.clone());
        Some(named.unwrap_or_else(|| t.tr("request-confidence-not-asked")))
    });
    let confidence = Said::of(&ending.confidence, |confidence| {
        let asked = confidence.map(|one| t.tr_code("request-confidence-", one));
        Some(asked.unwrap_or_else(|| t.tr("request-confidence-not-asked")))
    });
    written(vec![
        fact("request-outcome", outcome),
        fact("request-ending-about", about),
        fact("request-ending-source", Said::of(&ending.source, |source| Some(source.clone()))),
        fact("request-confidence", confidence),
        fact("match-note", Said::text(&ending.note)),
        fact("request-told", told),
    ])
}

/// How the enquirer is reached safely, and what the case is about.
pub fn of_case(t: &Shell, request: &RequestView) -> Vec<Fact> {
    let fact = |key: &str, said| Fact::new(t, key, said);
    let safe =
        |part: fn(&crate::requests::SafeContact) -> Option<String>| Said::of(&request.safe_contact, part);
    let message = Said::of(&request.safe_contact, |safe| {
        Some(t.tr(if safe.may_leave_message { "request-yes" } else { "request-no" }))
    });
    let alternate = Said::of(&request.safe_contact, |safe| {
        let one = safe.alternate.as_ref()?;
        let phone = one.phone.as_ref().map(|phone| format!(" · {phone}")).unwrap_or_default();
        Some(format!("{} ({}){phone}", one.name, t.tr_code("relation-", one.relation)))
    });
    let cause = Said::of(&request.circumstances, |c| c.cause.map(|cause| t.tr_code("request-cause-", cause)));
    let concerns = Said::of(&request.circumstances, |c| {
        let words: Vec<_> = c.concerns.iter().map(|one| t.tr_code("request-concern-", *one)).collect();
        (!words.is_empty()).then(|| words.join(", "))
    });
    let outcome = Said::of(&request.outcome, |outcome| outcome.map(|one| t.tr_code("request-outcome-", one)));
    let told = Said::of(&request.told, |told| told.map(|one| t.tr_code("request-told-", one)));
    written(vec![
        fact("request-safe-times", safe(|safe| safe.times.clone())),
        fact("request-safe-message", message),
        fact("request-alternate-name", alternate),
        fact("request-safe-note", safe(|safe| safe.note.clone())),
        fact("request-cause", cause),
        fact("request-story", Said::of(&request.circumstances, |c| c.story.clone())),
        fact("request-concerns", concerns),
        fact("request-outcome", outcome),
        fact("match-note", Said::text(&request.outcome_note)),
        fact("request-told", told),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_is_shown_and_not_recorded_takes_no_room() {
        assert_eq!(Said::text(&Shown::hidden()), Said::Hidden);
        assert_eq!(Said::list(&Shown::value(Vec::new())), Said::Nothing);
        assert_eq!(Said::text(&Shown::value(Some("Amina".into()))), Said::Text("Amina".into()));
        let age = BirthView {
            age: Some(30),
            age_max: Some(34),
            age_on: Some("2026-03-01".into()),
            ..Default::default()
        };
        let t = Shell::of(&actix_web::test::TestRequest::default().to_http_request());
        assert_eq!(birth_text(&t, &age).as_deref(), Some("30–34 (1 March 2026)"));
        let guessed = BirthView { date: Some("1999-04".into()), estimated: Some(true), ..Default::default() };
        assert_eq!(birth_text(&t, &guessed).as_deref(), Some("~April 1999"));
    }
}
