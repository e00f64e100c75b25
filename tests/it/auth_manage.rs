//! What an administrator may do with accounts, and what nobody may do through them: told at the edge.

use api::auth::accounts::{self, Change};
use api::auth::code_at;
use api::db::DbError;
use api::db::schema::accounts as table;
use api::policy::{ManageAccounts, Role};
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::{Answer, Site};
use tests::world::{PASSWORD, Someone, World};

/// Somebody at a keyboard, or nobody in particular.
struct Hand<'a>(&'a Site, Option<String>);

impl Hand<'_> {
    fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/api/v1{path}");
        tokio::task::block_in_place(|| self.0.send(method, &path, self.1.as_deref(), body.as_ref()))
    }

    fn enrols(&self, code: &str) -> Answer {
        self.ask("POST", "/enrolment", Some(json!({"code": code, "password": PASSWORD})))
    }
}

async fn seated<'a>(world: &World, site: &'a Site, who: &Someone) -> Hand<'a> {
    Hand(site, Some(world.token(who).await))
}

fn field(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["problems"][0]["field"].clone())
}

both_databases! {
    async fn a_closed_account_stays_closed_whatever_code_was_given_out_before(world: World) {
        let site = Site::open(&world);
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let (chief, stranger) = (seated(&world, &site, &chief).await, Hand(&site, None));
        let invite = |login: &str| {
            let made = chief.ask("POST", "/accounts", Some(json!({"login": login, "role": "caseworker"})));
            assert_eq!(made.status, 201, "{}", made.body);
            let made = made.json();
            (made["id"].as_str().unwrap().to_owned(), made["enrolment_code"].as_str().unwrap().to_owned())
        };
        let close = |id: &str| {
            assert_eq!(chief.ask("POST", &format!("/accounts/{id}/disable"), Some(json!({}))).status, 204);
        };
        // Before the code was used at all.
        let (heron, code) = invite("heron");
        close(&heron);
        assert_eq!(field(&stranger.enrols(&code)), (422, json!("code")));
        // Between the password and the phone.
        let (stork, code) = invite("stork");
        let setup = stranger.enrols(&code).json();
        close(&stork);
        let seed = crate::auth::unbase32(setup["secret"].as_str().unwrap());
        let phone = code_at(&seed, world.core.clock.now()).unwrap();
        let confirmed = stranger.ask("POST", "/enrolment/confirm", Some(json!({"code": code, "phone": phone})));
        assert_eq!(field(&confirmed), (422, json!("code")));
        // The way back is a new enrolment, and the old code does not come back with it.
        let again = chief.ask("POST", &format!("/accounts/{stork}/reset"), Some(json!({})));
        let new = again.json()["enrolment_code"].as_str().unwrap().to_owned();
        assert_eq!(field(&stranger.enrols(&code)), (422, json!("code")));
        assert_eq!(stranger.enrols(&new).status, 200);
    }

    async fn nobody_is_placed_at_a_point_of_another_society(world: World) {
        let site = Site::open(&world);
        let shelter = world.point("Italy", "Shelter").await;
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let chief = seated(&world, &site, &chief).await;
        let make = |point: &str| {
            chief.ask("POST", "/accounts", Some(json!({"login": "heron", "role": "intake", "point": point})))
        };
        let foreign = make(&shelter.to_string());
        assert_eq!(field(&foreign), (422, json!("point")));
        assert_eq!(make("hsp_00000000000000000000000000000000"), foreign, "as if it were not there");
        let move_to = |role: &str, point: &str| {
            let body = json!({"role": role, "point": point});
            chief.ask("PUT", &format!("/accounts/{}/role", desk.account), Some(body))
        };
        for role in ["intake", "caseworker"] {
            let foreign = move_to(role, &shelter.to_string());
            assert_eq!(field(&foreign), (422, json!("point")), "{role}");
            assert_eq!(move_to(role, "hsp_00000000000000000000000000000000"), foreign);
        }
    }

    async fn an_account_at_a_foreign_point_sees_no_shelter_and_writes_nothing_there(world: World) {
        let site = Site::open(&world);
        let italian = world.someone(Role::Administrator, "Italy", None).await;
        let italian = seated(&world, &site, &italian).await;
        let shelter = italian.ask("POST", "/points", Some(json!({
            "code": "shelter", "name": "Shelter", "kind": "fixed", "place_type": "town", "country": "ITA",
            "sensitive": true, "sites": [{"name": "House", "kind": "fixed", "place": "Hidden lane 4"}]})));
        let shelter = shelter.json()["id"].as_str().unwrap().to_owned();
        // As an account would stand that was placed there before this was refused.
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let (account, point) = (desk.account, shelter.parse::<api::kernel::PointId>().unwrap());
        world.core.db.write(move |tx| {
            diesel::update(table::table.find(account)).set(table::point_id.eq(point)).execute(tx)?;
            Ok::<_, DbError>(())
        }).await.unwrap();
        let desk = seated(&world, &site, &desk).await;
        let shown = desk.ask("GET", &format!("/points/{shelter}"), None);
        assert_eq!((shown.status, shown.json()["sites"].clone()), (200, json!({"hidden": true})));
        let visit = desk.ask("POST", "/contacts", Some(json!({
            "kind": "service_visit", "services": ["food"]})));
        assert_eq!(visit.status, 404, "{}", visit.body);
    }

    async fn a_change_of_role_does_not_bring_a_replaced_password_back(world: World) {
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let chief = world.someone(Role::Administrator, "Kenya", None).await;
        let id = amina.account;
        let (begun, wait) = std::sync::mpsc::channel();
        let core = world.core.clone();
        // The new password is written and not committed yet while the administrator's change reads the row.
        let changing = tokio::spawn(async move {
            core.db.write(move |tx| {
                diesel::update(table::table.find(id)).set(table::password_hash.eq("the new one")).execute(tx)?;
                begun.send(()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(500));
                Ok::<_, DbError>(())
            }).await
        });
        tokio::task::block_in_place(|| wait.recv()).unwrap();
        let (core, may) = (world.core.clone(), chief.may::<ManageAccounts>());
        let role = Change::Role(Role::Reviewer, None);
        world.core.db.write(move |tx| accounts::change(tx, &core, &may, id, role)).await.unwrap();
        changing.await.unwrap().unwrap();
        let held = world.core.db.read(move |conn| {
            Ok::<_, DbError>(table::table.find(id).select((table::role, table::password_hash)).first(conn)?)
        });
        let held: (String, Option<String>) = held.await.unwrap();
        assert_eq!(held, ("reviewer".into(), Some("the new one".into())));
    }

    async fn whoever_has_a_session_cannot_guess_the_password_without_end(world: World) {
        let site = Site::open(&world);
        let amina = world.someone(Role::Caseworker, "Kenya", None).await;
        let thief = seated(&world, &site, &amina).await;
        let guess = |i: usize| {
            let body = json!({"current": format!("guess {i}"), "new": "quiet river under green bridge"});
            thief.ask("POST", "/me/password", Some(body))
        };
        let told: Vec<_> = (0..12).map(|i| guess(i).status).collect();
        assert_eq!(told.first(), Some(&422));
        assert_eq!(told.last(), Some(&429), "{told:?}");
        // The owner still signs in: guessing in one session holds nobody up elsewhere.
        assert_eq!(thief.ask("GET", "/me", None).status, 200);
        seated(&world, &site, &amina).await;
    }
}
