//! Paging by key: a page never skips or repeats a row because another was added meanwhile.

/// The most rows one page holds; a list read names every one of them in the audit log.
pub const MAX_PAGE: usize = 50;

/// Which page is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest<K> {
    pub after: Option<K>,
    pub limit: usize,
}

impl<K> PageRequest<K> {
    pub fn first() -> Self {
        Self { after: None, limit: MAX_PAGE }
    }
}

/// One page, and where the next begins.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Hand this back as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of `limit` from rows fetched with `limit + 1`.
    pub fn cut(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
