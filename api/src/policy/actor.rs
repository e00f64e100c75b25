//! Who acts. Only `auth` makes a signed-in actor; the system acts under its own role, through the same table.

use std::fmt;

use crate::kernel::{AccountId, PointId, SessionId, SocietyId};

use super::Role;

/// Where the authority comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Account {
        account: AccountId,
        session: SessionId,
    },
    /// The service itself or its operator at the command line; the word says which part.
    System(&'static str),
}

/// Somebody who acts: one account, one role, one society.
#[derive(Clone, Debug)]
pub struct Actor {
    origin: Origin,
    role: Role,
    society: Option<SocietyId>,
    point: Option<PointId>,
}

impl Actor {
    /// An account whose session was just checked. Named only in `auth` (and in tests of the rules).
    pub fn authenticated(
        account: AccountId,
        session: SessionId,
        role: Role,
        society: SocietyId,
        point: Option<PointId>,
    ) -> Self {
        Self { origin: Origin::Account { account, session }, role, society: Some(society), point }
    }

    pub(super) fn system(part: &'static str) -> Self {
        Self { origin: Origin::System(part), role: Role::System, society: None, point: None }
    }

    pub fn role(&self) -> Role {
        self.role
    }
    pub fn origin(&self) -> Origin {
        self.origin
    }
    pub fn account(&self) -> Option<AccountId> {
        match self.origin {
            Origin::Account { account, .. } => Some(account),
            Origin::System(_) => None,
        }
    }
    pub fn session(&self) -> Option<SessionId> {
        match self.origin {
            Origin::Account { session, .. } => Some(session),
            Origin::System(_) => None,
        }
    }
    /// The system belongs to no society.
    pub fn society(&self) -> Option<SocietyId> {
        self.society
    }
    pub fn point(&self) -> Option<PointId> {
        self.point
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.origin {
            Origin::Account { account, .. } => write!(f, "{account}"),
            Origin::System(part) => write!(f, "system:{part}"),
        }
    }
}

/// An actor in one request: what the audit log needs to say who and when.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    /// The number on the error page and in the log.
    pub request: u64,
}
