//! What has passed its time: listed for whoever supervises, the most pressing first, and nobody named.

use api::kernel::PageRequest;
use api::policy::Role;
use api::referrals::{self as referrals, ReferralItem, Side, Step};
use chrono::Duration;
use serde_json::json;
use tests::both_databases;
use tests::world::{Someone, World};

use super::{amina, answers, drafts, officer, person, referral, to_uganda, walks, walks_on, yes};

/// What is late on one side, in pages of this many.
async fn late_pages(world: &World, who: &Someone, side: Side, limit: usize) -> Vec<Vec<ReferralItem>> {
    let mut pages = Vec::new();
    let mut wanted = PageRequest { after: None, limit };
    loop {
        let page = referrals::overdue(&world.core, who.may(), side, wanted).await.unwrap();
        pages.push(page.items);
        let Some(next) = page.next else { return pages };
        wanted = PageRequest { after: Some(next.parse().unwrap()), limit };
    }
}

pub async fn late_of(world: &World, who: &Someone, side: Side) -> Vec<ReferralItem> {
    late_pages(world, who, side, 50).await.concat()
}

both_databases! {
    async fn what_is_late_is_listed_for_the_supervisor_without_a_name(world: World) {
        let amina = amina(&world, &[yes("share_within_network")]).await;
        let (here, there) = (officer(&world, "Kenya").await, officer(&world, "Uganda").await);
        let supervisor = world.someone(Role::Reviewer, "Kenya", None).await;
        let mut ids = Vec::new();
        for urgency in ["emergency", "urgent", "normal"] {
            let mut form = referral(amina, to_uganda(&world).await, &["given_names"]);
            form["urgency"] = json!(urgency);
            let id = drafts(&world, &here, form).await.unwrap().id;
            walks(&world, id, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
            ids.push(id);
        }
        let late = async |who: &Someone, side| {
            let items = late_of(&world, who, side).await;
            items.into_iter().map(|item| (item.id, item.late.len(), item.escalated)).collect::<Vec<_>>()
        };
        assert_eq!(late(&supervisor, Side::Sender).await, []);
        world.clock.advance(Duration::hours(24));
        assert_eq!(late(&supervisor, Side::Sender).await, [(ids[0], 1, true)]);
        world.clock.advance(Duration::seconds(1));
        assert_eq!(late(&supervisor, Side::Sender).await, [(ids[0], 2, true), (ids[1], 1, false)]);
        assert_eq!(late(&there, Side::Receiver).await, [(ids[0], 2, true), (ids[1], 1, false)]);
        world.clock.advance(Duration::days(30));
        let everything = late(&here, Side::Sender).await;
        assert_eq!(everything.iter().map(|(id, late, _)| (*id, *late)).collect::<Vec<_>>(), [(ids[0], 3), (ids[1], 3), (ids[2], 3)]);
        let listed = late_of(&world, &supervisor, Side::Sender).await;
        let listed = serde_json::to_string(&listed).unwrap();
        assert!(!listed.contains("Amina") && !listed.contains(&amina.to_string()));
        assert_eq!(late(&officer(&world, "Sudan").await, Side::Sender).await, []);
    }

    async fn the_most_pressing_come_first_and_none_is_past_the_end_of_a_page(world: World) {
        let amina = amina(&world, &[yes("share_within_network")]).await;
        let hodan = person(&world, json!({"given_names": "Hodan"}), &[yes("share_within_network")]).await;
        let (here, there) = (officer(&world, "Kenya").await, officer(&world, "Uganda").await);
        let mut ids = Vec::new();
        for (who, urgency) in
            [(amina, "normal"), (hodan, "emergency"), (hodan, "emergency"), (amina, "emergency"), (amina, "emergency")]
        {
            world.clock.advance(Duration::seconds(1));
            let mut form = referral(who, to_uganda(&world).await, &["given_names"]);
            form["urgency"] = json!(urgency);
            let id = drafts(&world, &here, form).await.unwrap().id;
            walks(&world, id, &[(&here, Step::RecordConsent, json!({})), (&here, Step::Send, json!({}))]).await;
            ids.push(id);
        }
        let [normal, first, second, served, waiting] = ids[..] else { panic!("five were sent") };
        let outcome = json!({"outcome": {"code": "service_provided"}});
        walks_on(&world, served, 3, &[
            (&there, Step::Acknowledge, json!({})),
            (&there, Step::Accept, json!({})),
            (&there, Step::Start, json!({})),
            (&there, Step::Complete, outcome),
        ])
        .await;
        world.clock.advance(Duration::days(30));
        let pages = async |who: &Someone, side, limit| {
            let pages = late_pages(&world, who, side, limit).await;
            pages.iter().map(|page| page.iter().map(|item| item.id).collect()).collect::<Vec<Vec<_>>>()
        };
        for (who, side) in [(&here, Side::Sender), (&there, Side::Receiver)] {
            assert_eq!(pages(who, side, 2).await, [vec![first, second], vec![waiting, served], vec![normal]]);
        }
        answers(&world, hodan, json!({"kind": "share_within_network", "status": "withdrawn"})).await;
        let seen = [vec![waiting, served], vec![normal]];
        assert_eq!(pages(&there, Side::Receiver, 2).await, seen, "nobody unseen takes a place");
    }
}
