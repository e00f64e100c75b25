//! Defends: nobody waits for the audit log. Every look stands behind one durable leaf, so its latency is added to each
//! page. Goal: 3 ms at the median and 15 ms at the 99th percentile, alone and with 32 callers at once.
//!
//! Prints median and 99th percentile rather than a mean, because the slow tail is what a caseworker feels.
#![expect(clippy::expect_used, reason = "a bench stops at the first surprise")]

use std::time::{Duration, Instant};

use api::kernel::PersonId;
use api::policy::{EditPerson, May, ReadPerson, Role};
use benches::latency::Latency;
use tests::world::World;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        for callers in [1, 32] {
            looks(callers, 1, 4000).await;
        }
        looks(32, 50, 2000).await;
        for callers in [1, 32] {
            deeds(callers, 4000).await;
        }
    });
}

/// `total` looks at pages of `people`, by `callers` at once.
async fn looks(callers: usize, people: usize, total: usize) {
    let world = World::on_sqlite().await;
    let may: May<ReadPerson> = world.someone(Role::Caseworker, "Kenya", None).await.may();
    let page: Vec<_> = (0..people).map(|_| PersonId::new(world.clock.as_ref(), &world.core.chance)).collect();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (audit, may, page) = (world.core.audit.clone(), may.clone(), page.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                for _ in 0..total / callers {
                    let begun = Instant::now();
                    audit
                        .look(&may, |e| e.about_all(page.iter().copied()).opening(may.classes()))
                        .await
                        .expect("a leaf");
                    took.push(begun.elapsed());
                }
                took
            })
        })
        .collect();
    report(&format!("look at {people}, {callers} at once"), begun, tasks).await;
}

/// `total` deeds that write nothing but their leaf, by `callers` at once.
async fn deeds(callers: usize, total: usize) {
    let world = World::on_sqlite().await;
    let may: May<EditPerson> = world.someone(Role::Caseworker, "Kenya", None).await.may();
    let person = PersonId::new(world.clock.as_ref(), &world.core.chance);
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (core, may) = (world.core.clone(), may.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                for _ in 0..total / callers {
                    let begun = Instant::now();
                    let (audit, may) = (core.audit.clone(), may.clone());
                    core.db
                        .write(move |tx| audit.append(tx, &may, |e| e.about(person)))
                        .await
                        .expect("a leaf");
                    took.push(begun.elapsed());
                }
                took
            })
        })
        .collect();
    report(&format!("deed, {callers} at once"), begun, tasks).await;
}

async fn report(what: &str, begun: Instant, tasks: Vec<tokio::task::JoinHandle<Vec<Duration>>>) {
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.expect("a caller"));
    }
    println!("{what:<28} {}", Latency::of(took, begun.elapsed()));
}
