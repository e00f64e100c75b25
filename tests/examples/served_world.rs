//! Serves a small world until its standard input closes, and prints its address and one token for each role: what
//! `tests/schemathesis.sh` sends its hostile requests to.

use std::io::Read;

use api::policy::Role;
use tests::site::Site;
use tests::world::World;

#[tokio::main]
async fn main() {
    let world = World::on_sqlite().await;
    world.point("Kenya", "Kakuma").await;
    world.society("Uganda").await;
    let mut lines = Vec::new();
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::System) {
        let point = (role == Role::Intake).then_some("Kakuma");
        let somebody = world.someone(role, "Kenya", point).await;
        lines.push(format!("{role} {}", world.token(&somebody).await));
    }
    let site = Site::open(&world);
    println!("address {}", site.address());
    for line in lines {
        println!("{line}");
    }
    println!("ready");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
