//! Padding: a sealed value shows the size bucket it falls in and nothing finer.
//!
//! Inside the seal stands `length (4, big-endian) | value | zeros`, filled up to the bucket.

use zeroize::Zeroizing;

/// Bytes of the length that precedes the value inside the padding.
const PREFIX: usize = 4;

/// The longest value that can be sealed: 1 GiB less the length prefix. The service's own limits are far below.
pub const MAX_PLAINTEXT: usize = (1 << 30) - PREFIX;

/// How a kind of value is padded. Choose by the kind of column, never by the value.
///
/// All sizes count the four-byte length prefix, so a name of up to 60 bytes falls in the first bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pad {
    /// Names and other single lines: 64, 128, 256 bytes, and on by doubling.
    Names,
    /// Free text: at least 256 bytes, then Padmé (Nikitin et al., PoPETs 2019, "Reducing Metadata Leakage from
    /// Encrypted Files and Communication with PURBs"), which adds at most 12 %.
    Text,
    /// The matching profile of a person: at least 512 bytes, then steps of 256 bytes, or of Padmé where those are
    /// wider.
    Profile,
    /// Dates, codes, flags, telephone numbers: 32 bytes, then 64, and on by doubling.
    Short,
}

impl Pad {
    /// The bucket, in bytes, that a value of `len` bytes falls in. Lengths past [`MAX_PLAINTEXT`], which cannot be
    /// sealed, count as that.
    pub fn bucket(self, len: usize) -> usize {
        let needed = len.min(MAX_PLAINTEXT) + PREFIX;
        match self {
            Self::Names => needed.max(64).next_power_of_two(),
            Self::Short => needed.max(32).next_power_of_two(),
            Self::Text => {
                let needed = needed.max(256);
                needed.next_multiple_of(padme_step(needed))
            }
            Self::Profile => {
                let needed = needed.max(512);
                needed.next_multiple_of(padme_step(needed).max(256))
            }
        }
    }
}

/// The granularity Padmé gives a length of `len` bytes (at least 2): with `e` = floor(log2 len) and
/// `s` = floor(log2 e) + 1, the last `e - s` bits are rounded away.
fn padme_step(len: usize) -> usize {
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    1 << exponent.saturating_sub(kept)
}

/// Appends `plaintext` to `out` as it stands inside the seal. `out` must have room, or growing it would leave a copy.
pub(crate) fn append(out: &mut Vec<u8>, plaintext: &[u8], pad: Pad) {
    assert!(plaintext.len() <= MAX_PLAINTEXT, "values of 1 GiB and more cannot be sealed");
    let end = out.len() + pad.bucket(plaintext.len());
    out.extend_from_slice(&(plaintext.len() as u32).to_be_bytes());
    out.extend_from_slice(plaintext);
    out.resize(end, 0);
}

/// The value inside `padded`, in the same memory; `None` unless it is exactly what [`append`] writes.
pub(crate) fn strip(mut padded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let (prefix, rest) = padded.split_first_chunk::<PREFIX>()?;
    let len = usize::try_from(u32::from_be_bytes(*prefix)).ok()?;
    let (_, zeros) = rest.split_at_checked(len)?;
    if zeros.iter().any(|&byte| byte != 0) {
        return None;
    }
    padded.copy_within(PREFIX..PREFIX + len, 0);
    padded.truncate(len);
    Some(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
        strip(Zeroizing::new(bytes.to_vec())).map(|value| value.to_vec())
    }

    /// No stranger can seal these, but a faulty writer with the key could.
    #[test]
    fn only_what_we_write_is_taken_off() {
        let mut padded = Vec::new();
        append(&mut padded, b"Amani", Pad::Short);
        assert_eq!(stripped(&padded).unwrap(), b"Amani");
        assert_eq!(stripped(&[0, 0, 0, 2, 7, 8]).unwrap(), [7, 8]);
        assert_eq!(stripped(&[0, 0, 0, 2, 7, 8, 9]), None, "something stands behind the value");
        assert_eq!(stripped(&[0, 0, 0, 3, 7, 8]), None, "the value is longer than the padding");
        assert_eq!(stripped(&[255, 255, 255, 255, 7]), None);
        assert_eq!(stripped(&[0, 0, 0]), None);
        assert_eq!(stripped(&[]), None);
    }
}
