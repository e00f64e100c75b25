//! The proof that the table was asked.

use std::marker::PhantomData;

use crate::kernel::{AccountId, PointId, SocietyId};

use super::table::grants;
use super::{Action, Actor, Caller, Class, ClassSet, Purpose, Reach};

/// An action as a type.
pub trait Permission: Send + Sync + 'static {
    const ACTION: Action;
    const PURPOSE: Purpose;
}

/// The role never may, whatever the record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role does not include this action")]
pub struct Denied;

impl From<Denied> for crate::kernel::ApiError {
    fn from(_: Denied) -> Self {
        Self::Forbidden
    }
}

/// Proof that the caller may do `P`, how far, and which classes that opens. Made by [`grant`] and [`system`] only.
pub struct May<P> {
    caller: Caller,
    reach: Reach,
    classes: ClassSet,
    _permission: PhantomData<fn() -> P>,
}

impl<P> Clone for May<P> {
    fn clone(&self) -> Self {
        Self {
            caller: self.caller.clone(),
            reach: self.reach,
            classes: self.classes,
            _permission: PhantomData,
        }
    }
}

impl<P: Permission> May<P> {
    pub fn action(&self) -> Action {
        P::ACTION
    }
    pub fn purpose(&self) -> Purpose {
        P::PURPOSE
    }
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }
    pub fn reach(&self) -> Reach {
        self.reach
    }
    /// The classes this grant may open, at most.
    pub fn classes(&self) -> ClassSet {
        self.classes
    }
    pub fn opens(&self, class: Class) -> bool {
        self.classes.contains(class)
    }
    pub fn account(&self) -> Option<AccountId> {
        self.caller.actor.account()
    }
    pub fn society(&self) -> Option<SocietyId> {
        self.caller.actor.society()
    }
    pub fn point(&self) -> Option<PointId> {
        self.caller.actor.point()
    }

    /// The same caller, another action: for a deed that includes another.
    ///
    /// # Errors
    /// The role does not include it.
    pub fn also<Q: Permission>(&self) -> Result<May<Q>, Denied> {
        grant(self.caller.clone())
    }
}

/// Asks the table.
///
/// # Errors
/// The role does not include the action.
pub fn grant<P: Permission>(caller: Caller) -> Result<May<P>, Denied> {
    let (reach, classes) = grants(caller.actor.role(), P::ACTION);
    if reach == Reach::Nobody {
        return Err(Denied);
    }
    Ok(May { caller, reach, classes, _permission: PhantomData })
}

/// The service's own authority, for `part` of it: through the same table, under the role *system*.
///
/// # Errors
/// The table gives the system no such action.
pub fn system<P: Permission>(part: &'static str) -> Result<May<P>, Denied> {
    grant(Caller { actor: Actor::system(part), request: 0 })
}
