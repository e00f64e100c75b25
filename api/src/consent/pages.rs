//! The data protection officer's page: who is still kept without agreeing to it, by reference only.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::routes::WaitingPage;
use super::waiting::{WaitingView, waiting};
use crate::auth::Core;
use crate::kernel::{ApiError, MAX_PAGE, Page, PageRequest};
use crate::policy::{May, ReadErasures};
use crate::web::{Query, Shell, page};

#[derive(Template)]
#[template(path = "consent/waiting.html")]
struct Waiting {
    t: Shell,
    list: Page<WaitingView>,
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
