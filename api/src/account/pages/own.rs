//! Pages once somebody is in: the start, the own account, and for administrators the accounts of their society.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::account::model::{AccountForm, InvitedAccount, PasswordForm, password};
use crate::account::routes::manage::{do_change, do_reset, make, page_of};
use crate::auth::accounts::{self, Change, SessionView};
use crate::auth::{AccountView, Core, Session, sign_in};
use crate::kernel::{AccountId, ApiError, Page, SessionId};
use crate::policy::{ManageAccounts, May, Role};
use crate::web::{Filled, Form, Id, Labels, Shell, page, page_again, see_other};

const MINE_LABELS: Labels = &[("current", "mine-current"), ("new", "mine-new")];
const MANAGE_LABELS: Labels =
    &[("login", "sign-in-login"), ("role", "manage-role"), ("point", "manage-point")];

#[derive(Template)]
#[template(path = "account/home.html")]
struct HomePage {
    t: Shell,
    role: Role,
    sessions: usize,
}

/// `GET /`: what this role can do.
pub async fn home(t: Shell, session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    let caller = session.caller()?;
    let sessions = accounts::own_sessions(&core, &session).await?.len();
    page(&HomePage { t, role: caller.actor.role(), sessions })
}

#[derive(Template)]
#[template(path = "account/mine.html")]
struct MinePage {
    t: Shell,
    form: Filled,
    sessions: Vec<SessionView>,
}

/// `GET /account`.
pub async fn mine(t: Shell, session: Session, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    let sessions = accounts::own_sessions(&core, &session).await?;
    page(&MinePage { t, form: Filled::blank(), sessions })
}

/// `POST /account/password`.
pub async fn change_password(
    t: Shell,
    session: Session,
    form: Form<PasswordForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let typed = input.and_then(|form| Ok((password("current", form.current)?, password("new", form.new)?)));
    let changed = match typed {
        Ok((current, new)) => accounts::change_password(&core, &session, current, new).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(see_other("/account")),
        Err(error) => {
            let sessions = accounts::own_sessions(&core, &session).await?;
            page_again(&MinePage { t, form: filled.with(error)?.labelled(MINE_LABELS), sessions })
        }
    }
}

/// `POST /account/sessions/{id}/end`.
pub async fn end_session(
    session: Session,
    Id(which): Id<SessionId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    sign_in::end(&core, &session, which).await?;
    Ok(see_other("/account"))
}

#[derive(Template)]
#[template(path = "account/manage.html")]
struct ManagePage {
    t: Shell,
    form: Filled,
    accounts: Page<AccountView>,
    roles: Vec<Role>,
    invited: Option<InvitedAccount>,
}

impl ManagePage {
    async fn read(
        t: Shell,
        core: &Core,
        may: &May<ManageAccounts>,
        form: Filled,
        invited: Option<InvitedAccount>,
    ) -> Result<Self, ApiError> {
        let roles = Role::ALL.iter().copied().filter(|role| *role != Role::System).collect();
        Ok(Self { t, form, accounts: page_of(core, may, None).await?, roles, invited })
    }
}

/// `GET /accounts`.
pub async fn manage(t: Shell, may: May<ManageAccounts>, core: Data<Core>) -> Result<HttpResponse, ApiError> {
    page(&ManagePage::read(t, &core, &may, Filled::blank(), None).await?)
}

/// `POST /accounts`: the enrolment code is shown on the answer, once.
pub async fn create(
    t: Shell,
    may: May<ManageAccounts>,
    form: Form<AccountForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let made = match input {
        Ok(input) => make(&core, may.clone(), input).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(invited) => page(&ManagePage::read(t, &core, &may, Filled::blank(), Some(invited)).await?),
        Err(error) => {
            let form = filled.with(error)?.labelled(MANAGE_LABELS);
            page_again(&ManagePage::read(t, &core, &may, form, None).await?)
        }
    }
}

/// A form that only has a button.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {}

/// `POST /accounts/{id}/disable`.
pub async fn disable(
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    _form: Form<Button>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    do_change(&core, may, id, Change::Disable).await?;
    Ok(see_other("/accounts"))
}

/// `POST /accounts/{id}/reset`: a new enrolment code, shown once.
pub async fn reset(
    t: Shell,
    may: May<ManageAccounts>,
    Id(id): Id<AccountId>,
    _form: Form<Button>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let invited = do_reset(&core, may.clone(), id).await?;
    page(&ManagePage::read(t, &core, &may, Filled::blank(), Some(invited)).await?)
}
