//! How much one account may look at within an hour. Counted where a look's leaf is written, and from the
//! log itself: no path to a value goes round it, a restart forgets nothing, and since leaves are written one after
//! another under one lock, every node counts what the others have shown.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use migrations::schema::{audit_head, audit_leaves};
use migrations::uuid::Uuid;

use super::leaf::{Decision, Event, Leaf};
use crate::config::BudgetsConfig;
use crate::db::{Conn, DbError};
use crate::kernel::{AccountId, ApiError, Budget, Timestamp};
use crate::policy::{Action, Caller, Class, ClassSet, Role};

/// The span that is counted, in microseconds.
const HOUR: i64 = 3_600_000_000;
/// Accounts remembered at once; whoever is forgotten is read from the log again.
const ACCOUNTS: usize = 4096;
/// The word in the leaf of a look that was stopped.
const DETAIL: &str = "budget";

/// The budgets, and what has been read of the log so far: each leaf is read once.
pub(super) struct Budgets {
    limits: BudgetsConfig,
    windows: HashMap<AccountId, Window>,
}

/// One account's last hour, as the log tells it.
#[derive(Default)]
struct Window {
    /// The first leaf not read yet.
    next: i64,
    /// Whose values were opened, and when last.
    persons: HashMap<Uuid, i64>,
    /// The requests that were answered with a search, and when.
    searches: HashMap<u64, i64>,
}

/// What one look adds.
struct Look {
    persons: BTreeSet<Uuid>,
    search: Option<u64>,
}

impl Budgets {
    pub(super) fn new(limits: BudgetsConfig) -> Self {
        Self { limits, windows: HashMap::new() }
    }

    /// Turns every look that goes past its account's budget into the refusal that is written in its place, and says
    /// what each caller is told. The lock of the log comes first, so that nobody else's look falls between counting
    /// and writing.
    pub(super) fn judge(
        &mut self,
        tx: &mut Conn,
        now: Timestamp,
        looks: &mut [(Caller, Event)],
    ) -> Result<Vec<Option<ApiError>>, DbError> {
        if looks.iter().any(|(caller, event)| caller.actor.account().is_some() && opens(event.classes)) {
            diesel::update(audit_head::table.find(1))
                .set(audit_head::size.eq(audit_head::size))
                .execute(tx)?;
        }
        let mut refusals = Vec::with_capacity(looks.len());
        for (caller, event) in looks {
            let refusal = match caller.actor.account() {
                Some(account) if opens(event.classes) => {
                    let limits = (self.persons(caller.actor.role()), self.limits.searches_an_hour.0);
                    let window = self.window(tx, account, now)?;
                    let look = Look::of(caller, event);
                    let refusal = window.refuses(&look, limits, now);
                    if refusal.is_none() {
                        window.count(look, now.micros());
                    }
                    refusal
                }
                // The service itself: it loads the index and asks no questions.
                _ => None,
            };
            if refusal.is_some() {
                stop(event);
            }
            refusals.push(refusal);
        }
        Ok(refusals)
    }

    /// Nothing of the last batch was written: what was counted for it is read from the log again.
    pub(super) fn forget(&mut self) {
        self.windows.clear();
    }

    fn persons(&self, role: Role) -> u32 {
        let persons = &self.limits.persons_an_hour;
        match role {
            Role::Intake => persons.intake,
            Role::Caseworker => persons.caseworker,
            Role::Reviewer => persons.reviewer,
            Role::ProtectionOfficer => persons.protection_officer,
            Role::DataProtectionOfficer => persons.data_protection_officer,
            // They open nobody's values: the table of policy says so, and its tests.
            Role::Auditor | Role::Administrator | Role::System => 0,
        }
    }

    /// The account's hour, with what the log has gained since it was last asked for.
    fn window(&mut self, tx: &mut Conn, account: AccountId, now: Timestamp) -> Result<&mut Window, DbError> {
        let since = now.micros() - HOUR;
        if self.windows.len() >= ACCOUNTS && !self.windows.contains_key(&account) {
            self.windows.clear();
        }
        let window = match self.windows.entry(account) {
            Entry::Occupied(window) => window.into_mut(),
            Entry::Vacant(place) => {
                let next = first_since(tx, since)?;
                place.insert(Window { next, ..Window::default() })
            }
        };
        let fresh: Vec<(i64, i64, Vec<u8>)> = audit_leaves::table
            .filter(audit_leaves::actor.eq(account.to_string()))
            .filter(audit_leaves::seq.ge(window.next))
            .order(audit_leaves::seq)
            .select((audit_leaves::seq, audit_leaves::at, audit_leaves::bytes))
            .load(tx)?;
        for (seq, at, bytes) in fresh {
            window.next = seq + 1;
            if let Some(look) = Leaf::parse(&bytes).ok().and_then(|leaf| Look::told_by(&leaf)) {
                window.count(look, at);
            }
        }
        window.persons.retain(|_, at| *at > since);
        window.searches.retain(|_, at| *at > since);
        Ok(window)
    }
}

/// The first leaf after a moment, or the place of the next one.
fn first_since(tx: &mut Conn, since: i64) -> Result<i64, DbError> {
    let first: Option<i64> = audit_leaves::table
        .filter(audit_leaves::at.gt(since))
        .order((audit_leaves::at, audit_leaves::seq))
        .select(audit_leaves::seq)
        .first(tx)
        .optional()?;
    match first {
        Some(first) => Ok(first),
        None => Ok(audit_head::table.find(1).select(audit_head::size).first(tx)?),
    }
}

impl Window {
    fn count(&mut self, look: Look, at: i64) {
        for person in look.persons {
            let last = self.persons.entry(person).or_insert(at);
            *last = at.max(*last);
        }
        if let Some(request) = look.search {
            self.searches.entry(request).or_insert(at);
        }
    }

    /// Whether a look goes too far, and when enough of the hour will have passed. Whoever was opened already may be
    /// opened again: that is the same file in the same hands.
    fn refuses(&self, look: &Look, (persons, searches): (u32, u32), now: Timestamp) -> Option<ApiError> {
        if look.search.is_some_and(|request| !self.searches.contains_key(&request)) {
            let over = (self.searches.len() + 1).saturating_sub(searches as usize);
            if over > 0 {
                let wait = wait(self.searches.values().copied().collect(), over, now);
                return Some(ApiError::OverBudget(Budget::Searches, wait));
            }
        }
        let fresh = look.persons.iter().filter(|person| !self.persons.contains_key(person)).count();
        let over = (self.persons.len() + fresh).saturating_sub(persons as usize);
        if fresh == 0 || over == 0 {
            return None;
        }
        let others = self.persons.iter().filter(|(person, _)| !look.persons.contains(person));
        let wait = wait(others.map(|(_, at)| *at).collect(), over, now);
        Some(ApiError::OverBudget(Budget::Persons, wait))
    }
}

/// Seconds until the `over` oldest have left the hour; an hour when not even that is enough.
fn wait(mut times: Vec<i64>, over: usize, now: Timestamp) -> u64 {
    times.sort_unstable();
    let until = over.checked_sub(1).and_then(|last| times.get(last)).map_or(now.micros(), |at| *at) + HOUR;
    let micros = u64::try_from(until - now.micros()).unwrap_or_default();
    micros.div_ceil(1_000_000).max(1)
}

impl Look {
    fn of(caller: &Caller, event: &Event) -> Self {
        Self {
            persons: event.subjects.iter().map(|subject| subject.0).collect(),
            search: (event.action == Action::SearchContacts).then_some(caller.request),
        }
    }

    /// What a leaf of the log adds; nothing when it opened nothing.
    fn told_by(leaf: &Leaf) -> Option<Self> {
        let classes: Vec<Class> = leaf.classes.iter().filter_map(|code| Class::parse(code)).collect();
        if leaf.decision != Decision::Allowed.code() || !opens(ClassSet::of(&classes)) {
            return None;
        }
        let search = leaf.action == Action::SearchContacts.code();
        let request = search.then(|| u64::from_str_radix(&leaf.request, 16).ok()).flatten();
        let persons = leaf.subjects.iter().filter_map(|subject| Uuid::try_parse(subject).ok());
        Some(Self { persons: persons.collect(), search: request })
    }
}

/// Whether values of people are opened. An account's own second factor is none.
fn opens(classes: ClassSet) -> bool {
    classes.iter().any(|class| class != Class::Credential)
}

/// Makes the refusal of a look. It names whom somebody tried to reach in vain, and no class: nothing was opened.
fn stop(event: &mut Event) {
    event.decision = Decision::Refused;
    event.classes = ClassSet::NONE;
    event.detail = Some(DETAIL);
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_772_355_600_000_000;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(START + minutes * 60_000_000)
    }

    fn look(persons: std::ops::Range<u128>) -> Look {
        Look { persons: persons.map(Uuid::from_u128).collect(), search: None }
    }

    fn refused(window: &Window, look: &Look, minutes: i64) -> Option<u64> {
        match window.refuses(look, (10, 2), at(minutes)) {
            None => None,
            Some(ApiError::OverBudget(_, seconds)) => Some(seconds),
            Some(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_wait_is_until_enough_people_have_left_the_hour() {
        let mut window = Window::default();
        window.count(look(0..4), at(0).micros());
        window.count(look(4..10), at(20).micros());
        assert_eq!(refused(&window, &look(0..10), 30), None, "the same files in the same hands");
        assert_eq!(refused(&window, &look(10..11), 30), Some(30 * 60));
        assert_eq!(refused(&window, &look(10..14), 30), Some(30 * 60));
        assert_eq!(refused(&window, &look(10..15), 30), Some(50 * 60));
        let mut again = look(0..4);
        again.persons.extend(look(10..14).persons);
        assert_eq!(refused(&window, &again, 30), Some(50 * 60), "those shown again do not leave");
        assert_eq!(refused(&window, &look(20..31), 30), Some(60 * 60), "more than any hour allows");
    }

    #[test]
    fn searches_are_counted_by_the_request_that_asked() {
        let search = |request| Look { persons: BTreeSet::new(), search: Some(request) };
        let mut window = Window::default();
        window.count(search(1), at(0).micros());
        window.count(search(1), at(0).micros());
        assert_eq!(refused(&window, &search(2), 1), None);
        window.count(search(2), at(5).micros());
        assert_eq!(refused(&window, &search(2), 6), None, "a second leaf of one search");
        assert_eq!(refused(&window, &search(3), 6), Some(54 * 60));
    }

    #[test]
    fn a_stopped_look_names_who_was_reached_for_and_counts_for_nothing() {
        let mut event = Event::new(Action::ReadPerson, crate::policy::Purpose::Tracing)
            .about_all([crate::vault::Owner(Uuid::from_u128(1)), crate::vault::Owner(Uuid::from_u128(2))])
            .opening(ClassSet::of(&[Class::Identity]));
        stop(&mut event);
        assert_eq!((event.decision, event.subjects.len()), (Decision::Refused, 2));
        assert!(event.detail == Some("budget") && !opens(event.classes));
    }
}
