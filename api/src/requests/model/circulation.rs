//! Who may learn of a request. Nobody beyond the own society unless the list says so; a block beats every
//! permission; an unknown recipient may not.

use crate::kernel::{Country, Fault, Invalid, SocietyId, Wrong, codes};

/// Entries of one list at most.
pub const MAX_ENTRIES: usize = 100;

codes! {
    /// What kind of recipient an entry names.
    pub RecipientKind {
        /// Every society of a country, ISO 3166-1 alpha-3.
        Country = "country",
        /// One society, by its id.
        Society = "society",
        /// An organisation outside the network, by its short name.
        Organisation = "organisation",
        /// A public authority, by its short name. It can be blocked, never allowed: nothing of a person is passed to
        /// immigration, police or courts.
        Authority = "authority",
    }
}

codes! {
    /// What an entry says.
    pub Rule {
        Allow = "allow",
        Block = "block",
    }
}

/// One line of the list, as it comes in and goes out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryForm {
    pub kind: RecipientKind,
    /// A country code, a society id, or a short name of letters, digits and hyphens.
    #[schema(max_length = 80)]
    pub recipient: String,
    pub rule: Rule,
}

/// One line, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: RecipientKind,
    pub recipient: String,
    pub rule: Rule,
}

/// The list of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circulation(pub Vec<Entry>);

/// A society as a possible recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    pub society: SocietyId,
    /// ISO 3166-1 alpha-3.
    pub country: String,
}

impl Circulation {
    /// # Errors
    /// Too many lines, a recipient named twice, one that is not of its kind, or an authority that is allowed.
    pub fn parse(forms: Vec<EntryForm>) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        if forms.len() > MAX_ENTRIES {
            problems.note(
                "circulation",
                Wrong::TooMany.says(format!("at most {MAX_ENTRIES} entries are taken")).most(MAX_ENTRIES),
            );
        }
        let mut entries: Vec<Entry> = Vec::new();
        for (at, form) in forms.into_iter().enumerate().take(MAX_ENTRIES) {
            let field = format!("circulation[{at}].recipient");
            let Some(recipient) = recipient(form.kind, &form.recipient) else {
                problems.note(field, expected(form.kind));
                continue;
            };
            if form.kind == RecipientKind::Authority && form.rule == Rule::Allow {
                problems.note(
                    format!("circulation[{at}].rule"),
                    Wrong::Authority.says("an authority can only be blocked: no request is passed to one"),
                );
            }
            if entries.iter().any(|e| e.kind == form.kind && e.recipient == recipient) {
                problems.note(field, Wrong::Twice.says("stands in the list twice"));
                continue;
            }
            entries.push(Entry { kind: form.kind, recipient, rule: form.rule });
        }
        problems.ok()?;
        Ok(Self(entries))
    }

    /// Whether an entry blocks this society: then not even a candidate is made with people it met.
    pub fn blocks(&self, to: &Recipient) -> bool {
        self.says(Rule::Block, to)
    }

    /// Whether this society may learn that the request exists: named, and not blocked.
    pub fn allows(&self, to: &Recipient) -> bool {
        self.says(Rule::Allow, to) && !self.blocks(to)
    }

    fn says(&self, rule: Rule, to: &Recipient) -> bool {
        let society = to.society.to_string();
        self.0.iter().filter(|entry| entry.rule == rule).any(|entry| match entry.kind {
            RecipientKind::Country => entry.recipient == to.country,
            RecipientKind::Society => entry.recipient == society,
            RecipientKind::Organisation | RecipientKind::Authority => false,
        })
    }
}

fn recipient(kind: RecipientKind, text: &str) -> Option<String> {
    let text = text.trim();
    match kind {
        RecipientKind::Country => Country::parse("recipient", text).ok().map(|c| c.code().to_owned()),
        RecipientKind::Society => text.parse::<SocietyId>().ok().map(|id| id.to_string()),
        RecipientKind::Organisation | RecipientKind::Authority => {
            let short = (2..=60).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            short.then(|| text.to_ascii_lowercase())
        }
    }
}

fn expected(kind: RecipientKind) -> Fault {
    match kind {
        RecipientKind::Country => {
            Wrong::NotACountry.says("is not a country code; three letters (ISO 3166-1 alpha-3) are taken")
        }
        RecipientKind::Society => {
            Wrong::NotAnId.says("is not a society; an id that starts with soc_ is taken")
        }
        RecipientKind::Organisation | RecipientKind::Authority => Wrong::Length
            .says("is not a short name; 2 to 60 letters, digits, hyphens and underscores are taken")
            .between(2, 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Chance, FixedClock, Timestamp};

    fn line(kind: RecipientKind, recipient: &str, rule: Rule) -> EntryForm {
        EntryForm { kind, recipient: recipient.into(), rule }
    }

    fn somebody() -> Recipient {
        let id = SocietyId::new(&FixedClock::at(Timestamp::from_micros(5)), &Chance::seeded(5));
        Recipient { society: id, country: "UGA".into() }
    }

    #[test]
    fn nobody_is_told_by_default_and_a_block_beats_every_permission() {
        let to = somebody();
        assert!(!Circulation::default().allows(&to));
        assert!(!Circulation::default().blocks(&to));
        let id = to.society.to_string();
        for (allow, block) in [
            ((RecipientKind::Country, "uga"), (RecipientKind::Society, id.as_str())),
            ((RecipientKind::Society, id.as_str()), (RecipientKind::Country, "UGA")),
        ] {
            let open = Circulation::parse(vec![line(allow.0, allow.1, Rule::Allow)]).unwrap();
            assert!(open.allows(&to));
            let both = vec![line(allow.0, allow.1, Rule::Allow), line(block.0, block.1, Rule::Block)];
            let both = Circulation::parse(both).unwrap();
            assert!(!both.allows(&to) && both.blocks(&to));
        }
    }

    #[test]
    fn no_authority_is_ever_allowed() {
        let refused = Circulation::parse(vec![line(RecipientKind::Authority, "border-police", Rule::Allow)]);
        assert_eq!(refused.unwrap_err().0.len(), 1);
        assert!(
            Circulation::parse(vec![line(RecipientKind::Authority, "border-police", Rule::Block)]).is_ok()
        );
    }

    #[test]
    fn every_wrong_line_is_named() {
        let wrong = vec![
            line(RecipientKind::Country, "Kenya", Rule::Allow),
            line(RecipientKind::Society, "soc_1", Rule::Block),
            line(RecipientKind::Organisation, "a b", Rule::Allow),
            line(RecipientKind::Country, "KEN", Rule::Allow),
            line(RecipientKind::Country, "ken", Rule::Block),
        ];
        let fields: Vec<_> = Circulation::parse(wrong).unwrap_err().0.into_iter().map(|p| p.field).collect();
        let expected: Vec<_> = [0, 1, 2, 4].map(|at| format!("circulation[{at}].recipient")).into();
        assert_eq!(fields, expected);
    }
}
