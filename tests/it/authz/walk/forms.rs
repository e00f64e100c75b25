//! Bodies and forms that are right in form, so that an answer speaks of the record and not of what was sent.

use serde_json::{Value, json};

/// For a JSON route.
pub fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("PUT", "/api/v1/accounts/{id}/role") => json!({"role": "reviewer"}),
        ("POST", "/api/v1/points/{id}/sites") => json!({"name": "Tent", "kind": "fixed", "place": "Market"}),
        ("POST", "/api/v1/points/{id}/status") => json!({"status": "open"}),
        ("PUT", "/api/v1/points/{id}/services") => json!({"services": ["first_aid"]}),
        ("PATCH", "/api/v1/people/{id}") => json!({"version": 1, "changes": {"father_name": "Musa"}}),
        ("POST", "/api/v1/people/{id}/consents") => json!({
            "kind": "tracing_search", "status": "refused", "given_by": "person", "method": "written",
            "language": "en"
        }),
        ("POST", "/api/v1/people/{id}/withdrawals") => {
            json!({"kind": "tracing_search", "given_by": "person", "method": "written", "language": "en"})
        }
        ("PUT", "/api/v1/people/{id}/restriction") => json!({"version": 1, "restricted": true, "team": []}),
        ("PUT", "/api/v1/providers/{id}") => json!({"version": 1, "provider": {
            "name": "Clinic", "kind": "health_facility", "services": ["basic_medical"], "review_days": 90,
            "contact_point": "front desk", "active": true
        }}),
        ("POST", "/api/v1/referrals/{id}/steps") => json!({"version": 1, "step": "record_consent"}),
        ("POST", "/api/v1/referrals/{id}/answers") => json!({"version": 1, "step": "acknowledge"}),
        ("PATCH", "/api/v1/requests/{id}") => json!({"version": 1}),
        ("POST", "/api/v1/requests/{id}/state") => json!({"version": 1, "to": "pre_case"}),
        ("POST", "/api/v1/requests/{id}/close") => {
            json!({"version": 1, "outcome": "duplicate", "told": "search_ended"})
        }
        ("PUT", "/api/v1/requests/{id}/circulation") => json!({"version": 1, "circulation": []}),
        ("POST", "/api/v1/requests/{id}/assignment") => {
            json!({"account": "acc_0190a0b0c0d07000800000000000dead"})
        }
        ("POST", "/api/v1/requests/{id}/actions") => json!({"kind": "mass_tracing", "result": "pending"}),
        ("POST", "/api/v1/requests/{id}/ending-sent-back") => json!({"version": 1, "reason": "no paper"}),
        ("POST", "/api/v1/candidates/{id}/verify") => json!({"version": 1, "checks": {
            "enquirer_interviewed": true, "found_person_interviewed": true, "documents_checked": true
        }}),
        ("POST", "/api/v1/candidates/{id}/reject" | "/api/v1/candidates/{id}/undo") => {
            json!({"version": 1, "reason": "different_person"})
        }
        ("POST", "/api/v1/candidates/{id}/release") => {
            json!({"version": 1, "kind": "share_safe_and_well_only"})
        }
        ("POST", "/api/v1/access-requests/{id}") => json!({"version": 1, "grant": false}),
        ("POST", "/api/v1/requests/{id}/conflict-cleared" | "/api/v1/requests/{id}/ending-confirmed") => {
            json!({"version": 1})
        }
        ("POST", path) if path.starts_with("/api/v1/candidates/") => json!({"version": 1}),
        _ => json!({}),
    }
}

/// For a page, as its form sends it.
pub fn typed(path: &str) -> String {
    match path {
        "/requests/{id}/state" => "version=1&to=pre_case",
        "/requests/{id}/close" => "version=1&outcome=duplicate&told=search_ended",
        "/requests/{id}/actions" => "kind=mass_tracing&result=pending",
        "/requests/{id}/edit" => "version=1",
        "/people/{id}/edit" => "version=1&person.father_name=Musa",
        "/people/{id}/consents" => "kind=tracing_search&status=refused&method=written&language=en",
        "/people/{id}/withdrawals" => "kind=tracing_search&method=written&language=en",
        "/people/{id}/team" => "version=1&deed=lift",
        "/requests/{id}/assignment" => "account=acc_0190a0b0c0d07000800000000000dead",
        "/requests/{id}/circulation"
        | "/requests/{id}/conflict-cleared"
        | "/requests/{id}/ending-confirmed" => "version=1",
        "/requests/{id}/ending-sent-back" => "version=1&reason=no+paper",
        "/candidates/{id}/reject" | "/candidates/{id}/undo" => "version=1&reason=different_person",
        "/candidates/{id}/verify" => {
            "version=1&checks.enquirer_interviewed=true&checks.found_person_interviewed=true\
             &checks.documents_checked=true"
        }
        "/candidates/{id}/release" => "version=1&kind=share_safe_and_well_only",
        "/access-requests/{id}" => "version=1&grant=false",
        path if path.starts_with("/candidates/{id}/") => "version=1",
        "/referrals/{id}/steps" => "version=1&step=record_consent",
        "/referrals/{id}/answers" => "version=1&step=acknowledge",
        _ => "",
    }
    .into()
}
