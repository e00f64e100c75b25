//! Signing in, staying in, being put out: told at the edge, as a program and as a browser would meet it.

use std::sync::Arc;

use api::auth::{COOKIE, code_at};
use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::{PASSWORD, Someone, World};

/// The calls block; the service runs in a thread of its own.
fn at<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn me(site: &Site, token: &str) -> Answer {
    at(|| site.send("GET", "/api/v1/me", Some(token), None))
}

fn sign_in(site: &Site, login: &str, password: &str, code: Option<&str>) -> Answer {
    let body = json!({"login": login, "password": password, "code": code});
    at(|| site.send("POST", "/api/v1/session", None, Some(&body)))
}

/// The service believes what this machine says of where a request comes from.
fn behind_a_proxy(world: &mut World) {
    let mut config = (*world.core.config).clone();
    config.server.trusted_proxy = Some([127, 0, 0, 1].into());
    world.core.config = Arc::new(config);
}

/// A code that was not used yet.
fn fresh_code(world: &World, who: &Someone) -> String {
    world.pass(chrono::Duration::seconds(30));
    code_at(who.seed(), world.core.clock.now()).unwrap()
}

fn tokens(world: &World, site: &Site, who: &Someone) -> Value {
    let answer = sign_in(site, &who.login, PASSWORD, Some(&fresh_code(world, who)));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn token(world: &World, site: &Site, who: &Someone) -> String {
    tokens(world, site, who)["access_token"].as_str().unwrap().to_owned()
}

fn refresh(site: &Site, token: &Value) -> Answer {
    let body = json!({"refresh_token": token});
    at(|| site.send("POST", "/api/v1/session/refresh", None, Some(&body)))
}

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let escape = |text: &str| {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    let fields: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    fields.join("&").into_bytes()
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const HOME: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A browser that signed in: its cookie.
fn page_session(world: &World, site: &Site, who: &Someone) -> String {
    let code = fresh_code(world, who);
    let body = form(&[("login", &who.login), ("password", PASSWORD), ("code", &code)]);
    let answer = at(|| site.send_raw("POST", "/sign-in", None, &[FORM, HOME], Some(&body)));
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = answer.header("set-cookie").unwrap();
    for flag in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(cookie.starts_with(&format!("{COOKIE}=")) && !cookie.contains("Domain"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

fn get(site: &Site, path: &str, cookie: &str) -> Answer {
    at(|| site.send_raw("GET", path, None, &[("cookie", cookie)], None))
}

fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap();
    page[at..].split('"').nth(3).unwrap().to_owned()
}

both_databases! {
    async fn unknown_login_wrong_password_and_wrong_code_are_answered_alike(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let code = fresh_code(&world, &amina);
        let unknown = sign_in(&site, "nobody-here", PASSWORD, Some(&code));
        let wrong_password = sign_in(&site, &amina.login, "not the password at all", Some(&code));
        let wrong_code = sign_in(&site, &amina.login, PASSWORD, Some("000000"));
        let no_code = sign_in(&site, &amina.login, PASSWORD, None);
        assert_eq!(unknown.status, 401);
        for other in [&wrong_password, &wrong_code, &no_code] {
            assert_eq!(*other, unknown);
        }
    }

    async fn a_code_is_good_once(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let code = fresh_code(&world, &amina);
        assert_eq!(sign_in(&site, &amina.login, PASSWORD, Some(&code)).status, 200);
        assert_eq!(sign_in(&site, &amina.login, PASSWORD, Some(&code)).status, 401);
    }

    async fn signing_out_counts_from_the_next_request_on(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let token = token(&world, &site, &amina);
        assert_eq!(me(&site, &token).json()["role"], "caseworker");
        let out = at(|| site.send("DELETE", "/api/v1/session", Some(&token), None));
        assert_eq!(out.status, 204);
        assert_eq!(me(&site, &token).status, 401);
    }

    async fn an_account_that_is_closed_is_out_at_once_and_a_new_role_counts_at_once(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let (hers, his) = (token(&world, &site, &amina), token(&world, &site, &chief));
        let one = |what: &str| format!("/api/v1/accounts/{}/{what}", amina.account);
        let role = json!({"role": "reviewer"});
        let changed = at(|| site.send("PUT", &one("role"), Some(&his), Some(&role)));
        assert_eq!(changed.status, 204, "{}", changed.body);
        assert_eq!(me(&site, &hers).json()["role"], "reviewer");
        let closed = at(|| site.send("POST", &one("disable"), Some(&his), Some(&json!({}))));
        assert_eq!(closed.status, 204, "{}", closed.body);
        assert_eq!(me(&site, &hers).status, 401);
        let again = sign_in(&site, &amina.login, PASSWORD, Some(&fresh_code(&world, &amina)));
        assert_eq!(again.status, 401);
    }

    async fn another_societys_account_is_as_unknown_as_none(world: World) {
        let site = Site::open(&world);
        let theirs = world.someone(Role::Caseworker, "Geneva", None).await;
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let his = token(&world, &site, &chief);
        let disable = |id: &str| {
            at(|| site.send("POST", &format!("/api/v1/accounts/{id}/disable"), Some(&his), None))
        };
        let foreign = disable(&theirs.account.to_string());
        assert_eq!(foreign.status, 404);
        assert_eq!(disable("acc_00000000000000000000000000000000"), foreign);
        assert_eq!(disable("nonsense"), foreign);
    }

    async fn a_refresh_token_that_comes_back_ends_everything_that_came_from_it(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let first = tokens(&world, &site, &amina);
        let second = refresh(&site, &first["refresh_token"]).json();
        let token = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
        assert_eq!(me(&site, &token(&second)).status, 200);
        assert_eq!(me(&site, &token(&first)).status, 401, "a refresh ends the token before");
        assert_eq!(refresh(&site, &first["refresh_token"]).status, 401);
        assert_eq!(me(&site, &token(&second)).status, 401, "the family is gone");
        assert_eq!(refresh(&site, &second["refresh_token"]).status, 401);
    }

    async fn an_access_token_is_no_refresh_token_and_no_cookie_nor_the_other_way_round(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let tokens = tokens(&world, &site, &amina);
        assert_eq!(refresh(&site, &tokens["access_token"]).status, 401);
        assert_eq!(me(&site, tokens["refresh_token"].as_str().unwrap()).status, 401);
        let cookie = page_session(&world, &site, &amina);
        let value = cookie.split_once('=').unwrap().1;
        assert_eq!(me(&site, value).status, 401);
        let as_cookie = format!("{COOKIE}={}", tokens["access_token"].as_str().unwrap());
        assert_eq!(get(&site, "/api/v1/me", &as_cookie).status, 401);
    }

    async fn idle_and_old_sessions_end(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let idle = page_session(&world, &site, &amina);
        world.pass(chrono::Duration::minutes(14));
        assert_eq!(get(&site, "/account", &idle).status, 200);
        world.pass(chrono::Duration::minutes(15));
        assert_eq!(get(&site, "/account", &idle).header("location"), Some("/sign-in"));
        let old = page_session(&world, &site, &amina);
        for _ in 0..71 {
            world.pass(chrono::Duration::minutes(10));
            assert_eq!(get(&site, "/account", &old).status, 200);
        }
        world.pass(chrono::Duration::minutes(10));
        assert_eq!(get(&site, "/account", &old).status, 303, "twelve hours are over");
    }

    async fn a_fourth_session_takes_the_place_of_the_oldest(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let all: Vec<_> = (0..4).map(|_| token(&world, &site, &amina)).collect();
        let live: Vec<_> = all.iter().map(|token| me(&site, token).status).collect();
        assert_eq!(live, [401, 200, 200, 200]);
    }

    async fn a_guesser_is_slowed_down_and_told_how_long(world: World) {
        let site = Site::open(&world);
        let statuses: Vec<_> = (0..12).map(|_| sign_in(&site, "nobody-here", "guess", None)).collect();
        let last = statuses.last().unwrap();
        assert_eq!(last.status, 429);
        assert!(last.header("retry-after").is_some_and(|wait| wait.parse::<u64>().is_ok()));
    }

    async fn a_form_without_its_token_or_from_another_site_does_nothing(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let cookie = page_session(&world, &site, &amina);
        let page = get(&site, "/account", &cookie).body;
        let csrf = hidden(&page, "csrf");
        let post = |headers: &[(&str, &str)], body: &[u8]| {
            let all: Vec<_> = [("cookie", cookie.as_str())].into_iter().chain(headers.iter().copied()).collect();
            at(|| site.send_raw("POST", "/sign-out", None, &all, Some(body))).status
        };
        let with_token = form(&[("csrf", &csrf)]);
        assert_eq!(post(&[FORM, HOME], b""), 403);
        assert_eq!(post(&[FORM, HOME], &form(&[("csrf", "AAAA")])), 403);
        assert_eq!(post(&[HOME, ("content-type", "text/plain")], &with_token), 403);
        for site in ["cross-site", "same-site"] {
            assert_eq!(post(&[FORM, ("sec-fetch-site", site)], &with_token), 403);
        }
        assert_eq!(post(&[FORM, ("origin", "https://evil.example")], &with_token), 403);
        assert_eq!(get(&site, "/account", &cookie).status, 200, "still in");
        assert_eq!(post(&[FORM, HOME], &with_token), 303);
        assert_eq!(get(&site, "/account", &cookie).status, 303);
        let other = page_session(&world, &site, &amina);
        let stolen = at(|| site.send_raw("POST", "/sign-out", None, &[("cookie", &other), FORM, HOME], Some(&with_token)));
        assert_eq!(stolen.status, 403, "a token is good for its own session only");
    }

    async fn json_by_cookie_needs_the_header_no_other_site_can_send(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let cookie = page_session(&world, &site, &amina);
        let post = |headers: &[(&str, &str)]| {
            let all: Vec<_> = [("cookie", cookie.as_str()), ("content-type", "application/json")].into_iter().chain(headers.iter().copied()).collect();
            let body = json!({"version": "other"}).to_string();
            at(|| site.send_raw("POST", "/api/v1/me/conduct", None, &all, Some(body.as_bytes()))).status
        };
        assert_eq!(post(&[]), 403);
        assert_eq!(post(&[("x-relink", "1"), ("sec-fetch-site", "cross-site")]), 403);
        assert_eq!(post(&[("x-relink", "1")]), 409);
    }

    async fn every_answer_carries_the_headers_that_protect_it(world: World) {
        let site = Site::open(&world);
        for (path, kept) in [("/sign-in", false), ("/nothing", false), ("/api/v1/me", false), ("/health/live", false), ("/assets/relink.css", true)] {
            let answer = at(|| site.send("GET", path, None, None));
            let has = |name: &str, part: &str| {
                let value = answer.header(name).unwrap_or_default();
                assert!(value.contains(part), "{path} {name}: {value}");
            };
            has("content-security-policy", "default-src 'none'");
            has("content-security-policy", "frame-ancestors 'none'");
            has("x-content-type-options", "nosniff");
            has("referrer-policy", "no-referrer");
            has("cross-origin-opener-policy", "same-origin");
            has("cross-origin-resource-policy", "same-origin");
            has("cache-control", if kept { "immutable" } else { "no-store" });
            assert!(answer.header("server").is_none());
        }
    }

    async fn oversized_mistyped_and_misaddressed_requests_are_refused_in_the_same_words(world: World) {
        let site = Site::open(&world);
        let big = vec![b'a'; 256 * 1024 + 1];
        let send = |method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>| {
            at(|| site.send_raw(method, path, None, headers, body))
        };
        let json = ("content-type", "application/json");
        for (answer, status, code) in [
            (send("POST", "/api/v1/session", &[json], Some(&big)), 413, "too_large"),
            (send("POST", "/api/v1/session", &[("content-type", "text/xml")], Some(b"<a/>")), 415, "unsupported_type"),
            (send("POST", "/api/v1/session", &[json], Some(b"{\"login\": 1")), 422, "invalid_input"),
            (send("POST", "/api/v1/session", &[json], Some(b"\xff\xfe")), 422, "invalid_input"),
            (send("TRACE", "/api/v1/session", &[], None), 405, "method_not_taken"),
            (send("PATCH", "/api/v1/session", &[], None), 405, "method_not_taken"),
            (send("GET", &format!("/{}", "a".repeat(3000)), &[], None), 404, ""),
        ] {
            if code.is_empty() {
                assert_eq!(answer.status, 414);
                continue;
            }
            assert_eq!(answer.status, status, "{}", answer.body);
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            assert_eq!(answer.json()["code"], code);
        }
        assert_eq!(send("POST", "/sign-in", &[FORM], Some(&big)).status, 413);
    }

    async fn somebody_new_enrols_from_the_code_to_the_first_case(world: World) {
        let site = Site::open(&world);
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let his = token(&world, &site, &chief);
        let post = |path: &str, token: Option<&str>, body: Value| at(|| site.send("POST", path, token, Some(&body)));
        let made = post("/api/v1/accounts", Some(&his), json!({"login": "heron", "role": "auditor"}));
        assert_eq!(made.status, 201, "{}", made.body);
        let code = made.json()["enrolment_code"].as_str().unwrap().to_owned();
        assert_eq!(sign_in(&site, "heron", PASSWORD, None).status, 401);
        let easy = post("/api/v1/enrolment", None, json!({"code": code, "password": "heron heron heron"}));
        assert_eq!(easy.json()["problems"][0]["field"], "password");
        let easy = [("Kenya, Kenya! 2026", "society's name"), ("Passw0rd-Passw0rd-2026", "tries first")];
        for (password, why) in easy {
            let easy = post("/api/v1/enrolment", None, json!({"code": code, "password": password}));
            let problem = easy.json()["problems"][0].clone();
            assert_eq!(problem["code"], "password_too_easy");
            assert!(problem["problem"].as_str().unwrap().contains(why), "{password}: {problem}");
        }
        let setup = post("/api/v1/enrolment", None, json!({"code": code, "password": PASSWORD}));
        assert_eq!(setup.status, 200, "{}", setup.body);
        let seed = unbase32(setup.json()["secret"].as_str().unwrap());
        let wrong = post("/api/v1/enrolment/confirm", None, json!({"code": code, "phone": "12345"}));
        assert_eq!(wrong.json()["problems"][0]["field"], "phone");
        let phone = code_at(&seed, world.core.clock.now()).unwrap();
        let done = post("/api/v1/enrolment/confirm", None, json!({"code": code, "phone": phone}));
        let paper = done.json()["recovery_codes"][0].as_str().unwrap().to_owned();
        let used = post("/api/v1/enrolment", None, json!({"code": code, "password": PASSWORD}));
        assert_eq!(used.json()["problems"][0]["field"], "code");
        let by_paper = sign_in(&site, "heron", PASSWORD, Some(&paper));
        assert_eq!(by_paper.status, 200, "{}", by_paper.body);
        assert_eq!(sign_in(&site, "heron", PASSWORD, Some(&paper)).status, 401);
        let token = by_paper.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(me(&site, &token).json()["missing"], "conduct_missing");
        let before = at(|| site.send("GET", "/api/v1/providers", Some(&token), None));
        assert_eq!((before.status, before.json()["code"].clone()), (403, json!("conduct_missing")));
        let accepted = post("/api/v1/me/conduct", Some(&token), json!({"version": "2024-1"}));
        assert_eq!(accepted.status, 204, "{}", accepted.body);
        assert_eq!(at(|| site.send("GET", "/api/v1/providers", Some(&token), None)).status, 200);
    }

    async fn a_new_password_puts_every_other_session_out(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let (here, there) = (token(&world, &site, &amina), token(&world, &site, &amina));
        let change = |current: &str| {
            let body = json!({"current": current, "new": "quiet river under green bridge"});
            at(|| site.send("POST", "/api/v1/me/password", Some(&here), Some(&body)))
        };
        assert_eq!(change("something else").json()["problems"][0]["field"], "current");
        let easy = json!({"current": PASSWORD, "new": "Welcome to Kenya 2026"});
        let easy = at(|| site.send("POST", "/api/v1/me/password", Some(&here), Some(&easy)));
        assert_eq!((easy.status, easy.json()["problems"][0]["field"].clone()), (422, json!("new")));
        assert_eq!(me(&site, &there).status, 200);
        assert_eq!(change(PASSWORD).status, 204);
        assert_eq!((me(&site, &here).status, me(&site, &there).status), (200, 401));
        assert_eq!(sign_in(&site, &amina.login, PASSWORD, Some(&fresh_code(&world, &amina))).status, 401);
    }

    async fn every_refusal_stands_in_the_log_before_it_is_told(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let token = token(&world, &site, &amina);
        let refused = |detail: &'static str| {
            let account = amina.account.to_string();
            move |leaf: &Value| leaf["actor"] == account && leaf["decision"] == "refused" && leaf["action"] == detail
        };
        let before = leaves(&world).await.iter().filter(|leaf| refused("manage_accounts")(leaf)).count();
        assert_eq!(at(|| site.send("GET", "/api/v1/accounts", Some(&token), None)).status, 403);
        let after = leaves(&world).await.iter().filter(|leaf| refused("manage_accounts")(leaf)).count();
        assert_eq!((before, after), (0, 1));
        let told = leaves(&world).await;
        let details: Vec<_> = told.iter().filter_map(|leaf| leaf["detail"].as_str()).collect();
        assert!(details.contains(&"sign_in_attempt") && details.contains(&"signed_in"), "{details:?}");
    }
    async fn a_login_that_can_be_none_is_refused_like_an_unknown_one(world: World) {
        let site = Site::open(&world);
        let unknown = sign_in(&site, "nobody-here", PASSWORD, Some("000000"));
        assert_eq!(unknown.status, 401);
        for odd in ["nul\u{0}here", "No Such Login", "", &"a".repeat(10_000)] {
            assert_eq!(sign_in(&site, odd, PASSWORD, Some("000000")), unknown);
        }
    }

    async fn one_flooding_source_does_not_keep_others_from_signing_in_enrolling_or_refreshing(world: World) {
        let mut world = world;
        behind_a_proxy(&mut world);
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let from = |source: &str, path: &str, body: &Value| {
            let headers = [("content-type", "application/json"), ("x-forwarded-for", source)];
            at(|| site.send_raw("POST", path, None, &headers, Some(body.to_string().as_bytes())))
        };
        let attempt = |i: usize| json!({"login": format!("guess-{i}"), "password": "guess"});
        let enrol = json!({"code": "00000000000000000000000000000000", "password": PASSWORD});
        let refresh = json!({"refresh_token": "A".repeat(43)});
        // Addresses of one network of IPv6 are one source.
        let stops = |path: &str, body: &dyn Fn(usize) -> Value| {
            (0..300).any(|i| from(&format!("2001:db8:0:1::{i:x}"), path, &body(i)).status == 429)
        };
        assert!(stops("/api/v1/session/refresh", &|_| refresh.clone()));
        assert!(stops("/api/v1/enrolment", &|_| enrol.clone()));
        assert!(stops("/api/v1/session", &attempt));
        let here = "198.51.100.7";
        let known = json!({"login": amina.login, "password": PASSWORD, "code": fresh_code(&world, &amina)});
        let begun = from(here, "/api/v1/session", &known);
        assert_eq!(begun.status, 200, "{}", begun.body);
        let own = json!({"refresh_token": begun.json()["refresh_token"]});
        assert_eq!(from(here, "/api/v1/session/refresh", &own).status, 200);
        assert_eq!(from(here, "/api/v1/enrolment", &enrol).status, 422);
    }

    async fn a_source_written_by_the_caller_before_the_proxys_own_line_is_not_believed(world: World) {
        let mut world = world;
        behind_a_proxy(&mut world);
        let site = Site::open(&world);
        let body = json!({"login": "nobody-here", "password": "guess"}).to_string();
        let attempt = |i: usize| {
            let forged = format!("203.0.113.{i}");
            // HAProxy, for one, adds a line of its own after those that came in.
            let headers = [("content-type", "application/json"), ("x-forwarded-for", &forged), ("x-forwarded-for", "198.51.100.7")];
            at(|| site.send_raw("POST", "/api/v1/session", None, &headers, Some(body.as_bytes()))).status
        };
        let told: Vec<_> = (0..12).map(attempt).collect();
        assert_eq!((told.first(), told.last()), (Some(&401), Some(&429)), "{told:?}");
    }

    async fn signing_in_again_from_the_oldest_of_three_browsers_gives_a_new_session(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let all: Vec<_> = (0..3).map(|_| page_session(&world, &site, &amina)).collect();
        let code = fresh_code(&world, &amina);
        let csrf = hidden(&get(&site, "/account", &all[0]).body, "csrf");
        let body = form(&[("csrf", &csrf), ("login", &amina.login), ("password", PASSWORD), ("code", &code)]);
        let headers = [FORM, HOME, ("cookie", all[0].as_str())];
        let again = at(|| site.send_raw("POST", "/sign-in", None, &headers, Some(&body)));
        assert_eq!(again.status, 303, "{}", again.body);
        let new = again.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(get(&site, "/account", &new).status, 200);
        assert_eq!(get(&site, "/account", &all[0]).status, 303, "the old one is gone");
    }
}

pub(crate) async fn leaves(world: &World) -> Vec<Value> {
    use api::db::schema::audit_leaves;
    use diesel::prelude::*;
    let rows: Vec<Vec<u8>> = world
        .core
        .db
        .read(|conn| audit_leaves::table.order(audit_leaves::seq).select(audit_leaves::bytes).load(conn))
        .await
        .unwrap();
    rows.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
}

pub(crate) fn unbase32(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::new());
    for symbol in text.chars().filter(|c| !c.is_whitespace()) {
        bits = (bits << 5) | u32::try_from(ALPHABET.find(symbol).unwrap()).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(((bits >> held) & 255) as u8);
        }
    }
    out
}
