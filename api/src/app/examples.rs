//! An example of each form that a program sends first, shown in the interface description: what somebody new copies and
//! changes. Everybody in them is invented, and a test reads every one through its form.

use utoipa::openapi::{OpenApi, RefOr, Schema};

/// By the name of the form in the description.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("SignInForm", r#"{"login": "caseworker", "password": "tall heron over wet sand", "code": "123456"}"#),
    (
        "ContactForm",
        r#"{"kind": "service_visit", "contact_on": "2026-03-01", "services": ["food", "water"],
            "person": {"given_names": "Amina", "family_names": "Hassan", "sex": "female",
                       "birth": {"age": 24}, "nationalities": ["SOM"], "languages": ["so"]},
            "consents": [
                {"kind": "collect_and_store", "status": "given", "method": "oral_witnessed", "language": "en"},
                {"kind": "tracing_search", "status": "given", "method": "oral_witnessed", "language": "en"}],
            "wants_contact": "yes"}"#,
    ),
    (
        "ConsentForm",
        r#"{"kind": "share_safe_and_well_only", "status": "given", "method": "oral_witnessed", "language": "en"}"#,
    ),
    ("WithdrawalForm", r#"{"kind": "tracing_search", "method": "oral_witnessed", "language": "en"}"#),
    (
        "RequestForm",
        r#"{"channel": "in_person", "interview_language": "so",
            "enquirer": {"full_name": "Xaliimo Cali Warsame", "sex": "female"},
            "safe_contact": {"times": "evenings", "may_leave_message": false},
            "circumstances": {"cause": "migration", "story": "No word since the crossing."},
            "sought": [{"person": {"full_name": "Aamina Xasan", "birth": {"date": "2001", "estimated": true}},
                        "relation": "daughter", "last_contact": {"on": "2025-11"},
                        "last_place": {"name": "Tripoli", "country": "LBY"}}],
            "circulation": [{"kind": "country", "recipient": "ITA", "rule": "allow"}]}"#,
    ),
    ("MoveForm", r#"{"version": 1, "to": "pre_case"}"#),
    ("SearchForm", r#"{"person": {"given_names": "Amina", "family_names": "Hassan", "birth": {"age": 24}}}"#),
    ("DecisionForm", r#"{"version": 1, "note": "Names, age and the day of the crossing agree."}"#),
    ("ReasonedForm", r#"{"version": 1, "reason": "different_person"}"#),
    (
        "VerifyForm",
        r#"{"version": 3, "checks": {"enquirer_interviewed": true, "found_person_interviewed": true,
            "separate_facts_agree": true}}"#,
    ),
    ("ReleaseForm", r#"{"version": 4, "kind": "share_safe_and_well_only"}"#),
    (
        "ReferralForm",
        r#"{"person": "per_0190b5a8c0007abc8def0123456789ab",
            "receiver": {"kind": "provider", "id": "prv_0190b5a8c0007abc8def0123456789ab"},
            "urgency": "urgent", "service": "shelter_rest", "mode": "warm_handover",
            "fields": ["full_name", "languages", "need"], "need": "A bed for tonight."}"#,
    ),
    ("StepForm", r#"{"step": "reject", "version": 3, "reason": "no_capacity"}"#),
];

/// Puts each example beside its form.
pub(super) fn attach(description: &mut OpenApi) {
    let Some(components) = description.components.as_mut() else { return };
    for (name, text) in EXAMPLES {
        let Some(RefOr::T(Schema::Object(form))) = components.schemas.get_mut(*name) else { continue };
        form.examples.extend(serde_json::from_str(text).ok());
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::kernel::Day;
    use crate::{account, consent, matches, people, referrals, requests};

    fn read<T: DeserializeOwned>(name: &str) -> T {
        let (_, text) = EXAMPLES.iter().find(|(form, _)| *form == name).unwrap();
        serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    #[test]
    fn every_example_stands_beside_a_form_of_its_name() {
        let description = serde_json::to_value(crate::app::description()).unwrap();
        for (name, text) in EXAMPLES {
            let shown = &description["components"]["schemas"][name]["examples"][0];
            let meant: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(*shown, meant, "{name}");
        }
    }

    #[test]
    fn every_example_is_taken() {
        let today = Day::parse("2026-03-01").unwrap();
        read::<account::SignInForm>("SignInForm");
        read::<people::ContactForm>("ContactForm").parse(today).ok().unwrap();
        consent::NewConsent::parse(&read("ConsentForm"), today).ok().unwrap();
        read::<people::WithdrawalForm>("WithdrawalForm");
        requests::NewRequest::parse(read("RequestForm"), today).ok().unwrap();
        read::<requests::MoveForm>("MoveForm");
        read::<matches::SearchForm>("SearchForm").person.parse(today).ok().unwrap();
        read::<matches::DecisionForm>("DecisionForm");
        read::<matches::ReasonedForm>("ReasonedForm");
        read::<matches::VerifyForm>("VerifyForm").checks.suffice().unwrap();
        read::<matches::ReleaseForm>("ReleaseForm");
        read::<referrals::ReferralForm>("ReferralForm");
        read::<referrals::StepForm>("StepForm");
        assert_eq!(EXAMPLES.len(), 13, "an example is read by no line above");
    }
}
