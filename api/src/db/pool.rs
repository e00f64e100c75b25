//! The pool, and the two ways through it.

use std::sync::Arc;
use std::time::Duration;

use migrations::db::{AnyConnection, ConnectError, connect, is_sqlite, write_tx};
use tokio::sync::Semaphore;

use super::DbError;
use super::wiping::Wiper;
use crate::config::DatabaseConfig;
use crate::kernel::ApiError;

struct Connector {
    url: String,
}

impl r2d2::ManageConnection for Connector {
    type Connection = AnyConnection;
    type Error = ConnectError;

    fn connect(&self) -> Result<AnyConnection, ConnectError> {
        connect(&self.url)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), ConnectError> {
        use diesel::connection::SimpleConnection;
        connection.batch_execute("SELECT 1").map_err(|e| ConnectError::Refused(e.to_string()))
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        use diesel::connection::{Connection, TransactionManager};
        <AnyConnection as Connection>::TransactionManager::is_broken_transaction_manager(connection)
    }
}

/// The database as the rest of the service sees it. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: r2d2::Pool<Connector>,
    /// Callers running or waiting; beyond that the answer is 503.
    places: Arc<Semaphore>,
    /// SQLite has one writer: waiting here is fair, waiting for its lock is not.
    writer: Arc<Semaphore>,
    wiper: Wiper,
}

impl Db {
    /// Opens the pool and one connection, so that a wrong address fails at the start.
    ///
    /// # Errors
    /// The address is wrong, or the database does not let us in.
    pub fn open(config: &DatabaseConfig) -> Result<Self, ConnectError> {
        let sqlite = is_sqlite(&config.url);
        connect(&config.url)?;
        restrict_file(&config.url);
        let pool = r2d2::Pool::builder()
            .max_size(config.connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(5))
            .test_on_check_out(!sqlite)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build(Connector { url: config.url.clone() })
            .map_err(|_| ConnectError::Refused("no connection within five seconds".into()))?;
        let connections = config.connections as usize;
        Ok(Self {
            pool,
            places: Arc::new(Semaphore::new(connections + config.waiting)),
            writer: Arc::new(Semaphore::new(if sqlite { 1 } else { connections })),
            wiper: Wiper::start(&config.url).map_err(|e| ConnectError::Refused(e.to_string()))?,
        })
    }

    /// Runs a query off the async threads.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] when the queue is full or the database away; otherwise what the work says.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: Into<DbError> + Send + 'static,
    {
        let place = self.places.clone().try_acquire_owned().map_err(|_| ApiError::Unavailable)?;
        let pool = self.pool.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut pooled = pool.get().map_err(|_| DbError::Unavailable)?;
            work(&mut pooled).map_err(Into::into)
        });
        done.await.map_err(|_| ApiError::Unavailable)?.map_err(ApiError::from)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), ApiError> {
        use diesel::connection::SimpleConnection;
        self.read(|conn| conn.batch_execute("SELECT 1")).await
    }

    /// Runs work in one write transaction: all of it happens or none.
    ///
    /// # Errors
    /// As [`Db::read`]; the transaction is rolled back.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ApiError>
    where
        T: Send + 'static,
        E: Into<DbError> + Send + 'static,
    {
        let place = self.places.clone().try_acquire_owned().map_err(|_| ApiError::Unavailable)?;
        let turn = self.writer.clone().acquire_owned().await.map_err(|_| ApiError::Unavailable)?;
        let pool = self.pool.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            let mut pooled = pool.get().map_err(|_| DbError::Unavailable)?;
            write_tx(&mut pooled, |tx| work(tx).map_err(Into::<DbError>::into))
        });
        done.await.map_err(|_| ApiError::Unavailable)?.map_err(ApiError::from)
    }

    /// Whether somebody has the turn to write now; who holds it can be sure of the answer.
    pub fn is_writing(&self) -> bool {
        self.writer.available_permits() == 0
    }

    /// After something was erased: has its traces taken out of the write-ahead log too, soon and without waiting for it.
    pub fn wipe(&self) {
        self.wiper.wake();
    }

    /// The same as [`Db::read`] for threads that may block: the command line, the audit writer, the index.
    ///
    /// # Errors
    /// The database is away, or what the work says.
    pub fn read_here<T, E: Into<DbError>>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, DbError> {
        let mut pooled = self.pool.get().map_err(|_| DbError::Unavailable)?;
        work(&mut pooled).map_err(Into::into)
    }

    /// The same as [`Db::write`] for threads that may block.
    ///
    /// # Errors
    /// The database is away, or what the work says; the transaction is rolled back.
    pub fn write_here<T, E: Into<DbError>>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, DbError> {
        let _turn = wait_here(self.writer.acquire()).map_err(|_| DbError::Unavailable)?;
        let mut pooled = self.pool.get().map_err(|_| DbError::Unavailable)?;
        write_tx(&mut pooled, |tx| work(tx).map_err(Into::<DbError>::into))
    }
}

/// Waits on this thread, which must be one that may block.
fn wait_here<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::task::Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(output) => return output,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

/// The database file is for its owner alone; its journal inherits the mode.
fn restrict_file(url: &str) {
    #[cfg(unix)]
    if let Some(path) = url.strip_prefix("sqlite:") {
        use std::os::unix::fs::PermissionsExt;
        for suffix in ["", "-wal", "-shm"] {
            let owner_only = std::fs::Permissions::from_mode(0o600);
            // Absent side files are not there to restrict.
            let _ = std::fs::set_permissions(format!("{path}{suffix}"), owner_only);
        }
    }
}
