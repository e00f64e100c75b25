//! One typed configuration: a TOML file, then the environment (`RELINK_DATABASE__URL` and the like). An unknown key is
//! an error that names it: a misspelt limit must not silently be no limit.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub database: DatabaseConfig,
    pub keys: KeysConfig,
    pub audit: AuditConfig,
    #[serde(default)]
    pub server: ServerConfig,
    #[serde(default)]
    pub accounts: AccountsConfig,
    #[serde(default)]
    pub matching: MatchingConfig,
    #[serde(default)]
    pub budgets: BudgetsConfig,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Open connections at most.
    #[serde(default = "eight")]
    pub connections: u32,
    /// Calls that may wait for a connection before the service answers 503.
    #[serde(default = "default_waiting")]
    pub waiting: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// The file that holds the root key.
    pub root_file: PathBuf,
    /// A file with the passphrase; without it, the program asks at the terminal.
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditConfig {
    /// Where signed checkpoints are written, outside the database: another disk, better another machine.
    pub checkpoints: PathBuf,
    /// The log's name in its checkpoints.
    #[serde(default = "default_origin")]
    pub origin: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    pub listen: String,
    /// What browsers call this service, such as `https://relink.example.org`.
    pub public_url: String,
    /// A PEM certificate chain and key, for machines without a proxy in front.
    pub tls_certificate: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// The proxy whose forwarded headers are believed.
    pub trusted_proxy: Option<std::net::IpAddr>,
    pub workers: usize,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8600".into(),
            public_url: "http://localhost:8600".into(),
            tls_certificate: None,
            tls_key: None,
            trusted_proxy: None,
            workers: 2,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountsConfig {
    /// Only `demo` may set this to false.
    #[serde(skip)]
    pub second_factor: SecondFactor,
    /// Memory of one password check in KiB, and how many run at once.
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_at_once: usize,
    pub idle_minutes: i64,
    pub session_hours: i64,
    pub sessions_at_once: usize,
    /// The code of conduct everybody accepts before the first case; a new version asks again.
    pub conduct_version: String,
}

/// Whether a second factor is asked for. Not part of any file: only `demo` turns it off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    #[default]
    Required,
    DemoWithout,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            second_factor: SecondFactor::Required,
            argon2_memory_kib: 64 * 1024,
            argon2_passes: 3,
            argon2_at_once: 2,
            idle_minutes: 15,
            session_hours: 12,
            sessions_at_once: 3,
            conduct_version: "2024-1".into(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchingConfig {
    /// Candidates kept for one sought person.
    pub candidates: usize,
    /// Pairs below this probability are not written down.
    pub least_probability: f32,
    /// How often the change feed is asked, in milliseconds.
    pub follow_millis: u64,
}

impl Default for MatchingConfig {
    fn default() -> Self {
        Self { candidates: 10, least_probability: 0.01, follow_millis: 250 }
    }
}

/// How much one account may look at before it has to wait: what it takes to serve those who come, and far less than a
/// register is worth to whoever stole a password.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetsConfig {
    /// Different people whose values one account opens within an hour, by its role.
    pub persons_an_hour: PersonsAnHour,
    pub searches_an_hour: SearchesAnHour,
}

/// One number for each role that opens anything about people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonsAnHour {
    pub intake: u32,
    pub caseworker: u32,
    pub reviewer: u32,
    pub protection_officer: u32,
    pub data_protection_officer: u32,
}

impl Default for PersonsAnHour {
    fn default() -> Self {
        // A page of candidates shows up to a hundred people, a page of a register fifty.
        Self {
            intake: 200,
            caseworker: 300,
            reviewer: 400,
            protection_officer: 200,
            data_protection_officer: 100,
        }
    }
}

/// Searches of one account within an hour.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct SearchesAnHour(pub u32);

impl Default for SearchesAnHour {
    fn default() -> Self {
        Self(120)
    }
}

fn eight() -> u32 {
    8
}
fn default_waiting() -> usize {
    256
}
fn default_origin() -> String {
    "relink.local/audit".into()
}

/// Why the configuration was not taken; names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {0} cannot be read")]
    Unreadable(PathBuf),
    #[error("configuration: {0}")]
    Wrong(String),
}

impl Config {
    /// Reads the file, then the environment.
    ///
    /// # Errors
    /// A missing file, an unknown key, a missing key or a value of the wrong type; the text names the key.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        if !file.is_file() {
            return Err(ConfigError::Unreadable(file.to_owned()));
        }
        let config: Self = Figment::new()
            .merge(Toml::file_exact(file))
            .merge(Env::prefixed("RELINK_").ignore(&["log", "test_postgres", "screenshots"]).split("__"))
            .extract()
            .map_err(|e| ConfigError::Wrong(e.to_string()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Wrong(text.into()));
        if self.server.tls_certificate.is_some() != self.server.tls_key.is_some() {
            return wrong("server.tls_certificate and server.tls_key are set together");
        }
        let origin = &self.audit.origin;
        if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
            return wrong(
                "audit.origin is a name without spaces and without +, such as relink.example.org/audit",
            );
        }
        if self.database.connections == 0 {
            return wrong("database.connections is at least 1");
        }
        if !(46 * 1024..=1024 * 1024).contains(&self.accounts.argon2_memory_kib) {
            return wrong("accounts.argon2_memory_kib lies between 47104 (46 MiB) and 1048576");
        }
        if !(0.0..=1.0).contains(&self.matching.least_probability) {
            return wrong("matching.least_probability lies between 0 and 1");
        }
        let persons = &self.budgets.persons_an_hour;
        let budgets = [
            ("persons_an_hour.intake", persons.intake),
            ("persons_an_hour.caseworker", persons.caseworker),
            ("persons_an_hour.reviewer", persons.reviewer),
            ("persons_an_hour.protection_officer", persons.protection_officer),
            ("persons_an_hour.data_protection_officer", persons.data_protection_officer),
            ("searches_an_hour", self.budgets.searches_an_hour.0),
        ];
        // Nobody can work with none, and a hundred thousand an hour is no budget.
        if let Some((key, _)) = budgets.iter().find(|(_, budget)| !(1..=100_000).contains(budget)) {
            return wrong(&format!("budgets.{key} lies between 1 and 100000"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, String> {
        let config: Config = Figment::new().merge(Toml::string(text)).extract().map_err(|e| e.to_string())?;
        config.check().map_err(|e| e.to_string())?;
        Ok(config)
    }

    const LEAST: &str =
        "database.url = \"sqlite:x\"\nkeys.root_file = \"root\"\naudit.checkpoints = \"notes\"\n";

    #[test]
    fn the_least_configuration_is_three_lines() {
        let config = load(LEAST).unwrap();
        assert_eq!(config.accounts.second_factor, SecondFactor::Required);
    }

    #[test]
    fn a_wrong_key_is_named() {
        for (text, name) in [
            ("server.lissten = \"x\"", "lissten"),
            ("database.connections = \"many\"", "connections"),
            ("accounts.second_factor = \"off\"", "second_factor"),
            ("server.tls_key = \"k\"", "tls_key"),
            ("audit.origin = \"our log\"", "audit.origin"),
            ("budgets.persons_an_hour.intake = 0", "budgets.persons_an_hour.intake"),
            ("budgets.persons_an_hour.auditor = 5", "auditor"),
            ("budgets.searches_an_hour = 1000000", "budgets.searches_an_hour"),
            ("budgets.searches_an_hour = -1", "searches_an_hour"),
        ] {
            let refused = load(&format!("{LEAST}{text}\n")).unwrap_err();
            assert!(refused.contains(name), "{refused}");
        }
        assert!(load("").unwrap_err().contains("database"));
    }
}
