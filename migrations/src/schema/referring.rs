//! Providers and referrals, with the frozen copy that left.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    providers (id) {
        id -> Id,
        society_id -> Id,
        name -> Text,
        kind -> Text,
        services -> Text,
        contact_point -> Text,
        pathway_verified_on -> Nullable<Text>,
        review_days -> Integer,
        active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    referrals (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Nullable<Id>,
        reference -> Text,
        person_id -> Id,
        receiver_kind -> Text,
        receiver_society_id -> Nullable<Id>,
        receiver_point_id -> Nullable<Id>,
        receiver_provider_id -> Nullable<Id>,
        state -> Text,
        urgency -> Text,
        service -> Text,
        mode -> Text,
        escort_needed -> Bool,
        fields -> Text,
        created_at -> BigInt,
        created_by -> Id,
        sent_at -> Nullable<BigInt>,
        ack_due_at -> Nullable<BigInt>,
        service_due_at -> Nullable<BigInt>,
        follow_up_due_at -> Nullable<BigInt>,
        updated_at -> BigInt,
        version -> BigInt,
        need_sealed -> Binary,
        copy_sealed -> Nullable<Binary>,
        outcome_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    referral_events (id) {
        id -> Id,
        referral_id -> Id,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        at -> BigInt,
        by_account -> Nullable<Id>,
        version -> BigInt,
        note_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    referral_consents (referral_id, consent_id) {
        referral_id -> Id,
        consent_id -> Id,
    }
}
