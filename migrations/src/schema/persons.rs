//! People, who they travel with, their contacts with service points and their consents.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    people (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Nullable<Id>,
        reference -> Text,
        kind -> Text,
        legal_basis -> Text,
        restricted -> Bool,
        retention_until -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        version -> BigInt,
        profile_version -> BigInt,
        given_names_sealed -> Binary,
        family_names_sealed -> Binary,
        full_name_sealed -> Binary,
        original_script_name_sealed -> Binary,
        other_names_sealed -> Binary,
        father_name_sealed -> Binary,
        mother_name_sealed -> Binary,
        grandfather_name_sealed -> Binary,
        spouse_name_sealed -> Binary,
        sex_sealed -> Binary,
        birth_sealed -> Binary,
        nationalities_sealed -> Binary,
        languages_sealed -> Binary,
        description_sealed -> Binary,
        origin_sealed -> Binary,
        phones_sealed -> Binary,
        reach_sealed -> Binary,
        functioning_sealed -> Binary,
        protection_sealed -> Binary,
        profile_sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    assignments (subject_id, account_id) {
        subject_id -> Id,
        account_id -> Id,
        since -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    travel_groups (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Nullable<Id>,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    group_members (group_id, person_id) {
        group_id -> Id,
        person_id -> Id,
        role -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    contacts (id) {
        id -> Id,
        society_id -> Id,
        point_id -> Id,
        person_id -> Nullable<Id>,
        kind -> Text,
        contact_on -> Text,
        wants_contact -> Text,
        recorded_at -> BigInt,
        recorded_by -> Nullable<Id>,
        version -> BigInt,
        next_place_sealed -> Nullable<Binary>,
        companions_sealed -> Nullable<Binary>,
        note_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    contact_services (contact_id, service) {
        contact_id -> Id,
        service -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    consent_texts (id) {
        id -> Id,
        kind -> Text,
        version -> Integer,
        language -> Text,
        body -> Text,
        created_at -> BigInt,
        society_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    consents (id) {
        id -> Id,
        person_id -> Id,
        kind -> Text,
        revision -> BigInt,
        status -> Text,
        legal_basis -> Text,
        given_by -> Text,
        assent -> Text,
        method -> Text,
        text_id -> Id,
        interpreter -> Bool,
        valid_from -> BigInt,
        valid_until -> Nullable<BigInt>,
        recorded_at -> BigInt,
        recorded_by -> Nullable<Id>,
        version -> BigInt,
        restrictions_sealed -> Binary,
    }
}
