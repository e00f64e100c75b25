//! Form fields as a tree, read by the same input types as JSON.
//!
//! ```text
//! names.given=Amina & sought.0.sex=female & languages=ti & languages=ar
//!        ─► { names: { given }, sought: [ { sex } ], languages: [ ti, ar ] }
//! ```
//! A dot goes one level down, a number is a place in a list, a name given twice is a list. A form always sends all of
//! its fields, so a blank one is an absent one; "on" is a ticked box.

use std::collections::BTreeMap;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::kernel::digit;

/// Levels at most.
const DEPTH: usize = 8;

/// One level of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree<'a> {
    Leaf(Vec<&'a str>),
    Branch(BTreeMap<&'a str, Tree<'a>>),
}

/// The same place cannot hold a value and further fields, and the tree is not deeper than [`DEPTH`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misshapen;

impl<'a> Tree<'a> {
    pub(super) fn grow(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Misshapen> {
        let mut root = BTreeMap::new();
        for (name, value) in pairs {
            let steps: Vec<&str> = name.split('.').collect();
            let (last, way) = steps.split_last().ok_or(Misshapen)?;
            if steps.len() > DEPTH {
                return Err(Misshapen);
            }
            let mut level = &mut root;
            for step in way {
                let next = level.entry(*step).or_insert_with(|| Tree::Branch(BTreeMap::new()));
                let Tree::Branch(inner) = next else { return Err(Misshapen) };
                level = inner;
            }
            match level.entry(*last).or_insert_with(|| Tree::Leaf(Vec::new())) {
                Tree::Leaf(values) => values.push(value),
                Tree::Branch(_) => return Err(Misshapen),
            }
        }
        Ok(Tree::Branch(root))
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Leaf(values) => values.iter().all(|value| value.trim().is_empty()),
            Self::Branch(inner) => inner.values().all(Self::is_blank),
        }
    }

    fn one(&self) -> Result<&'a str, Error> {
        match self {
            Self::Leaf(values) => match values.as_slice() {
                [value] => Ok(value),
                _ => Err(Error::custom("expected one value")),
            },
            Self::Branch(_) => Err(Error::custom("expected one value")),
        }
    }

    /// The entries of a list in order, blank ones left out: a form shows spare rows.
    fn list(self) -> Result<Vec<Tree<'a>>, Error> {
        let entries: Vec<_> = match self {
            Self::Leaf(values) => values.into_iter().map(|value| Tree::Leaf(vec![value])).collect(),
            Self::Branch(inner) => {
                let mut numbered = Vec::with_capacity(inner.len());
                for (key, entry) in inner {
                    let place: u16 = key.parse().map_err(|_| Error::custom("expected a list"))?;
                    numbered.push((place, entry));
                }
                numbered.sort_by_key(|(place, _)| *place);
                numbered.into_iter().map(|(_, entry)| entry).collect()
            }
        };
        Ok(entries.into_iter().filter(|entry| !entry.is_blank()).collect())
    }
}

impl<'de> IntoDeserializer<'de, Error> for Tree<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $kind:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let digits: String = self.one()?.trim().chars().map(|c| digit(c).unwrap_or(c)).collect();
            let number = digits.parse::<$kind>();
            visitor.$visit(number.map_err(|_| Error::custom("expected a number"))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Leaf(_) => visitor.visit_borrowed_str(self.one()?),
            Self::Branch(inner) => visitor.visit_map(MapDeserializer::new(inner.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_blank() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(match self.one()?.trim() {
            "on" | "true" | "yes" => true,
            "off" | "false" | "no" | "" => false,
            _ => return Err(Error::custom("expected yes or no")),
        })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.list()?.into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Branch(inner) => visitor.visit_map(MapDeserializer::new(inner.into_iter())),
            Self::Leaf(_) => Err(Error::custom("expected a group of fields")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.one()?.into_deserializer())
    }

    numbers! {
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64, deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Form {
        name: Name,
        #[serde(default)]
        languages: Vec<String>,
        #[serde(default)]
        sought: Vec<Name>,
        age: Option<u8>,
        #[serde(default)]
        minor: bool,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Name {
        given: String,
        family: Option<String>,
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Form, String> {
        let tree = Tree::grow(pairs.iter().copied()).map_err(|_| "misshapen".to_owned())?;
        Form::deserialize(tree).map_err(|e| e.to_string())
    }

    #[test]
    fn a_form_reads_like_the_json_it_stands_for() {
        let form = read(&[
            ("name.given", "Amina"),
            ("name.family", ""),
            ("languages", "ti"),
            ("languages", "ar"),
            ("sought.10.given", "Last"),
            ("sought.2.given", "First"),
            ("sought.3.given", " "),
            ("age", "41"),
            ("minor", "on"),
        ]);
        let name = |given: &str| Name { given: given.into(), family: None };
        let expected = Form {
            name: name("Amina"),
            languages: vec!["ti".into(), "ar".into()],
            sought: vec![name("First"), name("Last")],
            age: Some(41),
            minor: true,
        };
        assert_eq!(form, Ok(expected));
    }

    #[test]
    fn wrong_shapes_are_refused_without_quoting_what_was_typed() {
        let amina = ("name.given", "Amina");
        for wrong in [
            &[amina, ("age", "secret")][..],
            &[amina, ("age", "256")],
            &[amina, ("name", "x")],
            &[amina, amina],
            &[amina, ("minor", "perhaps")],
            &[amina, ("sought.x.given", "y")],
            &[amina, ("a.b.c.d.e.f.g.h.i", "deep")],
            &[],
        ] {
            let refused = read(wrong).unwrap_err();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
