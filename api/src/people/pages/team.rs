//! The team of one person on a page: whether somebody is restricted to it, who is on it by sign-in name, and how a
//! protection officer chooses it. The person is called by their reference.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::auth::Core;
use crate::kernel::{AccountId, ApiError, PersonId, Wrong, codes, invalid};
use crate::people::service::{self, Change, Colleague, RestrictionForm, Team};
use crate::policy::{May, RestrictPerson};
use crate::web::{self, Filled, Form, Id, Labels, Query, Shell};

codes! {
    /// A press on the page.
    pub Deed { Restrict = "restrict", Lift = "lift", PutOn = "put_on", TakeOff = "take_off" }
}

const LABELS: Labels = &[("account", "team-colleague")];

/// What the page asks.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamForm {
    version: i64,
    deed: Deed,
    account: Option<AccountId>,
    /// Who stays, when somebody is restricted.
    #[serde(default)]
    team: Vec<AccountId>,
}

/// What was just done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    done: Option<Deed>,
}

#[derive(Template)]
#[template(path = "people/team.html")]
struct TeamPage {
    t: Shell,
    id: PersonId,
    done: Option<Deed>,
    team: Team,
    own: Option<AccountId>,
    form: Filled,
}

impl TeamPage {
    async fn new(t: Shell, may: &May<RestrictPerson>, core: &Core, id: PersonId) -> Result<Self, ApiError> {
        let team = service::team_shown(core, may, id).await?;
        let form = Filled::from_pairs(team.members.iter().map(|one| ("team", one.account.to_string())));
        Ok(Self { t, id, done: None, team, own: may.account(), form })
    }

    /// Everybody on the team but the reader.
    fn others(&self) -> Vec<&Colleague> {
        self.team.members.iter().filter(|one| Some(one.account) != self.own).collect()
    }

    fn is_on_it(&self) -> bool {
        self.team.members.iter().any(|one| Some(one.account) == self.own)
    }

    fn able(&self) -> Vec<&Colleague> {
        self.team.able.iter().filter(|one| Some(one.account) != self.own).collect()
    }

    fn stays(&self, one: &Colleague) -> bool {
        self.form.is("team", &one.account.to_string())
    }

    fn is_chosen(&self, one: &Colleague) -> bool {
        self.form.is("account", &one.account.to_string())
    }
}

/// A button pressed twice is told what the first press did, as long as that stands; an old page undoes nothing.
async fn press(
    core: &Core,
    may: May<RestrictPerson>,
    id: PersonId,
    form: TeamForm,
) -> Result<Deed, ApiError> {
    let pressed = press_once(core, may.clone(), id, form.clone()).await;
    if let Err(ApiError::Conflict("stale", _)) = pressed
        && form.stands(&service::team_shown(core, &may, id).await?, may.account())
    {
        return Ok(form.deed);
    }
    pressed
}

impl TeamForm {
    /// Whether everything is as this asks.
    fn stands(&self, now: &Team, own: Option<AccountId>) -> bool {
        let is_on_it = |account: AccountId| now.members.iter().any(|one| one.account == account);
        let chosen: BTreeSet<AccountId> = self.team.iter().copied().chain(self.account).chain(own).collect();
        match (self.deed, self.account) {
            (Deed::Restrict, _) => {
                now.restricted && now.members.len() == chosen.len() && chosen.into_iter().all(is_on_it)
            }
            (Deed::Lift, _) => !now.restricted,
            (Deed::PutOn, Some(account)) => now.restricted && is_on_it(account),
            (Deed::TakeOff, Some(account)) => now.restricted && !is_on_it(account),
            (Deed::PutOn | Deed::TakeOff, None) => false,
        }
    }
}

async fn press_once(
    core: &Core,
    may: May<RestrictPerson>,
    id: PersonId,
    form: TeamForm,
) -> Result<Deed, ApiError> {
    let TeamForm { version, deed, account, mut team } = form;
    let change = match (deed, account) {
        (Deed::PutOn, Some(account)) => Change::PutOn(account),
        (Deed::TakeOff, Some(account)) => Change::TakeOff(account),
        (Deed::PutOn | Deed::TakeOff, None) => {
            return Err(invalid("account", Wrong::Missing.says("is missing; choose one")));
        }
        (Deed::Restrict | Deed::Lift, account) => {
            let restricted = deed == Deed::Restrict;
            team.extend(account);
            service::restrict(core, may, id, &RestrictionForm { version, restricted, team }).await?;
            return Ok(deed);
        }
    };
    service::change_team(core, may, id, version, change).await?;
    Ok(deed)
}

/// Whoever cannot be on the team was chosen from the list.
fn as_asked(error: ApiError) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in problems.0.iter_mut().filter(|problem| problem.field == "team") {
        problem.field = "account".to_owned();
    }
    ApiError::Invalid(problems)
}

/// `GET /people/{id}/team`
pub async fn show(
    t: Shell,
    may: May<RestrictPerson>,
    id: Id<PersonId>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let page = TeamPage::new(t, &may, &core, id.0).await?;
    web::page(&TeamPage { done: after.0.done, ..page })
}

/// `POST /people/{id}/team`
pub async fn change(
    t: Shell,
    may: May<RestrictPerson>,
    id: Id<PersonId>,
    form: Form<TeamForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let done = match input {
        Ok(form) => press(&core, may.clone(), id.0, form).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(deed) => Ok(web::see_other(&format!("/people/{}/team?done={deed}", id.0))),
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            let page = TeamPage::new(t, &may, &core, id.0).await?;
            web::page_again(&TeamPage { form, ..page })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Language;

    #[test]
    fn every_deed_has_its_word_in_every_language() {
        for language in Language::ALL {
            for code in Deed::CODES {
                let key = format!("team-done-{code}").replace('_', "-");
                assert!(web::find(*language, &key).is_some(), "{key} in {language}");
            }
        }
    }
}
