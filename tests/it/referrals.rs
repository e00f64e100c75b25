//! Referrals as the people in them live through it: what leaves, who sees it and until when.

mod answers;
mod late;

use api::consent::{self, Append, ConsentForm, NewConsent};
use api::db::DbError;
use api::db::schema::{audit_leaves, people as people_table};
use api::kernel::{ApiError, PageRequest, PersonId, ProviderId, ReferralId};
use api::people::{self, Clues, Entry, PersonForm, PersonKind};
use api::policy::{Role, SendReferral};
use api::referrals::providers::service as directory;
use api::referrals::{self as referrals, DisclosedField, Drafted, ReferralView, Side, State, Step, Stepped};
use api::vault::store as keys;
use api::web::Idempotency;
use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Value, json};
use tests::both_databases;
use tests::world::{Someone, World};

/// Amina, met in Kakuma by the Kenyan society, with the consents given.
pub(crate) async fn amina(world: &World, consents: &[Value]) -> PersonId {
    let form = json!({
        "given_names": "Amina", "family_names": "Warsame", "sex": "female", "birth": {"date": "1996-04"},
        "languages": ["so"], "phones": ["+254700000001"],
        "functioning": {"walking": "a_lot"}, "protection": {"concerns": ["older_person_alone"]},
    });
    person(world, form, consents).await
}

async fn person(world: &World, form: Value, consents: &[Value]) -> PersonId {
    let society = world.society("Kenya").await;
    let point = world.point("Kenya", "Kakuma").await;
    let form: PersonForm = serde_json::from_value(form).unwrap();
    let person = form.parse(world.core.clock.now().day()).unwrap();
    let core = world.core.clone();
    let id = world.core.db.write(move |tx| {
        consent::seed_texts(tx, core.clock.as_ref(), &core.chance)?;
        let clues = Clues::default();
        let entry = Entry {
            kind: PersonKind::Contact,
            society,
            point: Some(point),
            legal_basis: consent::LegalBasis::Consent,
            clues: &clues,
        };
        Ok::<_, DbError>(people::insert(tx, &core, &person, entry, core.clock.now())?.0)
    });
    let id = id.await.unwrap();
    for answer in consents {
        answers(world, id, answer.clone()).await;
    }
    id
}

/// The person answers a question of consent, in English and by word of mouth.
async fn answers(world: &World, person: PersonId, mut answer: Value) {
    answer["language"] = json!("en");
    answer["method"] = json!("oral_witnessed");
    let form: ConsentForm = serde_json::from_value(answer).unwrap();
    let consent = NewConsent::parse(&form, world.core.clock.now().day()).unwrap();
    let core = world.core.clone();
    let done = world.core.db.write(move |tx| {
        let key = keys::key_of(tx, &core.vault, person)?;
        let with = Append {
            vault: &core.vault,
            key: &key,
            clock: core.clock.as_ref(),
            chance: &core.chance,
            by: None,
        };
        let assent = consent.answer.assent.unwrap_or(consent::Assent::NotNeeded);
        consent::insert(tx, &with, person, &consent, assent).map(|_| ())
    });
    done.await.unwrap();
}

pub(crate) fn yes(kind: &str) -> Value {
    json!({"kind": kind, "status": "given"})
}

async fn officer(world: &World, society: &str) -> Someone {
    world.someone(Role::ProtectionOfficer, society, None).await
}

fn referral(person: PersonId, receiver: Value, fields: &[&str]) -> Value {
    json!({
        "person": person, "receiver": receiver, "urgency": "urgent", "service": "legal_assistance",
        "mode": "accompanied", "escort_needed": true, "fields": fields, "need": "Papers for the journey",
    })
}

async fn to_uganda(world: &World) -> Value {
    json!({"kind": "society", "id": world.society("Uganda").await})
}

async fn drafts(world: &World, who: &Someone, form: Value) -> Result<Drafted, ApiError> {
    let form = serde_json::from_value(form).unwrap();
    referrals::draft(&world.core, who.may(), Idempotency::none(), form).await
}

/// One step at the version that stands now, on whichever side it belongs to.
async fn takes(
    world: &World,
    who: &Someone,
    id: ReferralId,
    version: i64,
    step: Step,
    said: Value,
) -> Result<Stepped, ApiError> {
    let mut form = said;
    form["step"] = json!(step);
    form["version"] = json!(version);
    let form = serde_json::from_value(form).unwrap();
    match step.side() {
        Side::Sender => referrals::step(&world.core, who.may(), id, form).await,
        Side::Receiver => referrals::answer(&world.core, who.may(), id, form).await,
    }
}

/// Takes steps in a row from the draft on, each at the version the one before left.
async fn walks(world: &World, id: ReferralId, steps: &[(&Someone, Step, Value)]) -> Stepped {
    walks_on(world, id, 1, steps).await
}

async fn looks(world: &World, who: &Someone, id: ReferralId) -> Result<ReferralView, ApiError> {
    referrals::show(&world.core, who.may(), id).await
}

fn as_json(view: &ReferralView) -> Value {
    serde_json::to_value(view).unwrap()
}

fn problem_fields(error: ApiError) -> Vec<String> {
    match error {
        ApiError::Invalid(problems) => problems.0.into_iter().map(|p| p.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// A referral of Amina to Uganda that has just been sent, with both officers.
async fn sent(world: &World) -> (PersonId, ReferralId, Someone, Someone) {
    let amina = amina(world, &[yes("share_within_network")]).await;
    let (here, there) = (officer(world, "Kenya").await, officer(world, "Uganda").await);
    let form = referral(amina, to_uganda(world).await, &["given_names", "languages", "phones", "need"]);
    let id = drafts(world, &here, form).await.unwrap().id;
    walks(world, id, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
    (amina, id, here, there)
}

both_databases! {
    async fn a_referral_goes_all_the_way(world: World) {
        let (amina, id, here, there) = sent(&world).await;

        let inbox = referrals::list(&world.core, there.may(), Side::Receiver, PageRequest::first()).await.unwrap();
        assert_eq!(inbox.items.iter().map(|item| item.id).collect::<Vec<_>>(), [id]);
        let listed = serde_json::to_string(&inbox.items).unwrap();
        assert!(!listed.contains("Amina") && !listed.contains(&amina.to_string()), "{listed}");

        let seen = as_json(&looks(&world, &there, id).await.unwrap());
        let fields = &seen["copy"]["value"]["fields"];
        assert_eq!(fields, &json!({
            "given_names": ["Amina"], "languages": ["so"], "phones": ["+254700000001"],
            "need": ["Papers for the journey"],
        }));
        assert_eq!(seen.get("own"), None);
        for kept in ["Warsame", "older_person_alone", "a_lot", &amina.to_string()] {
            assert!(!seen.to_string().contains(kept), "{kept} reached the receiver");
        }

        let outcome = json!({"outcome": {"code": "service_provided", "note": "Papers issued"}});
        let talk = json!({"follow_up": {"by": "phone", "on": "2026-03-01", "need_met": "yes"}});
        let end = walks_on(&world, id, 3, &[
            (&there, Step::Acknowledge, json!({})),
            (&there, Step::Accept, json!({})),
            (&there, Step::Start, json!({})),
            (&there, Step::Complete, outcome),
            (&here, Step::Close, talk),
        ]).await;
        assert_eq!(end.state, State::Closed);

        let ours = as_json(&looks(&world, &here, id).await.unwrap());
        assert_eq!(ours["own"]["outcome"]["value"]["note"], "Papers issued");
        let states: Vec<_> = ours["own"]["events"].as_array().unwrap().iter().map(|e| e["to"].clone()).collect();
        assert_eq!(states, ["consent_recorded", "sent", "acknowledged", "accepted", "service_started",
            "completed", "closed"]);
        assert_eq!(ours["own"]["events"][6]["said"]["value"]["follow_up"]["need_met"], "yes");
        assert_eq!(looks(&world, &there, id).await.err().unwrap().code(), "not_found");
    }

    async fn a_field_without_consent_keeps_everything_at_home(world: World) {
        let amina = amina(&world, &[yes("share_within_network")]).await;
        let here = officer(&world, "Kenya").await;
        let form = referral(amina, to_uganda(&world).await, &["given_names", "functioning"]);
        let id = drafts(&world, &here, form).await.unwrap().id;

        let refused = takes(&world, &here, id, 1, Step::RecordConsent, json!({})).await.err().unwrap();
        assert_eq!(problem_fields(refused), ["fields.functioning"]);
        assert_eq!(looks(&world, &here, id).await.unwrap().item.state, State::Draft);

        answers(&world, amina, yes("medical_sharing")).await;
        walks(&world, id, &[(&here, Step::RecordConsent, json!({}))]).await;
        answers(&world, amina, json!({"kind": "medical_sharing", "status": "withdrawn"})).await;
        let refused = takes(&world, &here, id, 2, Step::Send, json!({})).await.err().unwrap();
        assert_eq!(problem_fields(refused), ["fields.functioning"]);
        let view = looks(&world, &here, id).await.unwrap();
        assert_eq!((view.item.state, view.copy.is_none()), (State::ConsentRecorded, true));
    }

    async fn an_answer_given_after_sending_closes_the_receivers_eyes_until_it_is_judged_and_sent_again(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        world.clock.advance(Duration::minutes(1));
        let narrower = json!({"kind": "share_within_network", "status": "given", "restrictions": {"countries": ["MEX"]}});
        answers(&world, amina, narrower).await;
        let gone = looks(&world, &there, id).await.err().unwrap();
        assert_eq!(gone.code(), "not_found");
        let answered = takes(&world, &there, id, 3, Step::Acknowledge, json!({})).await.err().unwrap();
        assert_eq!(answered.code(), "not_found");
        assert_eq!(as_json(&looks(&world, &here, id).await.unwrap())["own"]["consent_gone"], true);

        // What is late there is told to the sender, and to the receiver only while there is something to see.
        world.clock.advance(Duration::days(2));
        assert!(late::late_of(&world, &there, Side::Receiver).await.is_empty());
        assert_eq!(late::late_of(&world, &here, Side::Sender).await.len(), 1);

        // A yes without limits is judged anew with a new referral.
        answers(&world, amina, yes("share_within_network")).await;
        assert!(looks(&world, &there, id).await.is_err());
        let form = referral(amina, to_uganda(&world).await, &["given_names"]);
        let again = drafts(&world, &here, form).await.unwrap().id;
        walks(&world, again, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
        assert!(looks(&world, &there, again).await.is_ok());
    }

    async fn every_kind_of_no_is_told_apart_and_none_lets_a_field_leave(world: World) {
        let cases = [
            (json!(null), "not_asked"),
            (json!({"kind": "share_within_network", "status": "refused"}), "not_given"),
            (json!({"kind": "share_within_network", "status": "withdrawn"}), "withdrawn"),
            (json!({"kind": "share_within_network", "status": "given", "valid_until": "2026-03-01"}), "expired"),
            (json!({"kind": "share_within_network", "status": "given", "restrictions": {"countries": ["MEX"]}}), "other_receiver"),
            (json!({"kind": "share_within_network", "status": "given", "restrictions": {"partners": ["Somebody else"]}}), "other_receiver"),
            (json!({"kind": "share_within_network", "status": "given", "restrictions": {"partners": ["uganda "], "countries": ["KEN"]}}), "covered"),
        ];
        let here = officer(&world, "Kenya").await;
        let mut asked = Vec::new();
        for (answer, standing) in cases {
            let given: Vec<_> = Some(answer).into_iter().filter(|a| !a.is_null()).collect();
            asked.push((amina(&world, &given).await, standing));
        }
        world.clock.advance(Duration::days(1));
        for (person, standing) in asked {
            let towards = serde_json::from_value(to_uganda(&world).await).unwrap();
            let service = referrals::Service::LegalAssistance;
            let judged = referrals::check(&world.core, here.may(), person, &towards, service).await.unwrap();
            for field in judged.fields.iter().filter(|f| f.consent == consent::ConsentKind::ShareWithinNetwork) {
                assert_eq!(field.standing.code(), standing, "{}", field.field);
            }
            let form = referral(person, to_uganda(&world).await, &["given_names"]);
            let id = drafts(&world, &here, form).await.unwrap().id;
            let done = takes(&world, &here, id, 1, Step::RecordConsent, json!({})).await;
            assert_eq!(done.is_ok(), standing == "covered", "{standing}");
        }
    }

    async fn a_child_cannot_agree_alone(world: World) {
        // Taken for an adult when asked, and since known to be 16: the answer no longer counts.
        let child = json!({"given_names": "Sahra", "birth": {"date": "2009-08-01"}});
        let sahra = person(&world, child, &[yes("share_within_network")]).await;
        let here = officer(&world, "Kenya").await;
        let form = referral(sahra, to_uganda(&world).await, &["given_names"]);
        let id = drafts(&world, &here, form).await.unwrap().id;
        let view = as_json(&looks(&world, &here, id).await.unwrap());
        assert_eq!(view["own"]["before"]["minor"], true);
        assert_eq!(view["own"]["before"]["coverage"][0]["standing"], "giver_unsuitable");
        assert!(takes(&world, &here, id, 1, Step::RecordConsent, json!({})).await.is_err());

        let guardian = json!({"kind": "share_within_network", "status": "given", "given_by": "legal_guardian", "assent": "given"});
        answers(&world, sahra, guardian).await;
        walks(&world, id, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
    }

    async fn an_authority_is_told_nothing_about_anybody(world: World) {
        let amina = amina(&world, &[yes("share_with_partner")]).await;
        let here = officer(&world, "Kenya").await;
        let police = provider(&world, &here, "Border Police", "authority", None).await;
        let towards = json!({"kind": "provider", "id": police});
        for field in DisclosedField::ALL {
            let form = referral(amina, towards.clone(), &[field.code()]);
            let refused = drafts(&world, &here, form).await.err().unwrap();
            assert_eq!(problem_fields(refused), ["receiver.id"], "{field}");
        }
        // A provider that turns out to be an authority after the draft is refused when it is sent.
        let clinic = provider(&world, &here, "Clinic", "ngo", None).await;
        let form = referral(amina, json!({"kind": "provider", "id": clinic}), &["given_names"]);
        let id = drafts(&world, &here, form).await.unwrap().id;
        let change = serde_json::from_value(provider_form("Clinic", "authority", None)).unwrap();
        directory::change(&world.core, here.may(), clinic, 1, change).await.unwrap();
        let refused = takes(&world, &here, id, 1, Step::RecordConsent, json!({})).await.err().unwrap();
        assert_eq!(problem_fields(refused), ["receiver.id"]);
    }

    async fn a_stale_pathway_warns_and_a_provider_is_answered_for_by_the_sender(world: World) {
        let amina = amina(&world, &[json!({"kind": "share_with_partner", "status": "given", "restrictions": {"partners": ["Legal Aid Kenya"]}})]).await;
        let (here, there) = (officer(&world, "Kenya").await, officer(&world, "Uganda").await);
        let legal = provider(&world, &here, "Legal Aid Kenya", "legal_aid", Some("2025-01-01")).await;
        let form = referral(amina, json!({"kind": "provider", "id": legal}), &["given_names"]);
        let drafted = drafts(&world, &here, form.clone()).await.unwrap();
        assert_eq!(drafted.warnings, [referrals::Warning::PathwayReviewOverdue]);

        let outcome = json!({"outcome": {"code": "provided_in_part"}});
        let end = walks(&world, drafted.id, &[
            (&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({})),
            (&here, Step::Acknowledge, json!({})), (&here, Step::Accept, json!({})),
            (&here, Step::Start, json!({})), (&here, Step::Complete, outcome),
        ]).await;
        assert_eq!(end.state, State::Completed);

        // Another society's directory is not there for us.
        let refused = drafts(&world, &there, form).await.err().unwrap();
        assert_eq!(refused.code(), "not_found");
        assert_eq!(directory::show(&world.core, &there.may(), legal).await.err().unwrap().code(), "not_found");
    }

    async fn the_copy_stays_as_it_left(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        let before = as_json(&looks(&world, &there, id).await.unwrap())["copy"].clone();
        rename(&world, &here, amina, "Aamina").await;
        world.clock.advance(Duration::hours(1));
        assert_eq!(as_json(&looks(&world, &there, id).await.unwrap())["copy"], before);
        walks_on(&world, id, 3, &[(&there, Step::Acknowledge, json!({}))]).await;
        assert_eq!(as_json(&looks(&world, &there, id).await.unwrap())["copy"], before);
        assert_eq!(as_json(&looks(&world, &here, id).await.unwrap())["copy"], before);
    }

    async fn the_receiver_loses_sight_when_it_ends(world: World) {
        let because = |reason: &str| json!({"reason": reason});
        for (side, step, said) in [
            (Side::Receiver, Step::Reject, because("no_capacity")),
            (Side::Sender, Step::Revoke, because("mistake")),
            (Side::Sender, Step::Decline, because("does_not_want_service")),
        ] {
            let (_, id, here, there) = sent(&world).await;
            assert!(looks(&world, &there, id).await.is_ok());
            let who = if side == Side::Sender { &here } else { &there };
            walks_on(&world, id, 3, &[(who, step, said)]).await;
            let gone = looks(&world, &there, id).await.err().unwrap();
            let unknown = ReferralId::new(world.core.clock.as_ref(), &world.core.chance);
            let never = looks(&world, &there, unknown).await.err().unwrap();
            assert_eq!(format!("{gone:?}"), format!("{never:?}"), "{step}");
            let again = takes(&world, &there, id, 4, Step::Acknowledge, json!({})).await.err().unwrap();
            assert_eq!(again.code(), "not_found", "{step}");
            let inbox = referrals::list(&world.core, there.may(), Side::Receiver, PageRequest::first()).await.unwrap();
            assert!(inbox.items.iter().all(|item| item.id != id), "{step}");
            assert!(looks(&world, &here, id).await.is_ok(), "{step}");
        }
    }

    async fn a_withdrawn_consent_closes_the_receivers_eyes_at_once(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        answers(&world, amina, json!({"kind": "share_within_network", "status": "withdrawn"})).await;
        assert_eq!(looks(&world, &there, id).await.err().unwrap().code(), "not_found");
        let inbox = referrals::list(&world.core, there.may(), Side::Receiver, PageRequest::first()).await.unwrap();
        assert!(inbox.items.is_empty());
        let blind = takes(&world, &there, id, 3, Step::Acknowledge, json!({})).await.err().unwrap();
        assert_eq!(blind.code(), "not_found");
        assert!(as_json(&looks(&world, &here, id).await.unwrap())["own"]["consent_gone"].as_bool().unwrap());
    }

    async fn a_third_society_learns_nothing(world: World) {
        let (amina, id, ..) = sent(&world).await;
        let elsewhere = officer(&world, "Sudan").await;
        let unknown = ReferralId::new(world.core.clock.as_ref(), &world.core.chance);
        for probe in [id, unknown] {
            assert_eq!(looks(&world, &elsewhere, probe).await.err().unwrap().code(), "not_found");
            for step in Step::ALL {
                let done = takes(&world, &elsewhere, probe, 3, *step, json!({})).await.err().unwrap();
                assert_eq!(done.code(), "not_found", "{step}");
            }
        }
        for side in [Side::Sender, Side::Receiver] {
            let seen = referrals::list(&world.core, elsewhere.may(), side, PageRequest::first()).await.unwrap();
            assert!(seen.items.is_empty());
        }
        let form = referral(amina, to_uganda(&world).await, &["given_names"]);
        assert_eq!(drafts(&world, &elsewhere, form).await.err().unwrap().code(), "not_found");
    }

    async fn a_restricted_person_is_for_the_team_alone(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        let colleague = officer(&world, "Kenya").await;
        restrict(&world, amina, &here).await;
        assert!(looks(&world, &here, id).await.is_ok());
        assert_eq!(looks(&world, &colleague, id).await.err().unwrap().code(), "not_found");
        let form = referral(amina, to_uganda(&world).await, &["given_names"]);
        assert_eq!(drafts(&world, &colleague, form).await.err().unwrap().code(), "not_found");

        // The receiver knows that something came; who it is, only whoever takes it on.
        let other = officer(&world, "Uganda").await;
        assert_eq!(as_json(&looks(&world, &there, id).await.unwrap())["copy"], json!({"hidden": true}));
        walks_on(&world, id, 3, &[(&there, Step::Acknowledge, json!({}))]).await;
        assert!(as_json(&looks(&world, &there, id).await.unwrap())["copy"]["value"].is_object());
        assert_eq!(looks(&world, &other, id).await.err().unwrap().code(), "not_found");
        world.clock.advance(Duration::days(30));
        for (who, expected) in [(&there, 1), (&other, 0)] {
            let late = late::late_of(&world, who, Side::Receiver).await;
            assert_eq!(late.len(), expected);
        }
        assert!(late::late_of(&world, &colleague, Side::Sender).await.is_empty());
    }

    async fn nobody_is_given_up_before_the_time_is_over(world: World) {
        let (_, id, here, _) = sent(&world).await;
        let early = takes(&world, &here, id, 3, Step::NoResponse, json!({})).await.err().unwrap();
        assert_eq!(early.code(), "not_due_yet");
        world.clock.advance(Duration::hours(25));
        let early = takes(&world, &here, id, 3, Step::Expire, json!({})).await.err().unwrap();
        assert_eq!(early.code(), "not_due_yet");
        walks_on(&world, id, 3, &[(&here, Step::NoResponse, json!({}))]).await;
        let bare = takes(&world, &here, id, 4, Step::Close, json!({})).await.err().unwrap();
        assert_eq!(problem_fields(bare), ["outcome", "follow_up"]);
    }

    async fn only_the_moves_of_the_table_are_possible_and_only_once(world: World) {
        let (_, id, here, there) = sent(&world).await;
        let twice = takes(&world, &here, id, 3, Step::Send, json!({})).await.err().unwrap();
        assert_eq!(twice.code(), "step_not_possible");
        let old = takes(&world, &there, id, 1, Step::Acknowledge, json!({})).await.err().unwrap();
        assert_eq!(old.code(), "stale");
        let mistaken = takes(&world, &there, id, 3, Step::Reject, json!({})).await.err().unwrap();
        assert_eq!(problem_fields(mistaken), ["reason"]);
        // The sender does not answer for another society.
        let cheating = takes(&world, &here, id, 3, Step::Acknowledge, json!({})).await.err().unwrap();
        assert_eq!(cheating.code(), "not_found");
    }

    async fn every_look_and_every_step_is_in_the_log_without_a_value(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        looks(&world, &there, id).await.unwrap();
        looks(&world, &here, id).await.unwrap();
        let leaves: Vec<Vec<u8>> = world.core.db.read(|conn| {
            Ok::<_, DbError>(audit_leaves::table.order(audit_leaves::seq).select(audit_leaves::bytes).load(conn)?)
        }).await.unwrap();
        let leaves: Vec<Value> = leaves.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect();
        let about: Vec<_> = leaves.iter().filter(|leaf| leaf["resource"] == id.to_string()).collect();
        let subject = amina.uuid().simple().to_string();
        assert!(about.iter().all(|leaf| leaf["subjects"] == json!([subject])));
        let details: Vec<_> = about.iter().filter_map(|leaf| leaf["detail"].as_str()).collect();
        assert_eq!(details, ["drafted", "step:record_consent", "step:send"]);
        let read = about.iter().find(|leaf| leaf["actor"] == there.account.to_string()).unwrap();
        assert_eq!(read["classes"], json!(["identity", "contact", "protection"]));
        for leaf in &leaves {
            for value in ["Amina", "+254700000001", "Papers"] {
                assert!(!leaf.to_string().contains(value), "{leaf}");
            }
        }
    }
}

/// As [`walks`], from a later version on.
async fn walks_on(world: &World, id: ReferralId, from: i64, steps: &[(&Someone, Step, Value)]) -> Stepped {
    let mut version = from;
    let mut last = None;
    for (who, step, said) in steps {
        let done = takes(world, who, id, version, *step, said.clone()).await;
        let done = done.unwrap_or_else(|e| panic!("{step}: {e:?}"));
        version = done.version;
        last = Some(done);
    }
    last.unwrap()
}

fn provider_form(name: &str, kind: &str, verified_on: Option<&str>) -> Value {
    json!({
        "name": name, "kind": kind, "services": ["legal_assistance"], "contact_point": "Desk 3",
        "pathway_verified_on": verified_on, "review_days": 90,
    })
}

pub(crate) async fn provider(
    world: &World,
    who: &Someone,
    name: &str,
    kind: &str,
    verified_on: Option<&str>,
) -> ProviderId {
    let form = serde_json::from_value(provider_form(name, kind, verified_on)).unwrap();
    directory::add(&world.core, who.may(), Idempotency::none(), form).await.unwrap().id
}

async fn rename(world: &World, who: &Someone, person: PersonId, name: &str) {
    let (core, may) = (world.core.clone(), who.may::<SendReferral>());
    let form: PersonForm = serde_json::from_value(json!({"given_names": name})).unwrap();
    let fresh = form.parse(core.clock.now().day()).unwrap();
    let done = world.core.db.write(move |tx| {
        let held = people::find(tx, &may, person)?;
        let key = keys::key_of(tx, &core.vault, person)?;
        let profile = people::SealedProfile(people::profile_of(&fresh, &Clues::default()));
        let mut next = people::carry(&core.vault, &key, &held).map_err(|e| DbError::Refused(e.into()))?;
        let sealed = people::seal(&core.vault, &key, person, next.version, &fresh, &profile);
        people::overlay(&mut next, sealed, &form.parts());
        people::rewrite(tx, &held, next, core.clock.now()).map(|_| ())
    });
    done.await.unwrap();
}

async fn restrict(world: &World, person: PersonId, team: &Someone) {
    let (account, now) = (team.account, world.core.clock.now());
    let done = world.core.db.write(move |tx| {
        diesel::update(people_table::table.find(person))
            .set(people_table::restricted.eq(true))
            .execute(tx)?;
        people::assign(tx, person.uuid(), account, now)
    });
    done.await.unwrap();
}
