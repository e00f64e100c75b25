//! Floods of sign-ins: from everywhere, all at once or at a pace that no limit of one source notices. Whoever signs in
//! from where they did before comes through, also after a restart and at another node.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::auth::sign_in::{self, Attempt};
use api::auth::{Core, Password, SessionKind, code_at};
use api::db::schema::known_sources;
use api::kernel::{ApiError, Day};
use api::policy::Role;
use diesel::prelude::*;
use tests::both_databases;
use tests::world::{PASSWORD, Someone, World};
use tokio::task::JoinSet;

/// How long somebody known may wait in the middle of a flood, on a machine that is busy with other tests too.
const PATIENCE: Duration = Duration::from_secs(20);

fn home() -> IpAddr {
    [198, 51, 100, 7].into()
}

/// A node whose passwords cost what a served installation's do, one checked at a time: a flood fills the wait for them.
fn dear(world: &mut World) -> World {
    let mut config = (*world.core.config).clone();
    config.accounts.argon2_memory_kib = 64 * 1024;
    config.accounts.argon2_passes = 3;
    config.accounts.argon2_at_once = 1;
    world.core.config = Arc::new(config);
    world.another_node()
}

async fn attempt(core: Core, login: String, code: Option<String>, source: IpAddr) -> Result<(), ApiError> {
    let attempt = Attempt { login, password: Password::new(PASSWORD), code, source, request: 1 };
    sign_in::sign_in(&core, attempt, SessionKind::Page).await.map(|_| ())
}

/// Somebody with password and phone, at one node, from one place.
async fn comes(world: &World, who: &Someone, source: IpAddr) -> Result<(), ApiError> {
    world.pass(chrono::Duration::seconds(30));
    let code = code_at(who.seed(), world.core.clock.now());
    attempt(world.core.clone(), who.login.clone(), code, source).await
}

/// Guesses at logins that nobody has, each from an address of its own, one after each pause; what they were told.
async fn flood(core: Core, guesses: u16, pause: Duration) -> Vec<Result<(), ApiError>> {
    let mut under_way = JoinSet::new();
    for i in 0..guesses {
        let source = Ipv4Addr::from_bits(0x0a00_0000 + u32::from(i)).into();
        under_way.spawn(attempt(core.clone(), format!("guess-{i}"), None, source));
        tokio::time::sleep(pause).await;
    }
    under_way.join_all().await
}

/// What is written down of who was where: the codes, and their days.
async fn written(world: &World) -> Vec<(Vec<u8>, String)> {
    let all = known_sources::table.order(known_sources::pair);
    world
        .core
        .db
        .read(move |conn| all.select((known_sources::pair, known_sources::seen_on)).load(conn))
        .await
        .unwrap()
}

fn today(world: &World) -> Day {
    world.core.clock.now().day()
}

both_databases! {
    async fn a_burst_from_everywhere_leaves_a_place_for_whoever_was_here_before(world: World) {
        let mut world = world;
        let here = dear(&mut world);
        let amina = here.someone(Role::Caseworker, "Kenya", None).await;
        comes(&here, &amina, home()).await.unwrap();
        let burst = tokio::spawn(flood(here.core.clone(), 120, Duration::ZERO));
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begun = Instant::now();
        assert_eq!(comes(&here, &amina, home()).await.map_err(|error| error.code()), Ok(()));
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        assert!(!burst.is_finished(), "whoever is known waits for no queue of strangers");
        let answers = burst.await.unwrap();
        let refused = |code| answers.iter().filter(|a| a.as_ref().is_err_and(|e| e.code() == code)).count();
        let (checked, sent_off) = (refused("sign_in_refused"), refused("unavailable") + refused("too_many_requests"));
        assert_eq!(checked + sent_off, 120);
        // 25 places, and those that became free while the last ones came.
        assert!((25..60).contains(&checked), "{checked}");
        let lines = crate::auth::leaves(&here).await;
        let slowed = lines.iter().filter(|leaf| leaf["detail"] == "sign_in_slowed_down").count();
        assert!((1..40).contains(&slowed), "a flood does not become a flood of lines: {slowed}");
    }

    async fn what_is_written_of_a_place_is_a_code_that_only_this_service_can_make(world: World) {
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let hodan = world.someone(Role::Caseworker, "Kenya", None).await;
        comes(&world, &amina, home()).await.unwrap();
        comes(&world, &amina, home()).await.unwrap();
        let wrong = attempt(world.core.clone(), hodan.login.clone(), None, home()).await;
        assert!(wrong.is_err());
        let rows = written(&world).await;
        assert_eq!(rows.len(), 1, "once, and of those who came in");
        assert_eq!(rows[0].1, today(&world).to_string());
        comes(&world, &hodan, home()).await.unwrap();
        comes(&world, &amina, [198, 51, 100, 8].into()).await.unwrap();
        let rows = written(&world).await;
        assert_eq!(rows.len(), 3);

        let sha = |parts: &[&[u8]]| crypto::derive::sha256(parts).to_vec();
        let mut guesses = Vec::new();
        for source in [home(), [198, 51, 100, 8].into()] {
            let IpAddr::V4(address) = source else { continue };
            let (raw, text) = (address.octets(), address.to_string());
            for login in [&amina.login, &hodan.login] {
                let account = sha(&[b"throttle", login.as_bytes()]);
                for login in [login.as_bytes(), &sha(&[login.as_bytes()]), &account] {
                    for place in [raw.as_slice(), text.as_bytes(), &sha(&[&raw]), &sha(&[text.as_bytes()])] {
                        guesses.extend([
                            sha(&[login, place]),
                            sha(&[place, login]),
                            sha(&[&crypto::derive::frame(&[login, place])]),
                            sha(&[login, b":", place]),
                            crypto::derive::hmac_sha256(login, place).to_vec(),
                            crypto::derive::hmac_sha256(place, login).to_vec(),
                            crypto::derive::hmac_sha256(&[0; 32], &crypto::derive::frame(&[login, place])).to_vec(),
                            login.to_vec(),
                            place.to_vec(),
                        ]);
                    }
                }
            }
        }
        for (code, _) in &rows {
            assert_eq!(code.len(), 32);
            let inside = |guess: &Vec<u8>| code.windows(guess.len()).any(|part| part == guess.as_slice());
            assert!(!guesses.iter().any(inside), "a plain hash of what stands in the audit log and in a server's log");
        }
        let key = world.core.vault.derive("known sources").unwrap();
        let account = sha(&[b"throttle", amina.login.as_bytes()]);
        let message = crypto::derive::frame(&[&account, &[198, 51, 100, 7]]);
        let code = crypto::derive::hmac_sha256(key.expose(), &message);
        assert!(rows.iter().any(|(held, _)| held.as_slice() == code.as_slice()), "with the key it is this");
    }

    async fn a_place_is_refreshed_once_a_day_and_forgotten_sixty_days_after_the_last(world: World) {
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let hodan = world.someone(Role::Caseworker, "Kenya", None).await;
        comes(&world, &amina, home()).await.unwrap();
        let first = written(&world).await;
        world.pass(chrono::Duration::days(10));
        comes(&world, &amina, home()).await.unwrap();
        let again = written(&world).await;
        assert_eq!((again.len(), &again[0].0, &again[0].1), (1, &first[0].0, &today(&world).to_string()));
        world.pass(chrono::Duration::days(59));
        comes(&world, &hodan, home()).await.unwrap();
        assert_eq!(written(&world).await.len(), 2, "59 days are no 60");
        world.pass(chrono::Duration::days(1));
        let other = world.another_node();
        comes(&other, &hodan, home()).await.unwrap();
        let left = written(&world).await;
        assert_eq!((left.len(), &left[0].1), (1, &today(&world).to_string()));
        assert_ne!(left[0].0, first[0].0);
    }

    async fn no_more_than_a_hundred_thousand_places_are_kept_and_the_oldest_go_first(world: World) {
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let hodan = world.someone(Role::Caseworker, "Kenya", None).await;
        let yesterday = world.core.clock.now().minus(chrono::Duration::days(1)).day().to_string();
        let long_ago = world.core.clock.now().minus(chrono::Duration::days(50)).day().to_string();
        let fill = world.core.db.write(move |tx| {
            let pair = |n: u32| crypto::derive::sha256(&[&n.to_be_bytes()]).to_vec();
            for part in (0..100_090).collect::<Vec<u32>>().chunks(1000) {
                let day = |n: u32| if n < 150 { &long_ago } else { &yesterday };
                let rows: Vec<_> = part.iter().map(|n| (known_sources::pair.eq(pair(*n)), known_sources::seen_on.eq(day(*n)))).collect();
                api::db::on_backend!(tx, |c| diesel::insert_into(known_sources::table).values(rows).execute(c)?);
            }
            Ok::<_, api::db::DbError>(())
        });
        fill.await.unwrap();
        comes(&world, &amina, home()).await.unwrap();
        assert_eq!(written(&world).await.len(), 100_000, "91 were too many");
        comes(&world, &hodan, home()).await.unwrap();
        let left = written(&world).await;
        assert_eq!(left.len(), 100_000);
        let of = |day: &str| left.iter().filter(|(_, seen)| seen == day).count();
        assert_eq!(of(&today(&world).to_string()), 2);
        assert_eq!(left.iter().filter(|(_, seen)| *seen < today(&world).to_string()).count(), 99_998);
        let held = left.len() - 2 - of(&world.core.clock.now().minus(chrono::Duration::days(1)).day().to_string());
        assert_eq!(held, 150 - 92, "of those of fifty days ago");
        // The service that starts now takes them all up.
        comes(&world.another_node(), &amina, home()).await.unwrap();
    }

    async fn a_steady_flood_from_everywhere_keeps_nobody_out_who_was_here_before(world: World) {
        let mut world = world;
        let here = dear(&mut world);
        let there = here.another_node();
        let amina = here.someone(Role::Caseworker, "Kenya", None).await;
        let hodan = here.someone(Role::Caseworker, "Kenya", None).await;
        for who in [&amina, &hodan] {
            comes(&here, who, home()).await.unwrap();
        }
        // Longer ago than what nodes tell one another: the new one reads it at its start.
        world.pass(chrono::Duration::days(10));
        let restarted = here.another_node();
        let pace = Duration::from_millis(40);
        let floods = [&there, &restarted].map(|node| tokio::spawn(flood(node.core.clone(), 300, pace)));
        let mut told = Vec::new();
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            for (node, who, name) in [(&there, &hodan, "the other node"), (&restarted, &amina, "the restarted node")] {
                let begun = Instant::now();
                let answer = comes(node, who, home()).await;
                told.push((name, answer.map_err(|error| error.code()), begun.elapsed()));
            }
        }
        assert!(told.iter().all(|(_, answer, waited)| answer.is_ok() && *waited < PATIENCE), "{told:?}");
        for flood in floods {
            let answers = flood.await.unwrap();
            let of = |codes: &[&str]| {
                answers.iter().filter(|a| a.as_ref().is_err_and(|e| codes.contains(&e.code()))).count()
            };
            let (checked, sent_off) = (of(&["sign_in_refused"]), of(&["too_many_requests", "unavailable"]));
            assert_eq!(checked + sent_off, 300);
            assert!(checked > 0 && sent_off >= 30, "no flood: {checked} checked, {sent_off} sent off");
        }
    }
}
