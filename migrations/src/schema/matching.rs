//! Candidates, every decision about them, and what was released to whom.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    candidates (id) {
        id -> Id,
        sought_id -> Id,
        found_id -> Id,
        request_society_id -> Id,
        found_society_id -> Id,
        state -> Text,
        access -> Text,
        band -> Text,
        probability -> Double,
        weight -> Double,
        model -> Text,
        cause -> Text,
        sought_version -> BigInt,
        found_version -> BigInt,
        generated_at -> BigInt,
        proposed_by -> Nullable<Id>,
        confirmed_by -> Nullable<Id>,
        verified_by -> Nullable<Id>,
        updated_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    candidate_events (id) {
        id -> Id,
        candidate_id -> Id,
        seq -> BigInt,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        undo_of -> Nullable<Id>,
        at -> BigInt,
        by_account -> Nullable<Id>,
        version -> BigInt,
        note_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    releases (id) {
        id -> Id,
        candidate_id -> Id,
        kind -> Text,
        consent_id -> Id,
        at -> BigInt,
        by_account -> Id,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    match_progress (id) {
        id -> Integer,
        seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    match_runs (id) {
        id -> Id,
        basis -> Text,
        feed -> BigInt,
        after_person -> Nullable<Id>,
        steps -> BigInt,
        looked -> BigInt,
        made -> BigInt,
        state -> Text,
        started_at -> BigInt,
        updated_at -> BigInt,
    }
}
