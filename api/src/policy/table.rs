//! The table itself.

use crate::kernel::codes;

use super::{Action, Class, ClassSet};

codes! {
    /// What somebody is here to do. One account holds one role: separation of duties needs no exceptions.
    pub Role {
        Intake = "intake",
        Caseworker = "caseworker",
        Reviewer = "reviewer",
        ProtectionOfficer = "protection_officer",
        Auditor = "auditor",
        DataProtectionOfficer = "data_protection_officer",
        Administrator = "administrator",
        /// The service itself; no account may hold it.
        System = "system",
    }
}

codes! {
    /// How far an action goes.
    pub Reach {
        Nobody = "nobody",
        /// Records the actor is assigned to, made or received.
        Assigned = "assigned",
        OwnPoint = "own_point",
        OwnSociety = "own_society",
        Everyone = "everyone",
    }
}

const NONE: ClassSet = ClassSet::NONE;
const IDENTITY: ClassSet = ClassSet::of(&[Class::Identity]);
const INTAKE: ClassSet = ClassSet::of(&[Class::Identity, Class::Contact, Class::Location]);
const CASE: ClassSet = ClassSet::of(&[Class::Identity, Class::Contact, Class::Narrative, Class::Location]);
/// A candidate's place stays closed until the found person agrees.
const REVIEW: ClassSet = ClassSet::of(&[Class::Identity, Class::Match]);
const PROTECTION: ClassSet =
    ClassSet::of(&[Class::Identity, Class::Contact, Class::Protection, Class::Location]);
const REFERRAL: ClassSet =
    ClassSet::of(&[Class::Identity, Class::Contact, Class::Protection, Class::Location, Class::Narrative]);
/// Whoever acts on a yes must know what it leaves out.
const RESTRICTIONS: ClassSet = ClassSet::of(&[Class::Narrative]);
/// Age and implicated carers, to judge whether somebody may answer for a child; shown to nobody.
const SUITABLE: ClassSet = ClassSet::of(&[Class::Identity, Class::Protection]);
const CREDENTIAL: ClassSet = ClassSet::of(&[Class::Credential]);
const MATCH: ClassSet = ClassSet::of(&[Class::Match]);
const ALL_BUT_CREDENTIAL: ClassSet = ClassSet::of(&[
    Class::Identity,
    Class::Contact,
    Class::Narrative,
    Class::Protection,
    Class::Location,
    Class::Match,
]);

use Action as A;
use Reach::{Assigned, Everyone, OwnPoint, OwnSociety};
use Role::{
    Administrator, Auditor, Caseworker, DataProtectionOfficer, Intake, ProtectionOfficer, Reviewer, System,
};

/// Who may do what, how far, and which classes that opens. A pair that is not listed reaches nobody.
const TABLE: &[(Role, Action, Reach, ClassSet)] = &[
    (Intake, A::UseOwnAccount, Assigned, CREDENTIAL),
    (Intake, A::ReadRegister, Everyone, NONE),
    (Intake, A::RecordContact, OwnPoint, INTAKE),
    (Intake, A::ReadContact, OwnPoint, INTAKE),
    (Intake, A::ReadPerson, OwnPoint, INTAKE),
    (Intake, A::EditPerson, OwnPoint, INTAKE),
    (Intake, A::ReadConsent, OwnPoint, RESTRICTIONS),
    (Intake, A::RecordConsent, OwnPoint, NONE),
    (Caseworker, A::UseOwnAccount, Assigned, CREDENTIAL),
    (Caseworker, A::ReadRegister, Everyone, NONE),
    (Caseworker, A::ReadPerson, Assigned, CASE),
    (Caseworker, A::EditPerson, Assigned, CASE),
    (Caseworker, A::ReadConsent, Assigned, RESTRICTIONS),
    (Caseworker, A::RecordConsent, Assigned, NONE),
    (Caseworker, A::OpenRequest, OwnSociety, CASE),
    (Caseworker, A::ReadRequest, Assigned, CASE),
    (Caseworker, A::EditRequest, Assigned, CASE),
    (Caseworker, A::CloseRequest, Assigned, CASE),
    (Caseworker, A::SearchContacts, Everyone, REVIEW),
    (Caseworker, A::ReadCandidates, Assigned, REVIEW),
    (Caseworker, A::ProposeMatch, Assigned, NONE),
    (Caseworker, A::RejectMatch, Assigned, NONE),
    (Caseworker, A::UndoMatch, Assigned, NONE),
    (Caseworker, A::AskAccess, Assigned, NONE),
    (Caseworker, A::ReleaseNews, Assigned, CASE),
    (Reviewer, A::UseOwnAccount, Assigned, CREDENTIAL),
    (Reviewer, A::ReadRegister, Everyone, NONE),
    (Reviewer, A::ReadRequest, OwnSociety, CASE),
    (Reviewer, A::ReadPerson, OwnSociety, CASE),
    (Reviewer, A::ReadConsent, OwnSociety, RESTRICTIONS),
    (Reviewer, A::AssignRequest, OwnSociety, NONE),
    (Reviewer, A::ConfirmEnding, OwnSociety, NONE),
    (Reviewer, A::ClearConflict, OwnSociety, NONE),
    (Reviewer, A::ReadCandidates, OwnSociety, REVIEW),
    (Reviewer, A::RejectMatch, OwnSociety, NONE),
    (Reviewer, A::ConfirmMatch, OwnSociety, NONE),
    (Reviewer, A::VerifyMatch, OwnSociety, NONE),
    (Reviewer, A::UndoMatch, OwnSociety, NONE),
    (Reviewer, A::ReadOverdueReferrals, OwnSociety, NONE),
    (Reviewer, A::GrantAccess, OwnSociety, NONE),
    (ProtectionOfficer, A::UseOwnAccount, Assigned, CREDENTIAL),
    (ProtectionOfficer, A::ReadRegister, Everyone, NONE),
    (ProtectionOfficer, A::ReadPerson, OwnSociety, PROTECTION),
    (ProtectionOfficer, A::EditPerson, OwnSociety, PROTECTION),
    (ProtectionOfficer, A::RestrictPerson, OwnSociety, PROTECTION),
    (ProtectionOfficer, A::ReadErasures, Assigned, NONE),
    (ProtectionOfficer, A::ReadConsent, OwnSociety, RESTRICTIONS),
    (ProtectionOfficer, A::RecordConsent, OwnSociety, NONE),
    (ProtectionOfficer, A::DecideBestInterest, OwnSociety, NONE),
    (ProtectionOfficer, A::SendReferral, OwnSociety, REFERRAL),
    (ProtectionOfficer, A::ReadReferral, OwnSociety, REFERRAL),
    (ProtectionOfficer, A::AnswerReferral, OwnSociety, REFERRAL),
    (ProtectionOfficer, A::ReadOverdueReferrals, OwnSociety, NONE),
    (ProtectionOfficer, A::ManageProviders, OwnSociety, NONE),
    (Auditor, A::UseOwnAccount, Assigned, CREDENTIAL),
    (Auditor, A::ReadRegister, Everyone, NONE),
    (Auditor, A::ReadAudit, Everyone, NONE),
    (Auditor, A::VerifyAudit, Everyone, NONE),
    (DataProtectionOfficer, A::UseOwnAccount, Assigned, CREDENTIAL),
    (DataProtectionOfficer, A::ReadRegister, Everyone, NONE),
    (DataProtectionOfficer, A::ReadPerson, OwnSociety, IDENTITY),
    (DataProtectionOfficer, A::ErasePerson, OwnSociety, NONE),
    (DataProtectionOfficer, A::ReadErasures, OwnSociety, NONE),
    (DataProtectionOfficer, A::ReportAccess, OwnSociety, NONE),
    (DataProtectionOfficer, A::ReadConsent, OwnSociety, RESTRICTIONS),
    (DataProtectionOfficer, A::RecordConsent, OwnSociety, NONE),
    (DataProtectionOfficer, A::ManageConsentTexts, OwnSociety, NONE),
    (DataProtectionOfficer, A::ReadReports, OwnSociety, NONE),
    (Administrator, A::UseOwnAccount, Assigned, CREDENTIAL),
    (Administrator, A::ReadRegister, Everyone, NONE),
    (Administrator, A::ManagePoints, OwnSociety, NONE),
    (Administrator, A::ManageAccounts, OwnSociety, CREDENTIAL),
    (System, A::UseOwnAccount, Everyone, CREDENTIAL),
    (System, A::ReadRegister, Everyone, NONE),
    (System, A::ManageSocieties, Everyone, NONE),
    (System, A::ManagePoints, Everyone, NONE),
    (System, A::ManageAccounts, Everyone, CREDENTIAL),
    (System, A::ManageKeys, Everyone, NONE),
    (System, A::ManageConsentTexts, Everyone, NONE),
    (System, A::ManageProviders, Everyone, NONE),
    (System, A::ImportRecords, Everyone, ALL_BUT_CREDENTIAL),
    (System, A::RecordContact, Everyone, NONE),
    (System, A::RecordConsent, Everyone, SUITABLE),
    (System, A::DecideBestInterest, Everyone, NONE),
    (System, A::OpenRequest, Everyone, NONE),
    (System, A::FollowIndex, Everyone, MATCH),
    (System, A::VerifyAudit, Everyone, NONE),
];

/// What the table says about one pair.
pub fn grants(role: Role, action: Action) -> (Reach, ClassSet) {
    TABLE
        .iter()
        .find(|(r, a, _, _)| (*r, *a) == (role, action))
        .map_or((Reach::Nobody, ClassSet::NONE), |(_, _, reach, classes)| (*reach, *classes))
}

/// The table as people read it in a review: one line per action, one column per role.
pub fn render() -> String {
    let mut out = String::new();
    for action in Action::ALL {
        out.push_str(action.code());
        out.push('\n');
        for role in Role::ALL {
            let (reach, classes) = grants(*role, *action);
            if reach != Reach::Nobody {
                let classes: Vec<_> = classes.iter().map(Class::code).collect();
                let line = format!("  {:<24}{:<12}{}", role.code(), reach.code(), classes.join(" "));
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pair_stands_in_the_table_twice() {
        for (i, (role, action, _, _)) in TABLE.iter().enumerate() {
            let again = TABLE.iter().skip(i + 1).any(|(r, a, _, _)| (r, a) == (role, action));
            assert!(!again, "{role} {action}");
        }
    }

    #[test]
    fn an_auditor_opens_no_personal_value_at_all() {
        for action in Action::ALL {
            let (_, classes) = grants(Role::Auditor, *action);
            let personal = classes.iter().filter(|c| *c != Class::Credential).count();
            assert_eq!(personal, 0, "{action}");
        }
    }

    #[test]
    fn an_administrator_reads_no_case() {
        let personal = ALL_BUT_CREDENTIAL;
        for action in Action::ALL {
            assert!(grants(Role::Administrator, *action).1.and(personal).is_empty(), "{action}");
        }
    }

    #[test]
    fn nobody_takes_both_parts_of_what_takes_two() {
        for (first, second) in
            [(Action::ProposeMatch, Action::ConfirmMatch), (Action::CloseRequest, Action::ConfirmEnding)]
        {
            for role in Role::ALL {
                let may = |action| grants(*role, action).0 != Reach::Nobody;
                assert!(!(may(first) && may(second)), "{role}: {first} and {second}");
            }
        }
    }

    #[test]
    fn only_the_system_role_reaches_every_society_with_personal_values_except_a_search() {
        for (role, action, reach, classes) in TABLE {
            let personal = !classes.and(ALL_BUT_CREDENTIAL).is_empty();
            if *reach == Everyone && personal && *role != Role::System {
                assert_eq!(*action, Action::SearchContacts, "{role}");
            }
        }
    }
}
