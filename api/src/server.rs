//! The server: the application inside its layers, on a socket, with limits on every wait.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpResponse, HttpServer, web};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::app;
use crate::auth::{self, Core};
use crate::config::ServerConfig;
use crate::kernel::ApiError;
use crate::matches::Desk;
use crate::web as ours;

const HEAD_TIME: Duration = Duration::from_secs(10);
const IDLE_TIME: Duration = Duration::from_secs(30);
const CONNECTIONS: usize = 1024;

/// The application as every worker runs it.
pub fn application(
    core: web::Data<Core>,
    desk: web::Data<Desk>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(core)
        .app_data(desk)
        .configure(app::configure)
        .wrap(from_fn(ours::guard))
        .wrap(from_fn(auth::session))
        .wrap(from_fn(ours::edge))
}

/// Starts serving on `listener`, with TLS 1.3 when a certificate is configured. Awaiting the result serves until it is
/// stopped; its handle stops it, letting running requests end.
///
/// # Errors
/// The socket cannot be served, or the certificate or key cannot be read.
pub fn start(core: Core, desk: Desk, listener: TcpListener) -> io::Result<Server> {
    let config = core.config.clone();
    let (core, desk) = (web::Data::new(core), web::Data::new(desk));
    let server = HttpServer::new(move || application(core.clone(), desk.clone()))
        .workers(config.server.workers.max(1))
        .client_request_timeout(HEAD_TIME)
        .keep_alive(IDLE_TIME)
        .max_connections(CONNECTIONS)
        .shutdown_timeout(10)
        .disable_signals();
    let server = match tls(&config.server)? {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// Answers on `listener` while the service is not open yet: alive, and not ready. Nothing else is there.
///
/// # Errors
/// As [`start`].
pub fn wait(config: &ServerConfig, listener: TcpListener) -> io::Result<Server> {
    let waiting = || {
        App::new()
            .route("/health/live", web::get().to(ours::public::live))
            .default_service(web::to(|| async { Err::<HttpResponse, _>(ApiError::Unavailable) }))
    };
    let server = HttpServer::new(waiting)
        .workers(1)
        .client_request_timeout(HEAD_TIME)
        // A connection kept open would go on hearing that nothing is ready.
        .keep_alive(KeepAlive::Disabled)
        .shutdown_timeout(1)
        .disable_signals();
    let server = match tls(config)? {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// A panic message may quote what somebody typed: only the place goes to the log.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panicked");
    }));
}

fn tls(config: &ServerConfig) -> io::Result<Option<rustls::ServerConfig>> {
    let (Some(certificate), Some(key)) = (&config.tls_certificate, &config.tls_key) else {
        return Ok(None);
    };
    let wrong = |what: &'static str| move |_| io::Error::new(io::ErrorKind::InvalidInput, what);
    let chain =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(
            |_| io::Error::new(io::ErrorKind::InvalidInput, "server.tls_certificate cannot be read"),
        )?;
    let key = PrivateKeyDer::from_pem_file(key)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "server.tls_key cannot be read"))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(wrong("TLS 1.3 is not there"))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(wrong("server.tls_certificate and server.tls_key do not fit"))?;
    Ok(Some(tls))
}
