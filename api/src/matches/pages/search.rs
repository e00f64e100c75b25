//! A question to the index on a page. It is sent in the body, so that no name stands in an address, and nothing of it is
//! kept.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::compare::{Compared, percent};
use crate::auth::Core;
use crate::kernel::ApiError;
use crate::matches::desk::Desk;
use crate::matches::model::SearchForm;
use crate::matches::search::search as ask_index;
use crate::matches::view::HitView;
use crate::people::PersonForm;
use crate::policy::{May, SearchContacts};
use crate::requests::{Asked, Kind, Said, as_asked, call, looked_for};
use crate::web::{self, Filled, Form, Shell};

/// What the page asks: who, never where or when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[serde(default)]
    person: PersonForm,
    nickname: Option<String>,
}

/// One hit, as the page shows it.
struct Hit {
    view: HitView,
    /// Absent for somebody whom another society met.
    compared: Option<Compared>,
    percent: Option<String>,
}

#[derive(Template)]
#[template(path = "matches/search.html")]
struct Search {
    t: Shell,
    form: Filled,
    hits: Option<Vec<Hit>>,
}

impl Search {
    fn fields(&self) -> Vec<Asked> {
        looked_for(&self.t, "")
    }

    fn label(&self, field: &str) -> Option<String> {
        self.fields().into_iter().find(|asked| asked.name == field).map(|asked| asked.label)
    }

    fn count(&self) -> usize {
        self.hits.as_ref().map_or(0, Vec::len)
    }

    /// Once answered, the question folds away.
    fn is_answered(&self) -> bool {
        self.hits.is_some()
    }
}

/// `GET /search`
pub async fn blank(t: Shell, _: May<SearchContacts>) -> Result<HttpResponse, ApiError> {
    web::page(&Search { t, form: Filled::blank(), hits: None })
}

/// `POST /search`
pub async fn search(
    t: Shell,
    may: May<SearchContacts>,
    form: Form<Question>,
    core: Data<Core>,
    desk: Data<Desk>,
) -> Result<HttpResponse, ApiError> {
    let (input, form) = form.split();
    let answered = match input {
        Ok(Question { mut person, nickname }) => {
            call(&mut person, nickname);
            ask_index(&core, &desk.engine, &desk.throttle, may, &SearchForm { person }).await
        }
        Err(error) => Err(error),
    };
    match answered {
        Ok(answer) => {
            let hits = answer.hits.into_iter().map(|view| Hit {
                compared: (!view.reduced).then(|| Compared::of(&t, &view.explanation)),
                percent: view.probability.map(|p| percent(f64::from(p))),
                view,
            });
            let hits = Some(hits.collect());
            web::page(&Search { t, form, hits })
        }
        Err(error) => {
            let form = form.with(as_asked(error, |_, at| at))?;
            web::page_again(&Search { t, form, hits: None })
        }
    }
}
