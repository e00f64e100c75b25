//! Every action somebody may take, as a marker type for [`super::May`] and as a value for tables and audit leaves.

use super::{Permission, Purpose};

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $code:literal for $purpose:ident;)*) => {
        crate::kernel::codes! {
            /// One row of the access matrix, and the word for it in the audit log.
            pub Action { $($(#[$meta])* $name = $code),* }
        }

        $(
            $(#[$meta])*
            #[derive(Clone, Copy)]
            pub struct $name;

            impl Permission for $name {
                const ACTION: Action = Action::$name;
                const PURPOSE: Purpose = Purpose::$purpose;
            }
        )*
    };
}

actions! {
    /// Signing in or out, own password, own second factor, code of conduct.
    UseOwnAccount = "use_own_account" for Operation;
    /// The register of societies, service points, routes and providers.
    ReadRegister = "read_register" for Operation;
    ManageSocieties = "manage_societies" for Operation;
    ManagePoints = "manage_points" for Operation;
    ManageAccounts = "manage_accounts" for Operation;
    ManageKeys = "manage_keys" for Operation;
    /// Writing down somebody met at a service point, or an anonymous visit.
    RecordContact = "record_contact" for Intake;
    ReadContact = "read_contact" for Intake;
    ReadPerson = "read_person" for Tracing;
    EditPerson = "edit_person" for Tracing;
    /// Marking somebody as restricted to a team, and choosing the team.
    RestrictPerson = "restrict_person" for Protection;
    /// Shredding the key of a person.
    ErasePerson = "erase_person" for DataSubject;
    /// Who is kept without agreeing to it any more, and waits to be erased: for teams, the restricted people they guard.
    ReadErasures = "read_erasures" for DataSubject;
    /// Telling a person who opened their file.
    ReportAccess = "report_access" for DataSubject;
    ReadConsent = "read_consent" for Intake;
    RecordConsent = "record_consent" for Intake;
    /// Answering for a child whom no adult can answer for.
    DecideBestInterest = "decide_best_interest" for Protection;
    ManageConsentTexts = "manage_consent_texts" for Operation;
    OpenRequest = "open_request" for Tracing;
    ReadRequest = "read_request" for Tracing;
    EditRequest = "edit_request" for Tracing;
    AssignRequest = "assign_request" for Tracing;
    CloseRequest = "close_request" for Tracing;
    /// The second person's look at a death or a detention that somebody stated.
    ConfirmEnding = "confirm_ending" for Tracing;
    /// Saying that a request under suspicion of a conflict of interest may go on.
    ClearConflict = "clear_conflict" for Tracing;
    /// A search that is not kept: the caseworker's question to the index.
    SearchContacts = "search_contacts" for Tracing;
    ReadCandidates = "read_candidates" for MatchReview;
    ProposeMatch = "propose_match" for MatchReview;
    RejectMatch = "reject_match" for MatchReview;
    /// The second person's decision.
    ConfirmMatch = "confirm_match" for MatchReview;
    VerifyMatch = "verify_match" for MatchReview;
    UndoMatch = "undo_match" for MatchReview;
    /// Asking the society that met somebody to show more than a reference.
    AskAccess = "ask_access" for MatchReview;
    /// Its answer.
    GrantAccess = "grant_access" for MatchReview;
    /// What the enquirer's side may learn, after the found person agreed.
    ReleaseNews = "release_news" for Tracing;
    SendReferral = "send_referral" for Referral;
    ReadReferral = "read_referral" for Referral;
    /// Accepting, starting and completing what another society, point or provider sent.
    AnswerReferral = "answer_referral" for Referral;
    /// What has passed its time, without saying who it is about: for whoever supervises.
    ReadOverdueReferrals = "read_overdue_referrals" for Referral;
    ManageProviders = "manage_providers" for Operation;
    ReadAudit = "read_audit" for Audit;
    VerifyAudit = "verify_audit" for Audit;
    ImportRecords = "import_records" for Operation;
    /// Loading and following the match index.
    FollowIndex = "follow_index" for Operation;
    /// Numbers about the service, never about a person.
    ReadReports = "read_reports" for Operation;
}
