//! How well the spelling distance tells variants from strangers: `spellings NAMES.tsv [HALF]`, lines
//! `native<TAB>Latin<TAB>how often seen` of one-word names, a heading line passed over.
//!
//! Variant pairs are two Latin spellings of one native form, each seen twice or more; strangers are two million random
//! pairs of different Latin spellings of the file that share no native form. Prints the share of variants nearer than
//! one random pair in a hundred, a thousand, ten thousand, by our distance and by the plain measure beside it, and the
//! same for native form against Latin spelling. HALF is `learn` or `hold`: natives are halved by a hash, so that costs
//! learned from one half are judged by the other; without it all count. With `missed` as a third argument the variants
//! beyond one random pair in a thousand follow. With `nearest` it is told instead for how many of six hundred native
//! forms, drawn evenly, one of their own spellings is the nearest of all the file's, or among the nearest ten: by our
//! distance, equals by the plain measure, and by the plain measure alone.

use std::collections::BTreeMap;
use std::error::Error;

use matcher::evaluate::{PlainName, spelling_distance};
use rayon::prelude::*;

mod spelled;
use spelled::{Half, Names};

const STRANGERS: usize = 2_000_000;
/// How often both spellings of a variant must have been seen: what is seen once is often a slip.
const OFTEN: u32 = 2;
/// Native forms whose spellings are looked for among all.
const DRAWN: usize = 600;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("usage: spellings NAMES.tsv [learn|hold|all [missed|nearest]]")?;
    let half = arguments.get(1).map_or(Ok(Half::All), |half| half.parse())?;
    let names = Names::read(path)?;
    let natives_of = natives_of(&names);
    let latin: Vec<&str> = natives_of.keys().copied().collect();
    if arguments.get(2).is_some_and(|word| word == "nearest") {
        report_nearest(&names, half, &latin);
        return Ok(());
    }
    let natives: Vec<&str> = names.forms.keys().map(String::as_str).collect();
    let variants = names.variants(half, OFTEN);
    let spelled: Vec<(&str, &str)> =
        names.spelled(half, OFTEN).into_iter().map(|(native, spelling, _)| (native, spelling)).collect();
    let strange = strangers(&latin, &latin, &natives_of);
    let strange_native = strangers(&natives, &latin, &natives_of);
    let near = |a: &str, b: &str| spelling_distance(a, b).unwrap_or(f32::MAX);
    let plain = |a: &str, b: &str| 1.0 - PlainName::of(a).likeness(&PlainName::of(b)) as f32;
    println!("{} Latin spellings, {} natives", latin.len(), natives.len());
    let limit = report("Latin and Latin, distance", &variants, &strange, near);
    report("Latin and Latin, plain", &variants, &strange, plain);
    report("native and Latin, distance", &spelled, &strange_native, near);
    if arguments.get(2).is_some_and(|word| word == "missed") {
        let mut missed: Vec<(f32, &(&str, &str))> =
            variants.iter().map(|pair| (near(pair.0, pair.1), pair)).filter(|(d, _)| *d >= limit).collect();
        missed.sort_by(|a, b| b.0.total_cmp(&a.0));
        missed.iter().for_each(|(d, (a, b))| println!("{d:.2}\t{a}\t{b}"));
    }
    Ok(())
}

/// The native forms of every Latin spelling.
type NativesOf<'n> = BTreeMap<&'n str, Vec<&'n str>>;

fn natives_of(names: &Names) -> NativesOf<'_> {
    let mut natives_of = NativesOf::new();
    for (native, spellings) in &names.forms {
        for spelling in spellings.keys() {
            natives_of.entry(spelling).or_default().push(native);
        }
    }
    natives_of
}

/// Whether two words, Latin or native, have a native form in common.
fn related(natives_of: &NativesOf<'_>, a: &str, b: &str) -> bool {
    let of = |word| natives_of.get(word).map(Vec::as_slice);
    of(a).unwrap_or(&[a]).iter().any(|native| of(b).unwrap_or(&[b]).contains(native))
}

/// Random pairs, the same at every run.
fn strangers<'n>(left: &[&'n str], right: &[&'n str], natives_of: &NativesOf<'_>) -> Vec<(&'n str, &'n str)> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    };
    let mut pairs = Vec::with_capacity(STRANGERS);
    while pairs.len() < STRANGERS {
        let (Some(a), Some(b)) = (left.get(next(left.len())), right.get(next(right.len()))) else { break };
        if a != b && !related(natives_of, a, b) {
            pairs.push((*a, *b));
        }
    }
    pairs
}

/// Prints for how many native forms a spelling of theirs is the nearest, and among the nearest ten.
fn report_nearest(names: &Names, half: Half, latin: &[&str]) {
    let natives: Vec<&str> =
        names.forms.keys().map(String::as_str).filter(|native| half.holds(native)).collect();
    let drawn: Vec<&str> = natives.iter().step_by((natives.len() / DRAWN).max(1)).copied().collect();
    let latin: Vec<(&str, PlainName)> =
        latin.iter().map(|spelling| (*spelling, PlainName::of(spelling))).collect();
    println!("{} native forms of {}, {} Latin spellings", drawn.len(), natives.len(), latin.len());
    for (measure, by_distance) in [("distance", true), ("plain", false)] {
        let rank = |native: &&str| {
            let nearest = nearest(native, &latin, by_distance);
            let own = names.forms.get(*native)?;
            nearest.iter().position(|spelling| own.contains_key(*spelling))
        };
        let ranks: Vec<usize> = drawn.par_iter().filter_map(rank).collect();
        let share = |first: usize| {
            ranks.iter().filter(|rank| **rank < first).count() as f64 / drawn.len().max(1) as f64
        };
        println!("native among all Latin, {measure}: hit@1 {:.3}, hit@10 {:.3}", share(1), share(10));
    }
}

/// The ten spellings nearest a native form, nearest first.
fn nearest<'n>(native: &str, latin: &[(&'n str, PlainName)], by_distance: bool) -> Vec<&'n str> {
    let plain = PlainName::of(native);
    let measured = latin.iter().map(|(spelling, name)| {
        let distance = if by_distance { spelling_distance(native, spelling) } else { None };
        (distance.unwrap_or(f32::MAX), -plain.likeness(name), *spelling)
    });
    let mut all: Vec<(f32, f64, &str)> = measured.collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
    all.into_iter().take(10).map(|(_, _, spelling)| spelling).collect()
}

/// Prints a measure and returns the distance of one stranger in a thousand.
fn report(
    what: &str,
    variants: &[(&str, &str)],
    strange: &[(&str, &str)],
    distance: impl Fn(&str, &str) -> f32 + Sync,
) -> f32 {
    let measured = |pairs: &[(&str, &str)]| -> Vec<f32> {
        let mut all: Vec<f32> = pairs.par_iter().map(|(a, b)| distance(a, b)).collect();
        all.sort_by(f32::total_cmp);
        all
    };
    let (variants, strange) = (measured(variants), measured(strange));
    let mut limit = 0.0;
    for rate in [1e-2, 1e-3, 1e-4] {
        let at = strange.get((strange.len() as f64 * rate) as usize).copied().unwrap_or(0.0);
        let found = variants.partition_point(|distance| *distance < at);
        let share = found as f64 / variants.len().max(1) as f64;
        println!(
            "{what}: {} variants, at {rate:.0e} of strangers ({at:.3}) found {share:.4}",
            variants.len()
        );
        if rate == 1e-3 {
            limit = at;
        }
    }
    limit
}
