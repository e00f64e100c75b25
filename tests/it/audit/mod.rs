//! What the audit log promises.

mod checkpoints;
mod command;
mod failing;
mod independent;
mod mutations;
mod reading;
mod silence;
mod tampering;

use api::audit::Report;
use api::db::DbError;
use api::db::schema::audit_leaves;
use api::kernel::PersonId;
use api::policy::{EditPerson, ReadPerson, Role, SearchContacts};
use diesel::prelude::*;
use tests::world::{Someone, World};

/// Whose names stand in the story's log.
struct Cast {
    caseworker: Someone,
    reviewer: Someone,
    people: Vec<PersonId>,
}

impl Cast {
    async fn of(world: &World) -> Self {
        let person = |_| PersonId::new(world.clock.as_ref(), &world.core.chance);
        Self {
            caseworker: world.someone(Role::Caseworker, "Kenya", None).await,
            reviewer: world.someone(Role::Reviewer, "Sudan", None).await,
            people: (0..12).map(person).collect(),
        }
    }

    /// Four leaves of different kinds: a look at one, a deed, a search that shows several, a refusal.
    async fn act(&self, world: &World, round: usize) {
        let core = &world.core;
        let at = |n: usize| self.people[(round * 5 + n) % self.people.len()];
        world.pass(chrono::Duration::minutes(1));
        let may = self.caseworker.may::<ReadPerson>();
        core.audit.look(&may, |e| e.about(at(0)).on(at(0)).opening(may.classes())).await.unwrap();
        let (audit, may, person) = (core.audit.clone(), self.caseworker.may::<EditPerson>(), at(1));
        core.db
            .write(move |tx| {
                audit.append(tx, &may, |e| e.about(person).on(person).detail("edited").digest([7; 32]))
            })
            .await
            .unwrap();
        let may = self.caseworker.may::<SearchContacts>();
        core.audit.look(&may, |e| e.about_all([at(2), at(3), at(4)]).opening(may.classes())).await.unwrap();
        let may = self.reviewer.may::<ReadPerson>();
        let refused = api::audit::Event::new(may.action(), may.purpose()).refused();
        core.audit.note(may.caller().clone(), refused).await.unwrap();
    }
}

/// How many entries the log has.
async fn size(world: &World) -> u64 {
    let size: i64 = world
        .core
        .db
        .read(|conn| Ok::<_, DbError>(audit_leaves::table.count().get_result(conn)?))
        .await
        .unwrap();
    size.unsigned_abs()
}

/// Verifies the world's log as it stands.
fn verified(world: &World) -> Report {
    api::audit::verify(&world.core.db, &world.core.audit.trust(), &mut |_| {}).unwrap()
}
