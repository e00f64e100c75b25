//! Just enough reading of Rust source for the rules of the repository: what is code and what is comment, which
//! names it uses, which of our modules it reaches.

/// The source with comments and the inside of texts blanked out; line numbers stay.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = blank_length(rest, code.chars().last());
        let (taken, after) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        if length == 0 {
            code.push_str(taken);
        } else {
            code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    code
}

/// How many bytes from here are a comment or a literal; 0 when this is code.
fn blank_length(rest: &str, before: Option<char>) -> usize {
    let to = |end: &str, skip: usize| rest[skip..].find(end).map_or(rest.len(), |at| skip + at + end.len());
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let raw = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')).unwrap_or_default();
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    if !in_word && raw.get(hashes..).is_some_and(|after| after.starts_with('"')) {
        return to(&format!("\"{}", "#".repeat(hashes)), rest.len() - raw.len() + hashes + 1);
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    // A lifetime is not a literal: it has no closing quote right behind its first letter.
    let mut letters = rest.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some('\''), Some('\\'), _) => quoted(rest, '\''),
        (Some('\''), Some(letter), Some('\'')) => 2 + letter.len_utf8(),
        _ => 0,
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Code without the items under `#[cfg(test)]`.
pub(super) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        kept.push_str(&rest[..at]);
        let item = &rest[at + MARK.len()..];
        let mut depth = 0_i32;
        let end = item.char_indices().find_map(|(at, letter)| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            (depth == 0 && (letter == '}' || letter == ';')).then_some(at + 1)
        });
        rest = &item[end.unwrap_or(item.len())..];
    }
    kept.push_str(rest);
    kept
}

/// Words and `::`, braces and the other signs, one by one.
pub(super) fn tokens(code: &str) -> Vec<&str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// Whether the code names this path, such as `Utc::now`, as whole words.
pub(super) fn names(code: &str, path: &str) -> bool {
    let wanted = tokens(path);
    tokens(code).windows(wanted.len()).any(|window| window == wanted)
}

/// Every path of our own crate that the code reaches, from the crate's root: `crate::…` and `super::…`, with the
/// braces of a `use` unfolded. `module` is the file's own place, such as `["people", "store"]`.
pub(super) fn own_paths(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let starts = at.checked_sub(1).is_none_or(|before| tokens[before] != "::");
        if starts && tokens.get(at + 1) == Some(&"::") && ["crate", "super"].contains(token) {
            let root = if *token == "crate" { &[][..] } else { &module[..module.len().saturating_sub(1)] };
            unfold(&tokens[at + 2..], root.to_vec(), &mut found);
        }
    }
    found
}

/// Follows one path from behind its `::`; returns how many tokens it took.
fn unfold(tokens: &[&str], mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let mut at = 0;
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at += unfold(&tokens[at..], path.clone(), found);
                    while tokens.get(at).is_some_and(|token| *token != "," && *token != "}") {
                        at += 1;
                    }
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            Some(&"super") => drop(path.pop()),
            Some(&"self") => {}
            Some(word) if word.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                path.push((*word).to_owned())
            }
            _ => {
                found.push(path);
                return at;
            }
        }
        at += 1;
        if tokens.get(at) != Some(&"::") {
            found.push(path);
            return at;
        }
        at += 1;
    }
}

/// The module a file under `src` is: `people/store.rs` is `["people", "store"]`, `people/mod.rs` is `["people"]`.
pub(super) fn module_of(path_in_src: &str) -> Vec<String> {
    let path = path_in_src.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" || path == "main" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_not_code() {
        let source = "let a = \"say \\\" diesel\"; // diesel\n/* a /* diesel */ b */ let b = r#\"die\"sel\"#; let c = '\"';
            fn f<'a>(x: &'a str) -> char { '\\'' } let last = b'x';";
        let code = code_only(source);
        assert!(!code.contains("diesel") && !code.contains("sel\""), "{code}");
        assert!(
            code.contains("let b =") && code.contains("fn f<'a>(x: &'a str)") && code.contains("let last")
        );
        assert_eq!(code.lines().count(), source.lines().count());
    }

    #[test]
    fn test_modules_are_left_out_and_what_follows_is_kept() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { {} } }\n#[cfg(test)]\nmod more;\nfn c() {}";
        let kept = without_tests(code);
        assert!(kept.contains("fn a") && kept.contains("fn c"), "{kept}");
        assert!(!kept.contains("fn b") && !kept.contains("more"), "{kept}");
    }

    #[test]
    fn paths_are_unfolded_from_the_root() {
        let module = ["people".to_owned(), "store".to_owned()];
        let code = "use crate::{db::{Pool, self}, kernel::ids::PersonId as Id}; fn f(x: super::model::Row) {
            super::super::vault::open(crate::audit::append) } use std::collections::BTreeMap;";
        let found: Vec<String> = own_paths(code, &module).iter().map(|path| path.join("::")).collect();
        let expected =
            ["db::Pool", "db", "kernel::ids::PersonId", "people::model::Row", "vault::open", "audit::append"];
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_whole_words() {
        assert!(names("let now = Utc :: now();", "Utc::now"));
        assert!(!names("MyUtc::now_here()", "Utc::now"));
    }
}
