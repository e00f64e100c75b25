//! The tables as Diesel sees them, the same for both databases. Times are microseconds since 1970 in UTC, dates are
//! `YYYY-MM-DD` text, and a column whose name ends in `_sealed` holds only what the vault made.

mod foundation;
mod importing;
mod matching;
mod persons;
mod points;
mod referring;
mod tracing;

pub use foundation::*;
pub use importing::*;
pub use matching::*;
pub use persons::*;
pub use points::*;
pub use referring::*;
pub use tracing::*;

diesel::joinable!(society_keys -> societies (society_id));
diesel::joinable!(data_keys -> societies (society_id));
diesel::joinable!(service_points -> societies (society_id));
diesel::joinable!(accounts -> societies (society_id));
diesel::joinable!(accounts -> service_points (point_id));
diesel::joinable!(enrolments -> accounts (account_id));
diesel::joinable!(recovery_codes -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(point_sites -> service_points (point_id));
diesel::joinable!(point_status -> service_points (point_id));
diesel::joinable!(point_services -> service_points (point_id));
diesel::joinable!(routes -> societies (society_id));
diesel::joinable!(route_points -> routes (route_id));
diesel::joinable!(route_points -> service_points (point_id));
diesel::joinable!(people -> societies (society_id));
diesel::joinable!(people -> service_points (point_id));
diesel::joinable!(assignments -> accounts (account_id));
diesel::joinable!(travel_groups -> societies (society_id));
diesel::joinable!(travel_groups -> service_points (point_id));
diesel::joinable!(group_members -> travel_groups (group_id));
diesel::joinable!(group_members -> people (person_id));
diesel::joinable!(contacts -> societies (society_id));
diesel::joinable!(contacts -> service_points (point_id));
diesel::joinable!(contacts -> people (person_id));
diesel::joinable!(contact_services -> contacts (contact_id));
diesel::joinable!(consents -> people (person_id));
diesel::joinable!(consents -> consent_texts (text_id));
diesel::joinable!(tracing_requests -> societies (society_id));
diesel::joinable!(tracing_requests -> service_points (point_id));
diesel::joinable!(tracing_requests -> people (enquirer_id));
diesel::joinable!(sought_persons -> tracing_requests (request_id));
diesel::joinable!(sought_persons -> people (person_id));
diesel::joinable!(request_circulation -> tracing_requests (request_id));
diesel::joinable!(request_actions -> tracing_requests (request_id));
diesel::joinable!(request_states -> tracing_requests (request_id));
diesel::joinable!(request_endings -> tracing_requests (request_id));
diesel::joinable!(candidates -> sought_persons (sought_id));
diesel::joinable!(candidates -> people (found_id));
diesel::joinable!(candidate_events -> candidates (candidate_id));
diesel::joinable!(releases -> candidates (candidate_id));
diesel::joinable!(releases -> consents (consent_id));
diesel::joinable!(providers -> societies (society_id));
diesel::joinable!(referrals -> people (person_id));
diesel::joinable!(referrals -> providers (receiver_provider_id));
diesel::joinable!(referral_events -> referrals (referral_id));
diesel::joinable!(referral_consents -> referrals (referral_id));
diesel::joinable!(referral_consents -> consents (consent_id));
diesel::joinable!(import_runs -> societies (society_id));

diesel::allow_tables_to_appear_in_same_query!(
    societies,
    society_keys,
    data_keys,
    service_points,
    accounts,
    enrolments,
    recovery_codes,
    sessions,
    refresh_tokens,
    known_sources,
    idempotency_keys,
    audit_head,
    audit_leaves,
    audit_subjects,
    audit_nodes,
    audit_checkpoints,
    service_secrets,
    changes,
    change_head,
    point_sites,
    point_status,
    point_services,
    routes,
    route_points,
    people,
    assignments,
    travel_groups,
    group_members,
    contacts,
    contact_services,
    consent_texts,
    consents,
    tracing_requests,
    sought_persons,
    request_circulation,
    request_actions,
    request_states,
    request_endings,
    candidates,
    candidate_events,
    releases,
    match_progress,
    match_runs,
    providers,
    referrals,
    referral_events,
    referral_consents,
    import_runs,
);
