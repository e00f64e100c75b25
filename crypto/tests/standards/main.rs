//! Published test vectors for everything we build on, run against the very crates and features that seal our data.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is how a promise is seen to be broken")]

mod rfc;
mod transparency;
mod wycheproof;

/// Bytes from hexadecimal, spaces and line ends ignored.
fn unhex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    unhex(text).try_into().unwrap()
}
