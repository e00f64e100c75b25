//! Who holds a request, on a page: given to a colleague of the same society, or taken away.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::asked::{Asked, Kind};
use super::steps::Done;
use crate::auth::Core;
use crate::kernel::{AccountId, ApiError, RequestId, Wrong, invalid};
use crate::policy::{AssignRequest, May, ReadRequest};
use crate::requests::model::AssignForm;
use crate::requests::service::{self, Holding};
use crate::web::{self, Filled, Form, Id, Shell};

/// What the page asks; the colleague may not have been chosen yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    account: Option<AccountId>,
    #[serde(default)]
    remove: bool,
}

impl HoldForm {
    fn assignment(self) -> Result<AssignForm, ApiError> {
        let missing = || invalid("account", Wrong::Missing.says("is missing; choose one"));
        Ok(AssignForm { account: self.account.ok_or_else(missing)?, remove: self.remove })
    }
}

#[derive(Template)]
#[template(path = "requests/hold.html")]
struct Hold {
    t: Shell,
    id: RequestId,
    holding: Holding,
    form: Filled,
}

impl Hold {
    fn colleague(&self) -> Asked {
        let named = |(account, login, role): &(_, String, String)| {
            (ToString::to_string(account), format!("{login} ({})", self.t.tr_code("role-", role)))
        };
        let choices = self.holding.able.iter().map(named).collect();
        Asked::new(&self.t, "account", "request-assign-to", Kind::Choice(choices))
    }

    fn label(&self, field: &str) -> Option<String> {
        (field == "account").then(|| self.t.tr("request-assign-to"))
    }
}

/// `GET /requests/{id}/assignment`
pub async fn hold(
    t: Shell,
    _: May<AssignRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let holding = service::holding(&core, &reading, id.0).await?;
    web::page(&Hold { t, id: id.0, holding, form: Filled::blank() })
}

/// `POST /requests/{id}/assignment`
pub async fn assign(
    t: Shell,
    may: May<AssignRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<HoldForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let assigned = match input.and_then(HoldForm::assignment) {
        Ok(input) => {
            let done = if input.remove { Done::Unassigned } else { Done::Assigned };
            service::assign(&core, may, id.0, input).await.map(|()| done)
        }
        Err(error) => Err(error),
    };
    match assigned {
        Ok(done) => Ok(web::see_other(&format!("/requests/{}?done={done}", id.0))),
        Err(error) => {
            let form = filled.with(error)?;
            let holding = service::holding(&core, &reading, id.0).await?;
            web::page_again(&Hold { t, id: id.0, holding, form })
        }
    }
}
