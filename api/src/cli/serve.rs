//! `relink serve`: from a configuration to a service that answers, and to an orderly end.
//!
//! ```text
//! configuration, root key ─► socket ─► waiting: alive, not ready (503) ─► database, log, index ─► serving ─► SIGTERM
//!                                          └── tried again and again while the database is away
//! ```
//! What only the operator can mend (a wrong key, an old schema) ends the program; what passes by itself is waited for.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::open::{self, NotOpen};
use super::{CliError, ConfigFile};
use crate::auth::Core;
use crate::config::Config;
use crate::matches::Desk;
use crate::server;

/// Between two tries to reach the database.
const PAUSE: Duration = Duration::from_secs(2);

pub(super) fn run(file: &ConfigFile) -> Result<(), CliError> {
    let config = open::config(file)?;
    let keeper = open::keeper(&config)?;
    let listener = TcpListener::bind(&config.server.listen)
        .map_err(|e| CliError::new(format!("server.listen {}: {e}", config.server.listen)))?;
    serve(config, listener, keeper, |address, _| println!("Serving at {address}"))
}

/// Serves until the process is told to stop. `ready` hears the address as soon as the service answers there.
pub(super) fn serve(
    config: Config,
    listener: TcpListener,
    keeper: crypto::FileKeeper,
    ready: impl FnOnce(&str, &Core),
) -> Result<(), CliError> {
    server::keep_panics_quiet();
    let local = listener.local_addr().map_err(|e| CliError::new(format!("server.listen: {e}")))?;
    let address = address(&config, local);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::new(format!("no threads to serve with: {e}")))?;
    runtime.block_on(async {
        let mut told = told_to_stop()?;
        let failed = |e: std::io::Error| CliError::new(format!("cannot serve: {e}"));
        let waiting = server::wait(&config.server, listener.try_clone().map_err(failed)?).map_err(failed)?;
        let hold = waiting.handle();
        tokio::spawn(waiting);
        let opened = tokio::select! {
            opened = reach(config, keeper) => opened,
            () = told.recv() => {
                hold.stop(false).await;
                return Ok(());
            }
        };
        // Also when nothing could be opened: the sentence that says why is the last one of the log.
        hold.stop(true).await;
        let (core, desk) = opened?;
        let serving = server::start(core.clone(), desk, listener).map_err(failed)?;
        let handle = serving.handle();
        let running = tokio::spawn(serving);
        tracing::info!(address, "serving");
        ready(&address, &core);
        told.recv().await;
        tracing::info!("told to stop; running requests may end");
        handle.stop(true).await;
        // The server was asked to end; how it says so is of no use any more.
        let _ = running.await;
        let audit = core.audit.clone();
        // Whatever keeps it from signing, the log itself has said.
        let _ = tokio::task::spawn_blocking(move || audit.finish()).await;
        Ok(())
    })
}

/// Opens everything, once the database is there, and loads the match index.
async fn reach(config: Config, keeper: crypto::FileKeeper) -> Result<(Core, Desk), CliError> {
    let gone = |_| CliError::new("the service could not be opened");
    loop {
        let asked = config.clone();
        match tokio::task::spawn_blocking(move || open::database(&asked)).await.map_err(gone)? {
            Ok(()) => break,
            Err(NotOpen::Wrong(error)) => return Err(error),
            Err(NotOpen::Away(why)) => {
                tracing::warn!(
                    why,
                    again_in_seconds = PAUSE.as_secs(),
                    "the database is away; waiting for it"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    let core = tokio::task::spawn_blocking(move || open::core_with(config, keeper)).await.map_err(gone)??;
    let desk = Desk::open(&core).await;
    Ok((core, desk))
}

fn address(config: &Config, local: SocketAddr) -> String {
    let scheme = if config.server.tls_certificate.is_some() { "https" } else { "http" };
    format!("{scheme}://{local}")
}

/// Hears both ways in which a service is told to stop.
struct Told {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Told {
    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn told_to_stop() -> Result<Told, CliError> {
    let failed = |e: std::io::Error| CliError::new(format!("cannot listen for signals: {e}"));
    Ok(Told {
        terminate: signal(SignalKind::terminate()).map_err(failed)?,
        interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
    })
}
