//! How values become bytes and back. An absent value is sealed too: its absence may tell something.

use zeroize::{Zeroize, Zeroizing};

/// A value that can be sealed. `decode` takes exactly what `encode` made.
pub trait SealedValue: Zeroize + Sized {
    fn encode(&self) -> Zeroizing<Vec<u8>>;
    fn decode(bytes: &[u8]) -> Option<Self>;
}

impl SealedValue for String {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.as_bytes().to_vec())
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        String::from_utf8(bytes.to_vec()).ok()
    }
}

impl SealedValue for Vec<u8> {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.clone())
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(bytes.to_vec())
    }
}

impl<T: SealedValue> SealedValue for Option<T> {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::new());
        if let Some(value) = self {
            let inner = value.encode();
            out.reserve_exact(inner.len() + 1);
            out.push(1);
            out.extend_from_slice(&inner);
        } else {
            out.push(0);
        }
        out
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (0, []) => Some(None),
            (1, rest) => T::decode(rest).map(Some),
            _ => None,
        }
    }
}

impl<T: SealedValue> SealedValue for Vec<T> {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let parts: Vec<_> = self.iter().map(SealedValue::encode).collect();
        let mut out = Zeroizing::new(Vec::with_capacity(parts.iter().map(|p| p.len() + 4).sum()));
        for part in parts {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(&part);
        }
        out
    }
    fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut out = Vec::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<4>()?;
            let (part, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            out.push(T::decode(part)?);
            bytes = rest;
        }
        Some(out)
    }
}

/// A structured value, sealed as JSON. Only the vault serialises it.
#[derive(Clone, Default)]
pub struct Json<T>(pub T);

impl<T: Zeroize> Zeroize for Json<T> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl<T> SealedValue for Json<T>
where
    T: Zeroize + serde::Serialize + serde::de::DeserializeOwned,
{
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        // A value of ours always serialises: it has no maps with other keys than text.
        Zeroizing::new(serde_json::to_vec(&self.0).unwrap_or_default())
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_empty_and_present_are_three_different_things() {
        for value in [None, Some(String::new()), Some("Amina".to_owned())] {
            assert_eq!(Option::<String>::decode(&value.encode()), Some(value));
        }
        let list = vec!["a".to_owned(), String::new(), "محمد".to_owned()];
        assert_eq!(Vec::<String>::decode(&list.encode()), Some(list));
        assert_eq!(Vec::<String>::decode(&[0, 0, 0, 9, 1]), None);
        assert_eq!(Option::<String>::decode(&[]), None);
    }
}
