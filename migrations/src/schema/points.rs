//! Sites, status history and services of service points, and the routes that join them.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    point_sites (id) {
        id -> Id,
        point_id -> Id,
        name -> Text,
        kind -> Text,
        place -> Text,
        coverage -> Nullable<Text>,
        timetable -> Nullable<Text>,
        since -> BigInt,
        until -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    point_status (id) {
        id -> Id,
        point_id -> Id,
        status -> Text,
        since -> Text,
        reason -> Nullable<Text>,
        recorded_at -> BigInt,
        recorded_by -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    point_services (point_id, service, since) {
        point_id -> Id,
        service -> Text,
        since -> BigInt,
        until -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    routes (id) {
        id -> Id,
        society_id -> Id,
        code -> Text,
        name -> Text,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::Id;

    route_points (route_id, position) {
        route_id -> Id,
        position -> Integer,
        point_id -> Id,
    }
}
