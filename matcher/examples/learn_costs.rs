//! Learns edit costs from pairs of spellings of one name: `learn_costs PAIRS.tsv`, lines `one<TAB>other<TAB>weight`.
//!
//! Prints the text of `matcher/data/edit_costs.txt`.

use std::error::Error;

use matcher::learn::{SpellingPair, edit_costs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: learn_costs PAIRS.tsv")?;
    let text = std::fs::read_to_string(path)?;
    let pairs: Vec<SpellingPair> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let (one, other) = (cells.next()?.to_owned(), cells.next()?.to_owned());
            let weight = cells.next().and_then(|weight| weight.parse().ok()).unwrap_or(1.0);
            Some(SpellingPair { one, other, weight })
        })
        .collect();
    print!("{}", edit_costs(&pairs));
    Ok(())
}
