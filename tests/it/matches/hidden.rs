//! Who stays unseen: somebody restricted outside their team, somebody who took their yes back or whose yes has run out.

use api::policy::Role;
use serde_json::{Value, json};
use tests::both_databases;
use tests::site::Site;

use super::{Desk, Team, amina, checked, eventually, id, settle};
use crate::people::{met, record, says, visit_of};

both_databases! {
    async fn somebody_restricted_exists_for_their_team_alone_and_for_all_again_when_it_is_lifted(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let (trusted, second) = (&team.caseworker, &team.reviewer);
        let other = Desk::of(&world, &site, Role::Caseworker, "Kenya").await;
        let chief = Desk::of(&world, &site, Role::Reviewer, "Kenya").await;
        let officer = Desk::of(&world, &site, Role::ProtectionOfficer, "Kenya").await;
        let found = met(&world.core, &team.intake.who, amina()).await;
        let (ours, theirs) = (trusted.seeks(amina()), other.seeks(amina()));
        // Somebody whom nobody met: what not being there looks like.
        let nobody = other.seeks(json!({"given_names": "Tekle", "family_names": "Gebremedhin"}));
        let candidate = trusted.in_time(&ours, 1).remove(0);
        let hidden = other.in_time(&theirs, 1).remove(0);
        assert_eq!(other.hits().as_array().unwrap().len(), 1);

        let restriction = format!("/api/v1/people/{found}/restriction");
        let mates = json!([trusted.who.account.to_string(), second.who.account.to_string()]);
        let form = json!({"version": 1, "restricted": true, "team": mates});
        assert_eq!(officer.send("PUT", &restriction, Some(form)).status, 200);

        // Outside the team: no hit, no candidate, no count, not even an answer of another shape.
        let nothing = other.get(&format!("/api/v1/requests/{nobody}/candidates"));
        let looks = |when: &str| {
            assert_eq!(other.get(&format!("/api/v1/requests/{theirs}/candidates")), nothing, "{when}");
            let gone = other.get(&format!("/api/v1/candidates/{}", id(&hidden)));
            let unknown = other.get("/api/v1/candidates/can_0190a0b0c0d07000800000000000dead");
            assert_eq!(gone.status, 404, "{when}");
            assert_eq!(gone, unknown, "{when}");
            assert_eq!(other.hits(), json!([]), "{when}");
        };
        looks("at once");
        settle();
        looks("when the index has followed");
        let search = other.post(&format!("/api/v1/requests/{theirs}/search"), Value::Null);
        assert!(search.status < 300, "{}", search.body);
        settle();
        looks("asked again");
        // Who meets them again is not told that they are on record.
        let visit = |desk: &Desk<'_>, name: &str| {
            let made = desk.done("/api/v1/contacts", visit_of(json!({"given_names": name, "family_names": "Warsame"})));
            let keys: Vec<String> = made.as_object().unwrap().keys().cloned().collect();
            keys
        };
        assert_eq!(visit(&team.intake, "Amina"), visit(&team.intake, "Tekle"));

        // The team goes on, with a second person of its own; the rest of the house sees nothing of it.
        let still = eventually("the team's candidates", || {
            let all = trusted.candidates(&ours);
            all.into_iter().find(|one| id(one) == id(&candidate))
        });
        assert_eq!(still["state"], "new", "nobody lost the pair over it");
        let hits = trusted.hits();
        let references: Vec<&Value> = hits.as_array().unwrap().iter().map(|hit| &hit["reference"]).collect();
        assert!(references.contains(&&candidate["reference"]), "the team may search: {hits}");
        assert_eq!(trusted.decide(&candidate, "propose", json!({})).status, 200);
        let queue = |desk: &Desk<'_>| desk.get("/api/v1/reviews").json()["items"].as_array().unwrap().len();
        assert_eq!((queue(&chief), queue(second)), (0, 1));
        let confirm = json!({"version": second.version(&candidate)});
        let path = format!("/api/v1/candidates/{}/confirm", id(&candidate));
        assert_eq!(chief.post(&path, confirm.clone()).status, 404, "not on the team");
        assert_eq!(second.post(&path, confirm).status, 200);
        assert_eq!(second.decide(&candidate, "verify", checked()).status, 200);

        let version = officer.get(&format!("/api/v1/people/{found}")).json()["version"].clone();
        let lift = json!({"version": version, "restricted": false});
        assert_eq!(officer.send("PUT", &restriction, Some(lift)).status, 200);
        eventually("everybody sees the pair again", || {
            other.candidates(&theirs).iter().any(|one| id(one) == id(&hidden)).then_some(())
        });
        eventually("and finds them", || {
            let hits = other.hits();
            hits.as_array().unwrap().iter().any(|hit| hit["reference"] == candidate["reference"]).then_some(())
        });
    }

    async fn a_withdrawal_ends_the_candidate_and_the_search_in_time(world: World) {
        let site = Site::open(&world);
        let team = Team::of(&world, &site).await;
        let found = met(&world.core, &team.intake.who, amina()).await;
        let request = team.caseworker.seeks(amina());
        team.caseworker.in_time(&request, 1);
        assert_eq!(team.caseworker.hits().as_array().unwrap().len(), 1);

        let withdrawal =
            json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"});
        team.intake.done(&format!("/api/v1/people/{found}/withdrawals"), withdrawal);
        team.caseworker.in_time(&request, 0);
        assert_eq!(team.caseworker.hits(), json!([]));
    }

    async fn a_yes_that_has_run_out_is_a_no_in_searches_candidates_and_decisions(world: World) {
        let site = Site::open(&world);
        let mut team = Team::of(&world, &site).await;
        let mut visit = visit_of(amina());
        visit["consents"][1]["valid_until"] = json!("2026-03-10");
        let found = record(&world.core, &team.intake.who, visit).await.person.unwrap();
        let request = team.caseworker.seeks(amina());
        let candidate = team.caseworker.in_time(&request, 1).remove(0);
        let nobody = team.caseworker.seeks(json!({"given_names": "Tekle", "family_names": "Gebremedhin"}));
        world.pass(chrono::Duration::days(9));
        team.caseworker.again(&world).await;
        assert_eq!(team.caseworker.candidates(&request).len(), 1, "good through its last day");

        world.pass(chrono::Duration::days(1));
        team.caseworker.again(&world).await;
        let nothing = team.caseworker.get(&format!("/api/v1/requests/{nobody}/candidates"));
        let now = team.caseworker.get(&format!("/api/v1/requests/{request}/candidates"));
        assert_eq!(now, nothing, "before any index has noticed");
        assert_eq!(team.caseworker.hits(), json!([]));
        let propose = json!({"version": 1});
        let path = format!("/api/v1/candidates/{}/propose", id(&candidate));
        let refused = team.caseworker.post(&path, propose).status;
        assert!([404, 409].contains(&refused), "not there, or already withdrawn: {refused}");
        team.caseworker.post(&format!("/api/v1/requests/{request}/search"), Value::Null);
        settle();
        assert_eq!(team.caseworker.candidates(&request).len(), 0);

        // Asked again, and yes again: back where it was.
        team.intake.again(&world).await;
        team.intake.answers(&found.to_string(), says("tracing_search", "given"));
        let back = team.caseworker.in_time(&request, 1).remove(0);
        assert_eq!(id(&back), id(&candidate));
    }
}
