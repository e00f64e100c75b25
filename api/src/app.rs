//! The only route table. Each route says what it needs; tests walk the table for every role, and a route that is
//! missing here does not exist.

use actix_web::http::Method;
use actix_web::{Handler, Responder, web};

use crate::policy::Action;
use crate::referrals::providers;

/// What a route asks of its caller before the handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Open to everybody: sign-in, health, the interface description, assets.
    Nothing,
    /// A session in any state, such as one that still lacks its second factor.
    Session,
    /// A full session whose role includes the action.
    May(Action),
}

/// One row of the route table.
pub struct Route {
    pub method: Method,
    /// In actix's spelling; the record's id is always `{id}`.
    pub path: &'static str,
    pub needs: Needs,
    make: Box<dyn Fn() -> actix_web::Route + Send + Sync>,
}

impl Route {
    pub fn new<H, Args>(method: Method, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<Args> + Send + Sync,
        Args: actix_web::FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let verb = method.clone();
        let make = Box::new(move || web::method(verb.clone()).to(handler.clone()));
        Self { method, path, needs, make }
    }
}

/// Every route of the service.
pub fn routes() -> Vec<Route> {
    use Needs::May;
    vec![
        Route::new(Method::GET, "/api/v1/providers", May(Action::ReadRegister), providers::routes::list),
        Route::new(Method::POST, "/api/v1/providers", May(Action::ManageProviders), providers::routes::add),
        Route::new(Method::GET, "/api/v1/providers/{id}", May(Action::ReadRegister), providers::routes::show),
        Route::new(
            Method::PUT,
            "/api/v1/providers/{id}",
            May(Action::ManageProviders),
            providers::routes::change,
        ),
    ]
}

/// Puts the routes into an actix application: one resource a path, so that a wrong method is answered 405.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut by_path: Vec<(&'static str, Vec<Route>)> = Vec::new();
    for route in routes() {
        match by_path.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => by_path.push((route.path, vec![route])),
        }
    }
    for (path, routes) in by_path {
        let resource =
            routes.iter().fold(web::resource(path), |resource, route| resource.route((route.make)()));
        config.service(resource);
    }
}
