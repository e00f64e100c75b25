//! Closed code lists: an enum, its codes on the wire and in the database, and one list to walk in tests and forms.

/// Declares a code list. `ALL` holds every value in order; `code` and `parse` are inverse; unknown text is refused
/// with the accepted codes.
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $($(#[$vmeta])* $variant),* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            pub const CODES: &[&str] = &[$($code),*];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::parse(&text).ok_or_else(|| {
                    serde::de::Error::custom(format!("accepted: {}", Self::CODES.join(", ")))
                })
            }
        }

        // Not PartialSchema, which follows from it: only so may a code stand inside a generic answer.
        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::CODES.iter().copied()))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            // Two features may have a list of the same name; in the interface description they are two.
            fn name() -> std::borrow::Cow<'static, str> {
                let feature = module_path!().split("::").nth(1).unwrap_or_default();
                format!("{feature}.{}", stringify!($name)).into()
            }
        }
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    codes! {
        /// Two of them.
        Pair { Left = "left", Right = "right" }
    }

    #[test]
    fn every_code_is_read_back_and_unknown_ones_are_refused_with_the_list() {
        for value in Pair::ALL {
            assert_eq!(Pair::parse(value.code()), Some(*value));
        }
        let refused = serde_json::from_str::<Pair>("\"middle\"").unwrap_err().to_string();
        assert!(refused.contains("left, right"), "{refused}");
    }
}
