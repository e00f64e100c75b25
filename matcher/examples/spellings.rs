//! How well the spelling distance tells variants from strangers: `spellings PAIRS.tsv`, lines `one<TAB>other`.
//!
//! Prints the share of pairs nearer than one random pair in a hundred, a thousand, ten thousand, by our distance and by
//! the plain measure beside it. Random pairs join a spelling from the left column with one from the right, every spelling counting once.

use std::collections::BTreeSet;
use std::error::Error;

use matcher::evaluate::{PlainName, spelling_distance};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: spellings PAIRS.tsv")?;
    let text = std::fs::read_to_string(path)?;
    let pairs: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('\t')).collect();
    report("distance", &pairs, |one, other| spelling_distance(one, other).unwrap_or(f32::MAX));
    report("plain", &pairs, |one, other| 1.0 - PlainName::of(one).likeness(&PlainName::of(other)) as f32);
    Ok(())
}

fn report(measure: &str, pairs: &[(&str, &str)], distance: impl Fn(&str, &str) -> f32) {
    let variants: Vec<f32> = pairs.iter().map(|(one, other)| distance(one, other)).collect();
    let mut strangers: Vec<f32> = Vec::new();
    let left: BTreeSet<&str> = pairs.iter().map(|(one, _)| *one).collect();
    let right: Vec<&str> =
        pairs.iter().map(|(_, other)| *other).collect::<BTreeSet<_>>().into_iter().collect();
    for step in 1..=20 {
        let scattered =
            (0..right.len()).filter_map(|at| right.get((at * 7_919 + step * 104_729) % right.len()));
        strangers.extend(left.iter().zip(scattered).map(|(one, other)| distance(one, other)));
    }
    strangers.sort_by(f32::total_cmp);
    for rate in [1e-2, 1e-3, 1e-4] {
        let at = strangers.get((strangers.len() as f64 * rate) as usize).copied().unwrap_or(0.0);
        let found = variants.iter().filter(|distance| **distance < at).count();
        println!(
            "random pairs {rate:.0e}: {measure} {at:.3}, variants found {:.4}",
            found as f64 / pairs.len() as f64
        );
    }
}
