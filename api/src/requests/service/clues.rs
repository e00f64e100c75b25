//! What matching learns from the family beside the sought person's own record: where they went, with whom, and when they
//! were last heard of.

use matcher::{PlaceRole, Profile, Relative};

use crate::people::{Clues, Place};
use crate::requests::model::*;

/// What a new request tells.
pub(super) fn clues_of(sought: &NewSought) -> Clues {
    let way = [
        (PlaceRole::Destination, sought.journey.destination.as_ref()),
        (PlaceRole::LastKnown, sought.last_place.as_ref()),
    ];
    Clues {
        places: way.into_iter().filter_map(|(role, place)| place.map(|place| seen_by(role, place))).collect(),
        relatives: relatives(&sought.journey),
        last_contact: last_contact(&sought.last_contact),
        ..Clues::default()
    }
}

/// What a profile holds after a change: the parts that were sent, and the others as they stood.
pub(super) fn clues_after(held: &Profile, change: &SoughtChange) -> Clues {
    let held = Clues::of(held);
    let of = |role| held.places.iter().filter(move |place| place.role == role).cloned();
    let one = |role, place: Option<&Place>| place.map(|place| seen_by(role, place)).into_iter();
    let mut places: Vec<matcher::Place> = match &change.journey {
        Some(journey) => one(PlaceRole::Destination, journey.destination.as_ref()).collect(),
        None => of(PlaceRole::Destination).collect(),
    };
    match &change.last_place {
        Some(place) => places.extend(one(PlaceRole::LastKnown, place.as_ref())),
        None => places.extend(of(PlaceRole::LastKnown)),
    }
    let others = [PlaceRole::Destination, PlaceRole::LastKnown];
    places.extend(held.places.iter().filter(|place| !others.contains(&place.role)).cloned());
    Clues {
        places,
        relatives: change.journey.as_ref().map_or(held.relatives, relatives),
        last_contact: change.last_contact.as_ref().map_or(held.last_contact, last_contact),
        seen_on: held.seen_on,
    }
}

fn seen_by(role: PlaceRole, place: &Place) -> matcher::Place {
    let country = place.country.as_deref().and_then(|code| code.parse().ok());
    matcher::Place { role, name: place.name.clone(), country }
}

fn relatives(journey: &Journey) -> Vec<Relative> {
    let mut clues = Clues::default();
    for companion in &journey.companions {
        clues.relative(companion.relation.code(), &companion.name);
    }
    clues.relatives
}

/// The first day a partial date can mean: a search must not rule out a sighting that may have come after.
fn last_contact(told: &LastContact) -> Option<matcher::Date> {
    let on = told.on.as_deref()?;
    match on.len() {
        4 => format!("{on}-01-01"),
        7 => format!("{on}-01"),
        _ => on.to_owned(),
    }
    .parse()
    .ok()
}
