//! `relink match --all`: every open request compared with everybody who may be found, as the running service compares
//! one after the other. After a kill the same command goes on; beside a running service it is safe.

use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, ConfigFile, open};
use crate::kernel::ApiError;
use crate::matches::{Opened, Sweep};

/// How often a batch is tried while a running service holds the database.
const TRIES: u32 = 10;

/// Compare every open request with everybody who may be found, and write the candidates down.
///
/// Candidates are those that the running service would make, under the same rules: a pair that is there is not doubled,
/// one that people rejected stays rejected. Stopped or killed, the same command goes on where it was; when it has ended
/// and nothing has changed since, it does nothing. It may run while the service does.
#[derive(Args)]
pub(super) struct MatchCommand {
    #[command(flatten)]
    file: ConfigFile,
    /// Every open request of every society.
    #[arg(long, required = true)]
    all: bool,
    /// Compare everything once more although nothing has changed.
    #[arg(long)]
    again: bool,
}

pub(super) fn run(command: &MatchCommand) -> Result<(), CliError> {
    let core = open::core(&command.file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::new(format!("no threads to work with: {e}")))?;
    runtime.block_on(async {
        match Sweep::open(&core, command.again).await? {
            Opened::Before(run) => println!(
                "{} sought persons were compared before, and nothing has changed since. Nothing was done; --again compares \
                 them once more.",
                run.looked
            ),
            Opened::Now(sweep) => sweep_all(sweep).await?,
        }
        Ok(())
    })
}

async fn sweep_all(mut sweep: Sweep) -> Result<(), CliError> {
    let resumed = sweep.run().looked > 0;
    let (sought, met) = sweep.size();
    let bar = progress(sought as u64, sweep.run().looked);
    while step(&mut sweep).await? {
        bar.set_position(sweep.run().looked);
        bar.set_message(format!("{} candidates made", sweep.run().made));
    }
    bar.finish_and_clear();
    let how = if resumed { " (going on where an earlier run stopped)" } else { "" };
    let run = sweep.run();
    println!(
        "{} sought persons compared with {met} people met: {} candidates made{how}.",
        run.looked, run.made
    );
    Ok(())
}

/// One batch, tried again while the database is busy with somebody else's work.
async fn step(sweep: &mut Sweep) -> Result<bool, CliError> {
    for _ in 1..TRIES {
        match sweep.step().await {
            Err(ApiError::Unavailable) => tokio::time::sleep(Duration::from_millis(500)).await,
            done => return Ok(done?),
        }
    }
    sweep.step().await.map_err(|error| match error {
        ApiError::Unavailable => {
            CliError::new("the database is away or busy; the same command goes on where this one stopped")
        }
        other => other.into(),
    })
}

/// Hidden when nobody looks.
fn progress(of: u64, done: u64) -> ProgressBar {
    let bar = ProgressBar::new(of);
    let template = "{bar:30} {human_pos} of {human_len} sought persons  {msg}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_position(done);
    bar
}
