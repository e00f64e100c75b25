//! The second person's answer to a stated death or detention, on the page of the request's steps.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::steps::{Done, Part, answer};
use crate::auth::Core;
use crate::kernel::{ApiError, RequestId};
use crate::policy::{ConfirmEnding, May, ReadRequest};
use crate::requests::model::{SendBackForm, VersionForm};
use crate::requests::service;
use crate::web::{Form, Id, Shell};

/// `POST /requests/{id}/ending-confirmed`
pub async fn confirm_ending(
    t: Shell,
    may: May<ConfirmEnding>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<VersionForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let confirmed = match input {
        Ok(input) => service::confirm_ending(&core, may, reading.clone(), id.0, input.version).await,
        Err(error) => Err(error),
    };
    answer(confirmed, (Done::Confirmed, Part::Confirm), (t, filled), (reading, id.0, &core)).await
}

/// `POST /requests/{id}/ending-sent-back`
pub async fn send_ending_back(
    t: Shell,
    may: May<ConfirmEnding>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<SendBackForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let sent = match input {
        Ok(input) => service::send_ending_back(&core, may, id.0, input).await,
        Err(error) => Err(error),
    };
    answer(sent, (Done::SentBack, Part::SendBack), (t, filled), (reading, id.0, &core)).await
}
