//! Other societies' wishes to see more of people this society met, and the answer to them.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::auth::Core;
use crate::kernel::{ApiError, CandidateId, codes};
use crate::matches::model::AccessForm;
use crate::matches::service;
use crate::matches::view::AskedView;
use crate::policy::{GrantAccess, May};
use crate::web::{self, Form, Id, Query, Shell};

codes! {
    /// What was answered.
    pub Answered { Granted = "granted", Refused = "refused" }
}

#[derive(Template)]
#[template(path = "matches/access.html")]
struct Wishes {
    t: Shell,
    wishes: Vec<AskedView>,
    done: Option<Answered>,
}

/// What was just answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    done: Option<Answered>,
}

/// `GET /access-requests`
pub async fn wishes(
    t: Shell,
    may: May<GrantAccess>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let wishes = service::asked(&core, may).await?;
    web::page(&Wishes { t, wishes, done: after.0.done })
}

/// `POST /access-requests/{id}`
pub async fn answer(
    may: May<GrantAccess>,
    id: Id<CandidateId>,
    form: Form<AccessForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, _) = form.split();
    let input = input?;
    let answered = if input.grant { Answered::Granted } else { Answered::Refused };
    service::answer(&core, may, id.0, input).await?;
    Ok(web::see_other(&format!("/access-requests?done={answered}")))
}
