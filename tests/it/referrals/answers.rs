//! What a referral rests on: the very answers that were judged when it left, of somebody who may be kept at all.

use api::kernel::PageRequest;
use api::people::{self, EditForm};
use api::policy::EditPerson;
use api::referrals::{self as referrals, Side, Step};
use serde_json::json;
use tests::both_databases;

use super::{
    amina, answers, as_json, drafts, looks, officer, person, referral, sent, takes, to_uganda, walks, yes,
};

both_databases! {
    async fn an_answer_of_the_very_moment_it_was_sent_was_not_judged(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        assert!(looks(&world, &there, id).await.is_ok());
        // The clock stands still: only the answer itself is another.
        answers(&world, amina, json!({
            "kind": "share_within_network", "status": "given", "restrictions": {"countries": ["TCD"]}
        })).await;
        assert_eq!(looks(&world, &there, id).await.err().unwrap().code(), "not_found");
        assert_eq!(as_json(&looks(&world, &here, id).await.unwrap())["own"]["consent_gone"], true);
    }

    async fn an_answer_to_something_else_takes_nothing_away(world: World) {
        let (amina, id, _, there) = sent(&world).await;
        answers(&world, amina, yes("share_with_partner")).await;
        answers(&world, amina, yes("tracing_search")).await;
        assert!(looks(&world, &there, id).await.is_ok());
    }

    async fn whoever_agrees_to_be_kept_no_longer_is_referred_no_longer(world: World) {
        let (amina, id, here, there) = sent(&world).await;
        answers(&world, amina, yes("collect_and_store")).await;
        assert!(looks(&world, &there, id).await.is_ok());
        let form = referral(amina, to_uganda(&world).await, &[]);
        let silent = drafts(&world, &here, form.clone()).await.unwrap().id;
        walks(&world, silent, &[(&here, Step::RecordConsent, json!({}))]).await;

        answers(&world, amina, json!({"kind": "collect_and_store", "status": "withdrawn"})).await;
        assert_eq!(looks(&world, &there, id).await.err().unwrap().code(), "not_found");
        let inbox = referrals::list(&world.core, there.may(), Side::Receiver, PageRequest::first()).await.unwrap();
        assert!(inbox.items.is_empty());
        let refused = takes(&world, &here, silent, 2, Step::Send, json!({})).await.err().unwrap();
        assert_eq!(refused.code(), "kept_no_longer");
        assert_eq!(drafts(&world, &here, form).await.err().unwrap().code(), "kept_no_longer");

        answers(&world, amina, yes("collect_and_store")).await;
        assert!(looks(&world, &there, id).await.is_ok(), "what was judged stands again");
        assert!(takes(&world, &here, silent, 2, Step::Send, json!({})).await.is_ok());
    }

    async fn what_a_carer_agreed_to_is_out_of_sight_once_they_are_the_danger(world: World) {
        let by = |giver: &str| json!({
            "kind": "share_within_network", "status": "given", "given_by": giver, "assent": "given"
        });
        let child = json!({"given_names": "Sahra", "birth": {"date": "2014-08-01"}});
        let sahra = person(&world, child, &[by("parent")]).await;
        let (here, there) = (officer(&world, "Kenya").await, officer(&world, "Uganda").await);
        let form = referral(sahra, to_uganda(&world).await, &["given_names"]);
        let id = drafts(&world, &here, form).await.unwrap().id;
        walks(&world, id, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
        assert!(looks(&world, &there, id).await.is_ok());

        let danger: EditForm = serde_json::from_value(json!({
            "version": 1, "changes": {"protection": {"caregiver_implicated": true}}
        })).unwrap();
        people::edit(&world.core, here.may::<EditPerson>(), sahra, &danger).await.unwrap();
        assert_eq!(looks(&world, &there, id).await.err().unwrap().code(), "not_found");
        assert_eq!(as_json(&looks(&world, &here, id).await.unwrap())["own"]["consent_gone"], true);
    }

    async fn only_the_newest_answer_of_each_kind_is_judged_however_often_a_mind_was_changed(world: World) {
        let amina = amina(&world, &[]).await;
        for _ in 0..3 {
            answers(&world, amina, yes("share_within_network")).await;
            answers(&world, amina, json!({"kind": "share_within_network", "status": "refused"})).await;
        }
        let here = officer(&world, "Kenya").await;
        let form = referral(amina, to_uganda(&world).await, &["given_names"]);
        let id = drafts(&world, &here, form).await.unwrap().id;
        let before = as_json(&looks(&world, &here, id).await.unwrap());
        assert_eq!(before["own"]["before"]["coverage"][0]["standing"], "not_given", "{before}");
        answers(&world, amina, yes("share_within_network")).await;
        let after = as_json(&looks(&world, &here, id).await.unwrap());
        assert_eq!(after["own"]["before"]["coverage"][0]["standing"], "covered", "{after}");
    }
}
