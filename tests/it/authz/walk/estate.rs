//! The records that the walk asks for: the caller's own, those of another service point, and those of another society,
//! each made through the interface as their own people would.

use std::collections::BTreeMap;

use api::kernel::*;
use api::policy::Role;
use serde_json::{Value, json};
use tests::site::Site;
use tests::world::World;

use super::{Ownership, text};

/// Records by kind and ownership, ids as they read.
pub struct Estate(BTreeMap<(&'static str, Ownership), String>);

/// Everybody who makes records at one place.
struct Hands<'a> {
    site: &'a Site,
    intake: String,
    caseworker: String,
    officer: String,
}

impl Estate {
    pub fn get(&self, kind: &'static str, ownership: Ownership) -> Option<String> {
        self.0.get(&(kind, ownership)).cloned()
    }

    pub async fn fill(world: &World, site: &Site, own: &[(Role, String)]) -> Self {
        let mut estate = Self(BTreeMap::new());
        let of = |role| own.iter().find(|(r, _)| *r == role).map(|(_, token)| token.clone()).unwrap();
        let hands = Hands {
            site,
            intake: of(Role::Intake),
            caseworker: of(Role::Caseworker),
            officer: of(Role::ProtectionOfficer),
        };
        estate.put(world, &hands, Ownership::Own).await;
        for (ownership, society, point) in
            [(Ownership::OtherPoint, "Kenya", "Lodwar"), (Ownership::OtherSociety, "Chad", "Abéché")]
        {
            let intake = world.someone(Role::Intake, society, Some(point)).await;
            let caseworker = world.someone(Role::Caseworker, society, Some(point)).await;
            let officer = world.someone(Role::ProtectionOfficer, society, Some(point)).await;
            let hands = Hands {
                site,
                intake: world.token(&intake).await,
                caseworker: world.token(&caseworker).await,
                officer: world.token(&officer).await,
            };
            estate.put(world, &hands, ownership).await;
            let place = world.point(society, point).await.to_string();
            estate.insert(PointId::PREFIX, ownership, place);
            if ownership == Ownership::OtherSociety {
                estate.insert(AccountId::PREFIX, ownership, intake.account.to_string());
            }
        }
        let place = world.point("Kenya", "Kakuma").await.to_string();
        estate.insert(PointId::PREFIX, Ownership::Own, place);
        estate
    }

    pub fn insert(&mut self, kind: &'static str, ownership: Ownership, id: String) {
        self.0.insert((kind, ownership), id);
    }

    async fn put(&mut self, world: &World, hands: &Hands<'_>, ownership: Ownership) {
        let niger = world.society("Niger").await.to_string();
        tokio::task::block_in_place(|| {
            let recorded = hands.recorded();
            let (request, sought, candidate) = hands.searched_for();
            let referral = hands.referred(&recorded["person"], &niger);
            let sessions = hands.site.send("GET", "/api/v1/me/sessions", Some(&hands.intake), None).json();
            let session = text(&sessions[0]["id"]);
            for (kind, id) in [
                (ContactId::PREFIX, text(&recorded["contact"])),
                (PersonId::PREFIX, text(&recorded["person"])),
                (GroupId::PREFIX, text(&recorded["group"])),
                (RequestId::PREFIX, request),
                (SoughtId::PREFIX, sought),
                (CandidateId::PREFIX, candidate),
                (ReferralId::PREFIX, referral),
                (SessionId::PREFIX, session),
            ] {
                self.insert(kind, ownership, id);
            }
        });
    }
}

impl Hands<'_> {
    fn post(&self, token: &str, path: &str, body: Value) -> Value {
        let made = self.site.send("POST", path, Some(token), Some(&body));
        assert!([200, 201].contains(&made.status), "{path}: {}", made.body);
        made.json()
    }

    /// Somebody met with their family.
    fn recorded(&self) -> Value {
        let visit = json!({
            "kind": "service_visit", "services": ["first_aid"], "legal_basis": "vital_interest",
            "person": {"given_names": "Amina", "family_names": "Hassan"},
            "group": {"kind": "family", "role": "child"},
            "consents": [{
                "kind": "tracing_search", "status": "given", "method": "oral_witnessed", "language": "en"
            }]
        });
        self.post(&self.intake, "/api/v1/contacts", visit)
    }

    /// A request for the same name, moved to where it is searched, whom it seeks, and the candidate that appears.
    fn searched_for(&self) -> (String, String, String) {
        let opened = json!({
            "channel": "in_person", "interview_language": "en", "enquirer": {"given_names": "Halima"},
            "sought": [{
                "relation": "daughter", "person": {"given_names": "Amina", "family_names": "Hassan"}
            }]
        });
        let request = text(&self.post(&self.caseworker, "/api/v1/requests", opened)["id"]);
        for (version, to) in [(1, "pre_case"), (2, "accepted"), (3, "searching")] {
            let path = format!("/api/v1/requests/{request}/state");
            self.post(&self.caseworker, &path, json!({"version": version, "to": to}));
        }
        let get = |path: &str| {
            let read = self.site.send("GET", path, Some(&self.caseworker), None);
            assert_eq!(read.status, 200, "{}", read.body);
            read.json()
        };
        let sought = text(&get(&format!("/api/v1/requests/{request}"))["sought"][0]["id"]);
        for _ in 0..100 {
            if let Some(one) = get(&format!("/api/v1/requests/{request}/candidates"))["items"].get(0) {
                return (request, sought, text(&one["id"]));
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("no candidate appeared");
    }

    fn referred(&self, person: &Value, society: &str) -> String {
        let form = json!({
            "person": person, "urgency": "normal", "service": "basic_medical", "mode": "phone",
            "receiver": {"kind": "society", "id": society}, "fields": ["given_names"],
            "need": "somebody to talk to"
        });
        text(&self.post(&self.officer, "/api/v1/referrals", form)["id"])
    }
}
