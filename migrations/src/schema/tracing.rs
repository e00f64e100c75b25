//! Tracing requests: one enquirer, several sought persons, what was done, when the state moved, and the endings that
//! take two.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    tracing_requests (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Nullable<Id>,
        reference -> Text,
        enquirer_id -> Id,
        state -> Text,
        conflict -> Text,
        channel -> Text,
        interview_language -> Text,
        interpreter -> Bool,
        received_on -> Text,
        next_contact_due -> Nullable<Text>,
        created_at -> BigInt,
        created_by -> Nullable<Id>,
        updated_at -> BigInt,
        version -> BigInt,
        safe_contact_sealed -> Binary,
        circumstances_sealed -> Binary,
        outcome_sealed -> Binary,
        told_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    sought_persons (id) {
        id -> Id,
        request_id -> Id,
        person_id -> Id,
        state -> Text,
        version -> BigInt,
        relation_sealed -> Binary,
        last_contact_sealed -> Binary,
        last_place_sealed -> Binary,
        journey_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    request_circulation (request_id, recipient_kind, recipient) {
        request_id -> Id,
        recipient_kind -> Text,
        recipient -> Text,
        rule -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    request_actions (id) {
        id -> Id,
        request_id -> Id,
        kind -> Text,
        result -> Text,
        at -> BigInt,
        by_account -> Nullable<Id>,
        version -> BigInt,
        note_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    request_states (id) {
        id -> Id,
        request_id -> Id,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        at -> BigInt,
        by_account -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    request_endings (id) {
        id -> Id,
        request_id -> Id,
        state -> Text,
        stated_at -> BigInt,
        stated_by -> Id,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<Id>,
        version -> BigInt,
        stated_sealed -> Binary,
    }
}
