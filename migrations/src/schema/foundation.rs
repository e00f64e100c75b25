//! Societies, keys, accounts, sessions, the audit log and the change feed.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    societies (id) {
        id -> Id,
        code -> Text,
        name -> Text,
        country -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    society_keys (society_id, version) {
        society_id -> Id,
        version -> Integer,
        wrapped -> Binary,
        state -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    data_keys (owner_id) {
        owner_id -> Id,
        society_id -> Id,
        key_version -> Integer,
        wrapped -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    service_points (id) {
        id -> Id,
        society_id -> Id,
        code -> Text,
        name -> Text,
        kind -> Text,
        place_type -> Text,
        country -> Text,
        vessel -> Nullable<Text>,
        sensitive -> Bool,
        opens_on -> Nullable<Text>,
        closes_on -> Nullable<Text>,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    accounts (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Nullable<Id>,
        login -> Text,
        role -> Text,
        state -> Text,
        password_hash -> Nullable<Text>,
        totp_sealed -> Nullable<Binary>,
        totp_step -> BigInt,
        conduct_version -> Nullable<Text>,
        conduct_at -> Nullable<BigInt>,
        language -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    enrolments (token_hash) {
        token_hash -> Binary,
        account_id -> Id,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    recovery_codes (code_hash) {
        code_hash -> Binary,
        account_id -> Id,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    sessions (id) {
        id -> Id,
        account_id -> Id,
        kind -> Text,
        state -> Text,
        token_hash -> Binary,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    refresh_tokens (token_hash) {
        token_hash -> Binary,
        session_id -> Id,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    known_sources (pair) {
        pair -> Binary,
        seen_on -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    idempotency_keys (account_id, key_hash) {
        account_id -> Id,
        key_hash -> Binary,
        request_tag -> Binary,
        answer -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    audit_head (id) {
        id -> Integer,
        size -> BigInt,
        frontier -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    audit_leaves (seq) {
        seq -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        society_id -> Nullable<Id>,
        bytes -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    audit_subjects (subject_id, seq) {
        subject_id -> Id,
        seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    audit_nodes (level, position) {
        level -> Integer,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    audit_checkpoints (size) {
        size -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    service_secrets (label) {
        label -> Text,
        wrapped -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    changes (seq) {
        seq -> BigInt,
        kind -> Text,
        record_id -> Id,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    change_head (id) {
        id -> Integer,
        seq -> BigInt,
    }
}
