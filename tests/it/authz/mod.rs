//! Who may do what: the whole table as a picture, so that a change of policy is seen in review; every route walked; and
//! how much one account may look at.

mod budgets;
mod walk;

pub use walk::{body, typed};

use api::policy;

#[test]
fn the_matrix_is_the_one_we_agreed_on() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/it/authz/matrix.txt");
    let agreed = std::fs::read_to_string(path).unwrap();
    let now = policy::render();
    assert!(
        agreed == now,
        "the access matrix changed; if that is meant, put this into tests/it/authz/matrix.txt:\n{now}"
    );
}
