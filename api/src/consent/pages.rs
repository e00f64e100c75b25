//! Who is still kept without agreeing to it, by reference only: the data protection officer's list, and that of protection
//! officers, who see their own teams' people and put a data protection officer on the team.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::routes::WaitingPage;
use super::waiting::{WaitingView, waiting};
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest};
use crate::policy::{Action, May, ReadErasures};
use crate::web::{Query, Shell, page};

#[derive(Template)]
#[template(path = "consent/waiting.html")]
struct Waiting {
    t: Shell,
    list: Page<WaitingView>,
}

impl Waiting {
    fn may_erase(&self) -> bool {
        self.t.may(Action::ErasePerson)
    }
}

/// `GET /erasures`
pub async fn erasures(
    t: Shell,
    may: May<ReadErasures>,
    query: Query<WaitingPage>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let wanted = PageRequest { after: query.0.after, limit: MAX_PAGE };
    let list = waiting(&core, &may, wanted).await?;
    page(&Waiting { t, list })
}
