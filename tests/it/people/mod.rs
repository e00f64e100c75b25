//! People and their contacts, told by those who meet them and by those who must not see them.

mod batch;
mod desk;
mod index;
mod reach;
mod records;

use api::auth::Core;
use api::consent;
use api::db::DbError;
use api::kernel::{ApiError, PersonId};
use api::people::{ContactForm, Recorded};
use api::policy::{ReadPerson, RecordContact};
use api::web::Idempotency;
use serde_json::{Value, json};
use tests::world::{Someone, World};

/// Words to consent to, as a fresh installation has them.
pub async fn with_words(world: &World) -> Core {
    let core = world.core.clone();
    let inside = core.clone();
    core.db
        .write(move |tx| {
            consent::seed_texts(tx, inside.clock.as_ref(), &inside.chance)?;
            Ok::<_, DbError>(())
        })
        .await
        .unwrap();
    core
}

/// One answer, given out loud.
pub fn says(kind: &str, status: &str) -> Value {
    json!({"kind": kind, "status": status, "method": "oral_witnessed", "language": "en"})
}

/// A visit of somebody who agreed to be written down and to be found.
pub fn visit_of(person: Value) -> Value {
    json!({
        "kind": "service_visit",
        "services": ["food", "water"],
        "person": person,
        "consents": [says("collect_and_store", "given"), says("tracing_search", "given")],
    })
}

pub async fn try_record(core: &Core, who: &Someone, form: Value) -> Result<Recorded, ApiError> {
    let form: ContactForm = serde_json::from_value(form).unwrap();
    api::people::record(core, who.may::<RecordContact>(), Idempotency::none(), &form).await
}

pub async fn record(core: &Core, who: &Someone, form: Value) -> Recorded {
    try_record(core, who, form).await.unwrap()
}

/// Somebody met at this desk.
pub async fn met(core: &Core, who: &Someone, person: Value) -> PersonId {
    record(core, who, visit_of(person)).await.person.unwrap()
}

/// The person as this reader sees them, as JSON.
pub async fn seen(core: &Core, who: &Someone, id: PersonId) -> Result<Value, ApiError> {
    let view = api::people::show_person(core, &who.may::<ReadPerson>(), id).await?;
    Ok(serde_json::to_value(view).unwrap())
}

/// The fields an invalid input was refused for.
pub fn fields<T>(outcome: Result<T, ApiError>) -> Vec<String> {
    match outcome.err() {
        Some(ApiError::Invalid(problems)) => problems.0.into_iter().map(|p| p.field).collect(),
        other => panic!("not refused for its input: {other:?}"),
    }
}
