//! The routes of tracing: requests, searches, candidates and decisions, for programs and for people.

use actix_web::http::Method;

use super::{Needs, Route};
use crate::policy::Action;

pub(super) fn requests() -> Vec<Route> {
    use crate::requests::routes;
    use Needs::May;
    const ALL: &str = "/api/v1/requests";
    const ONE: &str = "/api/v1/requests/{id}";
    const STATE: &str = "/api/v1/requests/{id}/state";
    const CLOSE: &str = "/api/v1/requests/{id}/close";
    const CIRCULATION: &str = "/api/v1/requests/{id}/circulation";
    const CLEARED: &str = "/api/v1/requests/{id}/conflict-cleared";
    const CONFIRMED: &str = "/api/v1/requests/{id}/ending-confirmed";
    const SENT_BACK: &str = "/api/v1/requests/{id}/ending-sent-back";
    const ASSIGNMENT: &str = "/api/v1/requests/{id}/assignment";
    const ACTIONS: &str = "/api/v1/requests/{id}/actions";
    vec![
        Route::new(Method::POST, ALL, May(Action::OpenRequest), routes::open),
        Route::new(Method::GET, ALL, May(Action::ReadRequest), routes::list),
        Route::new(Method::GET, ONE, May(Action::ReadRequest), routes::show),
        Route::new(Method::PATCH, ONE, May(Action::EditRequest), routes::patch),
        Route::new(Method::POST, STATE, May(Action::EditRequest), routes::advance),
        Route::new(Method::POST, CLOSE, May(Action::CloseRequest), routes::close),
        Route::new(Method::PUT, CIRCULATION, May(Action::EditRequest), routes::circulate),
        Route::new(Method::POST, CLEARED, May(Action::ClearConflict), routes::clear_conflict),
        Route::new(Method::POST, CONFIRMED, May(Action::ConfirmEnding), routes::confirm_ending),
        Route::new(Method::POST, SENT_BACK, May(Action::ConfirmEnding), routes::send_ending_back),
        Route::new(Method::POST, ASSIGNMENT, May(Action::AssignRequest), routes::assign),
        Route::new(Method::POST, ACTIONS, May(Action::EditRequest), routes::act),
        Route::new(Method::GET, ACTIONS, May(Action::ReadRequest), routes::actions),
    ]
}

pub(super) fn matches() -> Vec<Route> {
    use crate::matches::routes;
    use Needs::May;
    const SEARCHES: &str = "/api/v1/searches";
    const AGAIN: &str = "/api/v1/requests/{id}/search";
    const STATUS: &str = "/api/v1/requests/{id}/enquirer-status";
    const CANDIDATES: &str = "/api/v1/requests/{id}/candidates";
    const ONE: &str = "/api/v1/candidates/{id}";
    const HISTORY: &str = "/api/v1/candidates/{id}/history";
    const ASKED: &str = "/api/v1/access-requests";
    vec![
        Route::new(Method::POST, SEARCHES, May(Action::SearchContacts), routes::search),
        Route::new(Method::POST, AGAIN, May(Action::ReadCandidates), routes::search_again),
        Route::new(Method::GET, STATUS, May(Action::ReadRequest), routes::enquirer_status),
        Route::new(Method::GET, CANDIDATES, May(Action::ReadCandidates), routes::of_request),
        Route::new(Method::GET, ONE, May(Action::ReadCandidates), routes::show),
        Route::new(Method::GET, HISTORY, May(Action::ReadRequest), routes::history),
        Route::new(Method::POST, "/api/v1/candidates/{id}/review", May(Action::ProposeMatch), routes::review),
        Route::new(
            Method::POST,
            "/api/v1/candidates/{id}/propose",
            May(Action::ProposeMatch),
            routes::propose,
        ),
        Route::new(
            Method::POST,
            "/api/v1/candidates/{id}/confirm",
            May(Action::ConfirmMatch),
            routes::confirm,
        ),
        Route::new(Method::POST, "/api/v1/candidates/{id}/verify", May(Action::VerifyMatch), routes::verify),
        Route::new(Method::POST, "/api/v1/candidates/{id}/reject", May(Action::RejectMatch), routes::reject),
        Route::new(Method::POST, "/api/v1/candidates/{id}/undo", May(Action::UndoMatch), routes::undo),
        Route::new(
            Method::POST,
            "/api/v1/candidates/{id}/release",
            May(Action::ReleaseNews),
            routes::release,
        ),
        Route::new(Method::POST, "/api/v1/candidates/{id}/access", May(Action::AskAccess), routes::ask),
        Route::new(Method::GET, "/api/v1/reviews", May(Action::ConfirmMatch), routes::waiting),
        Route::new(Method::GET, ASKED, May(Action::GrantAccess), routes::asked),
        Route::new(Method::POST, "/api/v1/access-requests/{id}", May(Action::GrantAccess), routes::answer),
    ]
}

pub(super) fn request_pages() -> Vec<Route> {
    use crate::requests::pages;
    use Needs::May;
    const ALL: &str = "/requests";
    // Before `{id}`, which would take the word for an id.
    const NEW: &str = "/requests/new";
    const EDIT: &str = "/requests/{id}/edit";
    const PERSON: &str = "/people/{id}/edit";
    const ASSIGNMENT: &str = "/requests/{id}/assignment";
    vec![
        Route::new(Method::GET, ALL, May(Action::ReadRequest), pages::list),
        Route::new(Method::POST, ALL, May(Action::OpenRequest), pages::open),
        Route::new(Method::GET, NEW, May(Action::OpenRequest), pages::blank),
        Route::new(Method::POST, NEW, May(Action::OpenRequest), pages::longer),
        Route::new(Method::GET, EDIT, May(Action::EditRequest), pages::edit),
        Route::new(Method::POST, EDIT, May(Action::EditRequest), pages::change),
        Route::new(Method::GET, PERSON, May(Action::EditPerson), pages::edit_person),
        Route::new(Method::POST, PERSON, May(Action::EditPerson), pages::change_person),
        Route::new(Method::GET, ASSIGNMENT, May(Action::AssignRequest), pages::hold),
        Route::new(Method::POST, ASSIGNMENT, May(Action::AssignRequest), pages::assign),
        Route::new(Method::GET, "/requests/{id}/steps", May(Action::ReadRequest), pages::steps),
        Route::new(Method::POST, "/requests/{id}/state", May(Action::EditRequest), pages::advance),
        Route::new(Method::POST, "/requests/{id}/close", May(Action::CloseRequest), pages::close),
        Route::new(Method::POST, "/requests/{id}/actions", May(Action::EditRequest), pages::act),
        Route::new(Method::POST, "/requests/{id}/circulation", May(Action::EditRequest), pages::circulate),
        Route::new(
            Method::POST,
            "/requests/{id}/conflict-cleared",
            May(Action::ClearConflict),
            pages::clear_conflict,
        ),
        Route::new(
            Method::POST,
            "/requests/{id}/ending-confirmed",
            May(Action::ConfirmEnding),
            pages::confirm_ending,
        ),
        Route::new(
            Method::POST,
            "/requests/{id}/ending-sent-back",
            May(Action::ConfirmEnding),
            pages::send_ending_back,
        ),
    ]
}

pub(super) fn match_pages() -> Vec<Route> {
    use crate::matches::pages;
    use Needs::May;
    const SEARCH: &str = "/search";
    vec![
        Route::new(Method::GET, "/requests/{id}", May(Action::ReadCandidates), pages::of_request),
        Route::new(Method::POST, "/requests/{id}/search", May(Action::ReadCandidates), pages::search_again),
        Route::new(Method::GET, SEARCH, May(Action::SearchContacts), pages::search_form),
        Route::new(Method::POST, SEARCH, May(Action::SearchContacts), pages::search),
        Route::new(Method::GET, "/review", May(Action::ConfirmMatch), pages::waiting),
        Route::new(Method::GET, "/candidates/{id}", May(Action::ReadCandidates), pages::one),
        Route::new(Method::POST, "/candidates/{id}/review", May(Action::ProposeMatch), pages::review),
        Route::new(Method::POST, "/candidates/{id}/propose", May(Action::ProposeMatch), pages::propose),
        Route::new(Method::POST, "/candidates/{id}/confirm", May(Action::ConfirmMatch), pages::confirm),
        Route::new(Method::POST, "/candidates/{id}/verify", May(Action::VerifyMatch), pages::verify),
        Route::new(Method::POST, "/candidates/{id}/reject", May(Action::RejectMatch), pages::reject),
        Route::new(Method::POST, "/candidates/{id}/undo", May(Action::UndoMatch), pages::undo),
        Route::new(Method::POST, "/candidates/{id}/release", May(Action::ReleaseNews), pages::release),
        Route::new(Method::POST, "/candidates/{id}/access", May(Action::AskAccess), pages::ask),
        Route::new(Method::GET, "/access-requests", May(Action::GrantAccess), pages::wishes),
        Route::new(Method::POST, "/access-requests/{id}", May(Action::GrantAccess), pages::answer),
    ]
}
