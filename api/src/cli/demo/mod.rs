//! `relink demo`: an invented world in one folder, made through the same services as a real one, and served.
//!
//! ```text
//! folder (0600) ── relink.toml · root.key · relink.sqlite · checkpoints/ · signins.txt
//! ```
//! Signing in takes no second factor here, and nowhere else. The passwords are random, one set for each world.

mod names;
mod people;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, migrate, open, serve};
use crate::config::{Config, SecondFactor};
use crate::kernel::Chance;

#[derive(Args)]
pub(super) struct DemoCommand {
    /// Where the invented world lies.
    #[arg(long, value_name = "DIR", default_value = "relink-demo")]
    dir: PathBuf,
    /// The port to serve on; a free one when left out.
    #[arg(long)]
    port: Option<u16>,
    /// Throw an earlier invented world away and make a new one.
    #[arg(long)]
    fresh: bool,
}

const SIGNINS: &str = "signins.txt";

pub(super) fn run(command: &DemoCommand) -> Result<(), CliError> {
    let dir = &command.dir;
    if command.fresh && dir.join(SIGNINS).exists() {
        fs::remove_dir_all(dir).map_err(|_| failed(dir))?;
    }
    let signins = dir.join(SIGNINS);
    if !signins.exists() {
        if dir.exists() && fs::read_dir(dir).map_err(|_| failed(dir))?.next().is_some() {
            let what =
                "holds something else, or half of an invented world; choose another --dir or remove it";
            return Err(CliError::new(format!("{} {what}", dir.display())));
        }
        println!("Building an invented world in {} …", dir.display());
        make(dir)?;
    }
    let told = fs::read_to_string(&signins).map_err(|_| failed(dir))?;
    let mut config = configuration(dir)?;
    config.server.listen = format!("127.0.0.1:{}", command.port.unwrap_or(0));
    let keeper = open::keeper(&config)?;
    serve::serve(config, keeper, |address, _| {
        let address = address.replace("127.0.0.1", "localhost");
        println!("\nServing at {address}   (Ctrl-C ends it; everybody and everything in it is invented)\n");
        println!("{told}");
        println!("Try this:");
        println!(
            "  1. Sign in at {address} as caseworker, open a request, read who it may be and why; propose one."
        );
        println!("  2. Sign in as reviewer and confirm it: nobody confirms what they proposed themselves.");
        println!("  3. Sign in as auditor and see that all of this is written down.");
    })
}

fn failed(dir: &Path) -> CliError {
    CliError::new(format!("{} cannot be read or written", dir.display()))
}

/// Everything but the passwords, which go to their file last: a world without that file is not whole.
fn make(dir: &Path) -> Result<(), CliError> {
    fs::create_dir_all(dir).map_err(|_| failed(dir))?;
    owner_only(dir, 0o700)?;
    let here = dir.canonicalize().map_err(|_| failed(dir))?;
    let text = format!(
        "[database]\nurl = \"sqlite:{0}/relink.sqlite\"\n[keys]\nroot_file = \"{0}/root.key\"\n\
         [audit]\ncheckpoints = \"{0}/checkpoints\"\norigin = \"relink.demo/audit\"\n",
        here.display()
    );
    fs::write(dir.join("relink.toml"), text).map_err(|_| failed(dir))?;
    owner_only(&dir.join("relink.toml"), 0o600)?;
    let config = configuration(dir)?;
    Chance::system().with(|rng| crypto::FileKeeper::create(&config.keys.root_file, None, rng))?;
    migrate::bring_up(&config)?;
    let keeper = open::keeper(&config)?;
    let core = open::core_with(config, keeper)?;
    let told = world::build(&core)?;
    let file = dir.join(SIGNINS);
    fs::write(dir.join("signins.new"), told).map_err(|_| failed(dir))?;
    owner_only(&dir.join("signins.new"), 0o600)?;
    fs::rename(dir.join("signins.new"), file).map_err(|_| failed(dir))
}

fn configuration(dir: &Path) -> Result<Config, CliError> {
    let mut config = Config::load(&dir.join("relink.toml"))?;
    config.accounts.second_factor = SecondFactor::DemoWithout;
    Ok(config)
}

fn owner_only(path: &Path, mode: u32) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|_| failed(path))
}
