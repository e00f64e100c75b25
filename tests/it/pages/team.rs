//! The team of one person on a page: a protection officer restricts somebody, puts colleagues on and off by sign-in name,
//! and lifts it; nobody else sees the page, and another society's people are nobody.

use api::policy::Role;
use serde_json::json;
use tests::both_databases;
use tests::browser::Screen;
use tests::site::Site;
use tests::world::World;

use super::consents::{Reader, amina};
use crate::people::met;
use crate::tracing_pages::browser::{looked_at, signed_in};

/// The version that the forms of a page carry.
fn version(page: &str) -> &str {
    page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

both_databases! {
    async fn an_officer_restricts_somebody_and_chooses_the_team_by_name(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
        let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
        let abroad = world.someone(Role::Reviewer, "Uganda", None).await;
        let path = format!("/people/{person}/team");
        let seen = format!("/people/{person}/consents");
        let (desk, eraser) = (Reader::at(&world, &site, &intake).await, Reader::at(&world, &site, &data).await);
        let colleague = Reader::at(&world, &site, &reviewer).await;
        let officer = Reader::at(&world, &site, &guard).await;
        let page = officer.page(&path);
        assert!(page.contains("Not restricted") && !page.contains("Amina"));
        assert!(officer.page(&seen).contains(&format!("href=\"{path}\"")), "the way there");
        for (who, listed) in [(&data, true), (&reviewer, true), (&intake, true), (&abroad, false), (&guard, false)] {
            assert_eq!(page.contains(&format!(">{} (", who.login)), listed, "{}", who.login);
        }
        let form = format!("version={}&deed=restrict&account={}", version(&page), reviewer.account);
        assert_eq!(officer.goes(&path, &form), format!("{path}?done=restrict"));
        assert_eq!((colleague.get(&seen).status, eraser.get(&seen).status, desk.get(&seen).status), (200, 404, 404));
        let stale = officer.post(&path, form.split("&account=").next().unwrap());
        assert_eq!(stale.status, 422);
        assert!(stale.body.contains("Somebody has changed this meanwhile."));

        let form = format!("version={}&deed=put_on&account=", version(&officer.page(&path)));
        let missing = officer.post(&path, &form);
        assert_eq!(missing.status, 422);
        assert!(missing.body.contains("id=\"account-problem\""));
        let foreign = officer.post(&path, &format!("{form}{}", abroad.account));
        assert_eq!(foreign.status, 422);
        let nobody = officer.post(&path, &format!("{form}acc_0190a0b0c0d07000800000000000dead"));
        for answer in [&foreign, &nobody] {
            assert!(answer.body.contains("id=\"account-problem\"") && !answer.body.contains(&abroad.login));
        }
        officer.goes(&path, &format!("{form}{}", data.account));
        assert_eq!(eraser.get(&seen).status, 200, "on the team");

        // A colleague whose account waits to be opened anew stays on the team when somebody else is taken off it.
        let office = Reader::of(&world, &site, Role::Administrator).await;
        let reset = tokio::task::block_in_place(|| {
            let path = format!("/api/v1/accounts/{}/reset", data.account);
            site.send("POST", &path, Some(&office.token), None)
        });
        assert!((200..300).contains(&reset.status), "{}", reset.body);
        let page = officer.page(&path);
        assert!(page.contains("account not open"), "{page}");
        let form = format!("version={}&deed=take_off&account=", version(&page));
        let own = officer.post(&path, &format!("{form}{}", guard.account));
        assert_eq!(own.status, 422);
        assert!(own.body.contains("You stay on the team"));
        officer.goes(&path, &format!("{form}{}", reviewer.account));
        assert_eq!(colleague.get(&seen).status, 404, "off the team");
        let page = officer.page(&path);
        assert!(page.contains(&data.login) && page.contains("You"), "{page}");

        officer.goes(&path, &format!("version={}&deed=lift", version(&page)));
        assert_eq!((colleague.get(&seen).status, desk.get(&seen).status), (200, 200));
        let form = format!("version={}&deed=put_on&account={}", version(&officer.page(&path)), reviewer.account);
        let lifted = officer.post(&path, &form);
        assert!(lifted.status == 422 && lifted.body.contains("not restricted to a team"), "{}", lifted.body);
    }

    async fn a_button_pressed_twice_says_what_is_done_and_an_old_page_undoes_nothing(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let person = met(&world.core, &intake, amina()).await;
        let reviewer = world.someone(Role::Reviewer, "Kenya", None).await;
        let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let path = format!("/people/{person}/team");
        let mut forms = Vec::new();
        for (deed, account) in [("restrict", &reviewer), ("put_on", &data), ("take_off", &data), ("lift", &data)] {
            let form = format!("version={}&deed={deed}&account={}", version(&officer.page(&path)), account.account);
            for _ in 0..2 {
                assert_eq!(officer.goes(&path, &form), format!("{path}?done={deed}"), "{deed}");
            }
            forms.push(form);
        }
        for old in &forms[..3] {
            let refused = officer.post(&path, old);
            assert_eq!(refused.status, 422, "{old}");
            assert!(refused.body.contains("Somebody has changed this meanwhile."), "{old}");
        }
        assert!(officer.page(&path).contains("Not restricted"));
    }

    async fn a_colleague_whose_account_waits_to_be_opened_anew_is_not_dropped_unseen(world: World) {
        let site = Site::open(&world);
        let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
        let [waits, other] = [
            world.someone(Role::Reviewer, "Kenya", None).await,
            world.someone(Role::Reviewer, "Kenya", None).await,
        ];
        let person = met(&world.core, &intake, amina()).await;
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let office = Reader::of(&world, &site, Role::Administrator).await;
        let path = format!("/people/{person}/team");
        let now = || officer.page(&path);
        officer.goes(&path, &format!("version={}&deed=restrict&account={}", version(&now()), waits.account));
        officer.goes(&path, &format!("version={}&deed=lift", version(&now())));
        for who in [&waits, &other] {
            let reset = tokio::task::block_in_place(|| {
                let path = format!("/api/v1/accounts/{}/reset", who.account);
                site.send("POST", &path, Some(&office.token), None)
            });
            assert!((200..300).contains(&reset.status), "{}", reset.body);
        }
        let page = now();
        assert!(page.contains(&format!("name=\"team\" value=\"{}\" checked", waits.account)), "{page}");
        assert!(page.contains("account not open") && !page.contains(&other.login), "{page}");
        let form = format!("version={}&deed=restrict&account=&team=", version(&page));
        let refused = officer.post(&path, &format!("{form}{}", other.account));
        assert_eq!(refused.status, 422, "who waits and is not on it is not put on it");
        officer.goes(&path, &format!("{form}{}", waits.account));
        assert!(now().contains(&waits.login), "stays");
    }

    async fn who_works_with_them_stays_unless_left_out_and_outsiders_see_no_team(world: World) {
        let site = Site::open(&world);
        let caseworker = world.someone(Role::Caseworker, "Kenya", Some("Market")).await;
        let opener = Reader::at(&world, &site, &caseworker).await;
        let opened = tokio::task::block_in_place(|| {
            let form = json!({
                "channel": "in_person", "interview_language": "so", "enquirer": {"given_names": "Halima"},
                "sought": [{"relation": "daughter", "person": {"given_names": "Amina"}}],
            });
            site.send("POST", "/api/v1/requests", Some(&opener.token), Some(&form)).json()
        });
        let request = opened["id"].as_str().unwrap();
        let enquirer = opener.get(&format!("/api/v1/requests/{request}")).json();
        let enquirer = enquirer["enquirer"]["id"].as_str().unwrap().to_owned();
        let officer = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let (path, seen) = (format!("/people/{enquirer}/team"), format!("/people/{enquirer}/consents"));
        let page = officer.page(&path);
        let kept = format!("name=\"team\" value=\"{}\" checked", caseworker.account);
        assert!(page.contains(&kept), "{page}");
        let form = format!("version={}&deed=restrict&account=&team={}", version(&page), caseworker.account);
        officer.goes(&path, &form);
        assert_eq!(opener.get(&seen).status, 200);

        let another = Reader::of(&world, &site, Role::ProtectionOfficer).await;
        let abroad = world.someone(Role::ProtectionOfficer, "Uganda", None).await;
        let abroad = Reader::at(&world, &site, &abroad).await;
        for outsider in [&another, &abroad] {
            for id in [enquirer.as_str(), "per_0190a0b0c0d07000800000000000dead"] {
                let path = format!("/people/{id}/team");
                assert_eq!(outsider.get(&path).status, 404);
                assert_eq!(outsider.post(&path, "version=1&deed=lift").status, 404);
            }
        }
        for role in [Role::Intake, Role::Caseworker, Role::Reviewer, Role::DataProtectionOfficer] {
            let reader = Reader::of(&world, &site, role).await;
            assert_eq!(reader.get(&path).status, 403, "{role}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium; tests/run installs one"]
async fn an_officer_chooses_a_team_on_a_phone() {
    let world = World::on_sqlite().await;
    let site = Site::open(&world);
    let address = site.address().replace("127.0.0.1", "localhost");
    let intake = world.someone(Role::Intake, "Kenya", Some("Market")).await;
    let guard = world.someone(Role::ProtectionOfficer, "Kenya", None).await;
    let data = world.someone(Role::DataProtectionOfficer, "Kenya", None).await;
    let person = met(&world.core, &intake, amina()).await;
    let mut phone = signed_in(&world, &address, &guard, Screen::Phone).await;
    phone.goto(&format!("{address}/people/{person}/consents")).await.unwrap();
    phone.press("Team").await.unwrap();
    phone.sees("Not restricted").await.unwrap();
    looked_at(&mut phone, "team-open", Screen::Phone).await;
    phone.accessible().await.unwrap();
    phone.fill("Colleague", &format!("{} (intake)", intake.login)).await.unwrap();
    phone.press("Restrict").await.unwrap();
    phone.sees("From now on the person exists for this team only.").await.unwrap();
    looked_at(&mut phone, "team", Screen::Phone).await;
    phone.accessible().await.unwrap();
    phone.press("Put on the team").await.unwrap();
    phone.sees("Please fill this in.").await.unwrap();
    phone.accessible().await.unwrap();
    phone.screenshot("team-refused-phone-en").await.unwrap();
    phone.fill("Colleague", &format!("{} (data protection officer)", data.login)).await.unwrap();
    phone.press("Put on the team").await.unwrap();
    phone.sees("The colleague is on the team.").await.unwrap();
    let last = "[...document.querySelectorAll('.bare button')].at(-1).click()";
    phone.run(last, Vec::new()).await.unwrap();
    phone.sees("The colleague is off the team").await.unwrap();
    phone.press("Lift the restriction").await.unwrap();
    phone.sees("The restriction is lifted.").await.unwrap();
}
