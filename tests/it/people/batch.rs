//! Many contacts at once, as an import writes them: sealed on several threads, written together.

use api::consent::{self, Words};
use api::db::{DbError, ROWS, schema};
use api::hsp;
use api::kernel::PersonId;
use api::people::{At, ContactForm, ReadyContact, seal_contact, write_contacts};
use api::policy::Role;
use diesel::prelude::*;
use serde_json::json;
use tests::both_databases;

use super::{seen, visit_of, with_words};

both_databases! {
    async fn contacts_sealed_on_several_threads_and_written_together_open_one_by_one(world: World) {
        let core = with_words(&world).await;
        let desk = world.someone(Role::Intake, "Kenya", Some("Kakuma")).await;
        let (society, point) = (world.society("Kenya").await, world.point("Kenya", "Kakuma").await);
        // More than two statements take, and not a whole number of them.
        let many = 2 * ROWS + 7;
        let (place, words) = core
            .db
            .read(move |conn| {
                Ok::<_, DbError>((hsp::meeting_place(conn, point)?, Words::of_language(conn, society, "en")?))
            })
            .await
            .unwrap();
        let at = At { point, place, by: Some(desk.account) };
        let seal = |number: usize| {
            let name = format!("Amina {number}");
            let form: ContactForm = serde_json::from_value(visit_of(json!({"full_name": name}))).unwrap();
            let contact = form.parse(core.clock.now().day()).unwrap();
            (name, seal_contact(&core, &contact, &at, None, &words).unwrap())
        };
        let seal = &seal;
        let ready: Vec<(String, ReadyContact)> = std::thread::scope(|scope| {
            let parts: Vec<_> = (0..4)
                .map(|first| scope.spawn(move || (first..many).step_by(4).map(seal).collect::<Vec<_>>()))
                .collect();
            parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
        });
        let people: Vec<(PersonId, String)> =
            ready.iter().map(|(name, one)| (one.recorded.person.unwrap(), name.clone())).collect();
        core.db
            .write(move |tx| write_contacts(tx, &ready.iter().map(|(_, one)| one).collect::<Vec<_>>()))
            .await
            .unwrap();

        for (person, name) in people.iter().step_by(41).chain(people.last()) {
            let view = seen(&core, &desk, *person).await.unwrap();
            assert_eq!(view["full_name"]["value"], json!(name), "{view}");
        }
        let now = core.clock.now();
        let ids: Vec<PersonId> = people.iter().map(|(person, _)| *person).collect();
        let (found, feed) = core
            .db
            .read(move |conn| {
                let found = consent::searchable(conn, &ids, now)?.len();
                let feed: Vec<i64> =
                    schema::changes::table.select(schema::changes::seq).order(schema::changes::seq).load(conn)?;
                Ok::<_, DbError>((found, feed))
            })
            .await
            .unwrap();
        assert_eq!(found, many);
        assert_eq!(feed, (1..=many as i64).collect::<Vec<_>>(), "every change has its number, and none is left out");
    }
}
