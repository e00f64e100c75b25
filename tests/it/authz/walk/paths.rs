//! Ids in paths.

use api::app::{Needs, routes};
use api::policy::{Reach, grants};
use tests::both_databases;
use tests::site::Answer;

use super::*;

/// Signed out, programs are told so and people are sent to sign in.
fn is_sent_away(route: &Route, answer: &Answer) -> bool {
    match is_json(route.path) {
        true => answer.status == 401,
        false => answer.status == 303 && answer.header("location") == Some("/sign-in"),
    }
}

both_databases! {
    async fn nobody_passes_where_their_role_does_not_reach(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            let mut walked = 0;
            for route in &routes() {
                let path = match route.path.contains("{id}") {
                    true => {
                        let id = walker.id(kind_of(route.path), Ownership::Unknown).unwrap();
                        route.path.replace("{id}", &id)
                    }
                    false => route.path.to_owned(),
                };
                let name = format!("{} {}", route.method, route.path);
                if route.needs != Needs::Nothing {
                    let stranger = walker.ask(route, &path, None);
                    assert!(is_sent_away(route, &stranger), "{name}, signed out: {stranger:?}");
                    let forged = walker.ask(route, &path, Some("eyJhbGciOiJub25lIn0.e30."));
                    assert_eq!(forged, stranger, "{name}, with a forged token");
                }
                if let Needs::May(action) = route.needs {
                    for (role, token) in &walker.tokens {
                        let answer = walker.ask(route, &path, Some(token));
                        let included = grants(*role, action).0 != Reach::Nobody;
                        assert_eq!(answer.status == 403, !included, "{name} as {role}: {}", answer.body);
                        assert!(answer.status < 500, "{name} as {role}: {}", answer.body);
                        walked += 1;
                    }
                }
            }
            assert!(walked > 500, "there are routes to walk: {walked}");
        })
        .await
        .unwrap();
    }

    async fn signed_out_nothing_tells_whether_a_record_exists(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            for route in named(&routes()).filter(|route| route.needs != Needs::Nothing) {
                let kind = kind_of(route.path);
                let ask = |id: &str| without_own(walker.ask(route, &route.path.replace("{id}", id), None), id);
                let unknown = ask(&walker.id(kind, Ownership::Unknown).unwrap());
                assert!(is_sent_away(route, &unknown), "{} {}: {unknown:?}", route.method, route.path);
                for ownership in
                    [Ownership::Own, Ownership::OtherPoint, Ownership::OtherSociety, Ownership::Malformed]
                {
                    if let Some(id) = walker.id(kind, ownership) {
                        assert_eq!(ask(&id), unknown, "{} {}, {ownership:?}", route.method, route.path);
                    }
                }
            }
        })
        .await
        .unwrap();
    }

    async fn foreign_unknown_and_malformed_records_are_answered_byte_for_byte_alike(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            for route in named(&routes()) {
                let kind = kind_of(route.path);
                for (role, token) in &walker.tokens {
                    // One's own account is the only reach of a route that asks for a session alone.
                    let reach = match route.needs {
                        Needs::Nothing => continue,
                        Needs::Session => Reach::Assigned,
                        Needs::May(action) => grants(*role, action).0,
                    };
                    // Where the role reaches everybody, nothing is foreign.
                    if reach == Reach::Everyone {
                        continue;
                    }
                    let answer = |ownership| {
                        let id = walker.id(kind, ownership)?;
                        let path = route.path.replace("{id}", &id);
                        Some(without_own(walker.ask(route, &path, Some(token)), &id))
                    };
                    let name = format!("{} {} as {role}", route.method, route.path);
                    let unknown = answer(Ownership::Unknown).unwrap();
                    let expected = if reach == Reach::Nobody { 403 } else { 404 };
                    assert_eq!(unknown.status, expected, "{name}: {}", unknown.body);
                    let mut others =
                        vec![Ownership::OtherPoint, Ownership::OtherSociety, Ownership::Malformed];
                    if reach == Reach::Nobody {
                        others.push(Ownership::Own);
                    }
                    for ownership in others {
                        // A society's own points are within its reach.
                        if ownership == Ownership::OtherPoint && reach == Reach::OwnSociety {
                            continue;
                        }
                        if let Some(other) = answer(ownership) {
                            assert_eq!(other, unknown, "{name}, {ownership:?}");
                        }
                    }
                }
            }
            // A foreign record for every kind that has a path: the walk is no walk without one.
            for (beginning, kind) in KINDS.iter().filter(|(_, kind)| !OPEN_TO_ALL.contains(kind)) {
                let there = walker.id(kind, Ownership::OtherSociety).is_some();
                assert!(there, "no foreign record for {beginning}");
            }
        })
        .await
        .unwrap();
    }

    async fn what_is_ones_own_is_shown(world: World) {
        let walker = Walker::new(&world).await;
        tokio::task::spawn_blocking(move || {
            for route in named(&routes()).filter(|route| route.method == "GET") {
                let Needs::May(action) = route.needs else { continue };
                // Without this, a service that hides everything would pass the walk.
                let Some(id) = walker.id(kind_of(route.path), Ownership::Own) else { continue };
                let path = route.path.replace("{id}", &id);
                let roles = walker.tokens.iter().filter(|(role, _)| grants(*role, action).0 != Reach::Nobody);
                let shown: Vec<u16> =
                    roles.map(|(_, token)| walker.ask(route, &path, Some(token)).status).collect();
                assert!(shown.contains(&200), "{} {}: {shown:?}", route.method, route.path);
            }
        })
        .await
        .unwrap();
    }
}
